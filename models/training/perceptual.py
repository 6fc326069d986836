"""A distance that looks at what a picture shows: differences of features of the attribute classifier.

Squared error alone is cheapest for a picture that is blurred wherever the code leaves a detail open. Features answer to
edges and textures, so blur costs something there.
Source: Johnson et al. 2016, "Perceptual Losses"; normalised as in Zhang et al. 2018 (LPIPS), without learned weights.
"""

from __future__ import annotations

from collections.abc import Sequence

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from models.classifier import AttributeClassifier

STAGES = 3  # after the stem; the last stage knows what is there, but hardly where
JITTER = 8  # pixels of the full picture


class PerceptualDistance(nn.Module):
    """Squared differences of channel-normalised features, averaged over places and summed over layers.

    The classifier sees 64 x 64 pixels, so a larger picture is halved, which hides patterns at the scale of a pixel;
    a window of 64 x 64 at full size is therefore compared too, in the stem and the first stage. The pictures are
    shifted at random (both alike), so that the strides of the classifier leave no grid in what is trained with it.

    Of several classifiers one is drawn for each batch: what pleases one of them is mostly a quirk of its own, what
    pleases all of them is more likely to please whoever looks.
    """

    def __init__(self, classifiers: Sequence[AttributeClassifier], last_stage: float = 0.0, sha256: str = "") -> None:
        """Freeze classifiers of 64 x 64 pictures.

        Args:
            classifiers: whose features are compared, at least one.
            last_stage: weight of the last stage beside the others'. It finds a pair of glasses worth more of a code's
                nats than their few pixels are, but can be pleased with stripes.
            sha256: names the classifiers.
        """
        super().__init__()
        self.sha256 = sha256
        self.weights = [1.0] * (1 + STAGES) + ([last_stage] if last_stage else [])
        self.eyes = nn.ModuleList(nn.ModuleList([one.stem, *one.stages][: len(self.weights)]) for one in classifiers)
        self.requires_grad_(False).eval()

    def train(self, mode: bool = True) -> PerceptualDistance:
        """Stay in evaluation mode: the features must not move with the batch."""
        return super().train(False)

    def forward(self, reconstruction: Tensor, x: Tensor, generator: torch.Generator) -> Tensor:
        """Mean distance of float32 [N, 3, S, S] in [0, 1]: a scalar from 0 to 4 times the weights."""
        eye = self._drawn(generator)
        side = x.shape[-1]
        top, left = (int(v) for v in torch.randint(0, JITTER + 1, (2,), generator=generator, device=generator.device))
        a, b = (p[:, :, top : side - JITTER + top, left : side - JITTER + left] for p in (reconstruction, x))
        if side <= 64:
            return self._distance(a, b, eye)
        corner = torch.randint(0, side - JITTER - 64 + 1, (2,), generator=generator, device=generator.device)
        top, left = (int(v) for v in corner)
        rows, columns = slice(top, top + 64), slice(left, left + 64)
        halved = self._distance(F.avg_pool2d(a, side // 64), F.avg_pool2d(b, side // 64), eye)
        return halved + self._distance(a[:, :, rows, columns], b[:, :, rows, columns], eye[:2])

    def _drawn(self, generator: torch.Generator) -> list[nn.Module]:
        """The stem and stages of the classifier whose turn it is."""
        count, which = len(self.eyes), 0
        if count > 1:
            which = int(torch.randint(count, (1,), generator=generator, device=generator.device))
        return list(self.eyes[which].children())

    def _distance(self, a: Tensor, b: Tensor, stages: list[nn.Module]) -> Tensor:
        """Summed over the stem and the stages after it."""
        total = a.new_zeros(())
        for stage, weight in zip(stages, self.weights, strict=False):
            a, b = stage(a), stage(b)
            total = total + weight * (_unit(a) - _unit(b)).square().sum(1).mean()
        return total


def _unit(features: Tensor) -> Tensor:
    """Features [N, C, H, W] scaled to length 1 at each place."""
    return F.normalize(features, dim=1, eps=1e-4)
