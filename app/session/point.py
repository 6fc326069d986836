"""What a visitor is looking at: the model and the current point, kept across pages and reruns."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from app.checkpoints.celeba import called
from app.checkpoints.opening import OpenModel
from app.checkpoints.samplers import can_draw, draw
from app.texts import _
from models.data.pictures import LAST_CELEBA

if TYPE_CHECKING:  # photos bring the face detector and torch, which a first page need not wait for
    from app.session.photos import Photo


@dataclass(frozen=True)
class Sample:
    """A generated face, the same in every session: which sampler, which seed, which sample of it."""

    sampler: str
    seed: int
    index: int
    temperature: float = 1.0

    @property
    def code(self) -> str:
        """As links and file names write it, such as "gaussian.7.12.0.8"."""
        return f"{self.sampler}.{self.seed}.{self.index}.{self.temperature:g}"


@dataclass(frozen=True, eq=False)
class Kept:
    """A face that somebody kept: its latents, by checkpoint name.

    Attributes:
        key: unique in the session.
        name: what the visitor calls it.
        latents: float32 [D] for each model that knows it.
        checkpoints: the hash of the weights that each latent belongs to.
        facts: where it came from, JSON-ready.
        private: made from a photo, so it stays out of links.
    """

    key: str
    name: str
    latents: dict[str, NDArray[np.float32]]
    checkpoints: dict[str, str]
    facts: dict[str, Any] = field(default_factory=dict)
    private: bool = False


@dataclass(frozen=True)
class Point:
    """The current face: one of the data set, by its image number, a photo, a sample or a kept face.

    Without any of these it is the first face of whatever atlas is looked at.
    """

    image: int | None = None
    photo: Photo | None = None
    sample: Sample | None = None
    kept: Kept | None = None

    @property
    def key(self) -> str:
        """Names the point; sliders start anew when it changes."""
        if self.photo is not None:
            return self.photo.key
        if self.sample is not None:
            return f"sample-{self.sample.code}"
        return f"kept-{self.kept.key}" if self.kept is not None else f"face-{self.image}"

    @property
    def encoded(self) -> bool:
        """Whether it is a face of the data set, which an atlas may hold."""
        return self.photo is None and self.sample is None and self.kept is None

    def of_celeba(self, model: OpenModel) -> bool:
        """Whether it is one of CelebA's faces, and not one of the viewer's own pictures."""
        row = self.row(model)
        return row is not None and model.atlas is not None and int(model.atlas.image[row]) <= LAST_CELEBA

    def row(self, model: OpenModel) -> int | None:
        """Its row in a model's atlas, or None where that does not hold it. Atlases may list different pictures."""
        if model.atlas is None or not self.encoded:
            return None
        return 0 if self.image is None else model.atlas.row_of(self.image)

    @property
    def private(self) -> bool:
        """Whether it was made from a photo."""
        return self.photo is not None or (self.kept is not None and self.kept.private)

    def name(self, model: OpenModel) -> str:
        """What to call it."""
        if self.photo is not None:
            return self.photo.name
        if self.sample is not None:
            return _("Sample {number} of seed {seed}").format(number=self.sample.index + 1, seed=self.sample.seed)
        if self.kept is not None:
            return self.kept.name
        row = self.row(model)
        return called(int(model.atlas.image[row])) if row is not None and model.atlas is not None else _("Face")

    def origin(self, model: OpenModel) -> dict[str, Any]:
        """Where it came from, JSON-ready, for the metadata of pictures."""
        if self.photo is not None:
            return {"kind": "photo"}
        if self.sample is not None:
            return {"kind": "sample", **asdict(self.sample)}
        if self.kept is not None:
            return {"kind": "kept", "name": self.kept.name, **self.kept.facts}
        row = self.row(model)
        return (
            {"kind": "face", "image": int(model.atlas.image[row])}
            if row is not None and model.atlas is not None
            else {}
        )

    def z(self, model: OpenModel) -> NDArray[np.float32] | None:
        """float32 [D] in one model's latent space, or None where the model does not know it."""
        if self.photo is not None:
            return self.photo.latents.get(model.identity)
        if self.kept is not None:
            same = self.kept.checkpoints.get(model.name) == model.sha256
            return self.kept.latents[model.name] if same else None
        if model.atlas is None:
            return None
        if self.sample is not None:
            sample = self.sample
            if not can_draw(model, sample.sampler):
                return None
            return draw(model, sample.sampler, sample.index + 1, sample.seed, sample.temperature)[sample.index]
        row = self.row(model)
        return None if row is None else model.atlas.mu[row].astype(np.float32)

    def logvar(self, model: OpenModel) -> NDArray[np.float32] | None:
        """float32 [D], the log variance of this face's posterior; None for an AE and for what was not encoded."""
        if self.photo is not None:
            return self.photo.logvars.get(model.identity)
        row = self.row(model)
        if model.atlas is None or model.atlas.logvar is None or row is None:
            return None
        return model.atlas.logvar[row]


def provenance(model: OpenModel, point: Point) -> dict[str, Any]:
    """The facts that an exported picture carries."""
    return {
        "app": "facespace",
        "model": model.name,
        "checkpoint_sha256": model.sha256,
        **({"vivid": model.vivid} if model.files.faithful_sha256 else {}),
        "point": point.origin(model),
    }
