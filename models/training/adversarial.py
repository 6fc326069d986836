"""A decoder that is taught by a critic beside the pixels, so that it draws what a face could look like.

Squared error and features of a frozen classifier leave fine structure out wherever the code does not say which of many
it is: their best answer is the average of all. A critic asks whether a picture could be a photograph, and its best
answer is one of the many: sharp, and partly invented.

The encoder and all batch statistics stay as they are, so every latent, map, direction and prior stays valid.
"""

from __future__ import annotations

import itertools
import sys

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn
from torch.optim.lr_scheduler import OneCycleLR
from tqdm import tqdm

from models.checkpoint_files import CheckpointError
from models.data.dataset import FaceArray
from models.losses import reconstruction_nats
from models.networks import Autoencoder, memory_format
from models.training.batches import Batches, world
from models.training.critic import SIDE, Critic, Scores, first, preference, rest, steepness, whole_preference
from models.training.learner import LINEAR_RATE, MAX_GRADIENT, Learner, fresh_network
from models.training.objectives import PERCEPTUAL_SHARE
from models.training.plan import Plan
from models.training.state import optimizer_tensors, restore_optimizer

AT_MEAN = 0.5
"""Share of the codes that are the posterior's mean, which is what is shown; the others are draws. With
`decode_centres` all are means."""

PRIOR_SHARE = 2
"""One draw from N(0, I) to so many pictures."""

BEGINS, FULL = 0.05, 0.15
"""Shares of the run at which the critic begins to count, and at which it counts in full: first it has to learn. One
that learnt alone before (`critic_first`) counts in full from the first step."""

ALONE = 1_000_000
"""Epochs of the critic alone are numbered from here, so that none has the order of one that the decoder sees."""

STEEPNESS_WEIGHT = 0.3
STEEPNESS_EVERY = 8
"""The gradient is looked at in one step of so many, and weighs so much more: the same on average."""

MAX_CRITIC_GRADIENT = 10.0


class AdversarialLearner(Learner):
    """A decoder and its critic, each with an optimiser of its own.

    Attributes:
        taught: what learns.
        averaged: the same with the decoder's weights averaged over the last steps, and `taught_share` of the way from
            the start to there; it is what `network` is and what is kept.
        critic: tells pictures from what `taught` draws.

    Source: the losses as in Huang et al. 2024, "The GAN is dead; long live the GAN!" (R3GAN, 2501.05441).
    """

    def __init__(self, plan: Plan, steps: int) -> None:
        """As of `Learner`; besides it builds the critic.

        Raises:
            CheckpointError: as of `Learner`, or the plan is not for a decoder to be taught.
        """
        _refuse(plan)
        super().__init__(plan, steps)
        assert isinstance(self.network, Autoencoder)
        self.taught = self.network
        averaged = fresh_network(plan)
        assert isinstance(averaged, Autoencoder)
        self.averaged = averaged.to(self.device).to(memory_format=memory_format(plan.config)).requires_grad_(False)
        self.network = self.averaged
        self.begun = [weight.clone() for weight in self.averaged.decoder.parameters()]
        self.critic = Critic().to(self.device).to(memory_format=torch.channels_last)
        rate = plan.options.learning_rate
        groups = [{"params": group["params"]} for group in self.optimizer.param_groups]
        rates = [rate, LINEAR_RATE * rate][: len(groups)]
        self.optimizer = torch.optim.AdamW(groups, lr=rate, weight_decay=plan.options.weight_decay, betas=(0.5, 0.99))
        self.scheduler = OneCycleLR(self.optimizer, rates, steps, cycle_momentum=False)
        self.critic_optimizer = torch.optim.AdamW(
            self.critic.parameters(), lr=rate, weight_decay=plan.options.weight_decay, betas=(0.0, 0.99)
        )
        self.critic_scheduler = OneCycleLR(
            self.critic_optimizer, rate, plan.options.critic_first + steps, cycle_momentum=False
        )
        self.steps, self.done = steps, 0

    def begin(self, faces: FaceArray, rows: NDArray[np.int64]) -> None:
        """Let the critic learn alone, by the training pictures `rows` and by what the start draws."""
        options = self.plan.options
        batches = Batches(faces, rows, options.batch_size, options.seed, options.crop_jitter)
        generator = torch.Generator(self.device).manual_seed(options.seed + ALONE)
        epochs = itertools.chain.from_iterable(batches.epoch(number) for number in itertools.count(ALONE))
        self.train()
        steps, often = options.critic_first, 0.5 if sys.stderr.isatty() else 30
        for x, _ in tqdm(
            itertools.islice(epochs, steps), "Teaching the critic", steps, unit=" steps", mininterval=often
        ):
            self.step_of_critic(x, generator)

    def step_of_critic(self, x: Tensor, generator: torch.Generator) -> Tensor:
        """Teach the critic alone by a batch of pictures [N, 3, S, S]; returns its loss."""
        x = x.to(self.device).contiguous(memory_format=memory_format(self.plan.config))
        corner = self._corner(x, generator)
        with self._half():
            with torch.no_grad():
                y = self.taught.decoder(self._codes(x, generator)).float()
            loss = self._critic_loss(x, y, corner)
        self._teach_critic(loss)
        return loss.detach()

    def train(self) -> None:
        """Nothing goes into training mode: batch statistics would move with the mixture of faces and draws."""
        self.taught.eval()
        self.network.eval()

    def step(self, x: Tensor, labels: Tensor | None, generator: torch.Generator) -> dict[str, Tensor]:
        """Teach the decoder by a batch of pictures, then the critic by what it drew."""
        x = x.to(self.device).contiguous(memory_format=memory_format(self.plan.config))
        corner = self._corner(x, generator)
        with self._half():
            y = self.taught.decoder(self._codes(x, generator)).float()  # [N + draws, 3, S, S]
            terms = self._terms(x, y, corner, generator)
        self.optimizer.zero_grad(set_to_none=True)
        terms["loss"].backward()
        nn.utils.clip_grad_norm_(self.taught.decoder.parameters(), max_norm=MAX_GRADIENT)
        self.optimizer.step()
        self.scheduler.step()
        self._average()
        with self._half():
            terms["critic"] = self._critic_loss(x, y.detach(), corner)
        self._teach_critic(terms["critic"])
        self.done += 1
        return {name: value.detach() for name, value in terms.items()}

    def _half(self) -> torch.autocast:
        return torch.autocast(self.device.type, torch.bfloat16, enabled=self.plan.options.precision == "bfloat16")

    def _corner(self, x: Tensor, generator: torch.Generator) -> tuple[int, int]:
        """First row and column of the window that the critic looks at."""
        places = torch.randint(0, x.shape[-1] - SIDE + 1, (2,), generator=generator, device=self.device)
        return int(places[0]), int(places[1])

    @torch.no_grad()
    def _codes(self, x: Tensor, generator: torch.Generator) -> Tensor:
        """Codes [N + draws, D]: of the pictures [N, 3, S, S], means and draws, then of N(0, I)."""
        mu, logvar = self.taught.posterior(x)
        z = mu
        if logvar is not None:
            at_mean = 1.0 if self.plan.options.decode_centres else AT_MEAN
            drawn = torch.rand(len(mu), 1, generator=generator, device=self.device) >= at_mean
            z = mu + drawn * torch.exp(0.5 * logvar) * torch.randn(mu.shape, generator=generator, device=self.device)
        draws = len(mu) // PRIOR_SHARE if self.plan.options.prior_weight else 0
        prior = torch.randn(draws, mu.shape[1], generator=generator, device=self.device)
        return torch.cat([z, prior])

    def _terms(self, x: Tensor, y: Tensor, corner: tuple[int, int], generator: torch.Generator) -> dict[str, Tensor]:
        """What the decoder lowers, in nats an image: the pictures `x` and, first among the decoded `y`, the rebuilt."""
        config, options, count = self.plan.config, self.plan.options, len(x)
        terms = {"distortion": reconstruction_nats(y[:count], x, config.decoder_sigma)}
        if self.plan.perceptual is not None:
            some = max(1, count // PERCEPTUAL_SHARE)
            terms["perceptual"] = config.perceptual_weight * self.plan.perceptual(y[:some], x[:some], generator)
        self.critic.requires_grad_(False)
        real, made = self.critic(x, corner), self.critic(y, corner)
        self.critic.requires_grad_(True)
        learnt = min(max((self.done / self.steps - BEGINS) / (FULL - BEGINS), 0.0), 1.0)
        counts = 1.0 if options.critic_first else learnt
        terms["adversarial"] = options.adversarial_weight * preference(first(made, count), real)
        loss = sum(terms.values()) - (1 - counts) * terms["adversarial"]
        if len(y) > count:
            terms["prior"] = options.prior_weight * whole_preference(rest(made, count), first(real, len(y) - count))
            loss = loss + counts * terms["prior"]
        return {"loss": loss, **terms}

    def _critic_loss(self, x: Tensor, y: Tensor, corner: tuple[int, int]) -> Tensor:
        """What the critic lowers: how far it is from telling the pictures `x` from the decoded `y`, a scalar."""
        count = len(x)
        scores: Scores = self.critic(torch.cat([x, y]), corner)
        real, made = first(scores, count), rest(scores, count)
        loss = preference(real, first(made, count))
        if len(y) > count:
            loss = loss + whole_preference(first(real, len(y) - count), rest(made, count))
        if self.critic_scheduler.last_epoch % STEEPNESS_EVERY == 0:  # its steps, those alone among them
            some = max(1, count // 2)
            steep = steepness(self.critic, x[:some], corner) + steepness(self.critic, y[-some:], corner)
            loss = loss + STEEPNESS_WEIGHT * STEEPNESS_EVERY / 2 * steep
        return loss

    def _teach_critic(self, loss: Tensor) -> None:
        self.critic_optimizer.zero_grad(set_to_none=True)
        loss.backward()
        nn.utils.clip_grad_norm_(self.critic.parameters(), max_norm=MAX_CRITIC_GRADIENT)
        self.critic_optimizer.step()
        self.critic_scheduler.step()

    @torch.no_grad()
    def _average(self) -> None:
        """Move the averaged weights towards the taught ones; at first the average is over the few steps there are."""
        share = 1 - min(self.plan.options.memory, (self.done + 1) / (self.done + 10))
        weights = (self.averaged.decoder.parameters(), self.begun, self.taught.decoder.parameters())
        for kept, begun, now in zip(*weights, strict=True):
            kept.lerp_(begun.lerp(now, self.plan.options.taught_share), share)

    def tensors(self) -> dict[str, Tensor]:
        """All that a run needs to go on from here, by name."""
        kept = super().tensors()
        kept |= {f"taught.{name}": tensor for name, tensor in self.taught.decoder.state_dict().items()}
        kept |= {f"critic.{name}": tensor for name, tensor in self.critic.state_dict().items()}
        return kept | optimizer_tensors(self.critic_optimizer, "critic_optimizer")

    def restore(self, kept: dict[str, Tensor], steps: int) -> None:
        """Go on from what `tensors` returned after `steps` steps."""
        super().restore(kept, steps)
        self.taught.decoder.load_state_dict(_named("taught.", kept))
        self.critic.load_state_dict(_named("critic.", kept))
        restore_optimizer(self.critic_optimizer, kept, "critic_optimizer")
        self.critic_optimizer._opt_called = True  # type: ignore[attr-defined]  # as in `Learner.restore`
        for _ in range(self.plan.options.critic_first + steps):
            self.critic_scheduler.step()
        self.done = steps


def _named(prefix: str, kept: dict[str, Tensor]) -> dict[str, Tensor]:
    return {name.removeprefix(prefix): tensor for name, tensor in kept.items() if name.startswith(prefix)}


def _refuse(plan: Plan) -> None:
    """Say what an adversarial run cannot be.

    Raises:
        CheckpointError: no frozen encoder, several processes, or draws from a prior that there is not.
    """
    if plan.start is None or not plan.options.freeze_encoder:
        raise CheckpointError(
            "a critic teaches the decoder of what was trained; give --start-from and --freeze-encoder."
        )
    if world() > 1:
        raise CheckpointError("a critic is taught by one process; start train.py without torchrun.")
    if plan.config.kind != "vae" and plan.options.prior_weight:
        raise CheckpointError("only a VAE's codes are to look like N(0, I); leave out --prior-weight.")
