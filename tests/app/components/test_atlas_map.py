"""The map's Python side: what it publishes for the browser and how it reads the browser's answers."""

from __future__ import annotations

import base64

import numpy as np
import pytest
from numpy.typing import NDArray

from app.components import atlas_map as am
from app.components.atlas_map.filters import Filters, filter_text, is_behind
from app.server.published import find_published


def fetch(url: str, dtype: str) -> NDArray[np.generic]:
    """What a browser would get from a published address."""
    digest, name = url.split("/")[-2:]
    served = find_published(digest, name)
    assert served is not None
    assert isinstance(served.source, bytes)
    return np.frombuffer(served.source, dtype)


def packed(mask: NDArray[np.bool_]) -> dict[str, object]:
    """As arrays.mjs packs rows (its own test pins the bit order)."""
    return {"points": len(mask), "rows": base64.b64encode(np.packbits(mask, bitorder="little").tobytes()).decode()}


def test_the_published_atlas_is_the_atlas_in_raw_little_endian_bytes() -> None:
    random = np.random.default_rng(0)
    xy = random.normal(size=(7, 2)).astype(np.float32)
    mu = random.normal(size=(7, 5)).astype(np.float16)
    image, partition = np.arange(7, dtype=np.int32) * 1000, np.array([0, 1, 2, 255, 0, 0, 0], np.uint8)
    scores = random.integers(0, 256, (7, 3)).astype(np.uint8)
    source = am.publish_atlas(xy=xy, mu=mu, image=image, partition=partition, scores=scores)
    assert (source.points, source.dimensions, source.attributes) == (7, 5, 3)
    for url, dtype, array in [
        (source.xy, "<f4", xy),
        (source.latents, "<f2", mu),
        (source.image, "<i4", image),
        (source.partition, "u1", partition),
        (source.scores, "u1", scores.T),
    ]:
        np.testing.assert_array_equal(fetch(url, dtype), array.ravel())
    again = am.publish_atlas(xy=xy.copy(), mu=mu, image=image, partition=partition, scores=scores)
    assert again == source


def test_arrays_of_different_lengths_are_refused() -> None:
    one, two = np.zeros((1, 2), np.float32), np.zeros((2, 2), np.float16)
    numbers, bytes_ = np.zeros(1, np.int32), np.zeros(1, np.uint8)
    with pytest.raises(ValueError, match=r"equally many rows, not \[1, 2\]"):
        am.publish_atlas(xy=one, mu=two, image=numbers, partition=bytes_, scores=bytes_[:, None])


@pytest.mark.parametrize("count", [1, 8, 26_000, 26_001])
def test_a_selection_comes_back_as_its_rows(count: int) -> None:
    mask = np.random.default_rng(count).random(count) < 0.3
    rows = am.unpack_rows(packed(mask), count)
    np.testing.assert_array_equal(rows, np.flatnonzero(mask))
    cleared = am.unpack_rows(packed(np.zeros(count, bool)), count)
    assert cleared is not None
    assert cleared.size == 0


def test_a_selection_of_another_map_or_of_another_shape_is_no_selection() -> None:
    mask = np.ones(20, bool)
    assert am.unpack_rows(packed(mask), 21) is None
    assert am.unpack_rows({"points": 20, "rows": "AA=="}, 20) is None
    assert am.unpack_rows({"points": 20, "rows": "not base64"}, 20) is None
    assert am.unpack_rows(None, 20) is None


def test_labels_become_present_absent_and_not_given() -> None:
    colouring = am.label_colouring("Smiling", np.array([1, -1, 0, np.nan, True]))
    assert colouring.source == "labels"
    assert colouring.url is not None
    np.testing.assert_array_equal(fetch(colouring.url, "u1"), [1, 0, 0, 255, 1])


def test_values_span_the_ramp_without_their_outliers() -> None:
    values = np.r_[np.linspace(0, 1, 1001), 1e6].astype(np.float32)
    colouring = am.value_colouring("Distance", values, "m")
    codes = fetch(colouring.url, "u1").astype(int)
    assert codes[0] == 0
    assert codes[-1] == 255
    assert 120 < codes[500] < 136
    assert (np.diff(codes) >= 0).all()
    assert colouring.low == "0.02 m"
    assert colouring.high == "0.981 m"
    assert not colouring.centred


def test_a_centre_stays_in_the_middle_of_the_ramp() -> None:
    values = np.linspace(-1, 5, 601, dtype=np.float32)
    colouring = am.value_colouring("Dimension 3", values, "sd", centre=0)
    codes = fetch(colouring.url, "u1").astype(int)
    assert colouring.centred
    assert abs(codes[100] - 127.5) < 1
    assert colouring.low.startswith("\N{MINUS SIGN}")
    assert colouring.low[1:] == colouring.high


def test_equal_values_are_drawn_and_values_that_are_not_finite_are_refused() -> None:
    assert set(fetch(am.value_colouring("x", np.ones(9, np.float32)).url, "u1")) == {0}
    with pytest.raises(ValueError, match="the values of KL must all be finite"):
        am.value_colouring("KL", np.array([1, np.inf], np.float32))


@pytest.mark.parametrize(
    ("said", "text"),
    [
        ({"filter": "Smiling:with,distance:50-100"}, "Smiling:with,distance:50-100"),
        ({"filter": ""}, ""),
        ({"filter": "a\nb"}, None),
        ({"filter": "a" * 3000}, None),
        ({"filter": 7}, None),
        ({}, None),
        (None, None),
    ],
)
def test_only_a_short_line_of_the_browsers_becomes_the_filter_of_a_link(said, text) -> None:
    assert filter_text(said) == text


def test_what_the_browser_said_of_a_filter_before_another_was_asked_for_counts_no_more() -> None:
    filters = Filters({}, {}, "", text="Male:with", asked="link 2")
    assert is_behind({"filter": "Male:with,Smiling:with", "asked": "link 1"}, filters)
    assert not is_behind({"filter": "Male:with", "asked": "link 2"}, filters)
    assert not is_behind(None, filters)
