"""Pairs from `graphs` through everything that a brought checkpoint meets, held against what must come out."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import onnxruntime
import torch

from models import CheckpointError, load_checkpoint
from models.checkpoint_files import FOREIGN_DECODER_FILE, open_files
from models.onnx.doctor import Evidence, examine
from models.onnx.export_decoder import TOLERANCE
from models.onnx.import_pair import import_pair
from models.onnx.network_pair import NetworkPair
from tests.mixing.graph_faults import misdescribed
from tests.mixing.graphs import Pair
from tests.mixing.lists import Random

NAMES = ("theirs", "9", "My.VAE_v2-final", "x" * 64, *("../up", "", "a b", "Ωμέγα", ".hidden", "x" * 65, "[a](b)"))
USABLE = 4  # of them
ROUNDING = 0.02  # of half precision


def check(random: Random, pair: Pair, place: Path) -> str:
    """Take a pair in and use it; returns "taken in" or "refused".

    Raises:
        AssertionError: it was taken in and does not work, or does something else than it says.
    """
    described = pair.described
    if random.random() < 0.25:
        described = misdescribed(random, described)
        pair.faults.append("description")
    name = NAMES[random.integers(USABLE if random.random() < 0.9 else len(NAMES))]
    if name in NAMES[USABLE:]:
        pair.faults.append("name")
    try:
        folder = import_pair(pair.encoder, pair.decoder, described, place, name)
    except CheckpointError as error:
        if not pair.faults:
            raise AssertionError(f"refused, though nothing is wrong with it: {error}") from error
        assert not list(place.iterdir()), "something was left behind"
        return "refused"
    assert folder.parent == place
    files = open_files(folder)
    m = load_checkpoint(files)
    assert isinstance(m, NetworkPair)
    _use(random, m, files.folder / FOREIGN_DECODER_FILE)
    if not pair.faults:
        _hold_against(random, pair, m)
    if random.random() < 0.3:
        side = files.config.image_size
        faces = random.integers(0, 256, (16, side, side, 3)).astype(np.uint8)
        for finding in examine(files, Evidence(faces)):
            assert finding.words
    return "taken in"


def _use(random: Random, m: NetworkPair, browser: Path) -> None:
    """Encodes and decodes any number of faces, finite numbers, alike in the browser."""
    side, dims = m.config.image_size, m.config.latent_dim
    session = onnxruntime.InferenceSession(browser, providers=["CPUExecutionProvider"])
    for count in (1, 2, 3, int(random.integers(4, 12))):
        x = torch.from_numpy(random.random((count, 3, side, side)).astype(np.float32))
        mu, logvar = m.posterior(x)
        assert mu.shape == (count, dims), f"codes of {tuple(mu.shape)}"
        assert (logvar is not None) == m.is_variational
        assert torch.isfinite(mu).all(), "codes are not finite"
        assert logvar is None or torch.isfinite(logvar).all(), "spreads are not finite"
        drawn = m.decode(torch.from_numpy(random.normal(0, 1, (count, dims)).astype(np.float32)))
        assert drawn.shape == (count, 3, side, side), f"pictures of {tuple(drawn.shape)}"
        assert torch.isfinite(drawn).all(), "pictures are not finite"
    noise = "RandomNormalLike" in browser.read_bytes().decode("latin-1")
    z = random.normal(0, 1, (1, dims)).astype(np.float32)
    shown = session.run(["image"], {"z": z})[0]
    off = np.abs(shown - m.decode(torch.from_numpy(z)).numpy()).max()
    assert noise or off <= TOLERANCE, f"the browser draws something else, by {off:.3f}"


def _hold_against(random: Random, pair: Pair, m: NetworkPair) -> None:
    side, dims = pair.described["image_size"], pair.described["latent_dim"]
    x = random.random((3, 3, side, side)).astype(np.float32)
    mu = pair.code(x.astype(np.float64))
    off = np.abs(m.encode(torch.from_numpy(x)).numpy() - mu).max()
    assert off < ROUNDING, f"codes are off by {off:.3f}"
    z = random.normal(0, 1, (3, dims)).astype(np.float32)
    off = np.abs(m.decode(torch.from_numpy(z)).numpy() - pair.picture(z)).max()
    assert off < ROUNDING, f"pictures are off by {off:.3f}"
