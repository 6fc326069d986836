"""The figure of the family's distances over beta says what was measured, and nothing where nothing was."""

import json
from pathlib import Path

import pytest

from app.checkpoints.records import read_records
from app.views.lesson.distances import LEARNED, NORMAL, OWN, measured_distances, verdict
from app.views.lesson.family import betas
from tests.app.views.lesson.test_contents import chapter, texts

pytestmark = pytest.mark.usefixtures("tiny_models")
SHIPPED = Path(__file__).parents[4] / "checkpoints"
DISTANCES = {"plain-ae": 350.0, "beta-0": 300.0, "beta-0.1": 200.0, "beta-1": 70.0, "beta-10": 140.0}


@pytest.fixture
def measured_family(family, tmp_path, monkeypatch):
    """The small family with what evaluate.py would have measured of its draws; of `beta-10` no learned prior."""
    for folder in (family / "family").iterdir():
        place = tmp_path / "family" / folder.name
        place.mkdir(parents=True)
        for path in folder.iterdir():
            if path.name != "metrics.json":
                (place / path.name).symlink_to(path)
        metrics = json.loads((folder / "metrics.json").read_text())
        if (normal := DISTANCES.get(folder.name)) is not None:
            name = "raw_normal" if folder.name in ("plain-ae", "beta-0") else "standard_normal"
            samplers = {name: {"frechet": normal}, "jitter": {"frechet": 1.0}}
            if folder.name != "beta-10":
                samplers["learned"] = {"frechet": 75.0}
            metrics["generation"] = {"ceiling": {"frechet": 50.0}, "samplers": samplers}
        (place / "metrics.json").write_text(json.dumps(metrics))
    monkeypatch.setenv("FACESPACE_CHECKPOINTS", str(tmp_path))


@pytest.mark.usefixtures("measured_family")
def test_each_way_of_drawing_has_its_distances_by_beta():
    found = measured_distances(betas())
    assert found[NORMAL] == {"plain": 350.0, "0": 300.0, "0.1": 200.0, "1": 70.0, "10": 140.0}
    assert set(found[OWN].values()) == {50.0}
    assert list(found[LEARNED]) == ["plain", "0", "0.1", "1"]


@pytest.mark.usefixtures("measured_family")
def test_both_chapters_draw_it_and_say_what_it_shows():
    rescue, learning = (texts(chapter(key)) for key in ("variational", "learning"))
    for said in (rescue, learning):
        assert "Of N(0, I) beta 1 makes the best of faces: 70. The plain AE's draws lie 5.0 times as far." in said
    assert "learned prior draws nearer to real faces than N(0, I) in 3 of 4 models" in learning
    assert "learned prior draws nearer" not in rescue


@pytest.mark.usefixtures("family")
def test_where_nothing_was_measured_there_is_no_figure():
    assert measured_distances(betas()) == {}
    assert "makes the best of faces" not in texts(chapter("variational"))
    assert read_records()[0]  # the family is there


def test_the_verdict_follows_the_figures():
    assert "the plain AE makes the best" in verdict({NORMAL: {"plain": 50.0, "0": 60.0, "1": 70.0}})
    assert "times as far" not in verdict({NORMAL: {"plain": 50.0, "0": 60.0, "1": 70.0}})
    assert "in 2 of 2 models" in verdict({NORMAL: {"0": 60.0, "1": 70.0}, LEARNED: {"0": 50.0, "1": 40.0}})


def measured_of(name: str, file: str = "metrics.json"):
    """What evaluate.py found of a shipped checkpoint."""
    return json.loads((SHIPPED / name / file).read_text())


def test_the_shipped_family_shows_what_the_lesson_says_of_it():
    plain, one = (
        measured_of(f"family/{name}")["generation"]["samplers"][sampler]["frechet"]
        for name, sampler in (("plain-ae", "raw_normal"), ("beta-1", "standard_normal"))
    )
    assert plain >= 3 * one
    for name in ("plain-ae", "beta-0", "beta-0.1", "beta-1", "beta-10"):
        found = measured_of(f"family/{name}")["generation"]
        normal = "standard_normal" if "kl_nats" in measured_of(f"family/{name}") else "raw_normal"
        assert one <= found["samplers"][normal]["frechet"]
        assert found["samplers"]["learned"]["frechet"] < found["samplers"][normal]["frechet"]
        assert found["samplers"]["learned"]["frechet"] < 1.12 * found["ceiling"]["frechet"]


def test_the_shipped_vae_s_priors_hold():
    figures, along = measured_of("vae"), measured_of("vae", "blend.json")["along"]
    made = figures["generation"]
    normal, learned, ceiling = made["samplers"]["standard_normal"], made["samplers"]["learned"], made["ceiling"]
    assert normal["frechet"] <= 1.5 * ceiling["frechet"]
    assert learned["frechet"] <= 1.12 * ceiling["frechet"]
    assert learned["recall"] >= 0.65
    assert learned["nearest_code"]["of_held_out"] >= 0.95
    faithful, vivid = along[0], along[-1]
    assert faithful["psnr_db"] >= figures["pca_psnr_db"] + 0.6 > vivid["psnr_db"]
    assert figures["probes"]["mean_auc"] >= 0.873
    assert figures["probes"]["auc"]["Eyeglasses"] >= 0.9635
