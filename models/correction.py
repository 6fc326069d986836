"""Codes corrected by what the decoder makes of them: conjugate gradients behind the encoder.

An encoder learns its codes from some pictures; for others, its code is not the one from which the decoder would draw
the picture best (the amortisation gap). So the code z of a picture x is decoded, and moved against the gradient of half
the squared error by -M J'(D(z) - x), where J is the decoder's Jacobian at z. M stands for the inverse curvature, one
matrix for all codes (`models.training.refinement`). What is left of the curvature, which is each code's own, is left to
conjugate gradients with M as their preconditioner. How far a step goes is told by decoding its end: as far as is best
if the pictures on the way lie on a line.

Sources: Kim et al. 2018, "Semi-Amortized Variational Autoencoders"; Cremer et al. 2018, "Inference Suboptimality in
Variational Autoencoders"; Nocedal and Wright 2006, "Numerical Optimization", chapter 5.

Letters in the shape comments: N pictures in a batch, S their side, D dimensions of a code.
"""

from __future__ import annotations

import math

import torch
from torch import Tensor, nn

AT_ONCE = 50  # codes: more at a time need more memory and are no faster
LONGEST = 2.0  # of a way, to where its end was decoded
TINY = 1e-12


def corrected(z: Tensor, x: Tensor, decoder: nn.Module, matrix: Tensor, steps: int) -> Tensor:
    """Codes moved to where the decoder draws the pictures better; no gradient passes.

    Args:
        z: the encoder's codes float32 [N, D].
        x: the pictures float32 [N, 3, S, S] in [0, 1].
        decoder: codes to pictures, as it runs.
        matrix: M [D, D].
        steps: at least 1.

    Returns:
        Of all codes on the way, for each picture the one from which it is drawn best: [N, D].
    """
    parts = zip(z.detach().split(AT_ONCE), x.detach().split(AT_ONCE), strict=True)
    return torch.cat([_few(codes, pictures, decoder, matrix, steps) for codes, pictures in parts])


@torch.inference_mode(False)  # whoever asks may be in it, where nothing can be differentiated
@torch.enable_grad()
def _few(z: Tensor, x: Tensor, decoder: nn.Module, matrix: Tensor, steps: int) -> Tensor:
    x = x.clone()  # what was made in inference mode can be copied out of it
    best, least = z, torch.full((len(z),), math.inf, device=z.device)
    before: tuple[Tensor, Tensor, Tensor] | None = None  # gradient, step and way [N, D] of the step before
    for steps_left in reversed(range(steps + 1)):
        z = z.clone().detach().requires_grad_(steps_left > 0)
        picture = decoder(z).float()
        error = picture.detach() - x
        squared = error.square().sum((1, 2, 3))  # [N]
        best = torch.where((squared < least)[:, None], z.detach(), best)  # a step too far is taken back
        least = torch.minimum(squared, least)
        if steps_left:
            (gradient,) = torch.autograd.grad(picture, z, error)  # of half the squared error: [N, D]
            step = -gradient @ matrix
            way = step if before is None else step + _kept_share(gradient, step, *before[:2]) * before[2]
            before = gradient, step, way
            with torch.no_grad():
                change = decoder(z + way).float() - picture
                length = -(error * change).sum((1, 2, 3)) / change.square().sum((1, 2, 3)).clamp_min(TINY)
                z = z + length.clamp(0, LONGEST)[:, None] * way
    return best


def _kept_share(gradient: Tensor, step: Tensor, gradient_before: Tensor, step_before: Tensor) -> Tensor:
    """How much of the way before goes on, so that no step undoes the last: [N, 1] from 0 to 1, from [N, D] each.

    Source: Polak and Ribiere 1969, kept from 0 to 1; Nocedal and Wright 2006, equation 5.45.
    """
    gained = ((gradient - gradient_before) * step).sum(1)
    share: Tensor = gained / (gradient_before * step_before).sum(1).clamp_max(-TINY)
    return share.clamp(0, 1)[:, None]
