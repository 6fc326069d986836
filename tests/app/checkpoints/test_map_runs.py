"""Runs of build_atlas.py that the page starts: what they say, and how they end."""

import time

import pytest

from app.checkpoints import map_runs
from app.checkpoints.map_runs import FACES, MapRun
from app.server.child_process import Process
from models.config import ModelConfig
from tests.app.small_models import small_files
from tests.conftest import PATIENCE


@pytest.fixture
def run() -> MapRun:
    """One that says nothing by itself."""
    quiet = MapRun.__new__(MapRun)
    quiet.step, quiet.share, quiet.problem = "", 0.0, None
    return quiet


def test_progress_is_read_off_the_bars(run):
    run._hear(b"Encoding faces decoded by vae:  42%|####  | 1260/3000 [00:12<00:20]")
    assert (run.step, run.share) == ("Encoding faces decoded by vae", 0.42)
    run._hear(b"Mapping 3000 latents with UMAP (one thread, so that a seed gives one map) ...")
    assert (run.step, run.share) == ("Laying out the map", 0.0)
    run._hear(b"Tue Nov 24 01:18:05 2026 Finding Nearest Neighbors")
    run._hear(b"Epochs completed:   7%|7   | 35/500")
    assert (run.step, run.share) == ("Epochs completed", 0.07)
    assert run.problem is None


def test_a_run_that_fails_says_why_in_the_words_of_the_door(tmp_path, monkeypatch):
    monkeypatch.setattr(map_runs, "_runs", lambda runs={}: runs)
    files = small_files("gone", ModelConfig("ae", latent_dim=4), tmp_path)
    assert map_runs.start(files) is None
    found = map_runs.state(files)
    begin = time.monotonic()
    while found.running and time.monotonic() < begin + PATIENCE:
        time.sleep(0.05)
    assert "config.json is missing" in found.problem
    map_runs.cancel(files)
    assert map_runs.state(files) is None


def test_a_run_takes_as_many_faces_as_were_asked_for(tmp_path, monkeypatch):
    programs: list[list[str]] = []
    monkeypatch.setattr(Process, "__init__", lambda self, program, *_, **__: programs.append(program))
    MapRun(small_files("it", ModelConfig("ae", latent_dim=4), tmp_path), FACES[0])
    assert programs[0][programs[0].index("--limit") + 1] == str(FACES[0])
