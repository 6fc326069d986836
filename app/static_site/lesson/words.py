"""Markdown and formulas as HTML, which a page without Streamlit has to bring."""

from __future__ import annotations

import base64
import io
import re
from functools import lru_cache
from html import escape

from latex2mathml.converter import convert
from markdown_it import MarkdownIt
from PIL import Image

_MARKDOWN = MarkdownIt("commonmark", {"html": False})
PICTURE = re.compile(r"data:image/(?:png|jpeg);base64,([\w+/=]+)")
KNOWN = {"{gathered}": "{matrix}", "{aligned}": "{align*}", r"\mathcal N": "\U0001d4a9", r"\mathbb E": "\U0001d53c"}
"""What the library does not know, or browsers do not, and what says the same."""
QUALITY = 82
"""Of a WebP: of the faces that a decoder draws an eye finds no difference from here on."""
SMALL = 4096
"""Pixels up to which a picture stays as sharp as it is: one of them may be a number."""


def markdown(text: str) -> str:
    """Our own texts as HTML; what is HTML in them is shown as it is."""
    return str(_MARKDOWN.render(text))


def inline(text: str) -> str:
    """The same for a line of its own, without a paragraph around it."""
    return str(_MARKDOWN.renderInline(text))


def formula(latex: str) -> str:
    """A formula as MathML, which browsers draw by themselves."""
    plain = latex.strip().strip("$").strip()
    for name, known in KNOWN.items():
        plain = plain.replace(name, known)
    return str(convert(plain, display="block")).replace("<mtable>", '<mtable displaystyle="true">')


def smaller(block: str) -> str:
    """A block of HTML with its pictures as WebP, a quarter of what the app sends to the browser beside it."""
    return PICTURE.sub(lambda found: _webp(found.group(1)), block)


@lru_cache(4096)
def _webp(content: str) -> str:
    with Image.open(io.BytesIO(base64.b64decode(content))) as picture:
        exact = picture.width * picture.height <= SMALL
        written = io.BytesIO()
        picture.save(written, "WEBP", quality=QUALITY, lossless=exact, method=6)
    return f"data:image/webp;base64,{base64.b64encode(written.getvalue()).decode('ascii')}"


def attribute(text: str) -> str:
    """A text within double quotes."""
    return escape(text, quote=True)
