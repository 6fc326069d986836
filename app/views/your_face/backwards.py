"""Which noise a photo's face is: the learned prior run backwards from its code, and forward again."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import streamlit as st

from app.checkpoints.decoding import decode
from app.checkpoints.for_browsers import decoder_url
from app.checkpoints.learned_prior import learned_prior
from app.checkpoints.opening import OpenModel
from app.components.noise_path import NoisePath, noise_path
from app.controls.noise_to_face import MOMENTS, placed
from app.session.photos import Photo
from app.session.vividness import as_chosen
from latent.normality import chi_share
from latent.prior_file import has_prior
from latent.velocity import PriorError

SHOWN = "photo_noise_shown"


@dataclass(frozen=True, eq=False)
class Backwards:
    """A face's noise, and the way from it.

    Attributes:
        path: the way forward from the noise.
        length: of the noise.
        shorter: the share of random noise that is shorter, in [0, 1].
        off: grey levels (of 255) by which the decoded end differs from the reconstruction on average.
    """

    path: NoisePath
    length: float
    shorter: float
    off: float


@st.fragment
def which_noise(model: OpenModel, photo: Photo) -> None:
    """The way from its noise to the photo's face, worked out once somebody asks for it.

    Args:
        model: one that knows the photo; without a map or a learned prior nothing is shown.
        photo: the face.
    """
    if model.atlas is None or not has_prior(model.files.folder):
        return
    model = as_chosen(model)
    decoder = decoder_url(model)
    if decoder is None:
        return
    st.header("Which noise is this face?")
    st.markdown(
        f"The {model.title}'s learned prior is a network that turns random numbers into faces, a little at a time. "
        "Each of its steps can be walked backwards. So every face has its own noise, and this photo's can be found."
    )
    if not st.toggle("Run it backwards", key=SHOWN):
        return
    try:
        with st.spinner("Running the learned prior backwards \u2026"):
            found = photo.once(("noise", model.drawing), lambda: backwards(model, photo))
    except PriorError as error:
        st.info(str(error))
        return
    label = f"{photo.name} between its noise and its face, decoded by the {model.title}"
    noise_path(key="photo from noise", path=found.path, decoder=decoder, label=label)
    st.caption(in_words(model, found))


def backwards(model: OpenModel, photo: Photo) -> Backwards:
    """Run the learned prior backwards from a photo's code, and forward again from what was found.

    Raises:
        PriorError: the prior cannot be used.
    """
    flow, z = learned_prior(model), photo.latents[model.identity][None]
    eps = flow.noise_of(z, steps=MOMENTS)
    points = flow.path(eps, steps=MOMENTS)
    ends = decode(model, np.concatenate([points[-1], z])).astype(np.float32)
    length = float(np.linalg.norm(eps))
    start, end = "This face's own noise, decoded as it is.", "Arrived: the photo as the model rebuilds it."
    return Backwards(
        path=placed(model, points, start, end, private=True),
        length=length,
        shorter=float(chi_share(length, eps.shape[1])),
        off=float(np.abs(ends[0] - ends[1]).mean()),
    )


def in_words(model: OpenModel, found: Backwards) -> str:
    """How exactly the way comes back, and how usual its noise is."""
    dimensions = model.config.latent_dim
    share = 100 * found.shorter
    compared = "nearly all" if share > 99 else "hardly any" if share < 1 else f"{share:.0f} of 100"
    words = (
        f"Drag to the left end and back. Walked forward from this noise, the way ends where it began: the picture "
        f"there is {found.off:.2f} of 255 grey levels from the reconstruction on average. The noise is "
        f"{found.length:.1f} long; random noise of {dimensions} numbers is about {np.sqrt(dimensions):.1f}, and "
        f"{compared} of it is shorter than this face's."
    )
    if model.config.kind == "vae":
        words += (
            " A photo's code is the centre of a cloud. The prior learned from points all over such clouds, which lie "
            "farther out, so the noise of a centre is often a little short."
        )
    return f"{words} A face unlike those that the prior learned from has longer noise."
