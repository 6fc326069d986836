"""What the attribute classifier reads off decoded faces."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from app.checkpoints.opening import OpenModel, classifier


def read_faces(model: OpenModel, z: NDArray[np.float32]) -> NDArray[np.float32] | None:
    """Probabilities of the attributes of decoded points [N, D]: float32 [N, 40]; None without a classifier."""
    network = classifier()
    if network is None:
        return None
    from models.metrics import read_decoded  # late: torch takes two seconds to import

    return read_decoded(model.network, network, z)
