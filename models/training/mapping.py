"""Teach a decoder's mapping where faces lie: points of N(0, I) go where a learned prior carries them, faces stay.

Encoder, codes and the other layers stay as they are. A VAE's codes and its prior differ so much that a critic tells
them apart nearly always; so one network can leave the ones alone and move the others.
Source: Karras et al. 2019, "A style-based generator architecture for generative adversarial networks", section 2, for a
network between prior and decoder; the lesson from a flow as in Liu et al. 2023, "Flow straight and fast", section 2.3.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np
import torch
import torch.nn.functional as F
from numpy.typing import NDArray
from torch import Tensor
from tqdm import tqdm

from models.networks import LatentMapping

AVERAGE = 0.999  # of the weights' moving average, once it has got going
STAYING = 4.0  # weight of a face that moves, against a point of N(0, I) that misses its place
EDITED, MORPHED = 0.2, 0.15  # shares of the faces that are changed as sliders and morphs do, which must stay, too
EDIT = 1.5  # standard deviation of such a change, in one dimension


@dataclass(frozen=True)
class MappingOptions:
    """Everything besides the latents that decides the result.

    Attributes:
        width: of the mapping's layers.
        steps: of the optimiser.
        batch_size: faces a step, and as many points of N(0, I).
        learning_rate: AdamW's highest, after a warm-up and down to 0 along a cosine.
        seed: of everything that is drawn.
        precision: "float32" or "bfloat16" (autocast).
    """

    width: int
    steps: int
    batch_size: int
    learning_rate: float
    seed: int
    precision: str = "float32"


@dataclass(frozen=True, eq=False)
class Lesson:
    """What is taught.

    Attributes:
        mu: float32 [T, D], of training faces.
        logvar: float32 [T, D], or None for an AE.
        noise: float32 [P, D], points of N(0, I).
        places: float32 [P, D], where they are to go: where a learned prior carries them, spread as faces are.
    """

    mu: NDArray[np.float32]
    logvar: NDArray[np.float32] | None
    noise: NDArray[np.float32]
    places: NDArray[np.float32]


def with_moments(points: NDArray[np.float32], like: NDArray[np.float32]) -> NDArray[np.float32]:
    """Points [P, D] moved as little as can be to the mean and covariance of `like` [T, D]: float32 [P, D].

    A learned prior that is told no attributes draws a little too narrowly, which a mapping that it teaches would learn.
    Source: Dowson and Landau 1982, "The Frechet distance between multivariate normal distributions": the way of least
    squared length from one Gaussian to another.
    """
    have, wanted = (np.cov(rows.astype(np.float64), rowvar=False) for rows in (points, like))
    root, inverse = _power(have, 0.5), _power(have, -0.5)
    way = inverse @ _power(root @ wanted @ root, 0.5) @ inverse
    moved = (points - points.mean(0, dtype=np.float64)) @ way + like.mean(0, dtype=np.float64)
    return moved.astype(np.float32)


def _power(matrix: NDArray[np.float64], exponent: float) -> NDArray[np.float64]:
    """A power of a symmetric matrix without negative eigenvalues; ones that are nearly 0 count as a little more."""
    values, vectors = np.linalg.eigh(matrix)
    found: NDArray[np.float64] = (vectors * np.maximum(values, 1e-9 * values.max()) ** exponent) @ vectors.T
    return found


def teach_mapping(lesson: Lesson, options: MappingOptions) -> tuple[LatentMapping, dict[str, Any]]:
    """Train a mapping, with a progress bar.

    Returns:
        the mapping, and facts about the run: "missed", the squared distance of mapped points to their places, and
        "moved", that of mapped draws to themselves, both of the last hundred steps and summed over dimensions.
    """
    torch.manual_seed(options.seed)
    network = LatentMapping(lesson.mu.shape[1], options.width)
    average = LatentMapping(lesson.mu.shape[1], options.width)
    average.load_state_dict(network.state_dict())
    optimizer = torch.optim.AdamW(network.parameters(), options.learning_rate, weight_decay=0.01)
    schedule = torch.optim.lr_scheduler.OneCycleLR(
        optimizer, options.learning_rate, total_steps=options.steps, pct_start=0.05
    )
    began, moved, missed = time.monotonic(), 0.0, 0.0
    bar = tqdm(_batches(lesson, options), total=options.steps, desc="Teaching the mapping", unit=" steps")
    for step, (faces, noise, places) in enumerate(bar, 1):
        with torch.autocast("cpu", torch.bfloat16, enabled=options.precision == "bfloat16"):
            found = network(torch.cat([faces, noise])).float()
        stray = (found[: len(faces)] - faces).square().sum(1).mean()
        miss = (found[len(faces) :] - places).square().sum(1).mean()
        optimizer.zero_grad(set_to_none=True)
        (STAYING * stray + miss).backward()
        optimizer.step()
        schedule.step()
        with torch.no_grad():
            decay = min(AVERAGE, step / (step + 10))
            torch._foreach_lerp_(list(average.parameters()), list(network.parameters()), 1 - decay)
        share = 1 / min(step, 100)
        moved += share * (stray.item() - moved)
        missed += share * (miss.item() - missed)
        bar.set_postfix(moved=f"{moved:.2f}", missed=f"{missed:.2f}", refresh=False)
    facts = {**asdict(options), "moved": round(moved, 3), "missed": round(missed, 3), "points": len(lesson.noise)}
    return average.requires_grad_(False), {**facts, "seconds": round(time.monotonic() - began)}


def _batches(lesson: Lesson, options: MappingOptions) -> Iterator[tuple[Tensor, Tensor, Tensor]]:
    """For each step: faces [N, D] that stay, points [N, D] of N(0, I) and their places [N, D]."""
    mu, noise, places = (torch.from_numpy(part) for part in (lesson.mu, lesson.noise, lesson.places))
    sigma = None if lesson.logvar is None else (0.5 * torch.from_numpy(lesson.logvar)).exp()
    generator, size = torch.Generator().manual_seed(options.seed), options.batch_size
    for _ in range(options.steps):
        chosen, others = torch.randint(len(mu), (2, size), generator=generator)
        faces = mu[chosen]
        if sigma is not None:  # half are draws, a quarter the means themselves, the rest lie between
            kind = torch.rand(size, 1, generator=generator)
            part = torch.where(kind < 0.5, 1.0, torch.where(kind < 0.75, 0.0, (kind - 0.75) * 4))
            faces = faces + part * sigma[chosen] * torch.randn(faces.shape, generator=generator)
        weight, which = torch.rand(size, 1, generator=generator), torch.rand(size, 1, generator=generator)
        faces = faces + (which < MORPHED) * weight * (mu[others] - mu[chosen])
        axis = F.one_hot(torch.randint(mu.shape[1], (size,), generator=generator), mu.shape[1])
        edit = EDIT * torch.randn(size, 1, generator=generator)
        faces = faces + (which > 1 - EDITED) * edit * axis
        point = torch.randint(len(noise), (size,), generator=generator)
        yield faces, noise[point], places[point]
