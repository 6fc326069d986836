"""Pictures that a map shows in place of decoded faces."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from app.components.atlas_map.colourings import publish_array
from app.components.atlas_map.message import PicturesMessage
from app.server.published import publish_bytes


@dataclass(frozen=True)
class Pictures:
    """Pictures of M faces, square JPEGs in one file; make it with `publish_pictures`.

    Attributes:
        url: address of the file.
        size: of it in bytes.
        ends: address of int32 [M], where each picture ends in it.
        count: M.
    """

    url: str
    size: int
    ends: str
    count: int


def publish_pictures(pictures: Sequence[bytes]) -> Pictures:
    """Make a square JPEG for each face of a map available to browsers. Idempotent."""
    ends = np.cumsum([len(picture) for picture in pictures])
    content = b"".join(pictures)
    return Pictures(
        publish_bytes(content, "pictures.jpegs"), len(content), publish_array(ends, "<i4", "ends.i32"), len(pictures)
    )


def pictures_message(pictures: Pictures) -> PicturesMessage:
    """What the browser is told of them."""
    return {"url": pictures.url, "bytes": pictures.size, "ends": pictures.ends, "count": pictures.count}
