"""The few lines of script that stand in the HTML of Streamlit's page itself, by their hashes.

Relies on: the page is `static/index.html` of the package, and its scripts without an address are run as they stand.
"""

from __future__ import annotations

import base64
import hashlib
import re
from functools import cache
from pathlib import Path

import streamlit

PAGE = Path(streamlit.__file__).parent / "static" / "index.html"
INLINE = re.compile(r"<script>(.*?)</script>", re.DOTALL)


@cache
def inline_script_hashes() -> tuple[str, ...]:
    """What a Content-Security-Policy needs to let each of them run, such as `'sha256-...'`."""
    scripts = INLINE.findall(PAGE.read_text(encoding="utf-8"))
    digests = (hashlib.sha256(script.encode()).digest() for script in scripts)
    return tuple(f"'sha256-{base64.b64encode(digest).decode()}'" for digest in digests)
