"""What can be said of a photo's face in one model, beside held-out faces: how close, how usual, in plain words."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from app.checkpoints.decoding import decode
from app.checkpoints.measured import measured
from app.checkpoints.opening import OpenModel
from app.drawing.differences import error_picture
from app.session.photos import Photo
from app.texts import _
from latent.posterior import squared_mahalanobis
from models.quality import psnr

DRAWS = 4
COMPARED = 8  # draws behind the picture of where they differ
RARE = 95  # of 100 held-out faces


@dataclass(frozen=True, eq=False)
class Judgement:
    """One face in one model.

    Attributes:
        picture: uint8 [S, S, 3], the reconstruction.
        error: uint8 [S, S], three times the mean absolute difference of the channels.
        psnr: in dB.
        better_than: how many of 100 held-out faces have a lower PSNR, or None where the checkpoint does not say.
        farther_than: how many of 100 held-out faces have a code nearer to the mean, or None without an atlas.
    """

    picture: NDArray[np.uint8]
    error: NDArray[np.uint8]
    psnr: float
    better_than: float | None
    farther_than: float | None


def judge(model: OpenModel, photo: Photo) -> Judgement:
    """Decode a face and compare it with held-out ones."""
    z, crop = photo.latents[model.identity], photo.crop(model.config.view)
    picture = decode(model, z[None])[0]
    quality = psnr(float(np.square(picture.astype(np.float32) - crop).mean()) / 255**2)
    table = psnr_percentiles(model)
    farther = None
    if model.posterior is not None and model.percentiles is not None:
        farther = share_below(float(squared_mahalanobis(z[None], model.posterior)[0]), model.percentiles)
    return Judgement(
        picture=picture,
        error=error_picture(picture, crop),
        psnr=quality,
        better_than=None if table is None else share_below(quality, table),
        farther_than=farther,
    )


def psnr_percentiles(model: OpenModel) -> NDArray[np.float64] | None:
    """PSNR of held-out pictures one by one, 0 % to 100 %, float64 [101] in dB; None where a checkpoint does not say.

    Brought checkpoints may have no metrics.json, an older one, or one of other weights.
    """
    try:
        table = np.array(measured(model.files)["psnr_percentiles"], np.float64)
    except (ValueError, KeyError, TypeError):
        return None
    return table if table.shape == (101,) and (np.diff(table) >= 0).all() else None


def share_below(value: float, table: NDArray[np.floating]) -> float:
    """How many of 100 lie below a value: 0 to 100, by straight lines between percentiles [101]."""
    return float(np.interp(value, table, np.arange(len(table)) * 100 / (len(table) - 1)))


def draws(model: OpenModel, photo: Photo) -> tuple[NDArray[np.uint8], NDArray[np.uint8], float]:
    """Faces that a VAE holds possible for this photo: decoded draws of its posterior, always the same ones.

    Returns:
        uint8 [4, S, S, 3]; where they differ, uint8 [S, S] (the standard deviation over COMPARED draws, times ten); and
        the mean of sigma over the dimensions.
    """
    z, sigma = photo.latents[model.identity], np.exp(0.5 * photo.logvars[model.identity])
    eps = np.random.default_rng(0).standard_normal((COMPARED, len(z))).astype(np.float32)
    pictures = decode(model, z + sigma * eps)
    spread = pictures.astype(np.float32).std(0).mean(2) * 10
    return pictures[:DRAWS], np.clip(spread, 0, 255).astype(np.uint8), float(sigma.mean())


def closeness(title: str, judgement: Judgement) -> str:
    """PSNR in a sentence."""
    words = _("{model}: {psnr:.1f} dB PSNR").format(model=title, psnr=judgement.psnr)
    if judgement.better_than is None:
        return f"{words}."
    if judgement.better_than >= 99.5:
        return _("{words}, better than for any held-out CelebA face.").format(words=words)
    if judgement.better_than < 0.5:
        return _("{words}, worse than for any held-out CelebA face.").format(words=words)
    return _("{words}, better than {better_than:.0f} % of held-out CelebA faces.").format(
        words=words, better_than=judgement.better_than
    )


def warning(judgements: dict[str, Judgement]) -> str | None:
    """A sentence where a face is unlike what the models learned from, by model title; None where it is not."""
    said = []
    for title, judgement in judgements.items():
        if judgement.better_than is not None and judgement.better_than < 100 - RARE:
            said.append(
                _("the {model} rebuilds it worse than {share:.0f} % of held-out CelebA faces").format(
                    model=title, share=100 - judgement.better_than
                )
            )
        if judgement.farther_than is not None and judgement.farther_than > RARE:
            every = judgement.farther_than >= 99.5
            words = (
                _("its code in the {model} is farther from the average than that of any held-out face")
                if every
                else _("its code in the {model} is farther from the average than {share:.0f} % of held-out faces")
            )
            said.append(words.format(model=title, share=judgement.farther_than))
    if not said:
        return None
    return _(
        "This picture is unlike most faces that the models learned from: {said}. Hats, hands, strong "
        "shadows, a turned head, drawings or a misplaced mark do that. What is shown here is then a guess."
    ).format(said="; ".join(said))
