"""The latent pad in a notebook: a face, and sliders that change it while the hand moves."""

from __future__ import annotations

import base64
import dataclasses
import hashlib
import json
import uuid
from collections.abc import Sequence
from typing import Any

import numpy as np
import traitlets
from numpy.typing import ArrayLike, NDArray

from facespace.directed import Directed
from facespace.widgets.shown import Shown
from latent.atlas import AtlasError
from latent.directions import Bank, Direction
from latent.posterior import distance_percentiles


class Pad(Shown):
    """A face with sliders.

    Set `z`, and the pad shows that face with its sliders at rest; let a slider go, and `z` is what is on screen. Both
    can be observed: `pad.observe(function, "z")`.

    >>> from facespace.widgets import Pad
    >>> pad = Pad(model, model.atlas.mu[0], ["Smiling", "Eyeglasses"])
    >>> pad.z.shape
    (128,)
    >>> pad.z = model.posterior.mean
    """

    component = "latent_pad"
    z = traitlets.Any()
    """float32 [D], the face on screen."""
    weights = traitlets.Dict()
    """Where the sliders are, by the keys of their directions; those at rest are left out. To be read only."""

    def __init__(
        self,
        model: Directed,
        z: ArrayLike | None = None,
        directions: Sequence[str | Direction] | None = None,
        *,
        shown: int = 6,
    ) -> None:
        """Make a pad; evaluate it at the end of a cell to see it.

        Args:
            model: whose latent space it is.
            z: float [D] or [1, D], where to begin; the average face if not given.
            directions: the sliders, by name or as directions; those of the page *Explore* if not given.
            shown: how many sliders of a kind are shown at first.

        Raises:
            ValueError: there is no such direction, or the code has another size.
            latent.atlas.AtlasError: the model has no map, and a code or the directions are not given.
            models.CheckpointError: its decoder cannot be made ready for a browser.
            facespace.widgets.front_end.FrontEndError: the browser's libraries were not fetched yet.
        """
        self._model, self._id, self._visits, self._following = model, uuid.uuid4().hex, 0, False
        if directions is None:
            self._banks = model.banks
        else:
            self._banks = (Bank("directions", "Directions", tuple(model.direction(one) for one in directions)),)
        self._shown = shown
        super().__init__()
        self._decoder_url = self._decoder(model)
        self._gauge = self._gauge_message()
        self._begin(model.posterior.mean if z is None else z)
        self.observe(self._placed, "z")

    @traitlets.validate("z")
    def _code(self, proposal: Any) -> NDArray[np.float32]:
        codes = self._model._codes(proposal["value"])
        if len(codes) != 1:
            raise ValueError(f"a pad shows one face, not {len(codes)}.")
        return codes[0]

    def _placed(self, _: Any) -> None:
        """Python has put the pad somewhere."""
        if not self._following:
            self._begin(self.z)

    def _hear(self, what: object, value: Any) -> None:
        """The hand has let go of a slider."""
        if what != "committed" or not isinstance(value, dict) or value.get("point") != self.message["pointId"]:
            return  # of a face that is not on screen any more
        given = {key: float(weight) for key, weight in value["weights"].items()}
        moved = self._from.astype(np.float64)
        for bank in self._banks:
            for direction in bank.directions:
                moved = moved + direction.offset(given.get(direction.key, direction.start))
        self._following = True
        try:
            self.weights = given
            self.z = moved.astype(np.float32)
        finally:
            self._following = False

    def _begin(self, z: ArrayLike) -> None:
        """Show a face with the sliders at rest."""
        self._following = True
        try:
            self.z = z
            self.weights = {}
        finally:
            self._following = False
        self._from: NDArray[np.float32] = self.z  # type: ignore[assignment]  # `_code` has made it that
        self._visits += 1
        self.message = self._message()

    def _message(self) -> dict[str, Any]:
        """What app/components/latent_pad/message.py calls a PadMessage."""
        files = self._model.files
        content: dict[str, Any] = {
            "base": "",
            "decoderUrl": self._decoder_url,
            "blendUrl": None,
            "z": _base64(self._from),
            "dimensions": len(self._from),
            "banks": [self._bank_message(bank) for bank in self._banks],
            "gauge": self._gauge,
            "id": self._id,
            "model": files.name,
            "pointId": f"{self._id} {self._visits}",
            "readings": None,
            "group": None,
            "play": False,
            "greet": "",
            "weights": {},
            "bank": self._banks[0].key,
            "count": self._shown,
            "picture": None,
            "server": False,
            "provenance": {"checkpoint": files.name, "checkpoint_sha256": files.sha256},
            "rest": None,
            "beside": None,
            "vivid": 1.0,
            "back": False,
            "forward": False,
        }
        signature = hashlib.sha256(json.dumps(content, sort_keys=True).encode()).hexdigest()[:16]
        return {**content, "signature": signature}

    def _bank_message(self, bank: Bank) -> dict[str, Any]:
        vectors = np.stack([direction.vector for direction in bank.directions])
        return {
            "key": bank.key,
            "name": bank.name,
            "vectors": None,
            "vectorsUrl": self._numbers(vectors, "<f4", f"{bank.key}.f32"),
            "directions": [_direction_message(direction) for direction in bank.directions],
        }

    def _gauge_message(self) -> dict[str, Any] | None:
        """How usual a face is; a model without a map cannot say."""
        try:
            known = self._model.posterior
            percentiles = distance_percentiles(self._model.atlas, known)
        except (AtlasError, OSError):
            return None
        parts = np.concatenate((known.mean, known.precision.ravel(), percentiles))
        return {"url": self._numbers(parts, "<f4", "gauge.f32"), "prior": self._model.files.config.kind == "vae"}


def _direction_message(direction: Direction) -> dict[str, Any]:
    """All but the vector, which lies among those of its bank."""
    facts: dict[str, Any] = {field.name: getattr(direction, field.name) for field in dataclasses.fields(direction)}
    del facts["vector"]
    path = None if direction.path is None else _base64(direction.path)
    marks = [dataclasses.asdict(mark) for mark in direction.marks]
    return {**facts, "path": path, "marks": marks, "ends": list(direction.ends), "unused": bool(direction.unused)}


def _base64(values: NDArray[np.floating]) -> str:
    """Little-endian float32."""
    return base64.b64encode(values.astype("<f4").tobytes()).decode("ascii")
