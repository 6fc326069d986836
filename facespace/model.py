"""A checkpoint, opened: everything that the pages do with it."""

from __future__ import annotations

import os
from collections.abc import Iterable, Sequence
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import ArrayLike, NDArray
from PIL import Image

from faces import NoFaceError
from faces.photo import PhotoError
from facespace.codes import Codes
from facespace.pictures import Picture, crop, files_of
from facespace.ways import Ways
from latent.atlas import AtlasError
from latent.direction_file import DirectionFileError
from latent.fitted_samplers import FITTED
from latent.flow import Flow, Wish, load_prior
from latent.mixture_file import fit_to_atlas, load_mixture
from latent.paths import Way, walk
from latent.posterior import distance_percentiles, squared_mahalanobis
from latent.projection import place_many
from latent.samplers import Mixture, Sampler
from latent.velocity import PriorError
from models import SHIPPED, CheckpointError, load_classifier
from models.checkpoint_files import open_files
from models.data.attributes import ATTRIBUTES, JUDGING
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


class Model(Ways):
    """An AE or a VAE with its map; `open_model` makes one. It has all of `Ways`, `Directed` and `Opened`, too.

    D is the number of latent dimensions, S the side of its pictures in pixels. In the examples `model` is
    `open_model("vae")`.
    """

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
