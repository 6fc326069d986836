"""A critic: a small network that learns to tell encoded faces from points that somebody drew.

How often it is right is how wrong an assumption about the codes is. It is trained anew for each comparison, in seconds.
Source: Goodfellow et al. 2014, "Generative adversarial networks", for the loss; Lopez-Paz and Oquab 2017, "Revisiting
classifier two-sample tests", for what its success on unseen points says.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from latent.probes import area_under_roc

if TYPE_CHECKING:  # torch takes two seconds to import
    import torch
    from torch import nn

WIDTH, BATCH, LEARNING_RATE, WEIGHT_DECAY = 128, 256, 2e-3, 0.05


@dataclass(frozen=True, eq=False)
class Critic:
    """A trained critic.

    Attributes:
        network: standardised points [N, D] to log odds [N, 1].
        mean, scale: float32 [D], what points are standardised by.
    """

    network: nn.Module
    mean: NDArray[np.float32]
    scale: NDArray[np.float32]

    def log_odds(self, points: NDArray[np.floating]) -> NDArray[np.float32]:
        """How sure it is that points [N, D] are encoded faces: float32 [N], 0 where it cannot tell.

        With as many codes as other points in training this is the logarithm of how much denser codes lie there.
        """
        import torch

        with torch.inference_mode():
            x = torch.from_numpy(((points - self.mean) / self.scale).astype(np.float32))
            return self.network(x)[:, 0].numpy()

    def auc(self, codes: NDArray[np.floating], others: NDArray[np.floating]) -> float:
        """How often an unseen code [M, D] looks more like one to it than an unseen other point [N, D], 0 to 1."""
        scores = np.concatenate([self.log_odds(codes), self.log_odds(others)])
        return area_under_roc(scores, np.arange(len(scores)) < len(codes))


def critic_loss(network: nn.Module, codes: torch.Tensor, others: torch.Tensor) -> torch.Tensor:
    """The cross-entropy of a critic's answers, log odds [N, 1], to codes [M, D] and other points [N, D]."""
    import torch

    points = torch.cat([codes, others])
    truth = torch.cat([torch.ones(len(codes), 1), torch.zeros(len(others), 1)])
    return torch.nn.functional.binary_cross_entropy_with_logits(network(points), truth)


def learn_critic(codes: NDArray[np.floating], others: NDArray[np.floating], steps: int, seed: int = 0) -> Critic:
    """Train a critic.

    Args:
        codes: [M, D], encoded faces.
        others: [N, D], what they are to be told from.
        steps: of the optimiser, each on 128 of both.
        seed: of weights and batches.
    """
    import torch
    from torch import nn

    both = np.concatenate([codes, others]).astype(np.float32)
    mean, scale = both.mean(0), np.maximum(both.std(0), 1e-6)
    first, second = (torch.from_numpy(((part - mean) / scale).astype(np.float32)) for part in (codes, others))
    generator = torch.Generator().manual_seed(seed)
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(seed)
        network = nn.Sequential(
            nn.Linear(both.shape[1], WIDTH), nn.SiLU(), nn.Linear(WIDTH, WIDTH), nn.SiLU(), nn.Linear(WIDTH, 1)
        )
    optimizer = torch.optim.AdamW(network.parameters(), LEARNING_RATE, weight_decay=WEIGHT_DECAY)
    for _ in range(steps):
        rows = [torch.randint(len(part), (BATCH // 2,), generator=generator) for part in (first, second)]
        loss = critic_loss(network, first[rows[0]], second[rows[1]])
        optimizer.zero_grad(set_to_none=True)
        loss.backward()
        optimizer.step()
    return Critic(network, mean, scale)
