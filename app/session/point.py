"""What a visitor is looking at: the model and the current point, kept across pages and reruns."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np
import streamlit as st
from numpy.typing import NDArray

from app.checkpoints.opening import OpenModel
from app.checkpoints.samplers import draw

if TYPE_CHECKING:  # photos bring the face detector and torch, which a first page need not wait for
    from app.session.photos import Photo

MODEL = "current_model"
POINT = "current_point"
BY_ADDRESS = "came_by_address"  # in this run the address says something else than the session last wrote
PREVIOUS = "previous_point"
PAGES = "pages"


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
            return f"Sample {self.sample.index + 1} of seed {self.sample.seed}"
        if self.kept is not None:
            return self.kept.name
        row = self.row(model)
        return f"Face {model.atlas.image[row]}" if row is not None and model.atlas is not None else "Face"

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
            return self.photo.latents.get(model.name)
        if self.kept is not None:
            same = self.kept.checkpoints.get(model.name) == model.sha256
            return self.kept.latents[model.name] if same else None
        if model.atlas is None:
            return None
        if self.sample is not None:
            sample = self.sample
            return draw(model, sample.sampler, sample.index + 1, sample.seed, sample.temperature)[sample.index]
        row = self.row(model)
        return None if row is None else model.atlas.mu[row].astype(np.float32)

    def logvar(self, model: OpenModel) -> NDArray[np.float32] | None:
        """float32 [D], the log variance of this face's posterior; None for an AE and for what was not encoded."""
        if self.photo is not None:
            return self.photo.logvars.get(model.name)
        row = self.row(model)
        if model.atlas is None or model.atlas.logvar is None or row is None:
            return None
        return model.atlas.logvar[row]


def current_point() -> Point:
    """The visitor's point; the first face of the atlas at the start."""
    point = st.session_state.get(POINT)
    return point if point is not None else Point()


def random_face(model: OpenModel) -> Point:
    """Any face of a model that has an atlas."""
    assert model.atlas is not None
    return Point(image=int(np.random.default_rng().choice(model.atlas.image)))


def point_in(model: OpenModel) -> tuple[Point, NDArray[np.float32]]:
    """The visitor's point and its latent in a model that has an atlas; the first face where the model knows it not."""
    point = current_point()
    z = point.z(model)
    if z is None:
        point = Point()
        z = point.z(model)
        assert z is not None
    return point, z


def set_point(point: Point) -> None:
    """Make a point current on every page, and remember the one before."""
    if point != current_point():
        st.session_state[PREVIOUS] = current_point()
    st.session_state[POINT] = point


def previous_point() -> Point | None:
    """The point that was current before this one."""
    return st.session_state.get(PREVIOUS)


def forget_photos(source: str) -> None:
    """No point keeps a face of this upload alive any longer; where one was current, the first face is again."""
    for key in (POINT, PREVIOUS):
        point = st.session_state.get(key)
        if point is not None and point.photo is not None and point.photo.source == source:
            del st.session_state[key]


def set_model(name: str) -> None:
    """Make a model current on every page, from a page that has no model switch."""
    st.session_state[MODEL] = st.session_state[f"kept_{MODEL}"] = name


def remember(key: str, default: Any, said: Any = None) -> Any:
    """A widget's value that outlives its page: Streamlit forgets a widget's state when it is not drawn.

    Call before the widget with the widget's `key`; the value is copied back to that key.

    Args:
        key: of the widget.
        default: its value at first.
        said: what the address says of it; counts where the visitor came by the address, and at first.
    """
    kept = f"kept_{key}"
    if said is not None and (st.session_state.get(BY_ADDRESS) or not {key, kept} & set(st.session_state)):
        st.session_state[key] = st.session_state[kept] = said
    elif key in st.session_state:
        st.session_state[kept] = st.session_state[key]
    elif kept in st.session_state:
        st.session_state[key] = st.session_state[kept]
    else:
        st.session_state[key] = st.session_state[kept] = default
    return st.session_state[key]


def go_to(page: str) -> None:
    """Run a page of the app from its start, by its key in `PAGES`; never returns."""
    st.switch_page(st.session_state[PAGES][page])
