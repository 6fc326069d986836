"""*Morph* compares ways between two faces: what each row says, what a link holds, what is saved."""

from __future__ import annotations

import io
from collections.abc import Callable

import numpy as np
import pytest
from pyarrow import csv
from streamlit.testing.v1 import AppTest

from app.session.point import Point
from app.views.morph.ways import KEPT, ROUTES, STEPS, Route, Seen, table_of
from latent.code_table import csv_bytes
from models import geodesic
from models.data.attributes import ATTRIBUTES
from tests.app.small_models import small_model
from tests.conftest import PATIENCE

MODEL = small_model("vae")
PAGE = """
from app.session.address import following
from app.views.morph.page import render
with following(dict, lambda model: (), "colouring"):
    render()
"""


@pytest.fixture
def page(monkeypatch: pytest.MonkeyPatch) -> AppTest:
    """The page as a link shows it that compares the ways from face 1 to the last one."""
    for module in ("app.session.vividness", "app.controls.pad", "app.controls.shelf_panel"):
        monkeypatch.setattr(f"{module}.open_all", lambda: ({"vae": MODEL}, []))
    assert MODEL.atlas is not None
    app = AppTest.from_string(PAGE, default_timeout=PATIENCE)
    app.query_params["show"] = "ways"
    app.query_params["faces"] = ",".join(f"face:{MODEL.atlas.image[row]}" for row in (1, -1))
    return app


def kept(app: AppTest) -> dict[Route, Seen]:
    ways: dict[Route, Seen] = app.session_state[KEPT][1]
    return ways


def test_ways_stand_in_rows_with_what_is_read_along_them(page: AppTest) -> None:
    page.query_params["reading"] = "Smiling"
    page.run()
    assert not page.exception
    ways = kept(page)
    assert list(ways) == ["straight", "faces"]
    assert MODEL.atlas is not None
    ends = MODEL.atlas.mu[[1, -1]].astype(np.float32)
    for seen in ways.values():
        np.testing.assert_allclose(seen.z[[0, -1]], ends, atol=1e-6)
        assert seen.pictures.shape[0] == STEPS
    assert ways["faces"].via
    words = " ".join(one.value for one in (*page.markdown, *page.caption))
    assert f"It passes Face {ways['faces'].via[0]}" in words
    assert "Smiling at each step" in words
    assert page.query_params["ways"] == "straight,faces"
    assert page.query_params["reading"] == "Smiling"
    page.session_state["morph_faces"][1] = Point(image=int(MODEL.atlas.image[5]))
    page.run()
    assert not np.array_equal(kept(page)["straight"].z[-1], ends[-1])  # another pair begins anew


def straight_after_all(
    _network: object,
    a: np.ndarray,
    b: np.ndarray,
    _scale: object,
    *,
    nodes: int,
    progress: Callable[[float], None],
    watch: Callable[[np.ndarray], None],
) -> np.ndarray:
    """Stands in for the search, whose own tests say that it finds something shorter."""
    progress(0.5)
    way = np.linspace(a, b, nodes).astype(np.float32)
    watch(way)
    return way


def test_the_way_of_least_change_is_worked_out_at_a_press_and_by_a_link(
    page: AppTest, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(geodesic, "geodesic", straight_after_all)
    page.query_params["ways"] = "straight,nonsense"
    page.run()
    assert list(kept(page)) == ["straight"]
    page.button_group(ROUTES).set_value(["straight", "least"]).run()
    assert "least" not in kept(page)
    page.button("least").click().run()
    assert not page.exception
    assert kept(page)["least"].knots.shape == (STEPS, 6)
    assert page.query_params["ways"] == "straight,least"

    by_link = AppTest.from_string(PAGE, default_timeout=PATIENCE)
    for name, value in page.query_params.items():
        by_link.query_params[name] = value
    by_link.run()
    assert list(kept(by_link)) == ["straight", "least"]


def test_a_model_that_cannot_be_differentiated_has_a_sentence_instead(
    page: AppTest, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("app.views.morph.ways.ForeignConfig", object)
    page.query_params["ways"] = "straight,least"
    page.run()
    assert not page.exception
    assert [info.value for info in page.info if "came as a finished program" in info.value]
    assert list(kept(page)) == ["straight"]


def test_the_saved_table_gives_the_same_codes_and_readings() -> None:
    z = np.random.default_rng(0).normal(size=(STEPS, 6)).astype(np.float32)
    read = np.random.default_rng(1).random((STEPS, len(ATTRIBUTES)), np.float32)
    seen = Seen(z, np.zeros((STEPS, 4, 4, 3), np.uint8), np.arange(1.0, STEPS), read)
    table = csv.read_csv(io.BytesIO(csv_bytes(table_of({"straight": seen, "least": seen}, {}))))
    assert table["way"].to_pylist() == ["straight"] * STEPS + ["least"] * STEPS
    assert table["change"].to_pylist() == [0, *range(1, STEPS)] * 2
    codes = np.stack([table[f"z{i}"].to_numpy() for i in range(6)], 1).astype(np.float32)
    np.testing.assert_array_equal(codes, np.concatenate([z, z]))
    smiling = table["score_Smiling"].to_numpy().astype(np.float32)
    np.testing.assert_array_equal(smiling[:STEPS], read[:, ATTRIBUTES.index("Smiling")])
    assert "score_Attractive" not in table.column_names
