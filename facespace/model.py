"""A checkpoint, opened: everything that the pages do with it."""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeAlias

import numpy as np
from numpy.typing import ArrayLike, NDArray
from PIL import Image

from faces import NoFaceError
from faces.photo import PhotoError
from facespace.codes import Codes
from facespace.pictures import Picture, crop, files_of
from latent.atlas import Atlas, AtlasError, load_atlas
from latent.attribute_axes import AttributeAxis, attribute_axes, attribute_bank, only
from latent.direction_file import DirectionFileError, direction_bytes, read_direction
from latent.directions import Direction, dimension_bank, principal_bank
from latent.fitted_samplers import FITTED
from latent.flow import Flow, Wish, load_prior
from latent.mixture_file import fit_to_atlas, load_mixture
from latent.paths import Way, walk
from latent.posterior import AggregatePosterior, aggregate_posterior, distance_percentiles, squared_mahalanobis
from latent.projection import place_many
from latent.samplers import Mixture, Sampler
from latent.velocity import PriorError
from models import SHIPPED, CheckpointError, load_checkpoint, load_classifier
from models.checkpoint_files import CheckpointFiles, open_files
from models.data.attributes import ATTRIBUTES, JUDGING, plain_name
from models.data.celeba import DataError, read_celeba
from models.faithful import VIVID, blended, load_faithful
from models.images import as_seen, to_tensor, to_uint8

if TYPE_CHECKING:  # torch takes two seconds to import, and much needs none of it
    from models.latent_model import LatentModel

BATCH = 64  # pictures that are encoded or decoded at a time
SAMPLERS = (*FITTED, "mixture", "learned")
"""What `Model.sample` draws from, under the names that a link to the page *Generate* has, too: "standard" (N(0, I)),
"scaled" (each number's own mean and width), "gaussian" (one bell curve over all numbers), "jitter" (a held-out face,
moved a little), "mixture" (ten bell curves) and "learned" (a learned prior, where there is one)."""
errors = (
    AtlasError,
    CheckpointError,
    DataError,
    DirectionFileError,
    NoFaceError,
    PhotoError,
    PriorError,
    OSError,
    ValueError,
)
"""Whatever can go wrong, for `except facespace.errors as error`: its message says what is wrong and what to do."""
Weights: TypeAlias = Mapping[str | Direction, float]


def open_model(checkpoint: str | os.PathLike[str]) -> Model:
    """Open a checkpoint: a shipped one by its name, or any folder that holds one.

    Its weights and its atlas are read when they are first needed.

    Raises:
        models.CheckpointError: there is none, it is damaged, or it is a classifier.

    >>> open_model("vae")
    Model('vae', 128 numbers, 128 pixels)
    """
    shipped = SHIPPED / checkpoint
    files = open_files(shipped if isinstance(checkpoint, str) and shipped.is_dir() else Path(checkpoint).expanduser())
    if files.config.kind == "classifier":
        raise CheckpointError(f"{files.folder} is a classifier, which has no latent space. Name an AE or a VAE.")
    return Model(files)


@dataclass(frozen=True, eq=False, repr=False)
class Model:
    """An AE or a VAE with its map; `open_model` makes one.

    D is the number of latent dimensions, S the side of its pictures in pixels. In the examples `model` is
    `open_model("vae")`.
    """

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
    def directions(self) -> Mapping[str, Direction]:
        """All sliders of the page *Explore* by name: attributes, principal components and single dimensions.

        >>> [name for name in model.directions][:3]
        ['Smiling', 'Eyeglasses', 'Male']
        >>> model.directions["Component 1"].vector.shape
        (128,)
        """
        names = {name: plain_name(name) for name in self.atlas.attributes if name not in JUDGING}
        banks = (
            attribute_bank(self.axes, names),
            principal_bank(self.posterior),
            dimension_bank(self.posterior, self.atlas.effect),
        )
        return {direction.name: direction for bank in banks for direction in bank.directions}

    def encode(
        self, pictures: Picture | Sequence[Picture] | NDArray[np.uint8], *, align: bool = False
    ) -> NDArray[np.float32]:
        """Codes of pictures: an AE's code, a VAE's mean.

        Args:
            pictures: one picture or several (a path or a Pillow image each), or decoded faces uint8 [N, S', S', 3].
            align: find the face in each picture and cut it out as CelebA's are; not where they are cut already.

        Returns:
            float32 [N, D].

        Raises:
            faces.NoFaceError, faces.photo.PhotoError: there is no face, or no picture.

        >>> z = model.atlas.mu[:2].astype("float32")
        >>> model.encode(model.decode(z)).shape
        (2, 128)
        """
        view = self.files.config.view
        if isinstance(pictures, np.ndarray):
            return self._posterior(as_seen(pictures, *view))[0]
        several = [pictures] if isinstance(pictures, str | os.PathLike | Image.Image) else pictures
        return self._posterior(np.stack([crop(one, view, align) for one in several]))[0]

    def encode_folder(self, folder: str | os.PathLike[str], *, align: bool = False, progress: bool = True) -> Codes:
        """Codes of all pictures in a folder, a batch in memory at a time; nothing is written.

        Args:
            folder: as for build_atlas.py; pictures that align_faces.py cut out of others are taken instead of them.
            align: find the face in each picture and cut it out; other formats, such as HEIC, are read then, too.
            progress: show a bar.

        Returns:
            Codes in the order of the files' names; what could not be read, or has no face, is named in `left_out`.

        Raises:
            models.data.celeba.DataError: there are no pictures, or none has a code.
        """
        paths, left_out = files_of(folder, align), {}
        kept: list[Path] = []
        found: list[tuple[NDArray[np.float32], NDArray[np.float32] | None]] = []
        for batch in _batches(paths, progress):
            crops = []
            for path in batch:
                try:
                    crops.append(crop(path, self.files.config.view, align))
                    kept.append(path)
                except (NoFaceError, PhotoError, OSError) as error:
                    left_out[path] = str(error)
            if crops:
                found.append(self._posterior(np.stack(crops)))
        if not found:
            first, reason = next(iter(left_out.items()))
            raise DataError(f"none of the {len(paths)} pictures has a code; {first.name}: {reason}")
        logvars = [logvar for _, logvar in found if logvar is not None]
        z = np.concatenate([mu for mu, _ in found])
        return Codes(z, np.concatenate(logvars) if logvars else None, tuple(kept), left_out, self._facts)

    def decode(self, z: ArrayLike, *, vivid: float = VIVID) -> NDArray[np.uint8]:
        """Faces uint8 [N, S, S, 3] of codes [N, D] (or [D]).

        Args:
            z: the codes.
            vivid: from 0, drawn by the faithful decoder, to 1, by the vivid one, where the model has both.
        """
        import torch

        codes, network = torch.from_numpy(self._codes(z)), self._drawing(vivid)
        with torch.inference_mode():
            return np.concatenate([to_uint8(network.decode(batch)) for batch in codes.split(BATCH)])

    def direction(self, name: str | Direction) -> Direction:
        """One direction by an attribute's name ("Wearing_Hat"), a slider's ("Wearing hat") or its key ("dim-17").

        Raises:
            ValueError: there is none of this name.

        >>> model.direction("Wearing_Hat").name
        'Wearing hat'
        """
        if isinstance(name, Direction):
            return name
        found = self.directions.get(name) or self.directions.get(plain_name(name) if name else "")
        found = found or next((one for one in self.directions.values() if one.key == name), None)
        if found is None:
            raise ValueError(f"{self.files.name} has no direction {name!r}. `directions` lists those that it has.")
        return found

    def direction_between(self, a: ArrayLike, b: ArrayLike, name: str = "From A to B") -> Direction:
        """The direction from the mean of codes a [N, D] to the mean of codes b [M, D]; 1 is the whole distance."""
        vector = self._codes(b).mean(0) - self._codes(a).mean(0)
        return Direction("own-1", name, vector, -2.0, 2.0, unit="")

    def save_direction(self, direction: str | Direction, path: str | os.PathLike[str]) -> None:
        """Write a direction as a file that `load_direction` and the page *Edit* read.

        Raises:
            latent.direction_file.DirectionFileError: it is a path, which no single vector says.
            OSError: the file cannot be written.
        """
        Path(path).write_bytes(direction_bytes(self.direction(direction), self.files.sha256))

    def load_direction(self, path: str | os.PathLike[str]) -> Direction:
        """Read a direction: a file saved here or on a page, or a `.npy` of D numbers from anywhere.

        Raises:
            latent.direction_file.DirectionFileError: it is damaged, or of another model.
            OSError: it cannot be read.
        """
        path = Path(path)
        return read_direction(path.read_bytes(), self.files.config.latent_dim, self.files.sha256, path.stem)

    def edit(self, z: ArrayLike, weights: Weights, *, hold: Iterable[str | Direction] = ()) -> NDArray[np.float32]:
        """Codes [N, D] moved along directions: float32 [N, D].

        Args:
            z: the codes.
            weights: how far along which direction (or its name); for an attribute 1 is the distance between the mean
                faces without and with it.
            hold: directions to hold still: every other is made orthogonal to them first.

        Raises:
            ValueError: there is no such direction, or it cannot be told from those that are held.

        >>> z = model.posterior.mean
        >>> moved = model.edit(z, {"Eyeglasses": 1.0}, hold=["Male"])
        >>> bool(abs((moved - z) @ model.direction("Male").vector).max() < 1e-3)
        True
        """
        held = [self.direction(name).vector for name in hold]
        moved = self._codes(z).astype(np.float64)
        for name, weight in weights.items():
            direction = self.direction(name)
            if direction.path is not None or not held:
                moved += direction.offset(weight)
                continue
            vector = only(direction.vector, held)
            if vector is None:
                raise ValueError(f"{direction.name} cannot be told from what is held still. Hold fewer.")
            moved += weight * vector.astype(np.float64)
        return moved.astype(np.float32)

    def sample(
        self,
        count: int,
        sampler: str = "gaussian",
        *,
        seed: int = 0,
        temperature: float = 1.0,
        wish: Wish | None = None,
    ) -> NDArray[np.float32]:
        """Draw codes float32 [count, D]; row i depends on the seed and i alone.

        Args:
            count: how many.
            sampler: one of `SAMPLERS`.
            seed: of the noise.
            temperature: multiplies the noise.
            wish: what the faces should have; the learned prior alone takes one.

        Raises:
            ValueError: there is no such sampler, or a number is out of range.
            latent.velocity.PriorError: the model has no learned prior.

        >>> few, more = model.sample(2, "mixture", seed=7), model.sample(3, "mixture", seed=7)
        >>> bool((few == more[:2]).all())
        True
        """
        if wish is not None and sampler != "learned":
            raise ValueError('only the sampler "learned" can be asked for attributes.')
        if sampler == "learned":
            return self._prior.sample(count, seed, temperature, wish)
        return self._sampler(sampler).sample(count, seed, temperature)

    def interpolate(self, points: Sequence[ArrayLike], count: int, way: Way = "straight") -> NDArray[np.float32]:
        """Codes at equal steps on the way through two or more codes [D]: float32 [count, D].

        Args:
            points: the first and the last are the ends themselves.
            count: 2 or more.
            way: "straight", or "spherical" along the arc around the average face.

        >>> model.interpolate(model.sample(2), 5, "spherical").shape
        (5, 128)
        """
        return walk([self._codes(point)[0] for point in points], count, way, self.posterior.mean)

    def place(self, z: ArrayLike) -> NDArray[np.float32]:
        """Where codes [N, D] belong on the map: float32 [N, 2], among their ten nearest faces.

        >>> bool(abs(model.place(model.atlas.mu[:3]) - model.atlas.xy[:3]).max() < 1e-2)
        True
        """
        return place_many(self._codes(z), self.atlas.mu, self.atlas.xy)

    def distance(self, z: ArrayLike) -> NDArray[np.float32]:
        """How many of 100 held-out faces lie nearer to the average face than codes [N, D]: float32 [N], 0 to 100.

        >>> float(model.distance(model.posterior.mean)[0])
        0.0
        """
        squared = squared_mahalanobis(self._codes(z), self.posterior)
        return np.interp(squared, self._percentiles, np.arange(len(self._percentiles))).astype(np.float32)

    def read(
        self, z: ArrayLike, *, classifier: str | os.PathLike[str] = SHIPPED / "measure"
    ) -> dict[str, NDArray[np.float32]]:
        """What a classifier sees in the decoded faces of codes [N, D]: probabilities float32 [N] by attribute.

        The six attributes that judge people are left out.
        """
        from models.metrics import read_decoded

        seen = read_decoded(self.network, load_classifier(Path(classifier)), self._codes(z))
        return {name: seen[:, i] for i, name in enumerate(ATTRIBUTES) if name not in JUDGING}

    def evaluate(self, data: str | os.PathLike[str], *, samples: int = 10_000, seed: int = 0) -> dict[str, Any]:
        """Measure the model on the test part of a folder of pictures, as evaluate.py does; nothing is written.

        Args:
            data: CelebA's folder, or one of your own with its parts.
            samples: decoded faces a sampler.
            seed: of all that is drawn.

        Returns:
            What metrics.json holds: PSNR beside PCA, KL, probes, distances of samples to real faces, cost.

        Raises:
            models.data.celeba.DataError: there are no pictures, or none of a part.
        """
        from evaluation.autoencoder import Settings, autoencoder_figures
        from models.data.dataset import load_faces

        faces = load_faces(read_celeba(Path(data)), *self.files.config.view)
        return autoencoder_figures(self.files, faces, Settings(SHIPPED / "measure", samples, seed))

    @property
    def _facts(self) -> dict[str, Any]:
        return {"checkpoint": self.files.name, "checkpoint_sha256": self.files.sha256}

    @cached_property
    def _percentiles(self) -> NDArray[np.float32]:
        return distance_percentiles(self.atlas, self.posterior)

    @cached_property
    def _prior(self) -> Flow:
        return load_prior(self.files.folder, self.files.sha256)

    @cached_property
    def _mixture(self) -> Mixture:
        try:
            return load_mixture(self.files.mixture_path, self.atlas)
        except (FileNotFoundError, AtlasError):  # it is only there to save the wait
            return fit_to_atlas(self.atlas)

    def _sampler(self, name: str) -> Sampler:
        if name == "mixture":
            return self._mixture
        if name not in FITTED:
            raise ValueError(f"there is no sampler {name!r}. There are: {', '.join(SAMPLERS)}.")
        return FITTED[name](self.atlas, self.posterior)

    def _drawing(self, vivid: float) -> LatentModel:
        if not 0 <= vivid <= 1:
            raise ValueError(f"vivid must lie between 0 and 1, not {vivid}.")
        if vivid == VIVID or not self.files.faithful_sha256:
            return self.network
        return blended(self.network, load_faithful(self.files, self.network), vivid)  # type: ignore[arg-type]  # ours

    def _codes(self, z: ArrayLike) -> NDArray[np.float32]:
        codes = np.atleast_2d(np.asarray(z, np.float32))
        if codes.ndim != 2 or codes.shape[1] != self.files.config.latent_dim:
            raise ValueError(f"expected codes [N, {self.files.config.latent_dim}], not {list(np.shape(z))}.")
        return codes

    def _posterior(self, crops: NDArray[np.uint8]) -> tuple[NDArray[np.float32], NDArray[np.float32] | None]:
        import torch

        with torch.inference_mode():
            found = [self.network.posterior(to_tensor(batch)) for batch in torch.from_numpy(crops).split(BATCH)]
        logvars = [logvar.numpy() for _, logvar in found if logvar is not None]
        return np.concatenate([mu.numpy() for mu, _ in found]), np.concatenate(logvars) if logvars else None


def _batches(paths: Sequence[Path], progress: bool) -> Iterable[Sequence[Path]]:
    from tqdm import tqdm

    with tqdm(total=len(paths), desc="Encoding", unit=" pictures", disable=not progress) as bar:
        for start in range(0, len(paths), BATCH):
            batch = paths[start : start + BATCH]
            yield batch
            bar.update(len(batch))
