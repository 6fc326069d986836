"""Ways through the latent space that serve a question: what would change a reading, and how little has to change."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import ArrayLike, NDArray

from evaluation.flip import Flip, flip
from facespace.directed import Directed
from latent.face_walk import FaceGraph, even_steps, face_graph, faces_between
from models import SHIPPED, load_classifier
from models.data.attributes import ATTRIBUTES, JUDGING, plain_name


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
        column = _column(attribute)
        name = ATTRIBUTES[column]
        found = flip(
            self.network,
            (load_classifier(SHIPPED / "classifier"), load_classifier(SHIPPED / "measure")),
            self._codes(z)[0],
            column,
            self.posterior,
            direction=self.direction(name).vector if name in self.axes else None,
        )
        if found is None:
            raise ValueError(f"no change was found that flips {plain_name(name)}. Try another face.")
        return found

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
