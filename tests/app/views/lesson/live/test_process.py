"""A live run from its order to its end: with a process, since that is what has to work."""

import time

from app.server import child_process as process
from app.views.lesson.live.process import LiveRun
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
