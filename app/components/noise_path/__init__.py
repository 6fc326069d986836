"""The way from noise to a face: a few draws between N(0, I) and where they end, decoded live while time is moved."""

from __future__ import annotations

import hashlib
import io
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from app.components import component
from app.components.noise_path.message import PathMessage
from app.drawing.picture_files import data_address
from app.server.published import frontend_base, publish_bytes

_mount = component("noise_path")
BYTES = "application/octet-stream"
CELLS = 120
MARGIN = 0.04  # of the map's span, around all of its faces


@dataclass(frozen=True, eq=False)
class NoisePath:
    """What is shown.

    Attributes:
        points: float32 [T, N, D], the draws at T moments in the latent space.
        places: float32 [T, N, 2], where they lie on the map.
        map: float32 [M, 2], places of all encoded faces.
        side: of a decoded picture, in pixels.
        noise, face: what is said at the two ends.
        private: the points lead to a photo, so they go to this visitor's page alone and get no address.
    """

    points: NDArray[np.float32]
    places: NDArray[np.float32]
    map: NDArray[np.float32]
    side: int
    noise: str
    face: str
    private: bool = False


def noise_path(*, key: str, path: NoisePath, decoder: str, label: str) -> None:
    """Draw the faces, the map and the slider over time; nothing is sent to the server while it moves.

    Args:
        key: of this component on the page.
        path: what it shows.
        decoder: address of the model's decoder.onnx.
        label: what the faces are, for screen readers.
    """
    low, high = path.map.min(0), path.map.max(0)
    span = np.maximum(high - low, 1e-6)
    low, span = low - MARGIN * span, span * (1 + 2 * MARGIN)
    content = path.points.astype("<f4").tobytes()
    points = data_address(content, BYTES) if path.private else publish_bytes(content, "path.f32")
    data: PathMessage = {
        "base": frontend_base(),
        "name": hashlib.sha256(content).hexdigest()[:16],
        "decoder": decoder,
        "points": points,
        "moments": path.points.shape[0],
        "draws": path.points.shape[1],
        "dimensions": path.points.shape[2],
        "places": np.clip((path.places - low) / span, 0, 1).reshape(-1, 2).round(4).tolist(),
        "crowd": publish_bytes(crowd_picture((path.map - low) / span), "crowd.png"),
        "side": path.side,
        "label": label,
        "noise": path.noise,
        "face": path.face,
    }
    _mount(key=key, data=data)


def crowd_picture(places: NDArray[np.float32]) -> bytes:
    """A PNG of where faces [M, 2] in [0, 1] crowd: grey, the more opaque the more of them, y upwards."""
    counts, _, _ = np.histogram2d(places[:, 0], places[:, 1], CELLS, range=((0, 1), (0, 1)))
    shade = np.log1p(counts.T[::-1])
    pixels = np.full((CELLS, CELLS, 2), 128, np.uint8)
    pixels[:, :, 1] = (165 * shade / max(float(shade.max()), 1e-6)).astype(np.uint8)
    file = io.BytesIO()
    Image.fromarray(pixels, "LA").save(file, "PNG")
    return file.getvalue()
