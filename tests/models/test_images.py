import numpy as np
import pytest
import torch
from PIL import Image

from models.images import as_seen, crop_aligned, crop_beside, read_crops, to_tensor, to_uint8


def test_the_crop_is_the_centred_148_square_resized_by_lanczos():
    random = np.random.default_rng(0)
    picture = Image.fromarray(random.integers(0, 256, (218, 178, 3), dtype=np.uint8))
    expected = picture.crop((15, 35, 163, 183)).resize((64, 64), Image.Resampling.LANCZOS)
    assert np.array_equal(crop_aligned(picture, 64), np.asarray(expected))


def test_a_crop_beside_is_moved_and_of_another_size_and_stays_in_the_picture():
    across = np.broadcast_to(np.arange(178, dtype=np.uint8)[None, :, None], (218, 178, 3))
    picture = Image.fromarray(np.ascontiguousarray(across))
    assert np.array_equal(crop_beside(picture, 148, (0, 0), 1), crop_aligned(picture, 148))
    moved, zoomed, huge = (crop_beside(picture, 148, *how) for how in (((5, 9), 1), ((0, 0), 1.1), ((80, 0), 1)))
    assert np.array_equal(moved, crop_aligned(picture, 148) + 5)
    assert zoomed[0, 0, 0] == pytest.approx(15 - 7.4, abs=1)
    assert zoomed[0, -1, 0] == pytest.approx(162 + 7.4, abs=1)
    assert huge[0, -1, 0] == 177
    assert huge.shape == (148, 148, 3)


@pytest.mark.parametrize("mode", ["L", "P", "CMYK", "RGBA", "1", "I;16"])
def test_every_mode_becomes_rgb(mode):
    crop = crop_aligned(Image.new(mode, (178, 218)), 64)
    assert crop.shape == (64, 64, 3)
    assert crop.dtype == np.uint8


@pytest.mark.parametrize("size", [(1, 1), (2000, 3), (3, 2000), (356, 436)])
def test_every_size_gives_a_square(size):
    assert crop_aligned(Image.new("RGB", size, "red"), 128).shape == (128, 128, 3)


def test_tensor_and_back_is_exact():
    images = np.random.default_rng(0).integers(0, 256, (4, 16, 16, 3), dtype=np.uint8)
    tensor = to_tensor(images)
    assert tensor.shape == (4, 3, 16, 16)
    assert tensor.dtype == torch.float32
    assert 0 <= tensor.min() <= tensor.max() <= 1
    assert tensor.is_contiguous(memory_format=torch.channels_last)
    assert np.array_equal(to_uint8(tensor), images)


def test_values_outside_the_range_are_clipped():
    assert to_uint8(torch.tensor([-1.0, 2.0, 0.5]).reshape(1, 3, 1, 1)).ravel().tolist() == [0, 255, 128]


def test_unreadable_files_are_named_and_the_rest_keeps_its_order(tmp_path):
    for name, colour in (("a.png", "red"), ("c.png", "blue")):
        Image.new("RGB", (178, 218), colour).save(tmp_path / name)
    (tmp_path / "b.png").write_bytes(b"not a picture")
    paths = [tmp_path / name for name in ("a.png", "b.png", "c.png")]
    ((positions, crops, unreadable),) = read_crops(paths, 64)
    assert positions.tolist() == [0, 2]
    assert crops[:, 0, 0].tolist() == [[255, 0, 0], [0, 0, 255]]
    assert unreadable == [tmp_path / "b.png"]


def test_a_face_cut_out_already_keeps_its_pixels_where_no_other_size_or_crop_is_wanted():
    faces = np.random.default_rng(0).integers(0, 255, (2, 148, 148, 3)).astype(np.uint8)
    assert as_seen(faces, 148) is faces
    wide = as_seen(faces, 178, "square")
    assert wide.shape == (2, 178, 178, 3)
    assert np.array_equal(wide[:, 15:163, 15:163], faces)
    assert np.array_equal(wide[:, 15, 0], faces[:, 0, 0])
    assert as_seen(faces, 64).shape == (2, 64, 64, 3)
