"""How much each latent dimension changes the picture: one measure for AE and VAE, used to sort sliders."""

from __future__ import annotations

import numpy as np
import torch
from numpy.typing import NDArray

from models.latent_model import LatentModel


@torch.inference_mode()
def dimension_effects(
    network: LatentModel, points: NDArray[np.floating], sd: NDArray[np.floating]
) -> NDArray[np.float32]:
    """Root mean square change of the picture when one dimension moves by one standard deviation.

    Args:
        network: AE or VAE in eval mode.
        points: [P, D] latents to move away from, for example encoded faces.
        sd: [D], the standard deviation of each dimension over draws from the aggregate posterior.

    Returns:
        float32 [D], in units of the [0, 1] pixel range, over all points, pixels and channels.
    """
    device = network.device
    z = torch.from_numpy(np.asarray(points, np.float32)).to(device)
    steps = torch.diag(torch.from_numpy(np.asarray(sd, np.float32))).to(device)  # [D, D]
    squares = torch.zeros(len(sd), dtype=torch.float64)
    for point in z:
        picture = network.decode(point[None])  # [1, 3, S, S]
        moved = network.decode(point + steps)  # [D, 3, S, S]
        squares += (moved - picture).square().flatten(1).mean(1).cpu().double()
    return (squares / len(z)).sqrt().float().numpy()
