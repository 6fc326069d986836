"""What corrects an AE's codes behind its encoder (`models.correction`): the matrix that turns gradients into steps.

It is the inverse of the decoder's curvature J'J, averaged over training pictures and damped.
Source: Levenberg 1944 for the damping.
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
DAMPING = 0.05
"""What is added to the curvature of each dimension, as a share of the mean over dimensions."""
WHILE_LEARNING = 2
"""The most corrections of a code that a decoder learns behind: they already bring three quarters of what more would."""
PROBE = 0.01
"""How far a dimension is moved to see what it changes, in standard deviations of the codes."""


def with_refinement(
    network: Autoencoder, images: NDArray[np.uint8], rows: NDArray[np.int64], steps: int, seed: int = 0
) -> Autoencoder:
    """A copy of an AE whose codes are corrected `steps` times.

    DAMPING was chosen on validation pictures; see checkpoints/TRIED.md.

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


def corrector(network: Autoencoder, start: Autoencoder) -> Autoencoder:
    """What corrects the codes of an AE while its decoder learns: its own encoder and decoder, and its start's matrix.

    Args:
        network: that learns; shared, not copied.
        start: of refinement steps.
    """
    steps = min(start.config.refinement_steps, WHILE_LEARNING)
    with torch.device("meta"):  # its own weights would only be thrown away
        one = Autoencoder(replace(start.config, refinement_steps=steps))
    one.encoder, one.decoder, one.refinement = network.encoder, network.decoder, start.refinement.clone()
    return one


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
    return torch.linalg.inv(curvature + damping).float().to(codes.device)
