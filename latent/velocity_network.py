"""The network of a learned prior in torch, for training; `latent.velocity` has the same in numpy, for sampling."""

from __future__ import annotations

from torch import Tensor, nn

from latent.velocity import CONDITION, FREQUENCIES, FlowConfig


class Block(nn.Module):
    """A residual block whose normalisation is scaled and shifted by time and attributes."""

    def __init__(self, width: int) -> None:
        super().__init__()
        self.norm = nn.LayerNorm(width, elementwise_affine=False)
        self.modulation = nn.Linear(CONDITION, 2 * width)
        self.first, self.second = nn.Linear(width, width), nn.Linear(width, width)
        nn.init.zeros_(self.modulation.weight)
        nn.init.zeros_(self.modulation.bias)
        nn.init.zeros_(self.second.weight)
        nn.init.zeros_(self.second.bias)

    def forward(self, hidden: Tensor, condition: Tensor) -> Tensor:
        """Hidden [N, W] and condition [N, C] to [N, W]."""
        scale, shift = self.modulation(condition).chunk(2, dim=1)
        return hidden + self.second(nn.functional.silu(self.first(self.norm(hidden) * (1 + scale) + shift)))


class VelocityNetwork(nn.Module):
    """`latent.velocity.Velocity` in torch, for many times at once."""

    def __init__(self, config: FlowConfig) -> None:
        super().__init__()
        self.time = nn.Linear(2 * FREQUENCIES, CONDITION)
        if config.attributes:
            self.told = nn.Linear(2 * len(config.attributes), CONDITION, bias=False)
        self.mixed = nn.Linear(CONDITION, CONDITION)
        self.input = nn.Linear(config.latent_dim, config.width)
        self.blocks = nn.ModuleList(Block(config.width) for _ in range(config.blocks))
        self.norm = nn.LayerNorm(config.width, elementwise_affine=False)
        self.output = nn.Linear(config.width, config.latent_dim)
        nn.init.zeros_(self.output.weight)
        nn.init.zeros_(self.output.bias)

    def forward(self, x: Tensor, t: Tensor, features: Tensor, told: Tensor | None = None) -> Tensor:
        """Velocities [N, D] of whitened points [N, D].

        Args:
            x: the points.
            t: their times [N, 1].
            features: [N, 64], `time_features` of the times.
            told: [N, 2A], attributes and which of them are told.
        """
        condition = self.time(features)
        if told is not None:
            condition = condition + self.told(told)
        condition = nn.functional.silu(self.mixed(nn.functional.silu(condition)))
        spread = (1 - t) ** 2 + t**2
        hidden = self.input(x / spread.sqrt())
        for block in self.blocks:
            hidden = block(hidden, condition)
        return self.output(self.norm(hidden)).float() + (2 * t - 1) / spread * x
