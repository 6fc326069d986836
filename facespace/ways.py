"""Ways through the latent space that serve a question: what would change a reading, and how little has to change."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import ArrayLike, NDArray

from facespace.directed import Directed
from latent.face_walk import FaceGraph, even_steps, face_graph, faces_between
from latent.posterior import squared_mahalanobis
from models import SHIPPED, load_classifier
from models.data.attributes import ATTRIBUTES, JUDGING, plain_name

MOVED = 0.1  # a change of a reading, of 1, that counts


@dataclass(frozen=True, eq=False)
class Flip:
    """The shortest change found that flips one reading of a face.

    Attributes:
        attribute: which.
        z: float32 [D], the changed face.
        size: how long the change is, in standard deviations of the encoded faces along it.
        before, after: the reading of the classifier that was searched with, 0 to 1.
        judged: the same two of another classifier that took no part; where they do not flip, the change deceives one
            classifier more than it changes the face.
        moved: what else changes for that other classifier by at least a tenth, the largest first: the leakage.
        along: how long a change along the attribute's own direction has to be; None where none flips it, or where
            there is no such direction.
    """

    attribute: str
    z: NDArray[np.float32]
    size: float
    before: float
    after: float
    judged: tuple[float, float]
    moved: Mapping[str, float]
    along: float | None


@dataclass(frozen=True, eq=False)
class Walk:
    """A way between two faces in N nodes.

    Attributes:
        z: float32 [N, D].
        lengths: float64 [N - 1], how much the picture changes at each step, of 255.
        readings: what a classifier says along the way, float32 [N] by attribute.
    """

    z: NDArray[np.float32]
    lengths: NDArray[np.float64]
    readings: Mapping[str, NDArray[np.float32]]


class Ways(Directed):
    """Ways with a purpose; `Model` has this, too. In the examples `model` is `open_model("vae")`."""

    def flip(self, z: ArrayLike, attribute: str) -> Flip:
        """The shortest change of a face [D] that makes a classifier read an attribute otherwise; a few seconds.

        Args:
            z: the face.
            attribute: CelebA's name or a plain one.

        Raises:
            ValueError: there is no such attribute, it is one that judges people, or no change was found.

        >>> flip = model.flip(model.atlas.mu[0], "Smiling")
        >>> (flip.before > 0.5) != (flip.after > 0.5), flip.size > 0
        (True, True)
        """
        from models.counterfactual import shortest_flip
        from models.metrics import read_decoded

        column, start = _column(attribute), self._codes(z)[0]
        searched, other = load_classifier(SHIPPED / "classifier"), load_classifier(SHIPPED / "measure")
        found = shortest_flip(self.network, searched, start, column, self.posterior.covariance)
        if found is None:
            raise ValueError(f"no change was found that flips {plain_name(ATTRIBUTES[column])}. Try another face.")
        ends = np.stack([start, found])
        by_searched = read_decoded(self.network, searched, ends)[:, column]
        by_other = read_decoded(self.network, other, ends)
        changes = by_other[1] - by_other[0]
        moved = {
            ATTRIBUTES[i]: round(float(changes[i]), 3)
            for i in np.argsort(-np.abs(changes))
            if abs(changes[i]) >= MOVED and i != column and ATTRIBUTES[i] not in JUDGING
        }
        return Flip(
            ATTRIBUTES[column],
            found,
            self._size(found - start),
            float(by_searched[0]),
            float(by_searched[1]),
            (float(by_other[0, column]), float(by_other[1, column])),
            moved,
            self._along(start, column),
        )

    def geodesic(self, a: ArrayLike, b: ArrayLike, nodes: int = 8) -> Walk:
        """The way from one face [D] to another on which the picture changes least; some seconds.

        Compare it with `walk(model.interpolate([a, b], nodes))`, the straight one.

        Args:
            a, b: the faces at its ends.
            nodes: 3 or more, the ends among them.

        Raises:
            ValueError: fewer than three nodes.
        """
        from models.geodesic import geodesic

        return self.walk(geodesic(self.network, self._codes(a)[0], self._codes(b)[0], self.posterior.sd, nodes=nodes))

    def through_faces(self, a: ArrayLike, b: ArrayLike, nodes: int = 8) -> Walk:
        """The way from one face [D] to another by way of encoded faces, in small steps, instead of a straight line.

        Args:
            a, b: the faces at its ends.
            nodes: 2 or more, at equal distances along it, the ends among them.

        >>> model.through_faces(model.atlas.mu[0], model.atlas.mu[5], nodes=3).z.shape
        (3, 128)
        """
        ends = np.stack([self._codes(a)[0], self._codes(b)[0]])
        passed = self.atlas.mu[faces_between(self._graph, *ends)].astype(np.float32)
        return self.walk(even_steps(np.concatenate([ends[:1], passed, ends[1:]]), nodes))

    def walk(self, z: ArrayLike) -> Walk:
        """What happens along a way of codes [N, D]: how much the picture changes, and what a classifier says.

        >>> straight = model.walk(model.interpolate(model.sample(2), 4))
        >>> straight.lengths.shape, straight.readings["Smiling"].shape
        ((3,), (4,))
        """
        from models.geodesic import lengths
        from models.metrics import read_decoded

        codes = self._codes(z)
        seen = read_decoded(self.network, load_classifier(SHIPPED / "measure"), codes)
        readings = {name: seen[:, i] for i, name in enumerate(ATTRIBUTES) if name not in JUDGING}
        return Walk(codes, lengths(self.network, codes), readings)

    @cached_property
    def _graph(self) -> FaceGraph:
        return face_graph(self.atlas.mu)

    def _size(self, change: NDArray[np.floating]) -> float:
        """The length of a change [D] in standard deviations of the codes along it."""
        return float(np.sqrt(squared_mahalanobis((self.posterior.mean + change)[None], self.posterior)[0]))

    def _along(self, start: NDArray[np.float32], column: int) -> float | None:
        """How long a change along the attribute's own direction must be to flip what `flip` searched with."""
        from models.metrics import read_decoded

        axis = self.axes.get(ATTRIBUTES[column])
        if axis is None:
            return None
        direction = self.direction(ATTRIBUTES[column]).vector
        weights = np.linspace(0, 3, 31, dtype=np.float32)[:, None]
        classifier = load_classifier(SHIPPED / "classifier")
        present = read_decoded(self.network, classifier, start[None])[0, column] > 0.5
        codes = start + (-weights if present else weights) * direction
        flipped = np.flatnonzero((read_decoded(self.network, classifier, codes)[:, column] > 0.5) != present)
        return self._size(codes[flipped[0]] - start) if len(flipped) else None


def _column(attribute: str) -> int:
    """The column of an attribute among those that the classifiers read.

    Raises:
        ValueError: there is none, or it judges people.
    """
    names = {name: i for i, name in enumerate(ATTRIBUTES) if name not in JUDGING}
    column = names.get(attribute, next((i for name, i in names.items() if plain_name(name) == attribute), None))
    if column is None:
        raise ValueError(f"there is no attribute {attribute!r} to flip. There are: {', '.join(names)}.")
    return column
