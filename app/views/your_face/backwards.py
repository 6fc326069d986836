"""Which noise a photo's face is: the learned prior run backwards from its code, and forward again."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np
import streamlit as st
from numpy.typing import NDArray

from app.checkpoints.celeba import called
from app.checkpoints.decoding import decode
from app.checkpoints.for_browsers import decoder_url
from app.checkpoints.learned_prior import learned_prior
from app.checkpoints.opening import OpenModel
from app.components.latent_pad import PadInput, PadPoint, PadSliders, latent_pad
from app.components.noise_path import NoisePath, noise_path
from app.controls.noise_to_face import MOMENTS, placed
from app.controls.pad import follow_vividness, pad_model
from app.session.photos import Photo
from app.session.vividness import as_chosen
from app.texts import _
from latent.directions import Bank
from latent.noise_ways import KNOTS, NoiseWays
from latent.normality import chi_share
from latent.prior_file import has_prior
from latent.probes import parts
from latent.velocity import PriorError

SHOWN = "photo_noise_shown"
OTHERS = 4  # faces that a slider leads to


@dataclass(frozen=True, eq=False)
class Backwards:
    """A face's noise, and the way from it.

    Attributes:
        path: the way forward from the noise.
        ways: what moves the noise.
        length: of the noise.
        shorter: the share of random noise that is shorter, in [0, 1].
        off: grey levels (of 255) by which the decoded end differs from the reconstruction on average.
    """

    path: NoisePath
    ways: NoiseWays
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
    st.header(_("Which noise is this face?"))
    st.markdown(
        _(
            "The {model}'s learned prior is a network that turns random numbers into faces, a little at a time. "
            "Each of its steps can be walked backwards. So every face has its own noise, and this photo's can be found."
        ).format(model=model.title)
    )
    if not st.toggle(_("Run it backwards"), key=SHOWN):
        return
    try:
        with st.spinner(_("Running the learned prior backwards \u2026")):
            found = photo.once(("noise", model.drawing), lambda: backwards(model, photo))
    except PriorError as error:
        st.info(str(error))
        return
    label = _("{name} between its noise and its face, decoded by the {model}").format(
        name=photo.name, model=model.title
    )
    noise_path(key="photo from noise", path=found.path, decoder=decoder, label=label)
    st.caption(in_words(model, found))
    st.markdown(
        _(
            "**Move the noise, and see what becomes of the face.** Here every number is normal, so each way along an "
            "arc passes only by noise as the prior knows it. At the end of each slider stands another face, or a "
            "face of random noise, which nobody has."
        )
    )
    decoding = replace(pad_model(model), name=f"{model.name} noise")  # the map's ring stays with the sliders above
    z = photo.latents[model.identity]
    point = PadPoint(f"{model.identity[:8]} {photo.key} noise", z)
    resting = photo.once(("noise sliders", model.identity), lambda: found.ways.sliders({})[1])

    def bent(weights: Mapping[str, float]) -> tuple[NDArray[np.floating], list[Bank]]:
        come, bank = found.ways.sliders(weights)
        return z + come, [bank]

    follow_vividness(latent_pad(PadInput("noise pad", decoding, point, PadSliders([resting]), bent=bent)))
    st.caption(
        _(
            "The sliders move the noise together, and the prior carries it to a face: each time you let go, it is run "
            "anew from there, at {knots} places along each slider, with straight lines in between."
        ).format(knots=KNOTS)
    )


def backwards(model: OpenModel, photo: Photo) -> Backwards:
    """Run the learned prior backwards from a photo's code, and forward again from what was found.

    Raises:
        PriorError: the prior cannot be used.
    """
    flow, z, atlas = learned_prior(model), photo.latents[model.identity][None], model.atlas
    assert atlas is not None
    rows = parts(atlas.partition)[1][:OTHERS]
    noises = flow.noise_of(np.concatenate([z, atlas.mu[rows].astype(np.float32)]), steps=MOMENTS)
    eps = noises[:1]
    points = flow.path(eps, steps=MOMENTS)
    targets = {called(int(atlas.image[row])): other for row, other in zip(rows, noises[1:], strict=True)}
    ends = decode(model, np.concatenate([points[-1], z])).astype(np.float32)
    length = float(np.linalg.norm(eps))
    start, end = _("This face's own noise, decoded as it is."), _("Arrived: the photo as the model rebuilds it.")
    return Backwards(
        path=placed(model, points, start, end, private=True),
        ways=NoiseWays(flow, eps[0], targets),
        length=length,
        shorter=float(chi_share(length, eps.shape[1])),
        off=float(np.abs(ends[0] - ends[1]).mean()),
    )


def in_words(model: OpenModel, found: Backwards) -> str:
    """How exactly the way comes back, and how usual its noise is."""
    dimensions = model.config.latent_dim
    share = 100 * found.shorter
    compared = (
        _("nearly all such draws are shorter than this face's.")
        if share > 99
        else _("hardly any such draws are shorter than this face's.")
        if share < 1
        else _("{share:.0f} of 100 such draws are shorter than this face's.").format(share=share)
    )
    words = _(
        "Drag to the left end and back. Walked forward from this noise, the way ends where it began: the picture "
        "there is {off:.2f} of 255 grey levels from the reconstruction on average. The noise is "
        "{length:.1f} long; random noise of {dimensions} numbers is about {usual:.1f}, and "
        "{compared}"
    ).format(off=found.off, length=found.length, dimensions=dimensions, usual=np.sqrt(dimensions), compared=compared)
    if model.config.kind == "vae":
        words += " " + (
            _(
                "A photo's code is the centre of a cloud. The prior learned from points all over such clouds, which "
                "lie farther out, so the noise of a centre is often a little short."
            )
        )
    unlike = _("A face unlike those that the prior learned from has longer noise.")
    return f"{words} {unlike}"
