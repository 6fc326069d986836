"""What no end of a line may tear apart: a number and its unit, the name of a distribution, a size, an equation."""

from __future__ import annotations

import re
from functools import lru_cache

NUMBER = r"[\d}]"  # or a hole that one will fill
TORN = re.compile(
    rf"(?<={NUMBER}) (?=(?:dB|nats?|Nats?|[kMG]B|ms|s|px|sd|%)(?!\w))"
    r"|(?<=\bN\(0,) (?=[I1]\))"
    rf"|(?<={NUMBER}) (?=\u00d7 [\d{{])|(?<=\u00d7) (?=[\d{{])"
    r"|(?<=[\w}]) (?== [\d{])|(?<=[\w}] =) (?=[\d{])|(?<=\barXiv) (?=\d)"
)


@lru_cache(maxsize=4096)
def together(text: str) -> str:
    """A text with no-break spaces where a line must not end, such as "{psnr:.2f} dB", "N(0, I)" and "178 \u00d7 218".

    The catalogue keeps plain spaces; `_` in `components/page/texts.mjs` does the same in the browser.
    """
    return TORN.sub("\N{NO-BREAK SPACE}", text)
