"""What a network draws after each epoch, kept as small pictures: training as a time-lapse.

A strip holds decoded pictures only, none of the data set.
"""

from __future__ import annotations

import io
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray
from PIL import Image

from models.images import to_tensor
from models.networks import Autoencoder
from models.whole_files import write_bytes

FOLDER = "snapshots"
COLUMNS = 8
SEED = 0
QUALITY = 80  # of WebP: about 20 kB a strip of 64 px pictures


@torch.inference_mode()
def save_snapshot(network: Autoencoder, faces: NDArray[np.uint8], folder: Path, epoch: int) -> Path:
    """Write `snapshots/epoch-NNN.webp` into a checkpoint's folder.

    Args:
        network: an AE or a VAE in eval mode.
        faces: uint8 [8, S, S, 3], the same after every epoch.
        folder: of the checkpoint.
        epoch: how many epochs the network has seen.

    Returns:
        The file: two rows of eight pictures of S x S pixels, the faces' reconstructions (of posterior means) above
        and the same eight draws from N(0, I), decoded, below.
    """
    parameter = next(network.parameters())
    z = torch.randn(COLUMNS, network.config.latent_dim, generator=torch.Generator().manual_seed(SEED))
    codes = torch.cat([network.encode(to_tensor(faces).to(parameter.device)), z.to(parameter.device)])
    pictures = (network.decode(codes).permute(0, 2, 3, 1) * 255).round().byte().cpu().numpy()  # [16, S, S, 3]
    rows = [np.concatenate(list(pictures[start : start + COLUMNS]), axis=1) for start in (0, COLUMNS)]
    path = folder / FOLDER / f"epoch-{epoch:03d}.webp"
    strip = io.BytesIO()
    Image.fromarray(np.concatenate(rows)).save(strip, "WEBP", quality=QUALITY, method=6)
    write_bytes(path, strip.getvalue())
    return path
