"""Bytes that somebody hands in -> an upright RGB picture, or one sentence that says why not.

Uploads are not trusted: only formats with a decoder that can be bounded are opened, sizes are read from the header and
capped before anything is decoded, and whatever a damaged file provokes becomes a `PhotoError`.
"""

from __future__ import annotations

import io
import threading
import warnings
from contextlib import nullcontext, suppress

import numpy as np
import pi_heif
from PIL import Image, ImageCms

from faces.alignment import upright
from faces.jpeg_file import MOST_MISSING, FirstPicture, first_picture, missing_rows

FORMATS = ("JPEG", "PNG", "WEBP", "HEIF", "AVIF", "GIF", "BMP")
"""What is opened (MPO, the JPEG of some phones, counts as JPEG). Not Pillow's whole list: some of its formats start
other programs or cannot be bounded."""
MAX_MEGAPIXELS = 50
MAX_JPEG_MEGAPIXELS = 120  # a JPEG can be shrunk while it is decoded
LARGE = 25_000_000  # pixels; one such picture at a time, so that visitors do not add up
KEPT_PIXELS = 6_000_000  # a JPEG is halved while it is decoded as long as this many pixels stay
MAX_SIDE_RATIO = 40
MIN_SIDE = 24
MAX_SCANS = 100  # of a progressive JPEG; cameras write about ten
MAX_SCANNED = 1_500_000_000  # pixels times scans: thousands of empty scans would decode for minutes

_NO_PICTURE = "this is not a picture that can be read. Give a JPEG, PNG, WebP, HEIC, AVIF, GIF or BMP file."
_UNKNOWN_HEIC = (
    "this HEIC or AVIF file is damaged, or packed in a way that cannot be read here. Save it as a JPEG; an iPhone "
    "takes JPEGs with Settings, Camera, Formats, Most Compatible."
)
_DAMAGED = "the file is damaged or cut short. Save or send it again."
JPEG = {"JPEG", "MPO"}
TURNED = ("exif", "xmp", "XML:com.adobe.xmp")
_SRGB = ImageCms.createProfile("sRGB")
_one_at_a_time = threading.Lock()

pi_heif.register_heif_opener()
# Pillow would warn of pictures above its own limit and of odd metadata; ours is checked before decoding.
warnings.filterwarnings("ignore", module="PIL")
warnings.filterwarnings("ignore", category=Image.DecompressionBombWarning)


class PhotoError(ValueError):
    """An upload is not a usable picture; the message says why and what to do."""


def read_photo(data: bytes) -> Image.Image:
    """Decode a picture file and turn it upright as its EXIF or XMP block says.

    Of an animation, and of a file with a film or further pictures behind, the first picture is read. Colours of another
    profile become those of sRGB. A JPEG file without its last bytes is read where at most one row in twenty is missing.
    Transparent places become white. Pictures of more than 24 megapixels come back at half or a quarter of their size,
    which is still far more than the 178 x 218 pixels that a face is cut out at.

    Args:
        data: the whole file, of any name.

    Returns:
        RGB.

    Raises:
        PhotoError: not a picture, damaged, too large or too small.
    """
    if not data:
        raise PhotoError("the file is empty. Save or send it again.")
    jpeg = first_picture(data) if data.startswith(b"\xff\xd8") else None
    try:
        picture = Image.open(io.BytesIO(jpeg.data if jpeg else data), formats=FORMATS)
    except Image.DecompressionBombError as error:
        raise PhotoError(_too_large(None)) from error
    except Exception as error:  # damaged headers raise whatever their bytes happen to provoke
        raise PhotoError(_UNKNOWN_HEIC if data[4:8] == b"ftyp" else _NO_PICTURE) from error
    with picture:
        _check_size(picture, jpeg)
        with _one_at_a_time if picture.width * picture.height > LARGE else nullcontext():
            try:
                return _decode(picture, cut=jpeg is not None and not jpeg.whole)
            except PhotoError:
                raise
            except Exception as error:  # decoders of damaged files, likewise
                raise PhotoError(_UNKNOWN_HEIC if data[4:8] == b"ftyp" else _DAMAGED) from error


def _check_size(picture: Image.Image, jpeg: FirstPicture | None) -> None:
    width, height = picture.size
    if width * height > (MAX_JPEG_MEGAPIXELS if jpeg else MAX_MEGAPIXELS) * 1_000_000:
        raise PhotoError(_too_large((width, height)))
    if min(width, height) < MIN_SIDE:
        raise PhotoError(f"the picture has only {width} x {height} pixels. A face needs more to be recognised.")
    if max(width, height) > MAX_SIDE_RATIO * min(width, height):
        raise PhotoError(f"the picture is a strip of {width} x {height} pixels. Cut out the part with the face.")
    scans = jpeg.scans if jpeg else 0
    if scans > MAX_SCANS or scans * width * height > MAX_SCANNED:
        raise PhotoError(f"the JPEG file is stored in {scans} layers, more than any camera writes. Save it again.")


def _too_large(size: tuple[int, int] | None) -> str:
    found = f" ({size[0]:,} x {size[1]:,} pixels)" if size else ""
    return (
        f"the picture is too large{found}. The limit is {MAX_MEGAPIXELS} megapixels, for JPEG files "
        f"{MAX_JPEG_MEGAPIXELS}. Make it smaller and try again."
    )


def _decode(picture: Image.Image, *, cut: bool) -> Image.Image:
    if picture.format in JPEG:
        scale = (picture.width * picture.height / KEPT_PIXELS) ** 0.5
        if scale >= 2:
            picture.draft("RGB", (int(picture.width / scale), int(picture.height / scale)))
    picture.load()
    if cut and missing_rows(picture) > MOST_MISSING:
        raise PhotoError("the file is cut short: a part of the picture is missing. Save or send it again.")
    flat = _to_srgb(_to_eight_bits(picture), picture.info.get("icc_profile"))
    # What says how the photo is turned; comments are of no use here.
    flat.info = {name: picture.info[name] for name in TURNED if picture.info.get(name)}
    turned = upright(flat)
    turned.info = {}
    return turned


def _to_eight_bits(picture: Image.Image) -> Image.Image:
    """Deep greys scaled to 8 bits, which `convert` would cut off, and large pictures halved."""
    if picture.mode == "I" or picture.mode.startswith("I;16"):
        picture = Image.fromarray((np.asarray(picture) >> 8).astype(np.uint8))
    if picture.width * picture.height <= 4 * KEPT_PIXELS:
        return picture
    if picture.mode not in {"L", "RGB", "RGBA", "CMYK"}:
        picture = picture.convert("RGBA" if _transparent(picture) else "RGB")
    return picture.reduce(2)


def _to_srgb(picture: Image.Image, profile: bytes | None) -> Image.Image:
    """RGB in sRGB, as every screen and every picture that the networks know is meant.

    Args:
        picture: of 8 bits.
        profile: its ICC profile; one that is damaged or of another kind of picture is passed over.
    """
    if not profile:
        return _to_rgb(picture)
    with suppress(Exception):  # littleCMS raises one kind of error, Pillow others, for whatever a profile may hold
        found = ImageCms.ImageCmsProfile(io.BytesIO(profile))
        space = found.profile.xcolor_space.strip()
        seen = picture if space in ("CMYK", "GRAY") else _to_rgb(picture)
        if seen.mode == {"CMYK": "CMYK", "GRAY": "L", "RGB": "RGB"}.get(space) and "sRGB" not in _name(found):
            turned = ImageCms.profileToProfile(seen, found, _SRGB, outputMode="RGB")
            if turned is not None:
                return turned
    return _to_rgb(picture)


def _name(profile: ImageCms.ImageCmsProfile) -> str:
    return profile.profile.profile_description or ""


def _transparent(picture: Image.Image) -> bool:
    return picture.mode in {"RGBA", "LA", "PA", "RGBa", "La"} or "transparency" in picture.info


def _to_rgb(picture: Image.Image) -> Image.Image:
    """Any mode of 8 bits to RGB; what is transparent becomes white."""
    if not _transparent(picture):
        return picture.convert("RGB")
    with_alpha = picture.convert("RGBA")
    white = Image.new("RGB", picture.size, "white")
    white.paste(with_alpha, mask=with_alpha.getchannel("A"))
    return white
