"""Vectors of a model that stays elsewhere, with labels: their map, and directions between their groups."""

from __future__ import annotations

import base64
import io
import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from latent.directions import Direction
from latent.embedding import embed
from latent.projection import place_many
from latent.vector_file import check_labels, read_vectors

MOST_KINDS = 12
"""Different values of a label that each get a colour; of more, the commonest do and the rest share one."""
SIDE = 64  # of a picture on the map, in pixels
SHOW_PICTURES = """{
  const plot = document.getElementById("{plot_id}");
  const picture = document.createElement("img");
  picture.style = "position: fixed; top: 8px; left: 8px; width: 128px; border-radius: 6px; display: none";
  document.body.append(picture);
  plot.on("plotly_hover", ({ points }) => {
    picture.src = points[0].customdata;
    picture.style.display = "block";
  });
  plot.on("plotly_unhover", () => { picture.style.display = "none"; });
}"""


def open_vectors(
    path: str | os.PathLike[str], labels: Mapping[str, Sequence[Any]] | str | os.PathLike[str] | None = None
) -> Vectors:
    """Read vectors and their labels.

    Args:
        path: a `.npy` of numbers [N, D]; or a `.parquet` or `.csv` with a row for each vector, whose numbers stand in
            columns z0, z1 and so on (as this app writes them) or, in Parquet, as a list in one column. All its other
            columns are labels.
        labels: more of them: N values by name, or a `.parquet` or `.csv` of N rows in the same order.

    Raises:
        ValueError: the file holds something else; the message says what was found.
        OSError: it cannot be read.
    """
    more = None if labels is None or isinstance(labels, Mapping) else Path(labels)
    z, known = read_vectors(Path(path), Path(path).name, more, "" if more is None else more.name)
    given = {str(name): np.asarray(values) for name, values in labels.items()} if isinstance(labels, Mapping) else {}
    return Vectors(z, check_labels({**known, **given}, len(z)))


@dataclass(frozen=True, eq=False)
class Vectors:
    """N vectors of D numbers each with their labels; `open_vectors` reads them.

    Attributes:
        z: float32 [N, D].
        labels: arrays [N] by name.
    """

    z: NDArray[np.float32]
    labels: Mapping[str, NDArray[Any]]

    def __len__(self) -> int:
        return len(self.z)

    @cached_property
    def xy(self) -> NDArray[np.float32]:
        """Their map, float32 [N, 2]: by UMAP, the same each time; vectors of two numbers are their own map."""
        return self.z if self.z.shape[1] == 2 else embed(self.z)[0]

    def place(self, z: ArrayLike) -> NDArray[np.float32]:
        """Where other vectors [K, D] belong on the map, among their ten nearest: float32 [K, 2]."""
        return place_many(np.atleast_2d(np.asarray(z, np.float32)), self.z, self.xy)

    def direction(self, label: str, towards: object, away: object | None = None) -> Direction:
        """From the mean of the vectors with one value of a label to the mean of those with another.

        Args:
            label: its name.
            towards: the value to go to.
            away: the value to come from; all others if not given.

        Raises:
            ValueError: there is no such label, or no vector has the value.
        """
        values = self._values(label)
        to = values == towards
        origin = ~to if away is None else values == away
        for value, rows in ((towards, to), ("another value" if away is None else away, origin)):
            if not np.any(rows):
                raise ValueError(f"no vector has {value!r} for {label!r}.")
        vector = self.z[to].mean(0) - self.z[origin].mean(0)
        return Direction("own-1", f"To {label} {towards}", vector, -2.0, 2.0, unit="")

    def save_map(
        self,
        path: str | os.PathLike[str],
        colour: str | None = None,
        *,
        pictures: Sequence[str | os.PathLike[str]] | NDArray[np.uint8] | None = None,
    ) -> None:
        """Write the map as one HTML file that any browser opens, without a network.

        Args:
            path: ends in ".html".
            colour: the label that the colours say: numbers as a scale, anything else as kinds.
            pictures: one for each vector, shown small where the hand points: files, or uint8 [N, S, S, 3], such as what
                your decoder makes of them. Some thousands at most: they become part of the file.

        Raises:
            ValueError: there is no such label, or another number of pictures.
            OSError: the file cannot be written, or a picture cannot be read.
        """
        import plotly.graph_objects as go

        if pictures is not None and len(pictures) != len(self):
            raise ValueError(f"pictures: {len(pictures)}, vectors: {len(self)}; each needs its own.")
        shown = None if pictures is None else [_small(picture) for picture in pictures]
        values = None if colour is None else self._values(colour)
        figure = go.Figure()
        for name, rows, marker in _groups(len(self), values):
            told = [
                "<br>".join(f"{label}: {array[row]}" for label, array in self.labels.items()) or str(row)
                for row in rows
            ]
            x, y = self.xy[rows].T
            inside = shown and [shown[row] for row in rows]
            figure.add_scattergl(
                x=x, y=y, mode="markers", name=name, text=told, hoverinfo="text", marker=marker, customdata=inside
            )
        figure.update_layout(title=colour, template="plotly_white", xaxis_visible=False, yaxis_visible=False)
        figure.update_yaxes(scaleanchor="x")
        figure.write_html(path, include_plotlyjs=True, post_script=SHOW_PICTURES if shown else None)

    def _values(self, label: str) -> NDArray[Any]:
        if label not in self.labels:
            known = ", ".join(self.labels) or "none"
            raise ValueError(f"there is no label {label!r}. There are: {known}.")
        return self.labels[label]


def _small(picture: str | os.PathLike[str] | NDArray[np.uint8]) -> str:
    """A picture, 64 pixels at most to a side, as an address that holds it."""
    from PIL import Image

    opened = Image.fromarray(picture) if isinstance(picture, np.ndarray) else Image.open(picture)
    with opened, io.BytesIO() as written:
        small = opened.convert("RGB")
        small.thumbnail((SIDE, SIDE))
        small.save(written, "JPEG", quality=85)
        return f"data:image/jpeg;base64,{base64.b64encode(written.getvalue()).decode()}"


def _groups(count: int, values: NDArray[Any] | None) -> list[tuple[str, NDArray[np.int64], dict[str, Any]]]:
    """What is drawn together: name, rows and marker."""
    rows, size = np.arange(count), 4
    if values is None:
        return [("", rows, {"size": size})]
    if np.issubdtype(values.dtype, np.number) and len(np.unique(values)) > MOST_KINDS:
        return [("", rows, {"size": size, "color": values, "colorscale": "Viridis", "showscale": True})]
    text = values.astype(str)
    kinds, counts = np.unique(text, return_counts=True)
    common = kinds[np.argsort(-counts, kind="stable")][:MOST_KINDS]
    groups = [(str(kind), np.flatnonzero(text == kind), {"size": size}) for kind in common]
    rest = np.flatnonzero(~np.isin(text, common))
    return [*groups, ("all others", rest, {"size": size, "color": "lightgrey"})] if len(rest) else groups
