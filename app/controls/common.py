"""What several pages show: the model switch, the pad with the current face, and problems in plain words."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import streamlit as st
from numpy.typing import NDArray
from PIL import Image

from app.checkpoints.opening import OpenModel, atlas_source, decoder_file, find_checkpoints, open_model, original
from app.components.latent_pad import PadState, Plausibility, Readings, combine, latent_pad
from app.drawing.picture_files import picture_address
from app.server.published import frontend_base, missing_assets, publish_file
from app.session import shelf
from app.session.address import BEFORE, FOLLOWED, shareable, weights_of_link, write
from app.session.point import MODEL, Point, previous_point, remember
from latent.directions import Bank, morph_bank, noise_bank
from models.checkpoints import CheckpointError
from models.images import crop_aligned, to_uint8

MORPH_FACES = 6


def open_all() -> tuple[dict[str, OpenModel], list[str]]:
    """Every checkpoint that can be opened, by name, and a sentence for each that cannot."""
    folders, problems = find_checkpoints()
    opened: dict[str, OpenModel] = {}
    for name, folder in folders.items():
        try:
            opened[name] = open_model(folder)
        except CheckpointError as error:
            problems.append(str(error))
            continue
        if opened[name].atlas_problem:
            problems.append(f"{opened[name].title} has no map. {opened[name].atlas_problem}")
    return opened, problems


def prepare(model: OpenModel) -> None:
    """Have everything ready that a page needs of a model."""
    decoder_file(model)
    if model.atlas is not None:
        atlas_source(model)


def show_problems(problems: list[str]) -> None:
    """What is wrong with checkpoints or data: the page goes on with the rest."""
    for problem in problems:
        st.warning(problem, icon=":material/info:")
    if absent := missing_assets():
        st.warning(
            f"{absent} Until then faces change only when a slider is released, and there is no map.",
            icon=":material/info:",
        )


def current_model(models: Mapping[str, OpenModel]) -> OpenModel:
    """The model that the switch stands on, before it is drawn."""
    return models.get(
        st.session_state.get(MODEL) or st.session_state.get(f"kept_{MODEL}", ""), next(iter(models.values()))
    )


def choose_model(models: dict[str, OpenModel]) -> OpenModel:
    """The model switch; the choice holds on every page."""
    if st.session_state.get(MODEL) not in models:
        st.session_state.pop(MODEL, None)
    remember(MODEL, next(iter(models)))
    if st.session_state[MODEL] not in models:
        st.session_state[MODEL] = next(iter(models))
    name = st.segmented_control(
        "Model",
        list(models),
        format_func=lambda name: models[name].title,
        key=MODEL,
        required=True,
        help="AE: an autoencoder, which squeezes a face into a list of numbers and rebuilds it. VAE: a variational "
        "autoencoder, which learns a small cloud of numbers for each face, so that points in between make sense too.",
    )
    return models[name or next(iter(models))]


def two_models(models: Mapping[str, OpenModel]) -> list[OpenModel]:
    """The pair to compare: all, where there are one or two, else two that the visitor chooses."""
    if len(models) <= 2:
        return list(models.values())
    remember("compared", list(models)[:2])
    if not set(st.session_state["compared"]) <= set(models):
        st.session_state["compared"] = list(models)[:2]
    names = st.multiselect(
        "Models side by side",
        list(models),
        format_func=lambda name: models[name].title,
        key="compared",
        max_selections=2,
        width=420,
    )
    return [models[name] for name in names or list(models)[:2]]


def decoder_url(model: OpenModel) -> str | None:
    """Where the browser gets a model's decoder, or None where there is none."""
    path = decoder_file(model)
    return publish_file(path) if path else None


def decode(model: OpenModel, z: NDArray[np.floating]) -> NDArray[np.uint8]:
    """Latents [N, D] to pictures uint8 [N, S, S, 3], on the server."""
    import torch  # late: most pages never decode on the server

    with torch.inference_mode():
        return to_uint8(model.network.decode(torch.from_numpy(np.asarray(z, np.float32))))


def beside(model: OpenModel, point: Point) -> tuple[str, str] | None:
    """The picture that a point encodes, cropped as the model sees it, as (address, label); None if it is not here."""
    if point.photo is not None:
        return picture_address(point.photo.crops[model.config.view]), "Your photo"
    row = point.row(model)
    crops = None if row is None else originals(model, [row])
    return None if crops is None else (picture_address(crops[0]), "Original")


def originals(model: OpenModel, rows: Sequence[int]) -> NDArray[np.uint8] | None:
    """Pictures of the viewer's CelebA folder as a model sees them: uint8 [R, S, S, 3]; None if one is not there."""
    crops = []
    for row in rows:
        path = original(int(model.atlas.image[row])) if model.atlas is not None else None
        try:
            if path is None:
                return None
            with Image.open(path) as picture:
                crops.append(crop_aligned(picture, *model.config.view))
        except (OSError, ValueError):
            return None
    return np.stack(crops)


def pad(
    model: OpenModel,
    point: Point,
    z: NDArray[np.float32],
    key: str = "pad",
    *,
    title: str = "",
    banks: Sequence[Bank] | None = None,
    readings: Readings | None = None,
    more: Mapping[str, str] | None = None,
    shown: int = 12,
    group: str | None = None,
    start: Mapping[str, float] | None = None,
    facts: Mapping[str, Any] | None = None,
    private: bool = False,
) -> PadState:
    """The latent pad at a point of a model that has an atlas, and a button that keeps what it shows on the shelf.

    Call it in a fragment: a release of a slider reruns only that, and the address follows.

    Args:
        model: one that has an atlas.
        point: the point.
        z: float32 [D], the point in this model.
        key: of the pad.
        title: Markdown above it.
        banks: the sliders; if not given, the model's own and those that depend on the point.
        readings: bars that follow the point.
        more: what else the address says of the page.
        shown: how many sliders are shown at first.
        group: for pads that move together; such a pad is narrow, and its page writes the address.
        start: where a new point's sliders stand at first, if no link says it.
        facts: what saved pictures and kept faces say besides the point and the weights.
        private: the sliders lead to a photo, so what they make stays out of links.
    """
    inputs = pad_inputs(model, point, z, key, banks, previous_point(), st.session_state.get(FOLLOWED, 0))
    bank, weights = (None, {}) if group else weights_of_link(point, model, key)
    head = st.container(horizontal=True, vertical_alignment="center", horizontal_alignment="distribute")
    head.markdown(title)
    state = latent_pad(
        **inputs,
        bank=bank,
        weights=weights or start,
        group=group,
        stacked=group is not None,
        readings=readings,
        shown=shown,
        provenance={**provenance(model, point), **(facts or {})},
        server_picture=lambda z: decode(model, z[None])[0],
        beside=None if group else beside(model, point),
    )
    if not group:
        write(model, point, state.bank, state.weights, **(more or {}))
    directions = {direction.key: direction for bank in inputs["banks"] for direction in bank.directions}
    with head:
        _keep_button(model, point, combine(z, directions, state.weights), state, key, facts, private)
    if not group:
        st.caption(_about_the_link(point, state))
    return state


def pad_inputs(
    model: OpenModel,
    point: Point,
    z: NDArray[np.float32],
    key: str,
    banks: Sequence[Bank] | None,
    before: Point | None,
    links: int,
) -> dict[str, Any]:
    """What the pad is given of a point, whoever asks for it: a page's script, or the head start before that runs.

    Args:
        model, point, z, key, banks: as for `pad`.
        before: the point that the visitor had before.
        links: how many links the session has followed.
    """
    assert model.posterior is not None
    assert model.percentiles is not None
    return {
        "key": key,
        "model": model.name,
        "point_id": f"{model.sha256[:8]} {point.key} {links}",
        "z": z,
        "banks": [*model.banks, *_banks_of_point(model, point, z, before)] if banks is None else banks,
        "base_url": frontend_base(),
        "decoder_url": decoder_url(model),
        "plausibility": Plausibility(
            mean=model.posterior.mean,
            precision=model.posterior.precision,
            percentiles=model.percentiles,
            prior=model.config.kind == "vae",
        ),
    }


def _about_the_link(point: Point, state: PadState) -> str:
    """What the address of the page holds, and what it cannot."""
    if point.private:
        return "A photo stays in this session: the address of the page does not hold it."
    if not all(map(shareable, state.weights)):
        return (
            "The address of this page holds this face, but not the sliders that belong to this session alone (your own "
            "direction, the face before). Keep the face on the shelf instead."
        )
    return "The address of this page holds this face and its sliders: copy it to share them."


def provenance(model: OpenModel, point: Point) -> dict[str, Any]:
    """The facts that an exported picture carries."""
    return {
        "app": "facespace",
        "model": model.name,
        "checkpoint_sha256": model.sha256,
        "point": point.origin(model),
    }


def _keep_button(
    model: OpenModel,
    point: Point,
    z: NDArray[np.float32],
    state: PadState,
    key: str,
    facts: Mapping[str, Any] | None,
    private: bool,
) -> None:
    """Keep what the pad shows."""
    if not st.button("Keep on the shelf", icon=":material/bookmark_add:", key=f"keep {key}"):
        return
    before = previous_point()
    private = private or (before is not None and before.private and bool(state.weights))
    kept = shelf.keep(open_all()[0], model, point, z, state.weights, facts, private)
    if kept is None:
        st.toast("The shelf is full. Take a face off it first.")
        return
    st.toast(f"Kept as \u201c{plain_text(kept.name)}\u201d. The shelf is at the top of the page.")
    st.rerun(scope="app")


def _banks_of_point(model: OpenModel, point: Point, z: NDArray[np.float32], before: Point | None) -> list[Bank]:
    """The directions that depend on the point: towards other faces, and for a VAE within its posterior."""
    assert model.atlas is not None
    assert model.posterior is not None
    targets = {"Average face": model.posterior.mean}
    if before is not None and (other := before.z(model)) is not None:
        targets[BEFORE] = other
    for row in np.random.default_rng(0).permutation(len(model.atlas))[:MORPH_FACES]:
        targets[f"Face {model.atlas.image[row]}"] = model.atlas.mu[row].astype(np.float32)
    banks = [morph_bank(z, targets)]
    logvar = point.logvar(model)
    if logvar is not None:
        banks.append(noise_bank(logvar))
    return banks


def plain_text(words: str) -> str:
    """Words of somebody's own, such as a name, to be shown as they are and not as Markdown."""
    return re.sub(r"([\\`*_{}\[\]()#+\-.!|~<>$:])", r"\\\1", words)
