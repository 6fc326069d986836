"""Photo -> aligned crop: a face detector, three points on each face, and CelebA's similarity transform.

The stable face for notebooks: `from faces import align_face, NoFaceError`. The detector comes when it is first asked
for: it loads PyTorch, for which a page that is only opened need not wait.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

from faces.alignment import ALIGNED_SIZE, TARGETS, align, upright

if TYPE_CHECKING:
    from faces.detector import Face, NoFaceError, align_face, find_faces

__all__ = ["ALIGNED_SIZE", "TARGETS", "Face", "NoFaceError", "align", "align_face", "find_faces", "upright"]


def __getattr__(name: str) -> Any:
    if name in __all__:
        return getattr(import_module("faces.detector"), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
