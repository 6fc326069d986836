from pathlib import Path

import numpy as np

from app.checkpoints import training_history
from app.checkpoints.training_history import MOST_FRAMES, read_history, strips
from models.training.snapshots import FOLDER, save_snapshot
from tests.conftest import tiny_network


def test_a_history_is_read_by_column_and_a_damaged_one_is_none(tmp_path: Path):
    path = tmp_path / "history.csv"
    path.write_text("epoch,loss\n1,5.5\n2,4\n")
    assert read_history(path)["loss"].tolist() == [5.5, 4.0]
    path.write_text("epoch,loss,perceptual\n1,5.5,2\n2,4,\n")
    assert np.isnan(read_history(path)["perceptual"]).tolist() == [False, True]
    path.write_text("epoch,loss\n1,nothing\n")
    assert read_history(path) == {}
    assert read_history(tmp_path / "none.csv") == {}


def test_strips_come_in_the_order_of_their_epochs_and_other_files_are_left_out(tmp_path):
    assert training_history.FOLDER == FOLDER
    for epoch in (0, 1, 2):
        save_snapshot(tiny_network(seed=epoch), np.full((8, 64, 64, 3), 90, np.uint8), tmp_path, epoch)
    for name in ("epoch-x.webp", "epoch-003.png", "notes.txt"):
        (tmp_path / FOLDER / name).write_bytes(b"x")
    (tmp_path / FOLDER / "epoch-004.webp").write_bytes(b"")
    assert [(epoch, path.name) for epoch, path in strips(tmp_path)] == [
        (epoch, f"epoch-{epoch:03d}.webp") for epoch in (0, 1, 2)
    ]
    assert strips(tmp_path / "nowhere") == []


def test_a_long_run_is_thinned_out_to_its_ends(tmp_path):
    (tmp_path / FOLDER).mkdir()
    for epoch in range(200):
        (tmp_path / FOLDER / f"epoch-{epoch:03d}.webp").write_bytes(b"x")
    epochs = [epoch for epoch, _ in strips(tmp_path)]
    assert len(epochs) == MOST_FRAMES
    assert (epochs[0], epochs[-1]) == (0, 199)
    assert set(np.diff(epochs)) <= {3, 4}
