"""A learned prior small enough to be watched while it learns: the same flow matching as `latent.flow_training`.

It starts from N(0, I) itself: untrained it moves nothing, so that its first draws are the plain prior's. `prepare` and
`run` are the work of a process of its own, so that the page that started it stays quick.
Source: Lipman et al. 2023, "Flow matching for generative modeling"; Liu et al. 2023, "Flow straight and fast".
"""

from __future__ import annotations

import io
import json
import math
import time
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass
from importlib import import_module
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from latent.critic import learn_critic
from latent.samplers import noise, posterior_draws
from latent.velocity import FREQUENCIES, time_features

if TYPE_CHECKING:  # the page reads what the process says without torch
    import torch
    from torch import nn

WIDTH, BATCH, LEARNING_RATE = 256, 256, 3e-3
HALVES = 6  # steps of Heun's method between noise and face
SHOWN = 6  # draws that are decoded, from the same noise each time
TAUGHT, TRIED = 3000, 1000  # draws that a critic learns from, and others that it is tried on
CRITIC_STEPS = 300
AVERAGE = 0.98  # of the weights' moving average, which draws
NOISE_SEED = 0
WARM_UP = 50  # steps until the learning rate is reached; then it falls along a cosine


@dataclass(frozen=True)
class Plan:
    """How a run goes.

    Attributes:
        steps: of the optimiser.
        looks: at how many moments there is something to see, besides the beginning.
        seconds: from the first step on, after which it takes no further one.
        seed: of weights, batches and noise in training.
    """

    steps: int
    looks: int
    seconds: float
    seed: int = 0


@dataclass(frozen=True)
class Look:
    """What there is to see after some steps.

    Attributes:
        step: after how many; 0 before the first one.
        seconds: since the first step.
        auc: how often a fresh critic tells its draws from codes of faces that it did not learn from: 0.5 is guessing.
        draws: SHOWN points of D numbers, to be decoded.
    """

    step: int
    seconds: float
    auc: float
    draws: list[list[float]]


def train(
    codes: NDArray[np.float32],
    logvar: NDArray[np.float32] | None,
    held: int,
    plan: Plan,
    clock: Callable[[], float] = time.monotonic,
) -> Iterator[Look]:
    """Train a tiny flow, and look at it before the first step, at even distances, and when its time is over.

    Args:
        codes: float32 [N, D], for a VAE the centres of the faces' clouds.
        logvar: float32 [N, D], natural log of the clouds' variances, of which fresh draws are taken; None for an AE.
        held: how many of the faces, the last ones, it does not learn from; at least 4.
        plan: how long.
        clock: tells the time in seconds.
    """
    import torch

    torch.manual_seed(plan.seed)
    generator = torch.Generator().manual_seed(plan.seed)
    points = posterior_draws(codes, logvar, plan.seed)
    scale = float(np.sqrt(np.square(points[:-held]).mean()))
    network, average = _network(codes.shape[1]), _network(codes.shape[1])
    optimizer = torch.optim.AdamW(network.parameters(), LEARNING_RATE)
    schedule = torch.optim.lr_scheduler.LambdaLR(
        optimizer, lambda step: min((step + 1) / WARM_UP, (1 + math.cos(math.pi * step / plan.steps)) / 2)
    )
    mu = torch.from_numpy(codes[:-held])
    sigma = None if logvar is None else torch.from_numpy(np.exp(0.5 * logvar[:-held]))
    moments = np.linspace(0, plan.steps, plan.looks + 1).round().astype(int)
    yield _look(average, scale, points, held, 0, 0.0)
    began = clock()
    for step in range(1, plan.steps + 1):
        rows = torch.randint(len(mu), (BATCH,), generator=generator)
        y = mu[rows]
        if sigma is not None:
            y = y + sigma[rows] * torch.randn(y.shape, generator=generator)
        eps = torch.randn(y.shape, generator=generator)
        t = torch.sigmoid(torch.randn(BATCH, 1, generator=generator))
        loss = (_velocity(network, (1 - t) * eps + t * y, t, scale) - (y - eps)).square().mean() / (1 + scale**2)
        optimizer.zero_grad(set_to_none=True)
        loss.backward()
        optimizer.step()
        schedule.step()
        with torch.no_grad():
            torch._foreach_lerp_(
                list(average.parameters()), list(network.parameters()), 1 - min(AVERAGE, step / (step + 10))
            )
        late = clock() - began > plan.seconds
        if late or step in moments:
            yield _look(average, scale, points, held, step, clock() - began)
        if late:
            return


def _network(dimensions: int) -> nn.Sequential:
    """Point and time to velocity; its last layer is 0 at first, so that nothing moves."""
    from torch import nn

    first, last = nn.Linear(dimensions + 2 * FREQUENCIES, WIDTH), nn.Linear(WIDTH, dimensions)
    nn.init.zeros_(last.weight)
    nn.init.zeros_(last.bias)
    inner = [part for _ in range(2) for part in (nn.SiLU(), nn.Linear(WIDTH, WIDTH))]
    return nn.Sequential(first, *inner, nn.SiLU(), last)


def _velocity(network: nn.Sequential, x: torch.Tensor, t: torch.Tensor, scale: float) -> torch.Tensor:
    """Velocities of points [N, D] at times [N, 1]; inputs and outputs of the network are about 1 in size."""
    import torch

    features = torch.from_numpy(time_features(t[:, 0].numpy()))
    size = ((1 - t).square() + (scale * t).square()).sqrt()
    found: torch.Tensor = network(torch.cat([x / size, features], dim=1))
    return found * (1 + scale**2) ** 0.5


def _look(
    network: nn.Sequential, scale: float, points: NDArray[np.float32], held: int, step: int, seconds: float
) -> Look:
    """Draw, and let a fresh critic try to tell draws from codes; it is asked of other draws and held-out codes."""
    import torch

    x = torch.from_numpy(noise(TAUGHT + TRIED, NOISE_SEED, 1.0, points.shape[1]).astype(np.float32))
    with torch.inference_mode():
        for k in range(HALVES):
            t, after = (torch.full((len(x), 1), (k + i) / HALVES) for i in (0, 1))
            velocity = _velocity(network, x, t, scale)
            x = x + (velocity + _velocity(network, x + velocity / HALVES, after, scale)) / (2 * HALVES)
    drawn = x.numpy()
    critic = learn_critic(points[:-held], drawn[:TAUGHT], CRITIC_STEPS)
    auc = critic.auc(points[-held:][:TRIED], drawn[TAUGHT:])
    return Look(step, round(seconds, 1), round(auc, 4), drawn[:SHOWN].round(4).tolist())


def pack_order(codes: NDArray[np.float32], logvar: NDArray[np.float32] | None, held: int, plan: Plan) -> bytes:
    """An order as the process reads it; the arguments of `train`."""
    buffer = io.BytesIO()
    empty = np.empty((0, 0), np.float32)
    settings = json.dumps({"held": held, "plan": asdict(plan)})
    np.savez(buffer, codes=codes, logvar=empty if logvar is None else logvar, settings=np.array(settings))
    return buffer.getvalue()


def first_draws(dimensions: int) -> NDArray[np.float32]:
    """What an untrained flow draws, which is there before a process has been started: [SHOWN, D] of N(0, I)."""
    return noise(SHOWN, NOISE_SEED, 1.0, dimensions).astype(np.float32)


def prepare() -> None:
    """Import what `run` needs, seconds long; `torch._dynamo` is what an optimizer imports by itself."""
    for module in ("torch", "torch._dynamo"):
        import_module(module)


def run(order: bytes, say: Callable[..., None]) -> None:
    """Carry out an order.

    Args:
        order: from `pack_order`.
        say: takes what there is to tell: each "look"; "began", right before the first step, from which on the plan's
            seconds count; and at last "stopped" where the time was over before the end.
    """
    with np.load(io.BytesIO(order), allow_pickle=False) as stored:
        settings, codes, logvar = json.loads(str(stored["settings"])), stored["codes"], stored["logvar"]
    plan = Plan(**settings["plan"])
    step = 0
    for look in train(codes, logvar if len(logvar) else None, settings["held"], plan):
        say(look=asdict(look))
        step = look.step
        if step == 0:
            say(began=True)
    if step < plan.steps:
        say(stopped=True)
