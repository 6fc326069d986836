"""The presenter's bar: one step of a chapter on the screen, the arrow keys or a remote for the next one.

The browser has all steps of a chapter and shows one of them, so that a step takes no answer from the server. Steps are
containers whose key begins with `STEP` and the chapter's key.
"""

from __future__ import annotations

from dataclasses import dataclass

from app.components import component
from app.components.presenter.message import BarMessage
from app.server.published import frontend_base

STEP = "lesson_step_"
_mount = component("presenter")


@dataclass(frozen=True)
class Wish:
    """What the presenter asked for.

    Attributes:
        step: on the screen of this browser, counted from 0; None if it has not moved yet.
        go: "next" or "back" past the end of the chapter, "leave", or None.
        tall: how many CSS pixels high the window is, for charts; None if the browser has not said so yet.
    """

    step: int | None = None
    go: str | None = None
    tall: int | None = None


def presenter_bar(*, chapter: str, title: str, step: int, turn: int, tall: int, ends: tuple[bool, bool]) -> Wish:
    """Draw the bar.

    Args:
        chapter: its key.
        title: what the bar calls it.
        step: where to begin, counted from 0; the last one if there are fewer.
        turn: another number makes the browser begin at `step` anew.
        tall: for how high a window charts are drawn.
        ends: whether this is the first and whether it is the last chapter.
    """
    data: BarMessage = {
        "base": frontend_base(),
        "prefix": f"st-key-{STEP}",
        "chapter": chapter,
        "title": title,
        "step": step,
        "turn": turn,
        "tall": tall,
        "first": ends[0],
        "last": ends[1],
    }
    result = _mount(key="presenter", data=data, on_at_change=_nothing, on_go_change=_nothing)
    at, go = result.at, result.go
    mine = isinstance(at, dict) and (at.get("chapter"), at.get("turn")) == (chapter, turn)
    said = at if mine else {}
    place, high = said.get("step"), said.get("tall")
    return Wish(
        step=place if isinstance(place, int) and 0 <= place < 1000 else None,
        go=go if go in ("next", "back", "leave") else None,
        tall=high if isinstance(high, int) and 200 <= high <= 10_000 else None,
    )


def _nothing() -> None:
    """Streamlit fills in a result's field only where it has a callback."""
