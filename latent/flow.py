"""A learned prior: a flow that carries N(0, I) to the distribution of encoded faces, and back.

`load_prior("checkpoints/vae").sample(n, seed)` gives float32 [n, D] in that checkpoint's latent space, without torch.
`train_prior.py` makes one; `latent.prior_file` reads and writes it.

Source: Lipman et al. 2023, "Flow matching for generative modeling"; Liu et al. 2023, "Flow straight and fast".
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from itertools import pairwise
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from latent.prior_file import Prior, has_prior, read_prior
from latent.samplers import noise, pick
from latent.velocity import MOST_GUIDANCE, PriorError, Velocity

BLOCK = 32
"""Points that are moved together. Always as many, since a product of matrices rounds by its size: so a draw does not
depend on how many are asked for."""
MOST_STEPS = 1000
LEAST_WEIGHT = 1e-9  # of a training face that does not fit a wish at all, so that the impossible can be asked for too


@dataclass(frozen=True)
class Wish:
    """What a drawn face should look like.

    Attributes:
        attributes: name to probability from 0 (without it) to 1 (with it); what is not named is left open.
        guidance: how much attributes count: 0 not at all, 1 as among faces, above 1 more clearly; None: as learnt best.
    """

    attributes: Mapping[str, float] = field(default_factory=dict)
    guidance: float | None = None


@dataclass(frozen=True, eq=False)
class Told:
    """What the network is told of the points that it moves.

    Attributes:
        rows: float32 [N, 2A], attributes in [-1, 1] and which of them are told (1 or 0).
        guidance: how much that counts.
    """

    rows: NDArray[np.float32]
    guidance: float


@dataclass(frozen=True, eq=False)
class Flow:
    """A learned prior, ready to draw from.

    A draw has two parts: the attributes of a random training face (those that fit the wish the likelier), and then
    noise that is carried to a face which has them. So what goes together, and how often, is that of the faces.

    Attributes:
        prior: what its file holds.
    """

    prior: Prior

    @property
    def attributes(self) -> tuple[str, ...]:
        """What it can be asked for."""
        return self.prior.config.attributes

    def sample(
        self, count: int, seed: int, temperature: float = 1.0, wish: Wish | None = None, steps: int | None = None
    ) -> NDArray[np.float32]:
        """Draw float32 [count, D]; row i depends on the seed and i alone.

        Args:
            count: how many.
            seed: of the noise, which is that of `latent.samplers.standard_normal` for the same seed.
            temperature: multiplies the noise's standard deviation.
            wish: attributes to ask for.
            steps: of Heun's method, if others than the prior's own.

        Raises:
            ValueError: count, seed, temperature or steps is out of range, or an attribute is not known.
        """
        eps = noise(count, seed, temperature, self.prior.config.latent_dim)
        return self.path(eps, self.told(count, seed, wish), steps)[-1]

    def told(self, count: int, seed: int, wish: Wish | None = None) -> Told | None:
        """What `sample` tells the network of each of its draws; None where it knows no attributes.

        Raises:
            ValueError: an attribute is not known, or a number is out of range.
        """
        wish = wish or Wish()
        guidance = self.prior.config.guidance if wish.guidance is None else wish.guidance
        if not 0 <= guidance <= MOST_GUIDANCE:
            raise ValueError(f"the guidance must lie between 0 and {MOST_GUIDANCE:g}, not {guidance}.")
        profiles = self.prior.profiles.astype(np.float64) / 255
        weights, asked = np.ones(len(profiles)), {}
        for name, wanted in wish.attributes.items():
            if name not in self.attributes:
                known = ", ".join(self.attributes) or "none"
                raise PriorError(f"this prior does not know the attribute {name!r}. It knows: {known}.")
            if not 0 <= wanted <= 1:
                raise ValueError(f"{name} must lie between 0 (without) and 1 (with), not {wanted}.")
            asked[column := self.attributes.index(name)] = wanted
            weights *= 1 - np.abs(profiles[:, column] - wanted)
        if not self.attributes:
            return None
        values = profiles[pick(np.maximum(weights, LEAST_WEIGHT), count, seed)]
        for column, wanted in asked.items():
            values[:, column] = wanted
        return Told(np.concatenate([2 * values - 1, np.ones_like(values)], axis=1).astype(np.float32), guidance)

    def path(
        self, eps: NDArray[np.floating], told: Told | None = None, steps: int | None = None
    ) -> NDArray[np.float32]:
        """The way from noise [N, D] to faces: float32 [steps + 1, N, D], in the checkpoint's latent space.

        The first points are the noise as it lies there: stretched and moved to the mean and covariance of the faces.

        Raises:
            ValueError: steps is out of range.
        """
        return self._unwhiten(self._integrate(np.asarray(eps, np.float32), told, self._steps(steps), forward=True))

    def noise_of(
        self, z: NDArray[np.floating], told: Told | None = None, steps: int | None = None
    ) -> NDArray[np.float32]:
        """The noise float32 [N, D] that `path` carries to latents [N, D]: the same way backwards.

        Exact up to the steps: the ends meet within what Heun's method misses, which falls with their square.

        Raises:
            ValueError: steps is out of range.
        """
        inverse = np.linalg.inv(self.prior.root.astype(np.float64))
        white = ((np.asarray(z, np.float64) - self.prior.mean) @ inverse.T).astype(np.float32)
        return self._integrate(white, told, self._steps(steps), forward=False)[-1]

    def _steps(self, steps: int | None) -> int:
        steps = self.prior.config.steps if steps is None else steps
        if not 1 <= steps <= MOST_STEPS:
            raise ValueError(f"steps must lie between 1 and {MOST_STEPS}, not {steps}.")
        return steps

    def _integrate(
        self, start: NDArray[np.float32], told: Told | None, steps: int, *, forward: bool
    ) -> NDArray[np.float32]:
        """Heun's method in whitened space from points [N, D]: float32 [steps + 1, N, D]."""
        times = np.linspace(0, 1, steps + 1)[:: 1 if forward else -1]
        count, dimensions = start.shape
        found = np.empty((steps + 1, count, dimensions), np.float32)
        for first in range(0, count, BLOCK):
            here = slice(first, min(first + BLOCK, count))
            speed = self._speed(None if told is None else Told(_filled(told.rows[here]), told.guidance))
            x = _filled(start[here])
            found[0, here] = start[here]
            for k, (t, after) in enumerate(pairwise(times), 1):
                step, velocity = np.float32(after - t), speed(x, float(t))
                x = x + step / 2 * (velocity + speed(x + step * velocity, float(after)))
                found[k, here] = x[: here.stop - first]
        return found

    def _speed(self, told: Told | None) -> Callable[[NDArray[np.float32], float], NDArray[np.float32]]:
        """The velocity of a block of points.

        Source: Ho and Salimans 2022, "Classifier-free diffusion guidance", equation 6.
        """
        velocity = Velocity(self.prior.config, self.prior.parameters)
        if told is None or told.guidance == 0:
            return velocity
        rows, guidance = told.rows, np.float32(told.guidance)
        if guidance == 1:
            return lambda x, t: velocity(x, t, rows)

        def guided(x: NDArray[np.float32], t: float) -> NDArray[np.float32]:
            free = velocity(x, t)
            return free + guidance * (velocity(x, t, rows) - free)

        return guided

    def _unwhiten(self, white: NDArray[np.float32]) -> NDArray[np.float32]:
        """Whitened points [..., D] in the latent space; each by itself, for the same reason as `BLOCK`."""
        root = self.prior.root
        rows = (root @ row for row in white.reshape(-1, white.shape[-1]))
        moved = np.array(list(rows), np.float32).reshape(white.shape)
        return (moved + self.prior.mean).astype(np.float32)


def _filled(part: NDArray[np.float32]) -> NDArray[np.float32]:
    """Up to `BLOCK` rows [n, K], with zeros after them: [BLOCK, K]."""
    block = np.zeros((BLOCK, part.shape[1]), np.float32)
    block[: len(part)] = part
    return block


def load_prior(folder: str | Path, checkpoint_sha256: str | None = None) -> Flow:
    """The learned prior of a checkpoint.

    Args:
        folder: of the checkpoint, such as "checkpoints/vae".
        checkpoint_sha256: the weights that it must belong to; by default those that the folder states.

    Raises:
        PriorError: missing, damaged or of other weights.
    """
    return Flow(read_prior(folder, checkpoint_sha256))


__all__ = ["Flow", "Prior", "PriorError", "Told", "Wish", "has_prior", "load_prior"]
