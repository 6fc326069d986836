import io
from types import SimpleNamespace

import numpy as np
import pytest
from PIL import Image

from app.controls import portrait
from app.views.your_face import PhotoError, encode_photo, read_photo
from models.images import crop_aligned, to_tensor
from tests.conftest import tiny_network


def file_of(picture: Image.Image, kind: str = "JPEG", **options) -> bytes:
    buffer = io.BytesIO()
    picture.save(buffer, kind, **options)
    return buffer.getvalue()


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
def test_pictures_are_read_as_rgb(kind):
    picture = read_photo(file_of(Image.new("RGB", (30, 40), "red"), kind))
    assert (picture.mode, picture.size) == ("RGB", (30, 40))


@pytest.mark.parametrize("orientation", range(1, 9))
def test_a_turned_photo_is_put_upright(orientation):
    upright = Image.new("RGB", (40, 60), "blue")
    upright.paste("yellow", (0, 0, 40, 20))  # sky at the top
    undo = {2: [0], 3: [3], 4: [1], 5: [5], 6: [2], 7: [6], 8: [4]}  # Pillow's transpositions
    stored = upright
    for step in undo.get(orientation, []):
        stored = stored.transpose(Image.Transpose(step))
    exif = Image.Exif()
    exif[0x0112] = orientation
    again = read_photo(file_of(stored, "PNG", exif=exif))
    assert again.size == (40, 60)
    assert np.array_equal(np.asarray(again), np.asarray(upright))


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"", "not a picture"),
        (b"hello", "not a picture"),
        (portrait().read_bytes()[:5000], "damaged or cut short"),
        (file_of(Image.new("1", (8000, 8000)), "PNG"), "50 million pixels"),
    ],
)
def test_what_is_no_usable_picture_gets_a_sentence(data, words):
    with pytest.raises(PhotoError, match=words):
        read_photo(data)


def test_every_model_encodes_the_crop_of_its_size():
    models = {
        "small": SimpleNamespace(network=tiny_network("ae"), config=tiny_network("ae").config),
        "large": SimpleNamespace(
            network=tiny_network("vae", image_size=128), config=tiny_network(image_size=128).config
        ),
    }
    photo = encode_photo(models, "me", portrait().read_bytes())
    assert set(photo.latents) == {"small", "large"}
    assert {size: crop.shape for size, crop in photo.crops.items()} == {64: (64, 64, 3), 128: (128, 128, 3)}
    with Image.open(portrait()) as picture:
        x = to_tensor(crop_aligned(picture, 128)[None])
    assert np.allclose(photo.latents["large"], models["large"].network.encode(x)[0].detach(), atol=1e-6)
