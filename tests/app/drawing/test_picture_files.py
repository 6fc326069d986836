import io

import numpy as np
import pytest
from PIL import Image

from app.drawing.picture_files import gif, montage, png, read_provenance

FACTS = {"model": "vae", "point": {"name": "Zo\u00eb"}, "latent": "A" * 900}


def pictures(count: int, side: int = 16) -> np.ndarray:
    return np.random.default_rng(0).integers(0, 256, (count, side, side, 3), dtype=np.uint8)


def test_a_png_keeps_its_pixels_and_says_where_it_came_from():
    picture = pictures(1)[0]
    data = png(picture, FACTS)
    assert np.array_equal(np.asarray(Image.open(io.BytesIO(data))), picture)
    assert read_provenance(data) == FACTS


def test_a_gif_has_every_frame_its_size_and_its_facts():
    told = []
    data = gif(pictures(7), FACTS, side=40, frame_ms=30, progress=told.append)
    with Image.open(io.BytesIO(data)) as animation:
        assert (animation.n_frames, animation.size, animation.info["loop"]) == (7, (40, 40), 0)
        assert animation.info["duration"] == 30
    assert read_provenance(data) == FACTS
    assert told == sorted(told)
    assert told[-1] == 1.0
    with pytest.raises(ValueError, match="at least one frame"):
        gif(pictures(0), FACTS)


def test_a_montage_holds_each_picture_in_its_place():
    four = pictures(5)
    sheet = montage(four, 3, gap=2)
    assert sheet.shape == (34, 52, 3)
    assert np.array_equal(sheet[18:34, 18:34], four[4])
    assert (sheet[18:, 36:] == 255).all()


def test_a_foreign_picture_has_no_provenance():
    buffer = io.BytesIO()
    Image.fromarray(pictures(1)[0]).save(buffer, "PNG")
    assert read_provenance(buffer.getvalue()) is None
