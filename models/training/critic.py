"""A critic: two small networks that learn to tell real pictures from decoded ones, and what is asked of them.

Letters in the shape comments: N pictures in a batch, S `image_size`.
"""

from __future__ import annotations

import torch
import torch.nn.functional as F
from torch import Tensor, nn

SIDE = 64  # pixels of a picture's side that each network sees
WIDTH = 24
SLOPE = 0.2


class Critic(nn.Module):
    """Scores of pictures: the higher, the more like a photograph.

    One network looks at a window of 64 x 64 pixels at full size and scores its patches (could this be skin, or hair),
    the other at the whole picture shrunk to as many pixels (could this be a face). Nothing is normalised over the
    batch, so that no picture is judged by its company.
    Source: the patches are those of Isola et al. 2017, "Image-to-Image Translation", section 3.2.2.
    """

    def __init__(self, width: int = WIDTH) -> None:
        super().__init__()
        self.patches = nn.Sequential(*_trunk(width), nn.Conv2d(4 * width, 1, 3, padding=1))
        self.whole = nn.Sequential(
            *_trunk(width), *_layer(4 * width, 4 * width, 2), nn.Flatten(), nn.Linear(4 * width * 4 * 4, 1)
        )

    def forward(self, x: Tensor, corner: tuple[int, int]) -> tuple[Tensor, Tensor]:
        """Score pictures.

        Args:
            x: float32 [N, 3, S, S], about [0, 1].
            corner: the window's first row and column.

        Returns:
            Scores of the window's patches [N, 64] and of the whole pictures [N, 1].
        """
        top, left = corner
        window = x[:, :, top : top + SIDE, left : left + SIDE]  # [N, 3, 64, 64]
        small = F.avg_pool2d(x, x.shape[-1] // SIDE)  # [N, 3, 64, 64]
        return self.patches(2 * window - 1).flatten(1).float(), self.whole(2 * small - 1).float()


def _trunk(width: int) -> list[nn.Module]:
    """Pictures [N, 3, 64, 64] to features [N, 4 width, 8, 8]."""
    return [
        *_layer(3, width, 2),
        *_layer(width, 2 * width, 2),
        *_layer(2 * width, 2 * width, 1),
        *_layer(2 * width, 4 * width, 2),
        *_layer(4 * width, 4 * width, 1),
    ]


def _layer(before: int, after: int, stride: int) -> list[nn.Module]:
    """A convolution of 3 x 3, or of 4 x 4 that halves, and what bends it."""
    return [nn.Conv2d(before, after, 2 + stride, stride=stride, padding=1), nn.LeakyReLU(SLOPE)]


Scores = tuple[Tensor, Tensor]


def preference(above: Scores, below: Scores) -> Tensor:
    """How much is missing until the scores `above` stand above those `below`, picture by picture: a scalar above 0.

    Source: Jolicoeur-Martineau 2018, "The relativistic discriminator", as in Huang et al. 2024 (R3GAN), equation 1.
    """
    patches, wholes = (F.softplus(low - high).mean() for high, low in zip(above, below, strict=True))
    return patches + wholes


def whole_preference(above: Scores, below: Scores) -> Tensor:
    """The same by the scores of whole pictures alone: for draws from N(0, I), which are to be faces first of all.

    Asked for patches like a photograph's as well, the decoder covers such draws with a weave (`checkpoints/TRIED.md`).
    """
    return F.softplus(below[1] - above[1]).mean()


def steepness(critic: Critic, x: Tensor, corner: tuple[int, int]) -> Tensor:
    """Mean squared length of the gradient of a picture's score by its pixels [N, 3, S, S]: a scalar.

    Kept small at real pictures (R1) and at decoded ones (R2) it keeps critic and decoder from chasing each other.
    Source: Mescheder et al. 2018, "Which training methods for GANs do actually converge?", equation 9.
    """
    x = x.detach().requires_grad_()
    patches, wholes = critic(x, corner)
    (gradient,) = torch.autograd.grad(patches.mean(1).sum() + wholes.sum(), x, create_graph=True)
    return gradient.float().square().sum((1, 2, 3)).mean()


def first(scores: Scores, count: int) -> Scores:
    """The scores of the first `count` pictures."""
    return scores[0][:count], scores[1][:count]


def rest(scores: Scores, count: int) -> Scores:
    """The scores of the pictures after the first `count`."""
    return scores[0][count:], scores[1][count:]
