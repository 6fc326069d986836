"""A map of vectors whose model stays elsewhere, as the file that a browser opens."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from playwright.sync_api import Page, expect

import facespace

pytestmark = [pytest.mark.browser, pytest.mark.slow]


def test_a_parquet_file_of_codes_becomes_a_map_with_labels_and_pictures(page: Page, tmp_path: Path) -> None:
    random = np.random.default_rng(0)
    z = random.standard_normal((60, 2)).astype(np.float32)
    kinds = np.array(["cat", "dog", "owl"] * 20)
    pd.DataFrame({"kind": kinds, "code": list(z)}).to_parquet(tmp_path / "codes.parquet")
    pictures = np.repeat(random.integers(0, 255, (60, 1, 1, 3), np.uint8), 32, 1).repeat(32, 2)
    facespace.open_vectors(tmp_path / "codes.parquet").save_map(tmp_path / "map.html", "kind", pictures=pictures)
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url) if request.url.startswith("http") else None)
    page.goto((tmp_path / "map.html").as_uri())
    legend = page.locator(".legendtext")
    expect(legend).to_have_text(["cat", "dog", "owl"])
    drawn = page.evaluate("document.querySelector('.plotly-graph-div')._fullData.reduce((n, t) => n + t._length, 0)")
    assert drawn == 60
    assert asked == []
