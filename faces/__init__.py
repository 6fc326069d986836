"""Photo -> aligned crop: a face detector, three points on each face, and CelebA's similarity transform.

The stable face for notebooks: `from faces import align_face, NoFaceError`.
"""

from faces.alignment import ALIGNED_SIZE, TARGETS, align, upright
from faces.detector import Face, NoFaceError, align_face, find_faces

__all__ = ["ALIGNED_SIZE", "TARGETS", "Face", "NoFaceError", "align", "align_face", "find_faces", "upright"]
