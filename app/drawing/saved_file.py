"""The button that saves a file; a page drawn beforehand, for the folder without a server, gets the file itself."""

from __future__ import annotations

import base64
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Literal

import streamlit as st

from app.texts import in_this_language

_beforehand: ContextVar[bool] = ContextVar("files_beforehand", default=False)


@contextmanager
def files_beforehand() -> Iterator[None]:
    """Within it each button hands its file over as facts, as `app/static_site/lesson` reads them."""
    token = _beforehand.set(True)
    try:
        yield
    finally:
        _beforehand.reset(token)


def save_button(
    label: str,
    content: Callable[[], bytes],
    name: str,
    mime: str,
    key: str,
    kind: Literal["secondary", "tertiary"] = "secondary",
) -> None:
    """Put the button on the page.

    Args:
        label: what it says.
        content: makes the file, when the button is pressed.
        name: of the file.
        mime: what it is, such as "text/csv".
        key: of the button.
        kind: how much it stands out.
    """
    if _beforehand.get():
        st.json({"file": name, "label": label, "mime": mime, "content": base64.b64encode(content()).decode("ascii")})
        return
    st.download_button(
        label,
        in_this_language(content),
        name,
        mime,
        icon=":material/download:",
        type=kind,
        on_click="ignore",
        key=key,
    )
