"""The attribute classifiers: one that autoencoders may be trained against, and one of another build that measures them.

Letters in the shape comments: N pictures in a batch, S `image_size`.
"""

from __future__ import annotations

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from models.config import ModelConfig


class AttributeClassifier(nn.Module):
    """Reads `config.latent_dim` yes-or-no attributes off a picture; `config.architecture` says how it is built.

    "residual" (He et al. 2016, "Deep Residual Learning", the block as torchvision has it) and "plain" (in the manner of
    Simonyan and Zisserman 2015, without shortcuts) share no block, kernel of the first layer, activation or way of
    halving, so that a picture made to please the one need not please the other.
    """

    def __init__(self, config: ModelConfig) -> None:
        super().__init__()
        self.config = config
        build = _plain if config.architecture == "plain" else _residual
        self.stem, self.stages, channels = build(config.width)
        self.head = nn.Linear(channels, config.latent_dim)

    def maps(self, x: Tensor) -> list[Tensor]:
        """Pictures float32 [N, 3, S, S] in [0, 1] to the feature maps [N, C, H, W] of the stem and of each stage."""
        maps = [self.stem(x)]
        for stage in self.stages:
            maps.append(stage(maps[-1]))
        return maps

    def forward(self, x: Tensor) -> Tensor:
        """Pictures float32 [N, 3, S, S] in [0, 1] to logits [N, attributes]."""
        return self.head(pooled(self.maps(x))).float()


def pooled(maps: list[Tensor]) -> Tensor:
    """The features [N, C] that the last layer sees, from the feature maps."""
    return maps[-1].mean(dim=(2, 3))


def _residual(width: int) -> tuple[nn.Module, nn.Sequential, int]:
    """4 x 4 stem and four residual blocks; the last map is [N, 8 width, S/16, S/16]."""
    # Late, because importing torchvision takes a second that only the classifier should cost.
    from torchvision.models.resnet import BasicBlock

    stem = nn.Sequential(nn.Conv2d(3, width, 4, stride=2, padding=1, bias=False), nn.BatchNorm2d(width), nn.ReLU())
    stages: list[nn.Module] = []
    previous = width
    for channels, stride in ((width, 1), (2 * width, 2), (4 * width, 2), (8 * width, 2)):
        shortcut = (
            None
            if stride == 1
            else nn.Sequential(nn.Conv2d(previous, channels, 1, stride=stride, bias=False), nn.BatchNorm2d(channels))
        )
        stages.append(BasicBlock(previous, channels, stride, shortcut))
        previous = channels
    return stem, nn.Sequential(*stages), previous


def _plain(width: int) -> tuple[nn.Module, nn.Sequential, int]:
    """3 x 3 convolutions at every scale, halved by averages, no shortcuts; the last map is [N, 8 width, S/16, S/16]."""

    def layer(before: int, after: int) -> list[nn.Module]:
        return [nn.Conv2d(before, after, 3, padding=1, bias=False), nn.BatchNorm2d(after), nn.SiLU()]

    previous = max(1, width // 2)
    stem = nn.Sequential(*layer(3, previous), nn.AvgPool2d(2))
    stages: list[nn.Module] = []
    for channels in (width, 2 * width, 4 * width):
        stages.append(nn.Sequential(*layer(previous, channels), *layer(channels, channels), nn.AvgPool2d(2)))
        previous = channels
    stages.append(nn.Sequential(*layer(previous, 8 * width), *layer(8 * width, 8 * width), nn.Dropout2d(0.2)))
    return stem, nn.Sequential(*stages), 8 * width


def fit_size(classifier: AttributeClassifier, x: Tensor) -> Tensor:
    """Pictures [N, 3, S, S] at the size that a classifier reads; by an antialiased triangle filter where they differ.

    Real and decoded pictures go through the same filter. What it removes (a grid at the scale of one pixel) cannot be
    seen in features; `evaluation.spectrum` looks for that.
    """
    side = classifier.config.image_size
    if x.shape[-1] == side:
        return x
    return F.interpolate(x, (side, side), mode="bilinear", antialias=True, align_corners=False)


@torch.no_grad()
def fold_calibration(classifier: AttributeClassifier, slope: Tensor, intercept: Tensor) -> None:
    """Make the logits `slope * logits + intercept`, for ever: the two numbers an attribute go into the last layer.

    Args:
        classifier: changed in place.
        slope, intercept: float32 [attributes].
    """
    classifier.head.weight.mul_(slope[:, None])
    classifier.head.bias.mul_(slope).add_(intercept)
