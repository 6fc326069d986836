"""How alike two pictures are: SSIM, and the distance between what the measuring classifier sees in them."""

from __future__ import annotations

import torch
import torch.nn.functional as F
from skimage.metrics import structural_similarity
from torch import Tensor

from models.classifier import AttributeClassifier, fit_size

WINDOW_SIGMA = 1.5  # pixels, which makes a window of 11


def ssim(x: Tensor, y: Tensor) -> Tensor:
    """Structural similarity of pictures float32 [N, 3, S, S] in [0, 1], the mean over channels and windows: [N].

    Source: Wang et al. 2004, "Image quality assessment", equation 13: Gaussian windows of 11 pixels and standard
    deviation 1.5, only where they fit into the picture.
    """
    similarities = [
        structural_similarity(
            one.numpy(),
            other.numpy(),
            channel_axis=0,
            data_range=1.0,
            gaussian_weights=True,
            sigma=WINDOW_SIGMA,
            use_sample_covariance=False,
        )
        for one, other in zip(x.cpu(), y.cpu(), strict=True)
    ]
    return torch.tensor(similarities, dtype=torch.float32)


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
