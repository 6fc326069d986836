import io
import struct
import zlib
from pathlib import Path

import numpy as np
import pi_heif
import pytest
from PIL import Image, ImageCms

from faces.jpeg_file import first_picture
from faces.photo import PhotoError, read_photo
from tests.faces.heic_file import with_gain_map

ROOT = Path(__file__).parents[2]
PORTRAIT = ROOT / "assets" / "portrait.jpg"
HERE = Path(__file__).parent


def file_of(picture: Image.Image, kind: str = "JPEG", **options) -> bytes:
    buffer = io.BytesIO()
    picture.save(buffer, kind, **options)
    return buffer.getvalue()


def sky_and_sea(mode: str = "RGB") -> Image.Image:
    picture = Image.new("RGB", (40, 60), "blue")
    picture.paste("yellow", (0, 0, 40, 20))
    return picture.convert(mode)


def close(picture: Image.Image, expected: Image.Image, tolerance: int = 6) -> bool:
    difference = np.asarray(picture).astype(int) - np.asarray(expected.convert("RGB"))
    return picture.mode == "RGB" and bool(np.abs(difference).max() <= tolerance)


@pytest.mark.parametrize(
    ("kind", "mode"),
    [
        *(("PNG", mode) for mode in ("RGB", "P", "L", "1", "RGBA", "LA")),
        *(("JPEG", "L"), ("WEBP", "RGB"), ("GIF", "P"), ("BMP", "RGB"), ("AVIF", "RGB")),
    ],
)
def test_pictures_of_any_kind_and_mode_are_read_as_rgb(kind, mode):
    given = Image.new("RGB", (40, 60), "white") if mode == "1" else sky_and_sea(mode)
    options = {"WEBP": {"lossless": True}, "AVIF": {"quality": 100, "subsampling": "4:4:4"}}.get(kind, {})
    assert close(read_photo(file_of(given.convert(mode), kind, **options)), given, 8)


def test_cmyk_keeps_its_colours():
    read = np.asarray(read_photo(file_of(Image.new("CMYK", (40, 40), (0, 255, 255, 0)), quality=95)))
    assert read[20, 20, 0] > 200
    assert read[20, 20, 1:].max() < 60


def test_sixteen_bits_are_scaled_and_not_cut_off():
    ramp = np.tile(np.linspace(0, 65535, 64).astype(np.uint16), (64, 1))
    read = np.asarray(read_photo(file_of(Image.fromarray(ramp), "PNG")))[0, :, 0].astype(int)
    assert read[0] == 0
    assert read[-1] == 255
    assert np.diff(read).min() >= 3


def test_what_is_transparent_becomes_white():
    picture = sky_and_sea("RGBA")
    picture.putalpha(Image.new("L", picture.size, 0))
    assert np.asarray(read_photo(file_of(picture, "PNG"))).min() == 255


@pytest.mark.parametrize("kind", ["GIF", "PNG", "WEBP"])
def test_of_an_animation_the_first_picture_is_read(kind):
    first, second = Image.new("RGB", (40, 40), "red"), Image.new("RGB", (40, 40), "green")
    read = read_photo(file_of(first, kind, save_all=True, append_images=[second], duration=50))
    assert read.size == (40, 40)
    assert np.asarray(read)[20, 20, 0] > 240


def test_a_heic_photo_is_read():
    with Image.open(PORTRAIT) as portrait:
        assert close(read_photo((HERE / "portrait.heic").read_bytes()), portrait, 90)


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
@pytest.mark.parametrize("orientation", range(1, 9))
def test_a_turned_photo_is_put_upright(orientation, kind):
    upright = sky_and_sea()
    undo = {2: [0], 3: [3], 4: [1], 5: [5], 6: [2], 7: [6], 8: [4]}  # Pillow's transpositions
    stored = upright
    for step in undo.get(orientation, []):
        stored = stored.transpose(Image.Transpose(step))
    exif = Image.Exif()
    exif[0x0112] = orientation
    again = read_photo(file_of(stored, kind, exif=exif))
    assert again.size == (40, 60)
    assert np.abs(np.asarray(again).astype(int) - np.asarray(upright)).mean() < 12


@pytest.mark.parametrize(
    "block", [b"Exif\0\0", b"Exif\0\0II*\0\xff\xff\xff\xff", b"Exif\0\0MM\0*\0\0\0\x08\xff\xff" + b"\xff" * 40]
)
def test_a_damaged_exif_block_does_no_harm(block):
    assert close(read_photo(file_of(sky_and_sea(), "PNG", exif=block)), sky_and_sea())


def header_of_png(width: int, height: int) -> bytes:
    """A PNG that claims a size and holds next to nothing."""

    def chunk(kind: bytes, body: bytes) -> bytes:
        return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))

    parts = (chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)), chunk(b"IDAT", zlib.compress(b"")))
    return b"\x89PNG\r\n\x1a\n" + b"".join(parts) + chunk(b"IEND", b"")


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"", "file is empty"),
        (b"hello", "not a picture"),
        (b"%PDF-1.7\n" + b"x" * 500, "not a picture"),
        (b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 50 50\n", "not a picture"),
        (PORTRAIT.read_bytes()[:5000], "cut short"),
        (file_of(Image.new("1", (8000, 8000)), "PNG"), "50 megapixels"),
        (header_of_png(100_000, 100_000), "50 megapixels"),
        (header_of_png(60_000, 50_000), "50 megapixels"),
        (header_of_png(3000, 2000), "damaged or cut short"),
        (file_of(Image.new("RGB", (1, 1)), "PNG"), "1 x 1 pixels"),
        (file_of(Image.new("L", (4000, 30)), "PNG"), "strip"),
    ],
)
def test_what_is_no_usable_picture_gets_a_sentence(data, words):
    with pytest.raises(PhotoError, match=words):
        read_photo(data)


def test_a_jpeg_of_100_megapixels_is_shrunk_while_it_is_decoded():
    data = file_of(Image.new("L", (12_000, 9_000), 200), quality=30)
    read = read_photo(data)
    assert read.size == (3000, 2250)
    assert np.asarray(read)[1000, 1000].tolist() == pytest.approx([200] * 3, abs=3)


def test_a_jpeg_of_a_thousand_layers_is_refused_before_decoding():
    data = file_of(Image.new("L", (4000, 4000)), progressive=True)
    start = data.rindex(b"\xff\xda")
    bomb = data[:start] + data[start:-2] * 1000 + data[-2:]
    with pytest.raises(PhotoError, match="layers"):
        read_photo(bomb)


def test_large_pictures_of_other_kinds_come_back_halved():
    assert read_photo(file_of(Image.new("L", (6000, 5000), 9), "PNG")).size == (3000, 2500)


def test_of_a_motion_photo_the_picture_is_read():
    film = np.random.default_rng(0).integers(0, 256, 3_000_000).astype(np.uint8).tobytes()  # some 45 times ff da
    assert film.count(b"\xff\xda") > 20
    data = PORTRAIT.read_bytes()
    assert close(read_photo(data + b"\0\0\0\x18ftypmp42" + film * 4), Image.open(PORTRAIT), 0)


def test_of_several_pictures_in_one_file_the_first_is_read():
    first, second = Image.new("RGB", (40, 60), "red"), Image.new("RGB", (40, 60), "green")
    data = file_of(first, "MPO", save_all=True, append_images=[second])
    assert close(read_photo(data), first)
    assert close(read_photo(first_picture(data).data), first)


@pytest.mark.parametrize("progressive", [False, True])
@pytest.mark.parametrize("missing", [1, 2, 40])
def test_a_jpeg_without_its_last_bytes_is_read(missing, progressive):
    with Image.open(PORTRAIT) as portrait:
        data = file_of(portrait, quality=90, progressive=progressive)
        read = read_photo(data[:-missing])
        assert np.abs(np.asarray(read).astype(int) - np.asarray(portrait)).mean() < 3


@pytest.mark.parametrize("kept", [0.3, 0.5, 0.85])
def test_half_a_jpeg_is_refused(kept):
    data = PORTRAIT.read_bytes()
    with pytest.raises(PhotoError, match="a part of the picture is missing"):
        read_photo(data[: int(len(data) * kept)])


def profile_of_display_p3() -> bytes:
    """sRGB's profile with the three colours of Display P3 (SMPTE EG 432-1, adapted to D50) and another name."""
    data = bytearray(ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes())
    columns = {
        b"rXYZ": (0.5151, 0.2412, -0.0011), b"gXYZ": (0.2920, 0.6922, 0.0419), b"bXYZ": (0.1571, 0.0666, 0.7841)
    }  # fmt: skip
    for number in range(struct.unpack_from(">I", data, 128)[0]):
        tag, place, _ = struct.unpack_from(">4sII", data, 132 + 12 * number)
        if tag in columns:
            struct.pack_into(">3i", data, place + 8, *(round(value * 65536) for value in columns[tag]))
    return bytes(data).replace("sRGB".encode("utf-16-be"), "P3 3".encode("utf-16-be"))


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "WEBP"])
def test_colours_of_display_p3_become_those_of_srgb(kind):
    given = Image.new("RGB", (48, 48), (200, 100, 100))
    options = {"lossless": True} if kind == "WEBP" else {"quality": 98, "subsampling": 0} if kind == "JPEG" else {}
    read = np.asarray(read_photo(file_of(given, kind, icc_profile=profile_of_display_p3(), **options)))
    # (200, 100, 100) is 0.578, 0.127, 0.127 of linear light, which sRGB makes of 0.680, 0.108, 0.118: a stronger red.
    assert np.abs(read[24, 24].astype(int) - (215, 92, 96)).max() <= 3


@pytest.mark.parametrize("profile", [b"", b"no profile", b"\0" * 500, profile_of_display_p3()[:300]])
def test_a_damaged_profile_is_passed_over(profile):
    assert close(read_photo(file_of(sky_and_sea(), "PNG", icc_profile=profile)), sky_and_sea())


def test_a_profile_of_another_kind_of_picture_is_passed_over():
    grey = sky_and_sea("L")
    assert close(read_photo(file_of(grey, "PNG", icc_profile=profile_of_display_p3())), grey, 8)


@pytest.mark.parametrize("words", ['tiff:Orientation="6"', "<tiff:Orientation>6</tiff:Orientation>"])
def test_an_orientation_that_stands_in_xmp_alone_is_followed(words):
    stored = sky_and_sea().transpose(Image.Transpose.ROTATE_90)
    xmp = f"<x:xmpmeta xmlns:x='adobe:ns:meta/'><rdf:Description {words}>{words}</rdf:Description></x:xmpmeta>"
    again = read_photo(file_of(stored, "JPEG", xmp=xmp.encode(), quality=95))
    assert again.size == (40, 60)
    assert np.abs(np.asarray(again).astype(int) - np.asarray(sky_and_sea())).mean() < 12


def test_a_heic_file_that_cannot_be_opened_is_not_told_to_become_one():
    whole = (HERE / "portrait.heic").read_bytes()
    for data in (whole[:200], whole[: len(whole) // 2], whole.replace(b"hvc1", b"xxxx")):
        with pytest.raises(
            PhotoError, match=r"HEIC or AVIF file is damaged, or packed .* Save it as a JPEG"
        ) as refused:
            read_photo(data)
        assert "Give a" not in str(refused.value)


@pytest.mark.parametrize("tone_mapped", [False, True])
def test_a_heic_photo_with_a_gain_map_is_read(tone_mapped):
    plain = (HERE / "portrait.heic").read_bytes()
    data = with_gain_map(plain, tone_mapped=tone_mapped)
    assert "hdrgainmap" in str(pi_heif.open_heif(io.BytesIO(data)).info["aux"])
    assert np.array_equal(read_photo(data), read_photo(plain))
