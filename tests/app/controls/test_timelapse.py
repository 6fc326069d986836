import numpy as np
import pytest
from PIL import Image
from streamlit.testing.v1 import AppTest

from app.controls import timelapse
from models.training.snapshots import FOLDER, save_snapshot
from tests.app.small_models import small_files
from tests.conftest import PATIENCE, tiny_network


@pytest.fixture
def trained(tmp_path):
    """A checkpoint's files with three strips and two epochs of history."""
    files = small_files("it", tiny_network().config, tmp_path)
    for epoch in (0, 1, 2):
        save_snapshot(tiny_network(seed=epoch), np.full((8, 64, 64, 3), 90, np.uint8), files.folder, epoch)
    files.history_path.write_text("epoch,valid_psnr\n1,15.5\n2,18.25\n")
    return files


def test_each_frame_says_its_epoch_and_its_quality(trained, monkeypatch):
    shown = []
    monkeypatch.setattr(timelapse, "film", lambda **given: shown.append(given))
    assert timelapse.timelapse(trained, "it", "a VAE")
    assert [words for _, words in shown[0]["frames"]] == [
        "Before the first epoch",
        "After epoch 1 of 2: 15.50\N{NO-BREAK SPACE}dB PSNR on validation faces",
        "After epoch 2 of 2: 18.25\N{NO-BREAK SPACE}dB PSNR on validation faces",
    ]
    assert (shown[0]["width"], shown[0]["height"]) == (8 * 64, 2 * 64)
    assert len({address for address, _ in shown[0]["frames"]}) == 3


@pytest.mark.parametrize("content", [None, b"no picture", "png"])
def test_without_strips_or_with_damaged_ones_a_sentence_says_so(tmp_path, content):
    if content is not None:
        (tmp_path / "it" / FOLDER).mkdir(parents=True)
        path = tmp_path / "it" / FOLDER / "epoch-001.webp"
        if content == "png":
            Image.new("RGB", (8, 8)).save(path, "PNG")
        else:
            path.write_bytes(content)
    script = (
        "from pathlib import Path\nfrom app.controls.timelapse import timelapse\n"
        "from tests.app.small_models import small_files\nfrom tests.conftest import tiny_network\n"
        f"timelapse(small_files('it', tiny_network().config, Path({str(tmp_path)!r})), 'x', '[ae](x)')"
    )
    page = AppTest.from_string(script, default_timeout=PATIENCE).run()
    assert not page.exception
    assert r"\[ae\]" in page.caption[0].value  # a folder's name is text and never a link
    assert "kept no pictures of its training" in page.caption[0].value
