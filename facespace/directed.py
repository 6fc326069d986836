"""Directions of an opened checkpoint: named, between groups, found, from files; and faces moved along them."""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Literal, TypeAlias

import numpy as np
from numpy.typing import ArrayLike, NDArray

from facespace.opened import Opened
from latent.attribute_axes import only
from latent.direction_file import direction_bytes, read_direction
from latent.directions import Direction
from latent.found_directions import changing_most, independent
from latent.probes import parts
from models import SHIPPED, load_classifier
from models.data.attributes import plain_name

if TYPE_CHECKING:  # torch takes two seconds to import, and much needs none of it
    from evaluation.found_directions import Judged

FACES_JUDGED = 8
Weights: TypeAlias = Mapping[str | Direction, float]


class Directed(Opened):
    """What is done with directions; `Model` has this, too. In the examples `model` is `open_model("vae")`."""

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

    def find_directions(
        self,
        method: Literal["change", "independent"] = "change",
        count: int = 8,
        *,
        first: Literal["largest", "purest"] = "largest",
    ) -> list[Judged]:
        """Directions that nobody named, judged on eight held-out faces.

        Args:
            method: "change", where the decoder's pictures change most (PCA of its Jacobian; half a minute
                or more), or
                "independent", what varies independently among the encoded faces (ICA).
            count: how many.
            first: "largest", what changes the picture most, or "purest", what moves the fewest attributes (of those
                that move equally many, what changes the picture most).

        Returns:
            For each its `direction` (1 is one standard deviation), its `change` of the picture, and the attributes
            that it has `moved`: none means that it changes what has no name here, one that it is nearly a slider.

        Raises:
            ValueError: there is no such method or order.
        """
        from evaluation.found_directions import judge
        from models.jacobian import change_matrix

        if first not in ("largest", "purest"):
            raise ValueError(f'there is no order {first!r}. There are "largest" and "purest".')
        mu = self.atlas.mu[parts(self.atlas.partition)[1]].astype(np.float32)
        faces, scale = mu[:: max(1, len(mu) // FACES_JUDGED)][:FACES_JUDGED], self.posterior.sd
        if method == "change":
            gram = change_matrix(self.network, faces[::2], scale)  # 256 pictures a face
            found = changing_most(gram, scale, self.posterior.covariance, count)
        elif method == "independent":
            found = independent(self.atlas.mu, count)
        else:
            raise ValueError(f'there is no method {method!r}. There are "change" and "independent".')
        judged = judge(self.network, load_classifier(SHIPPED / "measure"), found, faces)
        return sorted(judged, key=lambda one: len(one.moved)) if first == "purest" else judged

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
