"""How alike two pictures are: SSIM, and the distance between what the measuring classifier sees in them."""

from __future__ import annotations

import torch
import torch.nn.functional as F
from torch import Tensor

from models.classifier import AttributeClassifier, fit_size

WINDOW, WINDOW_SIGMA = 11, 1.5
C1, C2 = 0.01**2, 0.03**2


def ssim(x: Tensor, y: Tensor) -> Tensor:
    """Structural similarity of pictures float32 [N, 3, S, S] in [0, 1], the mean over channels and windows: [N].

    Source: Wang et al. 2004, "Image quality assessment", equation 13: Gaussian windows of 11 pixels and standard
    deviation 1.5, only where they fit into the picture.
    """
    mean_x, mean_y = _blur(x), _blur(y)
    var_x, var_y = _blur(x * x) - mean_x * mean_x, _blur(y * y) - mean_y * mean_y
    covariance = _blur(x * y) - mean_x * mean_y
    luminance = (2 * mean_x * mean_y + C1) / (mean_x * mean_x + mean_y * mean_y + C1)
    structure = (2 * covariance + C2) / (var_x + var_y + C2)
    return (luminance * structure).flatten(1).mean(1)


def _blur(x: Tensor) -> Tensor:
    """A Gaussian window over each channel: [N, 3, S, S] to [N, 3, S - 10, S - 10].

    As products with a band matrix, which take a tenth of the time of convolutions of one channel.
    """
    size = x.shape[-1]
    inside = torch.arange(size, device=x.device) - torch.arange(size - WINDOW + 1, device=x.device)[:, None]
    weights = torch.exp(-0.5 * ((inside - WINDOW // 2) / WINDOW_SIGMA) ** 2)
    weights = weights * ((inside >= 0) & (inside < WINDOW))
    weights = (weights / weights.sum(1, keepdim=True)).to(x.dtype)
    return weights @ x @ weights.T


def look(classifier: AttributeClassifier, x: Tensor) -> list[Tensor]:
    """What a classifier sees in pictures float32 [N, 3, S, S] of any size: its feature maps [N, C, H, W]."""
    return classifier.maps(fit_size(classifier, x))


def perceptual_distance(a: list[Tensor], b: list[Tensor]) -> Tensor:
    """How differently a classifier sees two sets of N pictures: [N], from 0 (alike) to 4.

    The channels of each place are scaled to length 1 and their squared distances averaged over places and layers.

    Args:
        a, b: feature maps [N, C, H, W] of `look`.

    Source: Zhang et al. 2018, "The unreasonable effectiveness of deep features", equation 1, with equal weights.
    """
    layers = []
    for one, two in zip(a, b, strict=True):
        cosine = F.cosine_similarity(one, two, dim=1, eps=1e-6)  # the squared distance of unit vectors is 2 - 2 cos
        layers.append(2 - 2 * cosine.mean(dim=(1, 2)))
    return torch.stack(layers).mean(0)
