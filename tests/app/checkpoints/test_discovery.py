from app.checkpoints import discovery
from models.checkpoints import save_checkpoint
from tests.conftest import tiny_network


def test_checkpoints_are_found_in_all_places_without_classifiers(shelf):
    found, problems = discovery.find_checkpoints()
    assert list(found) == ["vae", "b", "zoe"]
    assert len(problems) == 1
    assert "another checkpoint is called 'zoe'" in problems[0]


def test_a_broken_config_and_a_missing_place_are_named_and_the_rest_is_found(shelf, monkeypatch):
    (shelf / "one" / "zoe" / "config.json").write_text("{")
    monkeypatch.setenv("FACESPACE_CHECKPOINTS", f"{shelf / 'one'}:{shelf / 'nowhere'}")
    found, problems = discovery.find_checkpoints()
    assert list(found) == ["vae"]
    assert any("not valid JSON" in problem for problem in problems)
    assert any("nowhere cannot be read" in problem for problem in problems)


def test_the_variable_may_name_one_checkpoint(shelf, monkeypatch):
    monkeypatch.setenv("FACESPACE_CHECKPOINTS", str(shelf / "two" / "b"))
    assert list(discovery.find_checkpoints()[0]) == ["b"]


def test_the_family_stands_apart_from_the_others_and_is_sorted_by_beta(shelf, monkeypatch):
    assert discovery.find_family() == ({}, [])
    family = shelf / "one" / "family"
    for name, kind, more in (
        ("beta-10", "vae", {"beta": 10.0}),
        ("beta-0", "ae", {"beta": 0.0}),
        ("two-dimensions", "vae", {"latent_dim": 2}),
        ("perceptual", "vae", {"beta": 1.0, "perceptual_weight": 5.0}),
        ("beta-0.3", "vae", {"beta": 0.3}),
    ):
        save_checkpoint(tiny_network(kind, **more), family / name, {})
    (family / "notes").mkdir()
    found, problems = discovery.find_family()
    assert list(found) == ["beta-0", "beta-0.3", "beta-10", "perceptual", "two-dimensions"]
    assert len(problems) == 1
    assert "notes" in problems[0]
    others, problems = discovery.find_checkpoints()
    assert list(others) == ["vae", "b", "zoe"]
    assert not any(str(family) in problem for problem in problems)


def test_a_checkpoint_may_be_called_family(shelf):
    save_checkpoint(tiny_network("ae"), shelf / "one" / "family", {})
    assert "family" in discovery.find_checkpoints()[0]
    assert discovery.find_family()[0] == {}
