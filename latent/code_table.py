"""Codes and what is known of them as a table to take along: CSV for a spreadsheet, Parquet for a notebook."""

from __future__ import annotations

import io
import json
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from latent.atlas import Atlas
from latent.posterior import AggregatePosterior, squared_mahalanobis

if TYPE_CHECKING:  # a quarter of a second to import, which only a press on Save need wait for
    import pyarrow

PARTS = {0: "train", 1: "valid", 2: "test"}
KEYWORD = "facespace"
"""Under which Parquet's metadata hold the facts, as JSON."""


def code_table(
    z: NDArray[np.floating], columns: Mapping[str, Sequence[Any] | NDArray[Any]], facts: Mapping[str, Any]
) -> pyarrow.Table:
    """A row for each point: what is known of it, then its code in columns "z0", "z1" and so on.

    Args:
        z: [N, D]; written as float32, which holds float16 and float32 exactly.
        columns: N values each, by name.
        facts: JSON-ready, such as the checkpoint's hash; kept in the metadata.
    """
    import pyarrow

    codes = {f"z{i}": np.ascontiguousarray(column) for i, column in enumerate(np.asarray(z, np.float32).T)}
    table = pyarrow.table({**columns, **codes})
    return table.replace_schema_metadata({KEYWORD: json.dumps(dict(facts))})


def known_of(
    atlas: Atlas,
    rows: NDArray[np.integer],
    posterior: AggregatePosterior,
    percentiles: NDArray[np.float32],
    attributes: Sequence[str],
) -> dict[str, NDArray[Any] | list[str]]:
    """What an atlas knows of some of its faces, by column.

    Args:
        atlas: of M faces.
        rows: [N].
        posterior, percentiles: of the atlas, for the distance.
        attributes: those whose scores are wanted.

    Returns:
        "image" (number), "part" ("train", "valid", "test" or nothing), "x" and "y" (the place on the map), "distance"
        (how many of 100 held-out faces lie nearer to the average face), and "score_..." for each attribute: the
        classifier's probability, 0 to 1 in steps of 1/255.
    """
    distances = squared_mahalanobis(atlas.mu[rows], posterior)
    scores = {
        f"score_{name}": atlas.scores[rows, atlas.attributes.index(name)].astype(np.float32) / np.float32(255)
        for name in attributes
    }
    return {
        "image": atlas.image[rows],
        "part": [PARTS.get(int(part), "") for part in atlas.partition[rows]],
        "x": np.ascontiguousarray(atlas.xy[rows, 0]),
        "y": np.ascontiguousarray(atlas.xy[rows, 1]),
        "distance": np.interp(distances, percentiles, np.arange(len(percentiles))).astype(np.float32),
        **scores,
    }


def csv_bytes(table: pyarrow.Table) -> bytes:
    """The table as CSV in UTF-8; a number has as many digits as bring back the very same float32."""
    from pyarrow import csv

    buffer = io.BytesIO()
    csv.write_csv(table, buffer)
    return buffer.getvalue()


def parquet_bytes(table: pyarrow.Table) -> bytes:
    """The table as Parquet, the facts in its metadata."""
    from pyarrow import parquet

    buffer = io.BytesIO()
    parquet.write_table(table, buffer, compression="zstd")
    return buffer.getvalue()
