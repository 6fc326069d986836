"""A live run from its order to its end: with a process, since that is what has to work."""

import time
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from app.checkpoints.opening import open_all
from app.server import child_process as process
from app.views.lesson.live.flow import PLAN
from app.views.lesson.live.process import SAID, FlowRun, LiveRun
from latent.probes import parts
from latent.tiny_flow import Plan
from models.training import tiny
from tests.conftest import PATIENCE, write_celeba


def test_a_run_tells_what_it_sees_and_ends(tmp_path, monkeypatch):
    monkeypatch.setattr(process, "LOW_PRIORITY", 0)
    folder = write_celeba(tmp_path, 64, lists=False) / "img_align_celeba"
    paths = [str(path) for path in sorted(folder.iterdir())]
    run = LiveRun(
        {"kinds": ["ae", "vae"], "beta": 1.0, "epochs": 2, "seconds": PATIENCE, "held": 4, "paths": paths}, None
    )
    begin = time.monotonic()
    while run.running and time.monotonic() < begin + PATIENCE:
        time.sleep(0.05)
    assert run.problem is None
    assert list(run.epochs) == ["ae", "vae"]
    assert all([epoch.number for epoch in seen] == [0, 1, 2] for seen in run.epochs.values())
    assert len(run.used) == 60
    assert run.faces.shape == (4, 32, 32, 3)


def test_a_tiny_flow_tells_what_it_draws_and_can_be_stopped(monkeypatch):
    monkeypatch.setattr(process, "LOW_PRIORITY", 0)
    codes = np.random.default_rng(0).normal(3, 0.2, (300, 4)).astype(np.float32)
    endless = FlowRun(codes, None, 50, Plan(10_000_000, 10_000_000, PATIENCE))
    begin = time.monotonic()
    while not endless.looks and time.monotonic() < begin + PATIENCE:
        time.sleep(0.05)
    endless.stop()
    while endless.running and time.monotonic() < begin + PATIENCE:
        time.sleep(0.05)
    assert not endless.running
    assert endless.problem is None
    assert [look.step for look in endless.looks] == [0]
    assert np.shape(endless.looks[0].draws) == (6, 4)


@pytest.mark.slow
def test_the_lesson_s_flow_takes_no_step_after_a_minute_and_its_draws_come_nearer_to_the_codes(monkeypatch):
    """On a machine that is too busy for its steps within that time as well."""
    monkeypatch.setattr(process, "LOW_PRIORITY", 0)
    atlas = open_all()[0]["ae"].atlas
    shown, held = parts(atlas.partition)
    begin = time.monotonic()
    codes = atlas.mu[np.concatenate([shown, held])].astype(np.float32)
    assert PLAN.seconds < 60
    run = FlowRun(codes, None, len(held), replace(PLAN, seconds=PATIENCE))
    while run.running and time.monotonic() < begin + PATIENCE:
        time.sleep(0.05)
    assert not run.running
    assert run.problem is None
    found = [look.auc for look in run.looks]
    assert len(found) >= 4
    assert found[-1] < found[1] < found[0] - 0.1  # how often a critic tells draws from codes


def test_what_the_programs_say_in_words_is_known_to_the_catalogue():
    source = Path(tiny.__file__).read_text(encoding="utf-8")
    assert [said for said in SAID if f'"{said}"' not in source] == []
