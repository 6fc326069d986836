"""A model's learned prior as the app offers it: opened once, and asked for by a key that a link can hold."""

from __future__ import annotations

import re
from dataclasses import dataclass

import numpy as np
import streamlit as st
from numpy.typing import NDArray

from app.checkpoints.opening import OpenModel
from latent.flow import Flow, Wish, load_prior
from latent.prior_file import CONFIG_FILE
from latent.velocity import MOST_GUIDANCE, PriorError
from models.checkpoint_files import CheckpointFiles, file_stamp

LEARNED = "learned"
"""The sampler's key. With a wish it reads "learned--130--Smiling--no-Male": the guidance in hundredths, what the face
should have, and what it should not. An address shows these characters as they are."""
_BETWEEN, _WITHOUT, _MOST = "--", "no-", 40
_NAME = re.compile(r"(?:no-)?\w[\w']*(?:[ -][\w']+)*")


@dataclass(frozen=True, eq=False)
class WishedFor:
    """The learned prior with a wish, as a sampler."""

    flow: Flow
    wish: Wish

    def sample(self, count: int, seed: int, temperature: float = 1.0) -> NDArray[np.float32]:
        """Draw float32 [count, D]; row i depends on the seed and i alone.

        Raises:
            ValueError: a number is out of range, or the prior does not know an attribute.
        """
        return self.flow.sample(count, seed, temperature, self.wish)


def learned_prior(model: OpenModel) -> Flow:
    """The learned prior of a model, opened again only when its files change.

    Raises:
        PriorError: there is none, or it cannot be used.
    """
    return _flow(model.identity, file_stamp(model.files.folder / CONFIG_FILE), model.files)


@st.cache_resource(show_spinner=False, max_entries=32)
def _flow(identity: str, stamp: tuple[int, int], _files: CheckpointFiles) -> Flow:
    flow = load_prior(_files.folder, _files.sha256)
    if flow.prior.config.latent_dim != _files.config.latent_dim:
        raise PriorError(
            f"{_files.folder / CONFIG_FILE} has {flow.prior.config.latent_dim} dimensions, the model "
            f"{_files.config.latent_dim}. Make it again with train_prior.py."
        )
    return flow


def sampler_key(wish: Wish) -> str:
    """What names the learned prior with a wish."""
    if wish.guidance is None and not wish.attributes:
        return LEARNED
    names = [name if wanted > 0.5 else f"{_WITHOUT}{name}" for name, wanted in wish.attributes.items()]
    guidance = 1.0 if wish.guidance is None else wish.guidance
    return _BETWEEN.join([LEARNED, str(round(100 * guidance)), *names])


def wish_of(key: str) -> Wish | None:
    """The wish that a sampler's key states; None where it is no key of the learned prior."""
    sampler, *rest = key.split(_BETWEEN)
    if sampler != LEARNED or len(rest) > _MOST:
        return None
    if not rest:
        return Wish()
    hundredths, *names = rest
    if not (hundredths.isascii() and hundredths.isdigit() and len(hundredths) < 5):
        return None
    if int(hundredths) > 100 * MOST_GUIDANCE or not all(map(_NAME.fullmatch, names)):
        return None
    wanted = {name.removeprefix(_WITHOUT): 0.0 if name.startswith(_WITHOUT) else 1.0 for name in names}
    return Wish(wanted, int(hundredths) / 100)
