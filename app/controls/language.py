"""The page's foot: the languages that the app speaks, each a link that loads this page anew in it."""

from __future__ import annotations

import html
from urllib.parse import urlencode

import streamlit as st

from app.session.address import address
from app.texts import LANGUAGES, PARAMETER, language


def language_choice() -> None:
    """Draw it. The page is loaded anew, since half of what it says stands in the browser's modules."""
    spoken = language()
    links = []
    for code, name in LANGUAGES.items():
        to = html.escape(f"?{urlencode({**address(), PARAMETER: code})}")
        here = ' aria-current="true"' if code == spoken else ""
        links.append(f'<a href="{to}" target="_self" lang="{code}" hreflang="{code}"{here}>{name}</a>')
    with st.container(key="language"):
        st.html(" ".join(links))
