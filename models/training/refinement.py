"""Codes corrected by what the decoder makes of them: damped Gauss-Newton steps behind the encoder.

An encoder learns its codes from some pictures; for others, its code is not the one from which the decoder would draw
the picture best (the amortisation gap). So the code z of a picture x is decoded, and moved against the gradient of half
the squared error: z - M J'(D(z) - x), where J is the decoder's Jacobian at z. M stands for the inverse curvature, one
matrix for all codes: the average of J'J over training pictures, damped and inverted. Of all codes on the way, the one
from which the picture is drawn best is taken.

Sources: Kim et al. 2018, "Semi-Amortized Variational Autoencoders"; Cremer et al. 2018, "Inference Suboptimality in
Variational Autoencoders"; Levenberg 1944 for the damping.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from models.images import to_tensor
from models.networks import Autoencoder

PICTURES = 64
"""Training pictures over which the curvature is averaged."""
DAMPING = 0.2
"""What is added to the curvature of each dimension, as a share of the mean over dimensions."""
STEP = 0.85
"""Share of a step that is gone, since the curvature of a single code is not the average."""
PROBE = 0.01
"""How far a dimension is moved to see what it changes, in standard deviations of the codes."""


def with_refinement(
    network: Autoencoder, images: NDArray[np.uint8], rows: NDArray[np.int64], steps: int, seed: int = 0
) -> Autoencoder:
    """A copy of an AE whose codes are corrected `steps` times.

    DAMPING and STEP were chosen on validation pictures; see checkpoints/TRIED.md.

    Args:
        network: in eval mode.
        images: uint8 [M, S, S, 3].
        rows: int64 [T], which of them are training pictures; PICTURES of these are drawn.
        steps: at least 1.
        seed: of the draw.
    """
    drawn = rows[np.sort(np.random.default_rng(seed).permutation(len(rows))[:PICTURES])]
    refined = Autoencoder(replace(network.config, refinement_steps=steps))
    state = {name: tensor for name, tensor in network.state_dict().items() if name != "refinement"}
    refined.load_state_dict(state | {"refinement": step_matrix(network, to_tensor(images[drawn]))})
    return refined.eval()


@torch.no_grad()
def step_matrix(network: Autoencoder, x: Tensor) -> Tensor:
    """The matrix M [D, D] that turns a gradient of half the squared error into a step, from pictures [N, 3, S, S]."""
    codes = network.encoder(x.to(network.device)).float()
    moves = PROBE * codes.std(0).clamp_min(1e-6)  # [D]
    curvature = torch.zeros(len(moves), len(moves), dtype=torch.float64)  # on the CPU: Apple's GPUs have no float64
    for z in codes:
        changed = network.decoder(z + torch.diag(moves)) - network.decoder(z[None])
        jacobian = (changed.flatten(1) / moves[:, None]).cpu().double()  # [D, 3 S S], transposed
        curvature += jacobian @ jacobian.T / len(codes)
    damping = DAMPING * curvature.diagonal().mean() * torch.eye(len(moves), dtype=curvature.dtype)
    return (STEP * torch.linalg.inv(curvature + damping)).float().to(codes.device)
