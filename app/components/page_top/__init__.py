"""Each page and each chapter begins at its top, with the focus on its heading.

Streamlit keeps the place to which a page was scrolled when its content changes. What of its page this relies on stands
in `page/streamlit.mjs`; `tests/browser/test_page_top.py` tells when it no longer holds.
"""

from __future__ import annotations

from app.components import component
from app.components.page_top.message import PlaceMessage
from app.server.published import frontend_base

_mount = component("page_top")


def page_top(place: str) -> None:
    """Go to the top where `place` is another one than in the run before; a page that was just opened stays as it is.

    Args:
        place: names the page or the chapter on screen.
    """
    data: PlaceMessage = {"base": frontend_base(), "place": place}
    _mount(key="page_top", data=data)
