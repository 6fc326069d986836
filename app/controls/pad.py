"""The latent pad at the current face, and the button that keeps what it shows."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import lru_cache
from typing import Any

import numpy as np
import streamlit as st
from numpy.typing import NDArray

from app.checkpoints.celeba import originals
from app.checkpoints.decoding import decode
from app.checkpoints.for_browsers import blend_url, vivid_decoder_url
from app.checkpoints.opening import OpenModel, open_all
from app.components.latent_pad import (
    SHOWN,
    PadInput,
    PadModel,
    PadPoint,
    PadSliders,
    PadState,
    Plausibility,
    Readings,
    combine,
    latent_pad,
    left_in_other_models,
)
from app.drawing.picture_files import picture_address
from app.drawing.plain_text import plain_text
from app.session import shelf
from app.session.address import FOLLOWED, weights_of_link, write
from app.session.current import previous_point
from app.session.left_faces import Left, arrive, is_here, turn
from app.session.link import BEFORE, shareable
from app.session.point import Point, provenance
from app.session.vividness import as_chosen, set_vividness, vividness
from app.texts import N_, _
from latent.directions import Bank, morph_bank, noise_bank

MORPH_FACES = 6
ADDRESS = N_("The address of this page holds this face and its sliders: copy it to share them.")
FEW = 6
"""Sliders of a bank at first, where a page is somebody's first one."""


def original_of(model: OpenModel, point: Point) -> tuple[str, str] | None:
    """The picture that a point encodes, cropped as the model sees it, as (address, label); None if it is not here."""
    if point.photo is not None:
        return picture_address(point.photo.crop(model.config.view)), _("Your photo")
    row = point.row(model)
    crops = None if row is None else originals(model, [row])
    return None if crops is None else (picture_address(crops[0]), _("Original"))


@dataclass(frozen=True)
class PadOnPage:
    """What a page wants of its pad.

    Attributes:
        title: Markdown above it.
        banks: the sliders; if not given, the model's own and those that depend on the point.
        readings: bars that follow the point.
        more: what else the address says of the page.
        shown: how many sliders are shown at first.
        group: for pads that move together; such a pad is narrow, and its page writes the address.
        play: whether a button moves the first slider by itself.
        greet: key of the slider that moves once by itself on a browser's first visit.
        start: where a new point's sliders stand at first, if no link says it.
        facts: what saved pictures and kept faces say besides the point and the weights.
        private: the sliders lead to a photo, so what they make stays out of links.
    """

    title: str = ""
    banks: Sequence[Bank] | None = None
    readings: Readings | None = None
    more: Mapping[str, str] = field(default_factory=dict)
    shown: int = SHOWN
    group: str | None = None
    play: bool = False
    greet: str = ""
    start: Mapping[str, float] = field(default_factory=dict)
    facts: Mapping[str, Any] = field(default_factory=dict)
    private: bool = False


@dataclass(frozen=True)
class Arrival:
    """How the visitor came to the point.

    Attributes:
        before: the point before it.
        links: how many links the session has followed.
        bank, weights: what the link asks for that led here.
    """

    before: Point | None = None
    links: int = 0
    bank: str | None = None
    weights: Mapping[str, float] = field(default_factory=dict)


def pad(
    model: OpenModel, point: Point, z: NDArray[np.float32], key: str = "pad", page: PadOnPage | None = None
) -> PadState:
    """The latent pad at a point of a model that has an atlas, and a button that keeps what it shows on the shelf.

    Call it in a fragment: a release of a slider reruns only that, and the address follows.

    Args:
        model: one that has an atlas.
        point: the point.
        z: float32 [D], the point in this model.
        key: of the pad.
        page: what the page wants of it.
    """
    page = page or PadOnPage()
    model = as_chosen(model)  # which may have changed since the page ran
    bank, weights = (None, {}) if page.group else weights_of_link(point, model, key)
    arrival = Arrival(previous_point(), st.session_state.get(FOLLOWED, 0), bank, weights)
    given = pad_input(model, point, z, key, arrival, page)
    head = st.container(horizontal=True, vertical_alignment="center", horizontal_alignment="distribute")
    head.markdown(page.title)
    back, forward = (False, False) if page.group else arrive(key, model.name, point)
    given = replace(given, point=replace(given.point, back=back, forward=forward))
    state = latent_pad(given)
    if state.turn:
        turn(key, state.turn)
        st.rerun(scope="app")
    is_here(key, Left(model.name, point, state.bank, state.weights))
    follow_vividness(state)
    if not page.group:
        write(model, point, state.bank, state.weights, **page.more)
    with head:
        _keep_button(model, point, given, state, page)
    if not page.group:
        said = _about_the_link(point, state), _about_other_models(left_in_other_models(given))
        st.caption(" ".join(filter(None, said)))
    return state


def pad_input(
    model: OpenModel, point: Point, z: NDArray[np.float32], key: str, arrival: Arrival, page: PadOnPage
) -> PadInput:
    """What the pad is given, whoever asks for it: a page's script, or the page's HTML before that runs.

    Args:
        model, point, z, key, page: as for `pad`.
        arrival: how the visitor came to the point.
    """
    banks = all_banks(model, point, z, arrival.before) if page.banks is None else page.banks
    return PadInput(
        key=key,
        model=pad_model(model, gauge=True),
        point=PadPoint(
            id=f"{model.identity[:8]} {point.key} {arrival.links}",
            z=z,
            provenance={**provenance(model, point), **page.facts},
            beside=None if page.group else original_of(model, point),
        ),
        sliders=PadSliders(
            banks=banks,
            start=PadState(arrival.bank or "", dict(arrival.weights or page.start)),
            shown=page.shown,
            group=page.group,
            play=page.play,
            greet=page.greet,
            lasting=frozenset(bank.key for bank in model.banks),
        ),
        readings=page.readings,
    )


def all_banks(model: OpenModel, point: Point, z: NDArray[np.float32], before: Point | None) -> list[Bank]:
    """The sliders of a pad whose page brings none, those first that need the fewest words."""
    morphs, *noise = _banks_of_point(model, point, z, before)
    return [*model.banks[:1], morphs, *model.banks[1:], *noise]


def linked(model: OpenModel, point: Point, z: NDArray[np.float32], key: str = "pad") -> NDArray[np.float32]:
    """The point with the sliders that the visitor's link has set, float32 [D]: where a pad of this key begins."""
    weights = weights_of_link(point, model, key)[1]
    return shown(model, point, z, PadState("", weights)) if weights else z


def shown(model: OpenModel, point: Point, z: NDArray[np.float32], state: PadState) -> NDArray[np.float32]:
    """The point with the sliders of such a pad, float32 [D]: what is on screen."""
    banks = all_banks(model, point, z, previous_point())
    return combine(z, PadSliders(banks).by_key(), state.weights)


def pad_model(model: OpenModel, *, gauge: bool = False, slider: bool = True) -> PadModel:
    """What decodes the points of a pad.

    Args:
        model: one that has an atlas, where there is a gauge.
        gauge: whether the pad says how plausible a point is.
        slider: whether it lets the hand choose how vivid faces are, where the model leaves a choice.
    """
    return PadModel(
        name=model.name,
        decoder_url=vivid_decoder_url(model),
        blend_url=blend_url(model) if slider else None,
        vivid=model.vivid,
        on_server=lambda z: decode(model, z[None])[0],
        plausibility=_plausibility(model.identity, model) if gauge else None,
    )


@st.cache_resource(show_spinner=False, max_entries=32)
def _plausibility(identity: str, _model: OpenModel) -> Plausibility:
    assert _model.posterior is not None
    assert _model.percentiles is not None
    return Plausibility(
        mean=_model.posterior.mean,
        precision=_model.posterior.precision,
        percentiles=_model.percentiles,
        prior=_model.config.kind == "vae",
    )


def follow_vividness(state: PadState) -> None:
    """Draw the whole page anew where the hand has just chosen how vivid faces are to be."""
    if state.vivid is not None and state.vivid != vividness():
        set_vividness(state.vivid)
        st.rerun(scope="app")


def _about_the_link(point: Point, state: PadState) -> str:
    """What the address of the page holds, and what it cannot."""
    if point.private:
        return _("A photo stays in this session: the address of the page does not hold it.")
    if not all(map(shareable, state.weights)):
        return _(
            "The address of this page holds this face, but not the sliders that belong to this session alone (your own "
            "direction, the face before). Keep the face on the shelf instead."
        )
    return _(ADDRESS)


def _about_other_models(names: Sequence[str]) -> str:
    """What became of the sliders that were moved before the model was changed."""
    models = open_all()[0] if names else {}
    titles = [plain_text(models[name].title) for name in names if name in models]
    if not titles:
        return ""
    return _("Each model has sliders of its own: what you moved in the {models} is kept there.").format(
        models=_(" and the ").join(titles)
    )


def _keep_button(model: OpenModel, point: Point, given: PadInput, state: PadState, page: PadOnPage) -> None:
    """Keep what the pad shows."""
    if not st.button(_("Keep on the shelf"), icon=":material/bookmark_add:", key=f"keep {given.key}"):
        return
    z = combine(np.asarray(given.point.z, np.float32), given.sliders.by_key(), state.weights)
    before = previous_point()
    private = page.private or (before is not None and before.private and bool(state.weights))
    kept = shelf.keep(open_all()[0], model, point, z, state.weights, page.facts, private)
    if kept is None:
        st.toast(_("The shelf is full. Take a face off it first."))
        return
    st.toast(_("Kept as \u201c{name}\u201d. The shelf is at the top of the page.").format(name=plain_text(kept.name)))
    st.rerun(scope="app")


def _banks_of_point(model: OpenModel, point: Point, z: NDArray[np.float32], before: Point | None) -> list[Bank]:
    """The directions that depend on the point: towards other faces, and for a VAE within its posterior."""
    banks = [morph_bank(z, morph_targets(model, None if before is None else before.z(model)))]
    logvar = point.logvar(model)
    if logvar is not None:
        banks.append(noise_bank(logvar))
    return banks


def morph_targets(model: OpenModel, before: NDArray[np.float32] | None = None) -> dict[str, NDArray[np.float32]]:
    """Where the morphs of any point of a model with an atlas lead to, by their names: float32 [D] each.

    Args:
        model: the model.
        before: float32 [D], the point that the visitor comes from, if there is one.
    """
    assert model.atlas is not None
    assert model.posterior is not None
    targets = {"Average face": model.posterior.mean}
    if before is not None:
        targets[BEFORE] = before
    for row in _morph_rows(len(model.atlas)):
        targets[f"Face {model.atlas.image[row]}"] = model.atlas.mu[row].astype(np.float32)
    return targets


@lru_cache(32)
def _morph_rows(count: int) -> tuple[int, ...]:
    """The same few faces for everybody; to shuffle all of a map at each run takes as long as the rest of them."""
    return tuple(int(row) for row in np.random.default_rng(0).permutation(count)[:MORPH_FACES])
