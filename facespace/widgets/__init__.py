"""The pad and the map in a notebook that knows anywidget, after `pip install -e .[notebook]` in the clone.

    from facespace.widgets import Map, Pad

    pad = Pad(model)  # drag a slider; `pad.z` is the face on screen
    faces = Map(model, colour="Smiling")  # draw a lasso; `faces.selected` has the rows

They run the very modules of the app's pages. A face is decoded in the browser, so nothing waits for Python; what the
browser needs comes through the notebook's own connection, once a page, and no server of ours is asked.
"""

try:
    import anywidget  # noqa: F401  # asked here, so that its absence is told in one sentence
except ImportError as error:
    raise ImportError(
        "The widgets need anywidget, which is not installed. Run: pip install -e .[notebook] in Facespace's folder."
    ) from error

from facespace.widgets.map import Map
from facespace.widgets.pad import Pad

__all__ = ["Map", "Pad"]
