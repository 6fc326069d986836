"""A VAE as somebody else wrote it in plain PyTorch: 64 pixels from -1 to 1, 32 dimensions, mean and log variance."""

from __future__ import annotations

import warnings
from pathlib import Path

import torch
from torch import Tensor, nn

from evaluation.evidence import gather
from models.images import as_seen, to_tensor
from models.whole_files import write_bytes
from tests.models.foreign_pair import exported

VAE = Path(__file__).parents[2] / "checkpoints" / "vae"


class TheirVae(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        torch.manual_seed(0)
        self.encoder = nn.Sequential(
            nn.Conv2d(3, 32, 4, 2, 1),
            nn.ReLU(),
            nn.Conv2d(32, 64, 4, 2, 1),
            nn.ReLU(),
            nn.Flatten(),
            nn.Linear(64 * 16 * 16, 2 * 32),
        )
        self.start = nn.Linear(32, 64 * 16 * 16)
        self.decoder = nn.Sequential(
            nn.ReLU(), nn.ConvTranspose2d(64, 32, 4, 2, 1), nn.ReLU(), nn.ConvTranspose2d(32, 3, 4, 2, 1), nn.Tanh()
        )

    def encode(self, x: Tensor) -> tuple[Tensor, Tensor]:
        mu, logvar = self.encoder(x).chunk(2, dim=1)
        return mu, logvar

    def decode(self, z: Tensor) -> Tensor:
        picture: Tensor = self.decoder(self.start(z).view(-1, 64, 16, 16))
        return picture


class _Part(nn.Module):
    def __init__(self, vae: TheirVae, name: str) -> None:
        super().__init__()
        self.vae, self.name = vae, name

    def forward(self, x: Tensor) -> Tensor | tuple[Tensor, ...]:
        found: Tensor | tuple[Tensor, ...] = getattr(self.vae, self.name)(x)
        return found


def trained(steps: int = 50) -> tuple[TheirVae, Tensor]:
    """Trained enough for both halves to belong together; the 24 faces that it was trained on."""
    vae = TheirVae()
    x = to_tensor(as_seen(gather(VAE).faces[:24], 64)) * 2 - 1
    optimiser = torch.optim.Adam(vae.parameters(), 2e-3)
    for _ in range(steps):
        mu, logvar = vae.encode(x)
        z = mu + torch.exp(logvar / 2) * torch.randn_like(mu)
        loss = (vae.decode(z) - x).square().sum((1, 2, 3)).mean() + (mu.square() + logvar.exp() - logvar).sum(1).mean()
        optimiser.zero_grad()
        loss.backward()
        optimiser.step()
    return vae, x


def export_pair(vae: TheirVae, folder: Path) -> None:
    """Write `encoder.onnx` and `decoder.onnx`."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        write_bytes(folder / "encoder.onnx", exported(_Part(vae, "encode"), torch.zeros(1, 3, 64, 64)))
        write_bytes(folder / "decoder.onnx", exported(_Part(vae, "decode"), torch.zeros(1, 32)))
