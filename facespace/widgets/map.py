"""The map of faces in a notebook: what is clicked or lassoed comes back to Python."""

from __future__ import annotations

import base64
import uuid
from typing import Any

import numpy as np
import traitlets
from numpy.typing import ArrayLike, NDArray

from facespace.opened import Opened
from facespace.widgets.front_end import PLOTLY, fetched
from facespace.widgets.shown import Shown
from latent.atlas import Atlas
from models.data.attributes import plain_name

SPREAD = (2, 98)
"""Percentiles of values at which the ramp of colours ends, as on the page *Explore*."""
PLAIN = ("density", "partition")
NOTHING = np.zeros(0, np.int64)


class Map(Shown):
    """A map of encoded faces.

    Set `colour` or `current`, and the map on screen follows; `selected` and `clicked` are what the hand has done. All
    can be observed: `faces.observe(function, "selected")`.

    >>> from facespace.widgets import Map
    >>> faces = Map(model, colour="Smiling")
    >>> faces.selected.shape
    (0,)
    >>> faces.colour = model.distance(model.atlas.mu)
    """

    component = "atlas_map"
    colour = traitlets.Any()
    """An attribute by name, "density", "partition", or a number for each face, finite [M]."""
    current = traitlets.Any(None)
    """Where the marker stands: a row of the atlas, a code float [D], or None for no marker."""
    clicked = traitlets.Any(None)
    """Row of the face that was clicked last, or None."""
    selected = traitlets.Any(NOTHING)
    """int64 [n], ascending rows of the faces in the box or lasso; empty where nothing is selected."""

    def __init__(
        self,
        faces: Opened | Atlas,
        colour: str | ArrayLike = "density",
        *,
        current: int | ArrayLike | None = None,
        height: int = 480,
    ) -> None:
        """Make a map; evaluate it at the end of a cell to see it.

        Args:
            faces: a model, or its atlas alone, which then shows no faces.
            colour: an attribute by name, "density", "partition", or a number for each face, [M].
            current: where a marker stands: a row of the atlas, or a code float [D]. A pad of the same model moves it.
            height: of the map in CSS pixels.

        Raises:
            ValueError: there is no such colouring or place.
            latent.atlas.AtlasError: the model has no map.
            models.CheckpointError: its decoder cannot be made ready for a browser.
            facespace.widgets.front_end.FrontEndError: the browser's libraries were not fetched yet.
        """
        self._atlas = faces if isinstance(faces, Atlas) else faces.atlas
        self._height, self._id = height, uuid.uuid4().hex
        super().__init__()
        self._model = "atlas" if isinstance(faces, Atlas) else faces.files.name
        self._decoder_url = None if isinstance(faces, Atlas) else self._decoder(faces)
        self.parts = {**self.parts, "plotly": self._file(fetched(PLOTLY), f"{PLOTLY}.gz")}
        self._source = self._source_message()
        self.colour, self.current = colour, current
        self.message = self._message()
        self.observe(self._redraw, ["colour", "current"])

    @traitlets.validate("colour")
    def _known_colour(self, proposal: Any) -> Any:
        value = proposal["value"]
        if isinstance(value, str):
            if value not in (*PLAIN, *self._atlas.attributes):
                known = ", ".join((*PLAIN, *self._atlas.attributes))
                raise ValueError(
                    f"there is no colouring {value!r}. There are: {known}; or give a number for each face."
                )
            return value
        values = np.asarray(value, np.float32)
        if values.shape != (len(self._atlas),) or not np.isfinite(values).all():
            raise ValueError(f"a colouring by numbers needs one finite number for each of {len(self._atlas):,} faces.")
        return values

    @traitlets.validate("current")
    def _known_place(self, proposal: Any) -> Any:
        value = proposal["value"]
        if value is None:
            return None
        if isinstance(value, int | np.integer):
            if not 0 <= value < len(self._atlas):
                raise ValueError(f"there is no row {value}: the map has {len(self._atlas):,} faces, from 0.")
            return int(value)
        code = np.asarray(value, np.float32).reshape(-1)
        if code.shape != self._atlas.mu.shape[1:]:
            raise ValueError(f"expected a code of {self._atlas.mu.shape[1]} numbers, not {list(np.shape(value))}.")
        return code

    def _redraw(self, _: Any) -> None:
        self.message = self._message()

    def _hear(self, what: object, value: Any) -> None:
        count = len(self._atlas)
        if what == "clicked" and isinstance(value, int) and 0 <= value < count:
            self.clicked = value
        if what == "selected" and isinstance(value, dict) and value.get("points") == count:
            bits = np.frombuffer(base64.b64decode(value["rows"]), np.uint8)
            self.selected = np.flatnonzero(np.unpackbits(bits, count=count, bitorder="little"))

    def _message(self) -> dict[str, Any]:
        """What app/components/atlas_map/message.py calls a MapMessage."""
        return {
            "base": "",
            "plotly": self.parts["plotly"],
            "key": self._id,
            "model": self._model,
            "modelName": self._model,
            "height": self._height,
            "decoderUrl": self._decoder_url,
            "pictures": None,
            "source": self._source,
            "colouring": self._colouring(),
            "point": self._point(),
            "regions": None,
            "placed": None,
            "filters": None,
            "vectors": False,
        }

    def _source_message(self) -> dict[str, Any]:
        atlas = self._atlas
        return {
            "points": len(atlas),
            "dimensions": atlas.mu.shape[1],
            "attributes": atlas.scores.shape[1],
            "xy": self._numbers(atlas.xy, "<f4", "xy.f32"),
            "latents": self._numbers(atlas.mu, "<f2", "latents.f16"),
            "image": self._numbers(atlas.image, "<i4", "image.i32"),
            "partition": self._numbers(atlas.partition, "u1", "partition.u8"),
            "scores": self._numbers(atlas.scores.T, "u1", "scores.u8"),
        }

    def _colouring(self) -> dict[str, Any]:
        if isinstance(self.colour, str):
            if self.colour in PLAIN:
                return {"kind": self.colour}
            column = list(self._atlas.attributes).index(self.colour)
            facts = {"name": plain_name(self.colour), "column": column, "source": "classifier", "url": None}
            return {"kind": "attribute", **facts}
        low, high = map(float, np.percentile(self.colour, SPREAD))
        levels = np.clip(np.round((self.colour - low) / ((high - low) or 1.0) * 255), 0, 255)
        ends = {"low": f"{low:.3g}", "high": f"{high:.3g}", "centred": False}
        return {"kind": "values", "name": "Your numbers", "url": self._numbers(levels, "u1", "values.u8"), **ends}

    def _point(self) -> dict[str, Any] | None:
        if self.current is None:
            return None
        if isinstance(self.current, int):
            return {"id": f"row {self.current}", "row": self.current}
        values: NDArray[np.float32] = self.current
        return {"id": f"z {hash(values.tobytes())}", "z": [float(value) for value in values]}
