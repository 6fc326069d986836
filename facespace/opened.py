"""A checkpoint's folder, opened: its weights and what its atlas says."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import ArrayLike, NDArray

from latent.atlas import Atlas, load_atlas
from latent.attribute_axes import AttributeAxis, attribute_axes, attribute_bank
from latent.directions import Bank, Direction, dimension_bank, principal_bank
from latent.posterior import AggregatePosterior, aggregate_posterior
from models import load_checkpoint
from models.checkpoint_files import CheckpointFiles
from models.data.attributes import JUDGING, plain_name

if TYPE_CHECKING:  # torch takes two seconds to import, and much needs none of it
    from models.latent_model import LatentModel


@dataclass(frozen=True, eq=False, repr=False)
class Opened:
    """What is known of a model; `Model` has this, too. In the examples `model` is `open_model("vae")`."""

    files: CheckpointFiles
    """Where it lies and how it is read."""

    def __repr__(self) -> str:
        config = self.files.config
        return f"Model({self.files.name!r}, {config.latent_dim} numbers, {config.image_size} pixels)"

    @cached_property
    def network(self) -> LatentModel:
        """The weights, for torch: pictures float32 [N, 3, S, S] in [0, 1] to codes [N, D] and back."""
        return load_checkpoint(self.files)

    @cached_property
    def atlas(self) -> Atlas:
        """The encoded faces that it was mapped with: numbers, parts, scores, codes `mu` and places `xy`.

        Raises:
            latent.atlas.AtlasError: there is none yet, or it belongs to other weights.
        """
        return load_atlas(self.files.atlas_path, self.files.sha256, self.files.config.latent_dim)

    @cached_property
    def posterior(self) -> AggregatePosterior:
        """Mean, covariance and standard deviations of the encoded faces."""
        return aggregate_posterior(self.atlas)

    @cached_property
    def axes(self) -> Mapping[str, AttributeAxis]:
        """Each attribute's direction with its held-out AUC, by the attribute's name."""
        return attribute_axes(self.atlas)

    @cached_property
    def banks(self) -> tuple[Bank, ...]:
        """The model's own sliders by their kind: attributes, principal components and single dimensions."""
        names = {name: plain_name(name) for name in self.atlas.attributes if name not in JUDGING}
        return (
            attribute_bank(self.axes, names),
            principal_bank(self.posterior),
            dimension_bank(self.posterior, self.atlas.effect),
        )

    @cached_property
    def directions(self) -> Mapping[str, Direction]:
        """All sliders of the page *Explore* by name: attributes, principal components and single dimensions.

        >>> [name for name in model.directions][:3]
        ['Smiling', 'Eyeglasses', 'Male']
        >>> model.directions["Component 1"].vector.shape
        (128,)
        """
        return {direction.name: direction for bank in self.banks for direction in bank.directions}

    def _codes(self, z: ArrayLike) -> NDArray[np.float32]:
        codes = np.atleast_2d(np.asarray(z, np.float32))
        if codes.ndim != 2 or codes.shape[1] != self.files.config.latent_dim:
            raise ValueError(f"expected codes [N, {self.files.config.latent_dim}], not {list(np.shape(z))}.")
        return codes
