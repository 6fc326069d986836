"""Between our conventions and those of a network made elsewhere, as `ForeignConfig` declares them."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from models.checkpoint_files import ENCODER_FILE, CheckpointError
from models.config import ForeignConfig

LUMA = (0.299, 0.587, 0.114)
"""How much red, green and blue count for brightness. Source: ITU-R BT.601."""
LEAST_VARIANCE = 1e-12
OF_A_SPREAD = re.compile(r"log|var|std|sigma|scale|cov", re.IGNORECASE)
OF_A_MEAN = re.compile(r"(^|[^a-z])(mu|mean|loc)([^a-z]|$)|embedding", re.IGNORECASE)


def pictures_in(x: NDArray[np.float32], config: ForeignConfig) -> NDArray[np.float32]:
    """Pictures [N, 3, S, S] in [0, 1] as RGB, as the encoder takes them."""
    if config.channels == "grey":
        x = np.tensordot(np.array(LUMA, np.float32), x, axes=(0, 1))[:, None]  # [N, 1, S, S]
    elif config.channels == "BGR":
        x = x[:, ::-1]
    if config.mean is not None and config.std is not None:
        mean, std = (np.array(values, np.float32)[:, None, None] for values in (config.mean, config.std))
        x = (x - mean) / std
    else:
        low, high = config.value_range
        x = x * np.float32(high - low) + np.float32(low)
    return x.transpose(0, 2, 3, 1) if config.layout == "NHWC" else x


def pictures_out(given: NDArray[np.float32], config: ForeignConfig) -> NDArray[np.float32]:
    """What a decoder drew, of any size, as [N, 3, S, S] RGB; [0, 1] but for what the network overshoots."""
    pictures = given.transpose(0, 3, 1, 2) if config.layout == "NHWC" else given
    low, high = config.range_out
    pictures = (pictures - np.float32(low)) / np.float32(high - low)
    if config.channels == "grey":
        return np.repeat(pictures, 3, axis=1)
    return pictures[:, ::-1] if config.channels == "BGR" else pictures


def drawn_shape(config: ForeignConfig) -> list[int]:
    """Of one picture as the networks have it: [C, S, S] or [S, S, C]."""
    side, colours = config.image_size, 1 if config.channels == "grey" else 3
    return [side, side, colours] if config.layout == "NHWC" else [colours, side, side]


def logvar_of(spread: NDArray[np.float32], config: ForeignConfig) -> NDArray[np.float32]:
    """The log of the variance [N, D], from what the encoder returns beside the mean."""
    match config.spread:
        case "logstd":
            return 2 * spread
        case "variance":
            return np.log(np.maximum(spread, LEAST_VARIANCE))
        case "std":
            return 2 * np.log(np.maximum(np.abs(spread), LEAST_VARIANCE**0.5))
        case _:
            return spread


def code_and_spread(
    given: Mapping[str, NDArray[np.float32]], config: ForeignConfig
) -> tuple[NDArray[np.float32], NDArray[np.float32] | None]:
    """Which of an encoder's outputs is the code or mean, and which the spread.

    Args:
        given: the outputs [N, ...] by name, in the order of the file.

    Returns:
        both [N, D]; None for the spread of an AE.

    Raises:
        CheckpointError: none of them can be.
    """
    flat = {name: array.reshape(len(array), -1) for name, array in given.items() if array.ndim}
    if config.outputs is not None:
        if missing := [name for name in config.outputs if name not in flat]:
            raise CheckpointError(
                f"{ENCODER_FILE} has no output called {missing[0]!r}; it has {', '.join(map(repr, given))}. "
                "Correct outputs in config.json."
            )
        flat = {name: flat[name] for name in config.outputs}
    fitting = {name: array for name, array in flat.items() if array.shape[1] == config.latent_dim}
    if config.kind == "ae" and fitting:
        return next(iter(fitting.values())), None
    if config.kind == "vae" and len(fitting) >= 2:
        mean, spread = mean_and_spread([*fitting])
        return fitting[mean], fitting[spread]
    both = [name for name, array in flat.items() if array.shape[1] == 2 * config.latent_dim]
    axis = given[both[0]].ndim - 1 if both and config.layout == "NHWC" else 1
    if config.kind == "vae" and both and given[both[0]].shape[axis] % 2 == 0:
        mu, other = np.split(given[both[0]], 2, axis=axis)
        return mu.reshape(len(mu), -1), other.reshape(len(mu), -1)
    raise _unfit(given, config)


def mean_and_spread(names: list[str]) -> tuple[str, str]:
    """Which of at least two outputs of the right size is the mean and which the spread.

    Their names tell; where they do not, two are in this order, and of three the first is a draw from the other two.
    """
    spreads = [name for name in names if OF_A_SPREAD.search(name)]
    means = [name for name in names if OF_A_MEAN.search(name) and name not in spreads]
    rest = [name for name in names if name not in (spreads or names[-1:])]
    if spreads and (means or rest):
        return (means or rest)[0], spreads[0]
    return (names[0], names[1]) if len(names) == 2 else (names[1], names[2])


def _unfit(given: Mapping[str, NDArray[Any]], config: ForeignConfig) -> CheckpointError:
    shapes = " and ".join(str(list(array.shape)) for array in given.values())
    count = len(next(iter(given.values())))
    wanted = config.latent_dim * (2 if config.kind == "vae" else 1)
    return CheckpointError(
        f"{ENCODER_FILE} gives {shapes} for {count} picture(s), but config.json asks for {wanted} numbers a picture "
        f"(latent_dim {config.latent_dim}, spread {config.spread}). Correct the one or the other."
    )
