"""Every text that a reader sees, in the reader's language: one gettext catalogue for Python and the browser's modules.

The English text in the source is the key. `_` looks it up where it is shown, so a constant of a module is only marked
by `N_` and looked up later. A text with something in it is looked up whole: `_("{count} faces").format(count=count)`,
never an f-string. `python -m app.texts.catalogue` brings `de.po` up to date and says what is missing.

A session speaks one language from its first page on; another one is a link that loads the page anew. The browser's
modules hear of it by what stands in the page's head (`components/page/texts.mjs`).
"""

from __future__ import annotations

import gettext
import io
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from functools import cache
from pathlib import Path
from typing import ParamSpec, TypeVar

import streamlit as st
from babel import negotiate_locale
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from streamlit.runtime.scriptrunner import get_script_run_ctx

from app.texts import numerals
from app.texts.together import together

SOURCE = "en"
LANGUAGES = {SOURCE: "English", "de": "Deutsch"}
"""Those that the app speaks, each by its own name."""
PARAMETER = "lang"
HERE = Path(__file__).parent
CHOSEN, ASKED = "language", "language_of_link"
P = ParamSpec("P")
T = TypeVar("T")
_spoken: ContextVar[str | None] = ContextVar("spoken", default=None)


def _(text: str) -> str:
    """The text in the reader's language, or as it is where that has none."""
    return _filled(translations(spoken := language()).gettext(text), spoken) if text else text


def ngettext(one: str, many: str, count: int) -> str:
    """The text for so many things in the reader's language: in English one of two forms, elsewhere of more."""
    return _filled(translations(spoken := language()).ngettext(one, many, count), spoken)


def numeral(value: object, spec: str) -> str:
    """A number by a format such as ",.1f" as the reader's language writes it, for what is no text of the catalogue."""
    return numerals.numeral(value, spec, language())


def separators() -> str:
    """Plotly's `layout.separators` for the reader's language."""
    return numerals.separators(language())


def _filled(text: str, spoken: str) -> str:
    whole = together(text)
    return numerals.Template(whole, spoken) if "{" in whole else whole


def N_(text: str) -> str:  # noqa: N802 - gettext's own name
    """Mark a text for the catalogue that is looked up where it is shown."""
    return text


class Later(str):
    """A text that is looked up when it is made a string: for what a decorator is given before anybody reads."""

    def __str__(self) -> str:
        return _(str.__str__(self))


def language() -> str:
    """The reader's language, one of `LANGUAGES`; English where nobody reads, for example in a log."""
    spoken = _spoken.get()
    if spoken is None and get_script_run_ctx(suppress_warning=True) is not None:
        spoken = st.session_state.get(CHOSEN)
    return spoken or SOURCE


@contextmanager
def speaking(spoken: str) -> Iterator[None]:
    """Texts in this language within the block, whoever reads.

    Args:
        spoken: one of `LANGUAGES`.
    """
    token = _spoken.set(spoken)
    try:
        yield
    finally:
        _spoken.reset(token)


def in_this_language(make: Callable[P, T]) -> Callable[P, T]:
    """The same function, which speaks what is spoken here and now wherever it runs: in a thread, or for a download."""
    spoken = language()

    def speak(*args: P.args, **kwargs: P.kwargs) -> T:
        with speaking(spoken):
            return make(*args, **kwargs)

    return speak


def wanted(asked: str | None, accepted: str | None) -> str:
    """The language for a reader, one of `LANGUAGES`.

    Args:
        asked: by the address, if it names one; nonsense counts as nothing.
        accepted: the browser's Accept-Language.
    """
    if asked in LANGUAGES:
        return asked
    preferred = [part.partition(";")[0].strip() for part in (accepted or "").split(",")]
    return negotiate_locale([name for name in preferred if name], list(LANGUAGES), sep="-") or SOURCE


def settle() -> None:
    """Choose the session's language at its first run, by its address or by its browser."""
    if CHOSEN not in st.session_state:
        asked = st.query_params.get(PARAMETER)
        st.session_state[ASKED] = asked if asked in LANGUAGES else None
        st.session_state[CHOSEN] = wanted(asked, st.context.headers.get("Accept-Language"))


def in_address() -> dict[str, str]:
    """What the address says of the language: nothing where the browser's own is spoken."""
    asked = st.session_state.get(ASKED)
    return {PARAMETER: asked} if asked else {}


@cache
def translations(spoken: str) -> gettext.NullTranslations:
    """The texts of a language, read from its `.po` once."""
    path = HERE / f"{spoken}.po"
    if not path.is_file():
        return gettext.NullTranslations()
    with path.open("rb") as file:
        catalogue = read_po(file, locale=spoken)
    compiled = io.BytesIO()
    write_mo(compiled, catalogue)
    compiled.seek(0)
    return gettext.GNUTranslations(compiled)
