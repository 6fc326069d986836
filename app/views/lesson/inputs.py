"""The picture that goes through a network in a chapter, and where it comes from."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import streamlit as st
from numpy.typing import NDArray

from app.checkpoints.beforehand import beforehand
from app.checkpoints.celeba import described, originals
from app.checkpoints.decoding import decode
from app.checkpoints.opening import OpenModel
from app.checkpoints.portrait import portrait_crop
from app.drawing.plain_text import plain_text
from app.session.current import current_point, point_in
from app.texts import _
from app.views.lesson.stage import Stage
from models.images import to_tensor
from models.quality import psnr


@dataclass(frozen=True, eq=False)
class Encoded:
    """A picture and what an encoder makes of it.

    Attributes:
        picture: uint8 [S, S, 3].
        description: what it is and where it comes from, in a sentence.
        mu: float32 [D].
        logvar: float32 [D], or None for an AE.
    """

    picture: NDArray[np.uint8]
    description: str
    mu: NDArray[np.float32]
    logvar: NDArray[np.float32] | None

    @property
    def sigma(self) -> NDArray[np.float32]:
        """Standard deviations of the posterior, float32 [D]; only for a VAE."""
        assert self.logvar is not None
        return np.exp(0.5 * self.logvar)


def choose_input(stage: Stage, model: OpenModel) -> None:
    """Let the visitor choose the picture that `given` encodes."""
    options = _options()
    with st.container(horizontal=True, vertical_alignment="bottom"):
        if stage.choice("input", _("What goes in"), options, next(iter(options))) == "face":
            stage.random_face(model)


def _options() -> dict[str, str]:
    options = {"portrait": _("The portrait"), "face": _("The current face")}
    return options if current_point().photo is None else {"photo": _("Your photo"), **options}


def given(stage: Stage, model: OpenModel) -> Encoded:
    """The picture that was chosen, encoded."""
    options, photo = _options(), current_point().photo
    kind = stage.choice_of("input", options, next(iter(options)))
    if kind == "photo" and photo is not None:
        return encode(model, photo.crop(model.config.view), _("Your own photo, as the models see it."))
    if kind == "portrait":
        return portrait(model)
    return _face(model)


def portrait(model: OpenModel) -> Encoded:
    """The picture that is there for everybody, encoded."""
    description = _("A portrait from NASA, in the public domain. No model was trained on it.")
    return encode(model, portrait_crop(model.config.view), description)


def encode(model: OpenModel, picture: NDArray[np.uint8], description: str) -> Encoded:
    """Send a picture uint8 [S, S, 3] through a model's encoder."""

    def work_out() -> dict[str, NDArray[np.float32] | None]:
        import torch  # late: it takes two seconds to import

        with torch.inference_mode():
            mu, logvar = model.network.posterior(to_tensor(picture[None]))
        return {"mu": mu[0].numpy(), "logvar": None if logvar is None else logvar[0].numpy()}

    found = beforehand(model.files, "encoded", (picture.tobytes(),), work_out)
    return Encoded(picture, description, found["mu"], found.get("logvar"))


def quality(a: NDArray[np.uint8], b: NDArray[np.uint8]) -> float:
    """PSNR of two pictures in dB, at most 99: equal ones have no finite one."""
    error = float(np.square(a.astype(np.float32) - b.astype(np.float32)).mean()) / 255**2
    return min(psnr(error), 99.0)


def _face(model: OpenModel) -> Encoded:
    point, z = point_in(model)
    row = point.row(model)
    if row is not None and model.atlas is not None:
        pictures = originals(model, [row])
        if pictures is not None:
            name = plain_text(described(int(model.atlas.image[row])))
            return encode(model, pictures[0], _("{name}, the original from your folder.").format(name=name))
    description = _(
        "{name}, as the {model} itself decodes it: there is no CelebA folder here. A picture that the decoder drew is "
        "easier to rebuild than a photo."
    ).format(name=point.name(model), model=model.title)
    return encode(model, decode(model, z[None])[0], description)
