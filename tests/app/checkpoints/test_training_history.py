from pathlib import Path

import numpy as np

from app.checkpoints import training_history
from app.checkpoints.training_history import MOST_FRAMES, read_history, runs, strips
from models.training.snapshots import FOLDER, save_snapshot
from tests.app.small_models import small_files
from tests.conftest import tiny_network

CONFIG = tiny_network().config


def test_a_history_is_read_by_column_and_a_damaged_one_is_none(tmp_path: Path):
    files = small_files("it", CONFIG, tmp_path)
    files.folder.mkdir()
    path = files.history_path
    path.write_text("epoch,loss\n1,5.5\n2,4\n")
    assert read_history(files)["loss"].tolist() == [5.5, 4.0]
    path.write_text("epoch,loss,perceptual\n1,5.5,2\n2,4,\n")
    assert np.isnan(read_history(files)["perceptual"]).tolist() == [False, True]
    path.write_text("epoch,loss\n1,nothing\n")
    assert read_history(files) == {}
    path.unlink()
    assert read_history(files) == {}


def test_strips_come_in_the_order_of_their_epochs_and_other_files_are_left_out(tmp_path):
    files = small_files("it", CONFIG, tmp_path)
    assert training_history.FOLDER == FOLDER
    for epoch in (0, 1, 2):
        save_snapshot(tiny_network(seed=epoch), np.full((8, 64, 64, 3), 90, np.uint8), files.folder, epoch)
    for name in ("epoch-x.webp", "epoch-003.png", "notes.txt"):
        (files.folder / FOLDER / name).write_bytes(b"x")
    (files.folder / FOLDER / "epoch-004.webp").write_bytes(b"")
    assert [(epoch, path.name) for epoch, path in strips(files)] == [
        (epoch, f"epoch-{epoch:03d}.webp") for epoch in (0, 1, 2)
    ]
    assert strips(small_files("nowhere", CONFIG, tmp_path)) == []


def test_a_long_run_is_thinned_out_to_its_ends(tmp_path):
    files = small_files("it", CONFIG, tmp_path)
    (files.folder / FOLDER).mkdir(parents=True)
    for epoch in range(200):
        (files.folder / FOLDER / f"epoch-{epoch:03d}.webp").write_bytes(b"x")
    epochs = [epoch for epoch, _ in strips(files)]
    assert len(epochs) == MOST_FRAMES
    assert (epochs[0], epochs[-1]) == (0, 199)
    assert set(np.diff(epochs)) <= {3, 4}


def test_runs_that_followed_each_other_are_told_in_their_order(tmp_path):
    files = small_files("it", CONFIG, tmp_path)
    third = {"epochs_done": 1, "start": {"training": {"epochs_done": 8, "start": {"training": {"epochs_done": 12}}}}}
    for told, expected in ((third, [12, 8, 1]), ({"epochs_done": 24}, [24]), ({}, []), ({"epochs_done": "x"}, [])):
        object.__setattr__(files, "values", {**files.values, "training": told})
        assert runs(files) == expected
