"""Train a learned prior on the latents of an atlas: flow matching from N(0, I) to draws of the aggregate posterior.

Torch is needed for this alone; `latent.flow` samples without it.
"""

from __future__ import annotations

import json
import os
import time
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from safetensors import SafetensorError, safe_open
from safetensors.torch import save_file
from torch import Tensor, nn
from tqdm import tqdm

from latent.atlas import Atlas
from latent.posterior import covariance_of_draws
from latent.prior_file import WITNESSES, Prior
from latent.probes import parts
from latent.velocity import FlowConfig, PriorError, time_features
from latent.velocity_network import VelocityNetwork

STATE_FILE = "prior.training.safetensors"
FEWEST_FACES = 500
AVERAGE = 0.999  # of the weights' moving average, once it has got going
WARM_UP = 200  # steps until the learning rate is reached
NOTHING_TOLD = 0.3  # share of training points whose attributes are all hidden
MOST_PROFILES = 8000
SAVE_SECONDS = 60.0
SMALLEST = 1e-6  # share of the greatest variance below which a direction counts as that


@dataclass(frozen=True)
class FlowOptions:
    """Everything besides the latents and the shape that decides the result.

    Attributes:
        steps: of the optimiser.
        batch_size: points a step.
        learning_rate: AdamW's, after a warm-up and down to 0 along a cosine.
        weight_decay: AdamW's.
        all_told: share of training points whose attributes are all told; of most others a few are, of some none.
        seed: of the initial weights, the order, the draws, the noise and the times.
        precision: "float32" or "bfloat16" (autocast).
    """

    steps: int = 10_000
    batch_size: int = 512
    learning_rate: float = 1e-3
    weight_decay: float = 0.01
    all_told: float = 0.4
    seed: int = 0
    precision: str = "float32"


def whitening(covariance: NDArray[np.floating]) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """The symmetric square root of a covariance [D, D] and its inverse; what hardly varies gets a tiny variance."""
    values, vectors = np.linalg.eigh(np.asarray(covariance, np.float64))
    roots = np.sqrt(np.maximum(values, SMALLEST * max(float(values[-1]), 1e-12)))
    return (vectors * roots) @ vectors.T, (vectors / roots) @ vectors.T


class FlowTrainer:
    """A training run that can be stopped after any step and continued to the same result.

    All randomness of a step comes from (seed, step), so only weights, their average and the optimiser need saving.
    """

    def __init__(self, atlas: Atlas, config: FlowConfig, options: FlowOptions) -> None:
        """Whiten the latents of the training part and build the network.

        Raises:
            PriorError: there are too few faces, or the options break a rule.
        """
        if options.steps < 1 or options.batch_size < 2 or options.seed < 0:
            raise PriorError("steps must be at least 1, the batch size at least 2 and the seed not negative.")
        if not 0 <= options.all_told <= 1 - NOTHING_TOLD:
            raise PriorError(f"the share that is all told must lie between 0 and {1 - NOTHING_TOLD:g}.")
        rows = parts(atlas.partition)[0]
        if len(rows) < FEWEST_FACES:
            raise PriorError(
                f"a prior is learnt from at least {FEWEST_FACES} faces, of which this atlas has {len(rows)} to train "
                "on; with fewer it would learn them by heart. Build an atlas of more pictures with build_atlas.py."
            )
        self.config, self.options, self.rows = config, options, rows
        mu = atlas.mu[rows].astype(np.float32)
        logvar = None if atlas.logvar is None else atlas.logvar[rows]
        self.mean = mu.mean(0, dtype=np.float64)
        self.root, inverse = whitening(covariance_of_draws(mu, logvar))
        self.mu = torch.from_numpy(mu - self.mean.astype(np.float32))
        self.sigma = None if logvar is None else torch.from_numpy(np.exp(0.5 * logvar))
        self.inverse = torch.from_numpy(inverse.astype(np.float32))
        self.scores = torch.from_numpy(atlas.scores[rows]) if config.attributes else None
        self.witnesses = rows[:: len(rows) // WITNESSES][:WITNESSES]
        self.atlas = atlas
        torch.manual_seed(options.seed)
        self.network = VelocityNetwork(config)
        self.average = {name: p.detach().clone() for name, p in self.network.named_parameters()}
        self.optimizer = torch.optim.AdamW(
            self.network.parameters(), lr=options.learning_rate, weight_decay=options.weight_decay, fused=True
        )
        self.step, self.seconds = 0, 0.0

    def batch(self, generator: torch.Generator) -> tuple[Tensor, Tensor | None]:
        """Fresh whitened draws of random training faces [N, D], and what is told of their attributes [N, 2A]."""
        size = self.options.batch_size
        chosen = torch.randint(len(self.mu), (size,), generator=generator)
        z = self.mu[chosen]
        if self.sigma is not None:
            z = z + self.sigma[chosen] * torch.randn(z.shape, generator=generator)
        if self.scores is None:
            return z @ self.inverse.T, None
        values = self.scores[chosen].float() / 127.5 - 1
        share = torch.rand(size, 1, generator=generator) ** 3
        kind = torch.rand(size, 1, generator=generator)
        share = torch.where(
            kind < NOTHING_TOLD, 0.0, torch.where(kind < NOTHING_TOLD + self.options.all_told, 1.0, share)
        )
        told = torch.rand(values.shape, generator=generator) < share
        return z @ self.inverse.T, torch.cat([values * told, told.float()], dim=1)

    def loss(self, generator: torch.Generator) -> Tensor:
        """The mean squared error of the velocity, a dimension.

        Source: Liu et al. 2023, "Flow straight and fast", equation 1; the times as in Esser et al. 2024, "Scaling
        rectified flow transformers", section 3.1 (logit-normal).
        """
        y, told = self.batch(generator)
        eps = torch.randn(y.shape, generator=generator)
        t = torch.sigmoid(torch.randn(len(y), 1, generator=generator))
        features = torch.from_numpy(time_features(t[:, 0].numpy()))
        velocity = self.network((1 - t) * eps + t * y, t, features, told)
        return nn.functional.mse_loss(velocity, y - eps)

    def advance(self) -> float:
        """One step of the optimiser; returns the loss."""
        generator = torch.Generator().manual_seed(self.options.seed * 1_000_003 + self.step)
        for group in self.optimizer.param_groups:
            group["lr"] = self._rate()
        with torch.autocast("cpu", torch.bfloat16, enabled=self.options.precision == "bfloat16"):
            loss = self.loss(generator)
        self.optimizer.zero_grad(set_to_none=True)
        loss.backward()
        nn.utils.clip_grad_norm_(self.network.parameters(), max_norm=1.0)
        self.optimizer.step()
        self.step += 1
        decay = min(AVERAGE, self.step / (self.step + 10))
        with torch.no_grad():
            torch._foreach_lerp_(list(self.average.values()), list(self.network.parameters()), 1 - decay)
        return float(loss.detach())

    def _rate(self) -> float:
        done = self.step / self.options.steps
        warm = min(1.0, (self.step + 1) / WARM_UP)
        return self.options.learning_rate * warm * 0.5 * (1 + float(np.cos(np.pi * done)))

    def run(self, folder: Path) -> Prior:
        """Train the remaining steps with a progress bar; what a stop must not lose is kept in `folder` every minute.

        Raises:
            PriorError: the loss is no longer a finite number.
        """
        saved, mean = time.monotonic(), float("nan")
        began = saved - self.seconds
        bar = tqdm(total=self.options.steps, initial=self.step, desc="Learning the prior", unit=" steps")
        try:
            with bar:
                while self.step < self.options.steps:
                    loss = self.advance()
                    if not np.isfinite(loss):
                        raise PriorError("the loss is no longer a finite number; start again with a lower rate.")
                    mean = loss if np.isnan(mean) else mean + (loss - mean) / min(self.step, 100)
                    bar.update()
                    bar.set_postfix(loss=f"{mean:.3f}", refresh=False)
                    self.seconds = time.monotonic() - began
                    if time.monotonic() - saved > SAVE_SECONDS:
                        self.save(folder)
                        saved = time.monotonic()
        except KeyboardInterrupt:
            self.save(folder)
            raise
        facts = {**asdict(self.options), "faces": len(self.rows), "loss": round(mean, 4)}
        facts |= {"seconds": round(self.seconds), "threads": torch.get_num_threads(), "torch": torch.__version__}
        return self.prior(facts)

    def save(self, folder: Path) -> None:
        """Keep what `resume` needs in one file, replaced whole."""
        tensors = {f"network.{name}": value for name, value in self.network.state_dict().items()}
        tensors |= {f"average.{name}": value for name, value in self.average.items()}
        for index, state in self.optimizer.state_dict()["state"].items():
            tensors |= {f"optimizer.{index}.{name}": value for name, value in state.items()}
        facts = {"identity": self._identity(), "step": self.step, "seconds": self.seconds}
        partial = folder / f"{STATE_FILE}.partial"
        save_file({name: value.contiguous() for name, value in tensors.items()}, partial, {"run": json.dumps(facts)})
        os.replace(partial, folder / STATE_FILE)

    def resume(self, folder: Path) -> None:
        """Take up the run that was stopped in `folder`.

        Raises:
            PriorError: there is none, it is damaged, or it had other options or latents.
        """
        path = folder / STATE_FILE
        if not path.is_file():
            raise PriorError(f"{path} is missing: there is no unfinished run. Leave out --resume to start one.")
        try:
            with safe_open(path, "pt") as file:
                facts = json.loads(file.metadata()["run"])
                tensors = {name: file.get_tensor(name) for name in file.keys()}  # noqa: SIM118
            step, seconds, identity = int(facts["step"]), float(facts["seconds"]), facts["identity"]
        except (SafetensorError, OSError, KeyError, TypeError, ValueError) as error:
            raise PriorError(f"{path} is damaged. Leave out --resume to start again.") from error
        if identity != self._identity():
            raise PriorError(
                f"{path} comes from a run with other options or latents ({identity}). Give the same ones, or leave out "
                "--resume to start again."
            )
        self.network.load_state_dict(_under(tensors, "network."))
        average = _under(tensors, "average.")
        self.average = {name: average[name] for name in self.average}  # a file sorts its names
        state: dict[int, dict[str, Tensor]] = {}
        for name, tensor in _under(tensors, "optimizer.").items():
            index, entry = name.split(".")
            state.setdefault(int(index), {})[entry] = tensor
        self.optimizer.load_state_dict({**self.optimizer.state_dict(), "state": state})
        self.step, self.seconds = step, seconds

    def _identity(self) -> str:
        return json.dumps({**asdict(self.config), **asdict(self.options), "weights": self.atlas.checkpoint_sha256})

    def prior(self, training: dict[str, Any]) -> Prior:
        """What has been learnt so far, as it is kept, with facts about the run."""
        return Prior(
            config=self.config,
            parameters={name: value.numpy().astype(np.float32) for name, value in self.average.items()},
            mean=self.mean.astype(np.float32),
            root=self.root.astype(np.float32),
            profiles=self.atlas.scores[self.rows[:: -(-len(self.rows) // MOST_PROFILES)]],
            witness_image=self.atlas.image[self.witnesses],
            witness_mu=self.atlas.mu[self.witnesses],
            checkpoint_sha256=self.atlas.checkpoint_sha256,
            training=training,
        )


def _under(tensors: dict[str, Tensor], prefix: str) -> dict[str, Tensor]:
    return {name.removeprefix(prefix): tensor for name, tensor in tensors.items() if name.startswith(prefix)}
