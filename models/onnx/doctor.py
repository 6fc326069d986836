"""Does a checkpoint from elsewhere do what its configuration says? Found out by sending faces through it.

A wrong declaration shows as worse reconstructions than another declaration gives, so each is tried. Whether the spread
is read rightly shows in how it goes with the decoder's derivatives.
"""

from __future__ import annotations

import math
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from PIL import Image

from models.checkpoint_files import CheckpointError, CheckpointFiles, open_files
from models.checkpoints import load_checkpoint
from models.config import ForeignConfig, Spread
from models.images import as_seen, crop_aligned, to_tensor
from models.metrics import UNUSED_NATS
from models.onnx import readings
from models.onnx.checked_graph import read_onnx
from models.onnx.conventions import code_and_spread, logvar_of
from models.onnx.network_pair import NetworkPair
from models.onnx.network_session import NetworkSession

RELATED = 0.2  # correlation of rebuilt and shown faces; two networks that are strangers to each other stay near 0
BETTER = 0.8  # another declaration is right if it leaves less than this share of the squared error
BETTER_ON_FEW = 0.6  # the same where only a few whole pictures can tell
FEW = 8
LEAST_FACES = 16  # fewer cannot tell one reading from another
PATIENCE = 1.5  # seconds: large networks are tried on fewer faces
SAME, ALONE = 1e-3, 0.02  # differences of codes, in units of their spread, that rounding makes
SPREADS: dict[Spread, str] = {
    "logvar": "the log of the variance",
    "logstd": "the log of the standard deviation",
    "variance": "the variance itself",
    "std": "the standard deviation itself",
}
DERIVATIVES, STEP = 4, 0.3  # faces at which the decoder's derivatives are taken, and how far to both sides
CLEARLY = 0.2  # by how much the log of the better reading's slope must lie nearer to that of 1
DRAG_MS = 25  # on one core here; the same decode takes a third longer in a browser, where 33 ms are 30 faces a second


@dataclass(frozen=True, eq=False)
class Evidence:
    """Faces to send through a checkpoint.

    Attributes:
        faces: uint8 [M, S, S, 3], cut out as CelebA's are, of any size; decoded faces do.
        frames: aligned pictures of 178 x 218 pixels, which alone can tell how a network wants them cut out.
    """

    faces: NDArray[np.uint8]
    frames: Sequence[Image.Image] = ()


@dataclass(frozen=True)
class Finding:
    """What is to be said about a checkpoint.

    Attributes:
        key: what it is about.
        words: in one or two sentences, what is off and what to do.
        change: what to change in the configuration; empty where that does not help.
        wrong: it spoils what the checkpoint does; otherwise it is only good to know.
    """

    key: str
    words: str
    change: Mapping[str, Any] = field(default_factory=dict)
    wrong: bool = True


@torch.inference_mode()
def examine(folder: str | Path | CheckpointFiles, evidence: Evidence) -> list[Finding]:
    """Everything that is off, the gravest first; empty where all is well.

    Args:
        folder: of a checkpoint from elsewhere.
        evidence: at least 16 faces; with fewer only what needs no comparison is found.

    Raises:
        CheckpointError: it cannot be opened, or was trained here.
    """
    files = open_files(folder)
    network = load_checkpoint(files)
    if not isinstance(network, NetworkPair):
        raise CheckpointError(f"{files.folder} was trained here, so its conventions are known.")
    began = time.perf_counter()
    unsteady = _unsteady(network, _pictures(network.config, evidence.faces[:FEW]))
    if len(evidence.faces) < LEAST_FACES:
        return [*unsteady, *_slow(files.weights_paths[1], network)]
    if time.perf_counter() - began > PATIENCE:
        evidence = replace(evidence, faces=evidence.faces[:LEAST_FACES])
    declared = readings.plain(network.config)
    errors = readings.errors(network.read_as(declared), _pictures(declared, evidence.faces))
    best = min(errors, key=errors.__getitem__)
    if _relation(network.read_as(best), evidence.faces) < RELATED:
        return [
            *unsteady,
            Finding(
                "pair",
                "The faces that come out have nothing to do with those that go in, however their pixels are read: "
                "encoder and decoder do not belong together. Export both from the same training run.",
            ),
        ]
    found = unsteady
    right = declared
    if errors[best] < BETTER * errors[declared]:
        right = best
        found += _declarations(network.config, best, errors[declared] / errors[best])
    network = network.read_as(right)
    found += [*_spread(network, evidence), *_crop(network, evidence), *_dead(network, evidence)]
    return [*found, *_slow(files.weights_paths[1], network)]


def _unsteady(network: NetworkPair, x: torch.Tensor) -> list[Finding]:
    """Whether the same face always gets the same code: encoded twice, and alone instead of in a batch."""
    code, again = network.encode(x), network.encode(x)
    unit = max(float(code.std()), 1e-6)
    if (off := float((code - again).abs().max())) > SAME * unit:
        words = (
            f"The encoder draws noise by itself: the same face gives codes that differ by up to {off:.2g}. Export what "
            "it returns before drawing, the mean, and name that output mu."
        )
        return [Finding("noise", words)]
    alone = torch.cat([network.encode(face[None]) for face in x])
    if (off := float((code - alone).abs().max())) > ALONE * unit:
        words = (
            f"A face gets another code alone than among others (by up to {off:.2g}): batch normalisation was exported "
            "in training mode. Call .eval() on both networks and export them again."
        )
        return [Finding("batch", words)]
    picture, again = network.decode(code), network.decode(code)
    if float((picture - again).abs().max()) > SAME:
        words = "The decoder draws noise by itself: the same code gives two pictures. Call .eval() and export it again."
        return [Finding("noise", words)]
    return []


def _declarations(config: ForeignConfig, best: ForeignConfig, times: float) -> list[Finding]:
    """Pixel values and order of the colours, each with its own change."""
    found = []
    if changes := readings.differences(config, best):
        found.append(Finding("value_range", readings.words(config, best), changes))
    if best.channels != config.channels:
        words = f"The networks expect colours in the order {best.channels}, not {config.channels}."
        found.append(Finding("channels", words, {"channels": best.channels}))
    more = f" Read so, faces are rebuilt with {times:.1f} times less squared error."
    return [replace(finding, words=finding.words + more) for finding in found]


def _pictures(config: ForeignConfig, faces: NDArray[np.uint8]) -> torch.Tensor:
    return to_tensor(as_seen(faces, config.image_size))


def _error(network: NetworkPair, faces: NDArray[np.uint8]) -> float:
    """Mean squared error of rebuilt faces."""
    x = _pictures(network.config, faces)
    return float((network.decode(network.encode(x)) - x).square().mean())


def _relation(network: NetworkPair, faces: NDArray[np.uint8]) -> float:
    """Correlation of what sets each rebuilt face apart with what sets the shown face apart."""
    x = _pictures(network.config, faces)
    y = network.decode(network.encode(x))
    both = [(pictures - pictures.mean(0)).flatten() for pictures in (x, y)]
    return float(both[0] @ both[1] / (both[0].norm() * both[1].norm()).clamp_min(1e-9))


def _spread(network: NetworkPair, evidence: Evidence) -> list[Finding]:
    """Whether `logvar` is really the log of a variance.

    The narrower a VAE's posterior is in a dimension, the more that dimension changes the picture: 1 / sigma^2 - 1 is in
    proportion to the squared length of the decoder's derivative (the posterior of a linear Gaussian model, to which a
    VAE comes close locally). Between the logarithms of both over the dimensions the slope is therefore 1; with a
    variance mistaken for a standard deviation or the other way round it is 2 or one half. A logarithm is negative in
    every dimension that says something, a variance and a deviation never are.

    Source: Rolinek et al. 2019, "Variational Autoencoders Pursue PCA Directions (by Accident)".
    """
    config = network.config
    if config.kind != "vae":
        return []
    mu, raw = code_and_spread(network.encoded(_pictures(config, evidence.faces)), config)
    assert raw is not None
    kinds: tuple[Spread, Spread] = ("variance", "std") if (raw > 0).all() else ("logvar", "logstd")
    length = _derivative_lengths(network, torch.from_numpy(np.array(mu[:DERIVATIVES])))
    misfit = {kind: _misfit(logvar_of(raw, replace(config, spread=kind)), length) for kind in kinds}
    best = min(kinds, key=misfit.__getitem__)
    if config.spread in kinds:
        if not math.isfinite(max(misfit.values())) or misfit[best] > misfit[config.spread] - CLEARLY:
            return []  # too few dimensions to tell, or none is clearly better
        why = "only so does it fit how much each dimension changes the picture"
    else:
        signs = "only positive numbers" if kinds[0] == "variance" else "negative numbers"
        why = f"it gives {signs}"
    words = f"What the encoder returns beside the mean is {SPREADS[best]}, not {SPREADS[config.spread]}: {why}."
    return [Finding("spread", words, {"spread": best})]


def _misfit(logvar: NDArray[np.float32], length: torch.Tensor) -> float:
    """How far from 1 the slope is, as a logarithm; infinite where too few dimensions are used to tell."""
    narrow = torch.expm1(-torch.from_numpy(logvar)).mean(0)
    used = (narrow > UNUSED_NATS) & (length > 0)
    if int(used.sum()) < FEW:
        return math.inf
    x, y = length[used].log(), narrow[used].log()
    slope = float(((x - x.mean()) * (y - y.mean())).sum() / (x - x.mean()).square().sum().clamp_min(1e-9))
    return abs(math.log(max(slope, 1e-3)))


def _derivative_lengths(network: NetworkPair, points: torch.Tensor) -> torch.Tensor:
    """Squared length of the decoder's derivative along each dimension, by differences, mean over points: [D]."""
    steps = STEP * torch.eye(points.shape[1])
    total = torch.zeros(points.shape[1])
    for z in points:
        for rows in torch.arange(len(steps)).split(32):
            change = network.decode(z + steps[rows]) - network.decode(z - steps[rows])
            total[rows] += change.square().flatten(1).sum(1)
    return total


def _crop(network: NetworkPair, evidence: Evidence) -> list[Finding]:
    if not evidence.frames:
        return []
    config = network.config
    other = replace(config, crop="square" if config.crop == "celeba" else "celeba")
    declared, instead = (
        _error(network, np.stack([crop_aligned(frame, *view) for frame in evidence.frames]))
        for view in (config.view, other.view)
    )
    if instead >= (BETTER if len(evidence.frames) >= FEW else BETTER_ON_FEW) * declared:
        return []
    names = {"celeba": "the centred 148 of 178 pixels", "square": "the full width"}
    words = f"The networks were trained on {names[other.crop]} of the aligned pictures, not on {names[config.crop]}."
    return [Finding("crop", words, {"crop": other.crop})]


def _dead(network: NetworkPair, evidence: Evidence) -> list[Finding]:
    mu, logvar = network.posterior(_pictures(network.config, evidence.faces))
    if logvar is None:
        unused = mu.std(0) < 1e-3 * mu.std(0).max()
    else:
        unused = 0.5 * (mu.square() + logvar.exp() - logvar - 1).mean(0) < UNUSED_NATS
    count, dimensions = int(unused.sum()), mu.shape[1]
    if not count:
        return []
    words = f"{count} of {dimensions} latent dimensions are not used: their sliders change nothing."
    return [Finding("dead", words, wrong=count == dimensions)]


def _slow(decoder: Path, pair: NetworkPair) -> list[Finding]:
    session = NetworkSession(read_onnx(decoder)[1], decoder.name, threads=1)
    z = np.zeros([1, *pair.latent_shape], np.float32)
    session.run(z)
    taken = []
    for _ in range(5):
        began = time.perf_counter()
        session.run(z)
        taken.append((time.perf_counter() - began) * 1000)
        if taken[0] > PATIENCE * 1000:
            break
    if min(taken) <= DRAG_MS:
        return []
    megabytes = decoder.stat().st_size / 1e6
    words = (
        f"One decode takes {min(taken):.0f} ms on one core, and each browser fetches {megabytes:.0f} MB; over "
        f"{DRAG_MS} ms a face no longer follows the hand. Fewer channels in the layers nearest the picture help most."
    )
    return [Finding("slow", words, wrong=False)]
