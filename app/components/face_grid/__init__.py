"""A grid of faces to choose from: one picture that holds all of them, and a button over each."""

from __future__ import annotations

from collections.abc import Sequence

from app.components import component
from app.components.face_grid.message import GridMessage
from app.server.published import frontend_base

_mount = component("face_grid")


def face_grid(
    *,
    key: str,
    sheet: str,
    columns: int,
    names: Sequence[str],
    label: str,
    chosen: int | None = None,
) -> int | None:
    """Draw the grid.

    Args:
        key: of this grid on the page.
        sheet: address of a picture with the faces row by row, without gaps.
        columns: faces a row.
        names: what each face is called, for pointing and for screen readers.
        label: what the grid shows.
        chosen: the face that is marked.

    Returns:
        The face that was just clicked, or None in a run that has another cause.
    """
    data: GridMessage = {
        "base": frontend_base(),
        "sheet": sheet,
        "columns": columns,
        "names": list(names),
        "label": label,
        "chosen": chosen,
    }
    clicked = _mount(key=key, data=data, on_clicked_change=_nothing).clicked
    return clicked if isinstance(clicked, int) and 0 <= clicked < len(names) else None


def _nothing() -> None:
    """Streamlit fills in a result's field only where it has a callback."""
