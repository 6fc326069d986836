import numpy as np
import pytest
from PIL import Image

from faces.jpeg_file import first_picture, missing_rows
from tests.faces.test_photo import PORTRAIT, file_of

PICTURES = [
    file_of(Image.effect_noise((64, 48), 60)),
    file_of(Image.effect_noise((64, 48), 60), progressive=True),
    file_of(Image.effect_noise((640, 480), 60), exif=Image.open(PORTRAIT).getexif()),
    PORTRAIT.read_bytes(),
]


@pytest.mark.parametrize("picture", PICTURES)
@pytest.mark.parametrize("behind", [b"", b"\xff", b"\xff\xda" * 500, PICTURES[0] * 3, b"\0\0\0\x18ftypmp42" * 50])
def test_it_ends_where_it_ends_whatever_stands_behind(picture, behind):
    found = first_picture(picture + behind)
    assert found.data == picture
    assert found.whole
    assert found.scans == (10 if b"\xff\xc2" in picture else 1) or picture is PICTURES[1]


def test_a_thumbnail_within_is_not_the_end():
    exif = Image.Exif()
    exif[0x927C] = PICTURES[0]  # a maker's note that holds a picture
    picture = file_of(Image.effect_noise((64, 48), 60), exif=exif)
    assert first_picture(picture + b"film").data == picture


@pytest.mark.parametrize("missing", [1, 2, 30])
def test_a_missing_end_is_set_again(missing):
    found = first_picture(PORTRAIT.read_bytes()[:-missing])
    assert not found.whole
    assert found.data.endswith(b"\xff\xd9")


@pytest.mark.parametrize("data", [b"\xff\xd8", b"\xff\xd8\xff", b"\xff\xd8\xff\xe1", b"\xff\xd8\xff\xe1\xff\xff"])
def test_next_to_nothing_ends_too(data):
    assert not first_picture(data).whole


def test_rows_of_one_colour_at_the_bottom_are_missing_ones():
    pixels = np.random.default_rng(0).integers(0, 256, (40, 30, 3)).astype(np.uint8)
    assert missing_rows(Image.fromarray(pixels)) == 0
    pixels[30:] = 128
    assert missing_rows(Image.fromarray(pixels)) == 0.25
    assert missing_rows(Image.new("L", (5, 5))) == 1
