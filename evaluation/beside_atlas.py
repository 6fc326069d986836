"""What is made of an atlas alone and stands beside it: the lesson's maps, the map by attributes, ten Gaussians."""

from __future__ import annotations

import shutil
from dataclasses import asdict, replace

import numpy as np
from numpy.typing import NDArray
from tqdm import tqdm

from latent import attribute_map
from latent.atlas import AtlasError, load_atlas, save_atlas
from latent.embedding import embed
from latent.map_file import load_maps, save_maps
from latent.map_settings import SETTINGS, map_rows
from latent.mixture_file import fit_to_atlas, load_mixture, save_mixture
from latent.posterior import covariance_of_draws
from models.checkpoint_files import CheckpointError, CheckpointFiles
from models.checkpoints import load_checkpoint
from models.data.attributes import JUDGING
from models.effects import dimension_effects
from models.latent_model import LatentModel
from models.networks import encode_alike

EFFECT_POINTS = 16  # encoded faces over which a dimension's effect on the picture is averaged


def draw_maps(files: CheckpointFiles) -> None:
    """Map the held-out faces of an atlas with each setting that the lesson shows: writes maps.npz beside it.

    Raises:
        AtlasError, CheckpointError: there is no atlas of these weights.
    """
    atlas = load_atlas(files.atlas_path, files.sha256)
    points = atlas.mu[map_rows(atlas.partition)]
    if len(points) < 3:
        raise AtlasError(f"{files.atlas_path} holds {len(points)} faces to map; a map needs at least 3.")
    bar = tqdm(SETTINGS, desc=f"Mapping {len(points)} faces", unit=" maps")
    maps = {setting: embed(points, **asdict(setting))[0] for setting in bar}
    save_maps(maps, atlas, files.maps_path)
    print(f"{files.maps_path}: {len(maps)} maps of {len(points)} faces, {files.maps_path.stat().st_size / 1e6:.2f} MB")


def map_by_attributes(files: CheckpointFiles) -> None:
    """Map the faces of an atlas by their codes and attributes: writes by_attributes.npz beside it.

    Raises:
        AtlasError, CheckpointError: there is no atlas of these weights, or it has no attributes.
    """
    atlas, path = load_atlas(files.atlas_path, files.sha256), files.folder / attribute_map.FILE
    made = attribute_map.draw_by_attributes(atlas, JUDGING)
    attribute_map.save_attribute_map(made, atlas, path)
    print(f"{path}: {made.quality}; the plain map: {made.plain}; {path.stat().st_size / 1e6:.2f} MB")


def fit_gaussians(files: CheckpointFiles) -> None:
    """Fit ten Gaussians to an atlas: writes mixture.npz beside it, so that nobody has to wait for it in the app.

    Raises:
        AtlasError, CheckpointError: there is no atlas of these weights, or it holds too few faces.
    """
    atlas = load_atlas(files.atlas_path, files.sha256)
    try:
        mixture = fit_to_atlas(atlas)
    except ValueError as error:
        raise AtlasError(f"{files.atlas_path} holds too few faces: {error}") from error
    save_mixture(mixture, atlas, files.mixture_path)
    print(f"{files.mixture_path}: ten Gaussians, {files.mixture_path.stat().st_size / 1e6:.2f} MB")


def take_over_latents(files: CheckpointFiles, source: CheckpointFiles) -> None:
    """Give a checkpoint the atlas and the maps of another one with the same encoder, whose decoder was trained on.

    Only what each dimension does to the picture is measured anew.

    Raises:
        AtlasError, CheckpointError: the encoders differ, or there is no atlas of the other's weights.
    """
    network, other = load_checkpoint(files), load_checkpoint(source)
    if not encode_alike(network, other):
        raise CheckpointError(f"{files.folder} encodes otherwise than {source.folder}. Leave out --latents-of.")
    before = load_atlas(source.atlas_path, source.sha256)
    effect = effects_on_the_picture(network, before.mu, before.logvar, int(before.facts.get("seed", 0)))
    atlas = replace(before, effect=effect, checkpoint_sha256=files.sha256)
    save_atlas(atlas, files.atlas_path)
    print(f"{files.atlas_path}: {len(atlas)} pictures, their latents as in {source.folder}")
    if source.maps_path.is_file():
        save_maps(load_maps(source.maps_path, before), atlas, files.maps_path)
    if (by_attributes := source.folder / attribute_map.FILE).is_file():
        shutil.copyfile(by_attributes, files.folder / attribute_map.FILE)
    if source.mixture_path.is_file():
        save_mixture(load_mixture(source.mixture_path, before), atlas, files.mixture_path)


def effects_on_the_picture(
    network: LatentModel, mu: NDArray[np.floating], logvar: NDArray[np.float32] | None, seed: int
) -> NDArray[np.float32]:
    """How much each dimension changes the picture, around some of the encoded faces: float32 [D]."""
    points = mu[np.random.default_rng(seed).permutation(len(mu))[:EFFECT_POINTS]]
    return dimension_effects(network, points, np.sqrt(np.diag(covariance_of_draws(mu, logvar))))
