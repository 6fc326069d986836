"""What several pages show: the model switch, the pad with the current face, and problems in plain words."""

from __future__ import annotations

import base64
import io
from pathlib import Path

import numpy as np
import streamlit as st
import torch
from numpy.typing import NDArray
from PIL import Image

from app.cache import OpenModel, atlas_source, decoder_file, find_checkpoints, open_model, original
from app.components.latent_pad import Plausibility, latent_pad
from app.serving import frontend_base, missing_assets, publish_file
from app.state import MODEL, Point, previous_point, remember
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


def decoder_url(model: OpenModel) -> str | None:
    """Where the browser gets a model's decoder, or None where there is none."""
    path = decoder_file(model)
    return publish_file(path) if path else None


@torch.inference_mode()
def decode(model: OpenModel, z: NDArray[np.floating]) -> NDArray[np.uint8]:
    """Latents [N, D] to pictures uint8 [N, S, S, 3], on the server."""
    return to_uint8(model.network.decode(torch.from_numpy(np.asarray(z, np.float32))))


def beside(model: OpenModel, point: Point) -> tuple[str, str] | None:
    """The picture that a point encodes, cropped as the model sees it, as (address, label); None if it is not here."""
    size = model.config.image_size
    if point.photo is not None:
        return _picture_address(point.photo.crops[size]), "Your photo"
    if point.row is None or model.atlas is None:
        return None
    path = original(int(model.atlas.image[point.row]))
    if path is None:
        return None
    try:
        with Image.open(path) as picture:
            return _picture_address(crop_aligned(picture, size)), "Original"
    except (OSError, ValueError):
        return None


def pad(model: OpenModel, point: Point, z: NDArray[np.float32], key: str = "pad") -> None:
    """The latent pad at a point of a model that has an atlas; a release of a slider reruns only this."""
    assert model.posterior is not None
    assert model.percentiles is not None
    latent_pad(
        key=key,
        model=model.name,
        point_id=f"{model.sha256[:8]} {point.key}",
        z=z,
        banks=[*model.banks, *_banks_of_point(model, point, z)],
        base_url=frontend_base(),
        decoder_url=decoder_url(model),
        plausibility=Plausibility(
            mean=model.posterior.mean,
            precision=model.posterior.precision,
            percentiles=model.percentiles,
            prior=model.network.is_variational,
        ),
        server_picture=lambda z: decode(model, z[None])[0],
        beside=beside(model, point),
    )


def _banks_of_point(model: OpenModel, point: Point, z: NDArray[np.float32]) -> list[Bank]:
    """The directions that depend on the point: towards other faces, and for a VAE within its posterior."""
    assert model.atlas is not None
    assert model.posterior is not None
    targets = {"Average face": model.posterior.mean}
    before = previous_point()
    if before is not None and (other := before.z(model)) is not None:
        targets["The face before"] = other
    for row in np.random.default_rng(0).permutation(len(model.atlas))[:MORPH_FACES]:
        targets[f"Face {model.atlas.image[row]}"] = model.atlas.mu[row].astype(np.float32)
    banks = [morph_bank(z, targets)]
    logvar = point.logvar(model)
    if logvar is not None:
        banks.append(noise_bank(logvar))
    return banks


def _picture_address(picture: NDArray[np.uint8]) -> str:
    buffer = io.BytesIO()
    Image.fromarray(picture).save(buffer, "PNG")
    return f"data:image/png;base64,{base64.b64encode(buffer.getvalue()).decode('ascii')}"


def portrait() -> Path:
    """A public-domain face to try everything with."""
    return Path(__file__).parents[1] / "assets" / "portrait.jpg"
