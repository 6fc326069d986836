"""Two checkpoints against each other on *Models*, on tiny ones."""

from __future__ import annotations

import csv
import io
import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from streamlit.testing.v1 import AppTest

from app import paths
from app.checkpoints import against as pair
from app.checkpoints.against import Against, compare, measured_errors
from app.checkpoints.celeba import originals
from app.checkpoints.decoding import decode
from app.texts import speaking
from app.views.models import against
from app.views.models.against import KEPT, PLACE, SURVIVE, csv_of, csv_of_faces, error_chart, paint, survival, table_of
from latent.map_quality import neighbours_shared
from latent.neighbourhoods import Neighbourhoods
from models.checkpoint_files import open_files
from tests.app.small_family import write_member
from tests.app.small_models import small_model
from tests.app.texts.pseudo import pseudo, untranslated
from tests.conftest import PATIENCE

__all__ = ["pseudo"]
PAGE = """
from app.session.address import following
from app.views.models.page import render
with following(dict, lambda model: (), "colouring"):
    render()
"""


@pytest.fixture
def root(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = tmp_path / "checkpoints"
    for kind, psnr in (("ae", 24.0), ("vae", 20.0)):
        write_member(folder / kind, psnr, kind=kind, snapshots=0)
        figures = json.loads((folder / kind / "metrics.json").read_text())
        groups = {"Smiling": {"psnr_db": psnr}, "Attractive": {"psnr_db": psnr}, "Bald": {"psnr_db": None}}
        (folder / kind / "metrics.json").write_text(json.dumps(figures | {"groups": groups}))
    monkeypatch.setattr(paths, "ROOT", tmp_path)
    monkeypatch.delenv("FACESPACE_CHECKPOINTS", raising=False)
    return folder


def opened(**address: str) -> AppTest:
    page = AppTest.from_string(PAGE, default_timeout=PATIENCE)
    for name, value in address.items():
        page.query_params[name] = value
    page.run()
    assert not page.exception
    return page


def said(page: AppTest) -> str:
    return " ".join(one.value for kind in (page.markdown, page.caption, page.info) for one in kind)


def test_a_link_shows_what_survives_and_the_errors_of_both(root: Path) -> None:
    page = opened(cards="ae,vae", compare="1")
    assert "are among its ten nearest in VAE" in said(page)
    assert page.query_params["compare"] == "1"
    shown = page.dataframe[0].value
    smiling = shown[shown.iloc[:, 0] == "Smiling"].iloc[0]
    assert smiling["Error, AE"] == pytest.approx(255 * 10 ** (-24 / 20), abs=0.01)
    assert smiling["Error, VAE"] == pytest.approx(255 * 10 ** (-20 / 20), abs=0.01)
    assert "Attractive" not in set(shown.iloc[:, 0])
    page.toggle[0].set_value(False).run()
    assert "compare" not in page.query_params
    assert not page.dataframe


def test_cancel_leaves_the_page_as_it_was(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def cancelled(*_args: object, **_more: object) -> None:
        raise InterruptedError

    monkeypatch.setattr("app.views.models.against.compare", cancelled)
    page = AppTest.from_string(PAGE, default_timeout=PATIENCE)
    page.query_params["compare"] = "1"
    page.run()  # the work was begun, and its end is what a press on Cancel makes of it
    page.button("cancel compare").click().run()
    assert not page.exception
    assert page.toggle[0].value is False
    assert KEPT not in page.session_state


def test_maps_without_common_pictures_are_not_compared(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("app.views.models.against.faces_in_common", lambda *_models: 19)
    assert "fewer than 20 mapped pictures in common" in said(opened(cards="ae,vae", compare="1"))


@pytest.mark.slow
@pytest.mark.usefixtures("pseudo")
def test_nothing_of_it_is_untranslated(root: Path) -> None:
    page = opened(cards="ae,vae", compare="1")
    assert untranslated(page, ["AE", "VAE", "PSNR", "SSIM", "beta"]) == []


def test_neighbourhoods_of_pictures_that_both_have_are_compared_whatever_their_order(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(pair, "ASKED", 100)
    model = small_model("vae")
    atlas = model.atlas
    assert atlas is not None
    rows = np.random.default_rng(0).permutation(len(atlas))[:200]
    turned = replace(atlas, image=atlas.image[rows], mu=atlas.mu[rows], xy=atlas.xy[rows], scores=atlas.scores[rows])
    told: list[float] = []
    same = compare(model, replace(model, atlas=turned), told.append)
    assert len(same.first) == 200
    assert len(same.asked) == 100
    np.testing.assert_array_equal(same.shared.kept, 1.0)  # the same codes, so the same neighbours
    np.testing.assert_allclose(same.first, same.second, atol=1e-5)
    assert told[0] == 0
    np.testing.assert_array_equal(np.sort(atlas.image[rows])[same.asked], same.shared.image)
    assert set(same.shared.by_attribute) <= set(atlas.attributes)
    other = compare(model, small_model("ae"), lambda share: None)
    assert other.shared.kept.mean() < 0.2


def test_progress_can_end_the_search() -> None:
    def stop(share: float) -> None:
        raise InterruptedError

    points = np.random.default_rng(0).normal(size=(30, 3))
    with pytest.raises(InterruptedError):
        neighbours_shared(points, points, np.arange(30), progress=stop)


def test_single_faces_are_compared_where_the_pictures_are_here(
    monkeypatch: pytest.MonkeyPatch, celeba_folder: Path
) -> None:
    models = small_model("ae", rows=60), small_model("vae", rows=60)
    assert compare(*models, lambda share: None).singles is None
    monkeypatch.setenv("FACESPACE_CELEBA", str(celeba_folder))
    told: list[float] = []
    singles = compare(*models, told.append).singles
    assert singles is not None
    assert sorted(singles.image) == list(range(1, 61))
    assert told == sorted(told)
    assert told[-1] < 1
    for i, model in enumerate(models):
        assert model.atlas is not None
        row = model.atlas.row_of(int(singles.image[7]))
        assert row is not None
        picture = originals(model, [row])
        assert picture is not None
        apart = decode(model, model.atlas.mu[[row]].astype(np.float32)).astype(float) - picture
        assert singles.errors[7, i] == pytest.approx(np.sqrt(np.square(apart).mean()))
    read = list(csv.DictReader(io.StringIO(csv_of_faces(singles, ("AE", "VAE")).decode())))
    assert [int(row["image"]) for row in read] == list(singles.image)
    assert float(read[3]["error_VAE"]) == pytest.approx(singles.errors[3, 1], abs=1e-3)
    chart = error_chart({"Bald": (2.0, 1.5)}, ("AE", "VAE"), singles)
    line, crowd, attributes = chart.series
    np.testing.assert_array_equal(crowd.x, singles.errors[:, 0])
    assert attributes.labels == ["Bald: 2.0, 1.5"]
    assert not line.told


def example(kept: list[float]) -> Against:
    places = np.random.default_rng(0).random((6, 2)).astype(np.float32)
    shared = Neighbourhoods(np.array([2, 4], np.int32), np.array(kept), 0.004, {"Smiling": 0.4, "Bald": 0.2})
    return Against(places, places, np.array([1, 3]), shared)


def test_survival_is_said_in_words() -> None:
    words = survival(example([0.0, 0.6]), ("AE", "VAE"))
    assert (
        "30.0\N{NO-BREAK SPACE}% are among its ten nearest in VAE; chance would keep 0.40\N{NO-BREAK SPACE}%" in words
    )
    assert "50\N{NO-BREAK SPACE}% of the faces asked keep none, 50\N{NO-BREAK SPACE}% keep half or more" in words
    assert "Most survives among faces with Smiling, least with Bald" in words


def test_faces_that_were_asked_are_drawn_by_what_they_keep() -> None:
    order, colours = paint(example([0.0, 1.0]), SURVIVE)
    assert list(order) == [1, 3]
    assert colours[1][0] > colours[1][2]  # orange
    assert colours[0][0] < colours[0][2]  # blue
    order, colours = paint(example([0.0, 1.0]), PLACE)
    assert len({tuple(colour) for colour in colours}) == 6


def test_the_saved_table_leaves_empty_what_is_not_known() -> None:
    rows = table_of(example([0.1, 0.2]), ({"Smiling": 18.004, "Young": 17.0}, {"Smiling": 20.0}))
    read = list(csv.DictReader(io.StringIO(csv_of(rows, ("AE", "VAE")).decode())))
    assert [row["attribute"] for row in read] == ["Smiling", "Bald", "Young"]
    assert read[0] | {"difference": "2.0"} == {
        "attribute": "Smiling", "neighbours_in_common_percent": "40.0", "error_AE": "18.0", "error_VAE": "20.0",
        "difference": "2.0",
    }  # fmt: skip
    assert read[1]["error_AE"] == read[2]["error_VAE"] == read[2]["difference"] == ""


def test_figures_of_other_weights_or_shapes_are_no_errors(root: Path) -> None:
    files = open_files(root / "ae")
    assert measured_errors(files) == {"Smiling": pytest.approx(16.09, abs=0.01)}
    figures = json.loads(files.metrics_path.read_text())
    files.metrics_path.write_text(json.dumps(figures | {"groups": [1]}))
    assert measured_errors(files) == {}


def test_the_table_writes_numbers_as_the_reader_does_and_keeps_them_numbers():
    with speaking("de"):
        table = against._as_read({"Merkmal": ["Bart"], "Fehler": [18.7], "Unterschied": [None]})
        assert "18,70" in table.to_html()
    assert table.data["Fehler"].dtype == float
