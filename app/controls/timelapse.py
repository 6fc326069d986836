"""A training run as a time-lapse: what a network drew after each epoch, from the strips beside its weights."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import streamlit as st
from PIL import Image, UnidentifiedImageError

from app.checkpoints.training_history import read_history, strips
from app.components.timelapse import film
from app.drawing.plain_text import plain_text
from app.server.published import publish_file
from app.texts import _
from models.checkpoint_files import CheckpointFiles


def timelapse(files: CheckpointFiles, key: str, name: str) -> bool:
    """A slider over the epochs of a checkpoint, and under it what the strips show.

    Args:
        files: of the checkpoint.
        key: of this time-lapse on the page.
        name: what the model is called.

    Returns:
        Whether there was one; where there was not, a sentence says so.
    """
    found = strips(files)
    size = _size(found[-1][1]) if found else None
    if size is None:
        st.caption(
            _("{name} kept no pictures of its training. train.py keeps them with `--snapshots`.").format(
                name=plain_text(name)
            )
        )
        return False
    quality = read_history(files)
    epochs, psnr = quality.get("epoch", np.empty(0)), quality.get("valid_psnr", np.empty(0))
    measured = dict(zip(epochs.astype(int).tolist(), psnr.tolist(), strict=False))
    frames = [(publish_file(path), _words(epoch, found[-1][0], measured.get(epoch))) for epoch, path in found]
    film(
        key=key,
        frames=frames,
        width=size[0],
        height=size[1],
        label=_("What {name} drew after each epoch").format(name=name),
    )
    st.caption(
        _(
            "Above: eight validation faces, encoded and decoded by the network of that epoch. Below: eight points "
            "drawn once from N(0, I), decoded. An epoch is one pass through all training pictures."
        )
    )
    return True


def _words(epoch: int, last: int, psnr: float | None) -> str:
    when = (
        _("Before the first epoch") if epoch == 0 else _("After epoch {epoch} of {last}").format(epoch=epoch, last=last)
    )
    if psnr is None:
        return when
    return _("{when}: {psnr:.2f} dB PSNR on validation faces").format(when=when, psnr=psnr)


def _size(path: Path) -> tuple[int, int] | None:
    """Width and height of a picture, from its head; None where it is none."""
    try:
        with Image.open(path, formats=["WEBP"]) as picture:
            return picture.size
    except (OSError, UnidentifiedImageError, ValueError):
        return None
