"""Words of somebody's own, shown as they are."""

from __future__ import annotations

import re


def plain_text(words: str) -> str:
    """Words of somebody's own, such as a name, to be shown as they are and not as Markdown."""
    return re.sub(r"([\\`*_{}\[\]()#+\-.!|~<>$:])", r"\\\1", words)
