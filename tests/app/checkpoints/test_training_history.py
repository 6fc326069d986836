from pathlib import Path

import numpy as np

from app.checkpoints.training_history import read_history


def test_a_history_is_read_by_column_and_a_damaged_one_is_none(tmp_path: Path):
    path = tmp_path / "history.csv"
    path.write_text("epoch,loss\n1,5.5\n2,4\n")
    assert read_history(path)["loss"].tolist() == [5.5, 4.0]
    path.write_text("epoch,loss,perceptual\n1,5.5,2\n2,4,\n")
    assert np.isnan(read_history(path)["perceptual"]).tolist() == [False, True]
    path.write_text("epoch,loss\n1,nothing\n")
    assert read_history(path) == {}
    assert read_history(tmp_path / "none.csv") == {}
