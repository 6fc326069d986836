"""What the attribute classifier reads off decoded faces."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from app.cache import OpenModel, classifier


def read_faces(model: OpenModel, z: NDArray[np.float32]) -> NDArray[np.float32] | None:
    """Probabilities of the 40 attributes of decoded points [N, D]: float32 [N, 40]; None where there is no classifier.

    Pictures of another size than the classifier's own are shrunk by an antialiased triangle filter, as evaluate.py
    does it.
    """
    network = classifier()
    if network is None:
        return None
    import torch  # late: it takes two seconds to import
    from torch.nn import functional

    side = network.config.image_size
    with torch.inference_mode():
        faces = model.network.decode(torch.from_numpy(np.asarray(z, np.float32)))
        if faces.shape[-1] != side:
            faces = functional.interpolate(faces, (side, side), mode="bilinear", antialias=True, align_corners=False)
        read: NDArray[np.float32] = network(faces).sigmoid().numpy()
    return read
