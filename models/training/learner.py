"""What learns: a network, the loss that it lowers and the optimiser that lowers it; a batch in, a step made."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn
from torch.nn.parallel import DistributedDataParallel
from torch.optim.lr_scheduler import OneCycleLR

from models.classifier import AttributeClassifier
from models.config import ModelConfig
from models.data.dataset import FaceArray
from models.networks import Autoencoder, build_network, memory_format
from models.training.batches import world
from models.training.objectives import AttributeObjective, AutoencoderObjective
from models.training.plan import Plan
from models.training.ppca import fit_components, start_from_components
from models.training.refinement import corrector
from models.training.resize_convolution import constrain
from models.training.start import take_over
from models.training.state import optimizer_tensors, restore_optimizer

LINEAR_RATE = 0.02
"""Learning rate of the linear paths as a share of the others'."""

MAX_GRADIENT = 1000.0


class Learner:
    """A network that learns by AdamW on one cycle of the learning rate.

    To learn in another way (against a second network with an optimiser of its own, say), extend this class: `step`
    makes all the steps of a batch, `train` sets what runs in training mode, and what `tensors` returns and `restore`
    takes back is all that a resumed run needs to go on bit for bit. `Trainer` is given the class.

    Attributes:
        network: what is trained; with constrained kernels it is not yet the one that is kept.
        objective: its loss, a module that returns terms in nats an image, "loss" among them.
        optimizer, scheduler: of the network.
    """

    def __init__(self, plan: Plan, steps: int) -> None:
        """Build the network, its loss and its optimiser.

        Args:
            plan: what is trained, and how.
            steps: optimiser steps of the whole run, over which the schedule spans.

        Raises:
            CheckpointError: the network to start from has other layers.
        """
        self.plan = plan
        self.device = torch.device(plan.device)
        torch.manual_seed(plan.options.seed)
        self.network = fresh_network(plan).to(self.device).to(memory_format=memory_format(plan.config))
        self.objective = self.make_objective().to(self.device)  # the steered beta, too
        # A linear path starts as PCA and has thousands of inputs, so steps of the others' size would wipe it out.
        learning = [(name, p) for name, p in self.network.named_parameters() if p.requires_grad]
        linear = [p for name, p in learning if ".linear." in name]
        others = [p for name, p in learning if ".linear." not in name]
        groups = [{"params": others}] + ([{"params": linear}] if linear else [])
        rate = plan.options.learning_rate
        self.optimizer = torch.optim.AdamW(groups, lr=rate, weight_decay=plan.options.weight_decay)
        self.scheduler = OneCycleLR(self.optimizer, [rate, LINEAR_RATE * rate][: len(groups)], steps)
        self.parallel = DistributedDataParallel(self.objective) if world() > 1 else self.objective

    def make_objective(self) -> nn.Module:
        """The loss of `network`."""
        if isinstance(self.network, AttributeClassifier):
            return AttributeObjective(self.network)
        perceptual = None if self.plan.perceptual is None else self.plan.perceptual.to(self.device)
        options = self.plan.options
        start = self.plan.start
        behind = corrector(self.network, start.network) if start is not None and self.plan.behind_corrections else None
        return AutoencoderObjective(self.network, perceptual, options.kl_target, options.decode_centres, behind)

    @property
    def config(self) -> ModelConfig:
        """The network's configuration as it is now: a steered beta has moved since the start."""
        if isinstance(self.objective, AutoencoderObjective):
            return replace(self.network.config, beta=round(float(self.objective.beta), 6))
        return self.network.config

    def begin(self, faces: FaceArray, rows: NDArray[np.int64]) -> None:
        """Set the linear paths of a fresh network that has some to PCA of the training pictures `rows`."""
        if isinstance(self.network, Autoencoder) and self.plan.config.linear_path and self.plan.start is None:
            config = self.plan.config
            components = fit_components(faces.images, rows, config.latent_dim, seed=self.plan.options.seed)
            start_from_components(self.network, components)

    def train(self) -> None:
        """Go into training mode."""
        self.network.train()
        if self.plan.options.freeze_decoder:
            assert isinstance(self.network, Autoencoder)
            self.network.decoder.eval()  # its batch statistics stay as they are, too
        if self.plan.options.freeze_encoder:
            assert isinstance(self.network, Autoencoder)
            self.network.encoder.eval()
        if self.plan.options.freeze_norms:
            for norm in _norms(self.network):
                norm.eval()

    def step(self, x: Tensor, labels: Tensor | None, generator: torch.Generator) -> dict[str, Tensor]:
        """Learn from one batch.

        Args:
            x: pictures float32 [N, 3, S, S] in [0, 1].
            labels: float32 [N, attributes], or None.
            generator: of the noise, on the learner's device.

        Returns:
            The loss and its terms, scalars in nats an image.
        """
        x = x.to(self.device).contiguous(memory_format=memory_format(self.plan.config))
        labels = None if labels is None else labels.to(self.device)
        with torch.autocast(self.device.type, torch.bfloat16, enabled=self.plan.options.precision == "bfloat16"):
            terms: dict[str, Tensor] = self.parallel(x, labels, generator)
        self.optimizer.zero_grad(set_to_none=True)
        terms["loss"].backward()
        nn.utils.clip_grad_norm_(self.network.parameters(), max_norm=MAX_GRADIENT)
        self.optimizer.step()
        self.scheduler.step()
        return {name: value.detach() for name, value in terms.items()}

    def tensors(self) -> dict[str, Tensor]:
        """All that a run needs to go on from here, by name."""
        kept = {f"network.{name}": tensor for name, tensor in self.network.state_dict().items()}
        kept |= optimizer_tensors(self.optimizer, "optimizer")
        if isinstance(self.objective, AutoencoderObjective):
            kept["objective.beta"] = self.objective.beta
        return kept

    def restore(self, kept: dict[str, Tensor], steps: int) -> None:
        """Go on from what `tensors` returned after `steps` steps."""
        prefix = "network."
        weights = {name.removeprefix(prefix): tensor for name, tensor in kept.items() if name.startswith(prefix)}
        self.network.load_state_dict(weights)
        restore_optimizer(self.optimizer, kept, "optimizer")
        if isinstance(self.objective, AutoencoderObjective):
            self.objective.beta.copy_(kept["objective.beta"])
        # The schedule is a pure function of the step, so it is wound forward and never stored.
        self.optimizer._opt_called = True  # type: ignore[attr-defined]  # silences the order warning of step()
        for _ in range(steps):
            self.scheduler.step()


def fresh_network(plan: Plan) -> Autoencoder | AttributeClassifier:
    """The network that a run begins with, on the CPU: with fresh weights, or those of its start.

    Raises:
        CheckpointError: the start has other layers.
    """
    network = build_network(replace(plan.config, refinement_steps=0))  # corrections are fitted when all else is learnt
    if plan.start is not None:
        take_over(network, plan.start.network)
        if isinstance(network, Autoencoder) and network.decoder.mapping is not None:
            network.decoder.mapping.requires_grad_(False)  # `models.training.mapping` taught it, for these codes
    if plan.options.freeze_decoder:
        assert isinstance(network, Autoencoder)
        network.decoder.requires_grad_(False)
    elif plan.options.resize_convolution:
        constrain(network, plan.options.free_layers)
    if plan.options.freeze_encoder:
        assert isinstance(network, Autoencoder)
        network.encoder.requires_grad_(False)
    if plan.options.freeze_norms:
        for norm in _norms(network):
            norm.weight.requires_grad_(False)
    return network


def _norms(network: nn.Module) -> list[nn.BatchNorm2d]:
    """The norms of a network's decoder."""
    assert isinstance(network, Autoencoder)
    return [layer for layer in network.decoder.modules() if isinstance(layer, nn.BatchNorm2d)]
