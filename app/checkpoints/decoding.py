"""Latents to pictures on the server, for what is not decoded in the browser."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from app.checkpoints.opening import OpenModel
from models.images import to_uint8


def decode(model: OpenModel, z: NDArray[np.floating]) -> NDArray[np.uint8]:
    """Latents [N, D] to pictures uint8 [N, S, S, 3], on the server."""
    import torch  # late: most pages never decode on the server

    with torch.inference_mode():
        return to_uint8(model.network.decode(torch.from_numpy(np.asarray(z, np.float32))))
