"""Tells a second window which chapter is presented in another window of the same browser, and which step of it."""

from __future__ import annotations

from app.components import component
from app.components.follow_presenter.message import FollowMessage
from app.server.published import frontend_base

_mount = component("follow_presenter")


def follow_presenter(chapter: str) -> str | None:
    """Draw a line that says what is presented.

    Args:
        chapter: on screen here.

    Returns:
        The chapter that has just been presented in another window; None in a run that has another cause.
    """
    data: FollowMessage = {"base": frontend_base(), "chapter": chapter}
    to = _mount(key="follow_presenter", data=data, on_to_change=_nothing).to
    return to if isinstance(to, str) else None


def _nothing() -> None:
    """Streamlit fills in a result's field only where it has a callback."""
