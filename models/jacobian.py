"""Where a decoder's pictures change most: the mean of J^T J over some faces, J the decoder's Jacobian."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import torch
from numpy.typing import NDArray

from models.latent_model import LatentModel

STEP = 0.2  # of each dimension's standard deviation, to either side


@torch.inference_mode()
def change_matrix(
    network: LatentModel,
    z: NDArray[np.floating],
    scale: NDArray[np.floating],
    progress: Callable[[float], None] = lambda share: None,
) -> NDArray[np.float64]:
    """How much moves in pairs of dimensions change the picture: float64 [D, D], J^T J, averaged over faces and pixels.

    A short move v, in units of `scale`, changes a pixel by sqrt(v^T G v) in the root of the mean square, of 1.

    Args:
        network: its decoder.
        z: [K, D], the faces to start from.
        scale: [D], what counts as 1 in each dimension, such as its standard deviation.
        progress: told the share that is done, 0 to 1; what it raises ends the work.

    Source: central differences; the decoder's pullback metric as in Arvanitidis et al. 2018, "Latent space oddity".
    """
    dimensions = len(scale)
    gram = np.zeros((dimensions, dimensions))
    steps = torch.diag(torch.from_numpy(np.asarray(STEP * scale, np.float32)))
    for done, point in enumerate(torch.from_numpy(np.asarray(z, np.float32))):
        rows = [
            (network.decode(point + part) - network.decode(point - part)).flatten(1) / (2 * STEP)
            for part in steps.split(32)
        ]
        jacobian = torch.cat(rows)  # [D, 3 S S], a row for each dimension
        gram += (jacobian @ jacobian.T / jacobian.shape[1]).double().numpy()
        progress((done + 1) / len(z))
    return gram / len(z)
