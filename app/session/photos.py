"""A visitor's photos: the file, the faces found in it, the chosen one, and its latent in each model. In memory only."""

from __future__ import annotations

import io
import itertools
from collections.abc import Callable, Iterable, Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any, TypeVar

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from app.checkpoints.opening import OpenModel
from app.server.held_files import hold
from app.texts import _, in_this_language
from faces.alignment import align
from faces.photo import read_photo
from models.config import Crop
from models.images import crop_aligned, to_tensor

if TYPE_CHECKING:
    from faces import Face

PREVIEW_SIDE = 1280  # of the copy that the page shows
LONGEST_NAME = 40
_numbers = itertools.count(1)
_workers = ThreadPoolExecutor(2, thread_name_prefix="photos")
T = TypeVar("T")


@dataclass(frozen=True, eq=False)
class Photo:
    """One face of a photo, encoded.

    Attributes:
        name: file name, to show.
        crops: uint8 [S, S, 3] for each way in which a model has seen it; ask `crop` for one.
        latents: float32 [D] for each model, by its identity: another reading of the same files has other latents.
        logvars: float32 [D] for each VAE, by its identity: the log variance of its posterior.
        aligned: uint8 [218, 178, 3], the face in CelebA's frame.
        source: key of the upload that it was cut from.
        key: names this face at these marks; never used again for another.
        kept: what pages have worked out from this face; it goes when the photo goes.
    """

    name: str
    crops: dict[tuple[int, Crop], NDArray[np.uint8]] = field(default_factory=dict)
    latents: dict[str, NDArray[np.float32]] = field(default_factory=dict)
    logvars: dict[str, NDArray[np.float32]] = field(default_factory=dict)
    aligned: NDArray[np.uint8] | None = None
    source: str = ""
    key: str = field(default_factory=lambda: f"photo-{next(_numbers)}")
    kept: dict[Any, Any] = field(default_factory=dict)

    def crop(self, view: tuple[int, Crop]) -> NDArray[np.uint8]:
        """The face as a model sees it: uint8 [S, S, 3]."""
        if view not in self.crops:
            assert self.aligned is not None
            self.crops[view] = crop_aligned(Image.fromarray(self.aligned), *view)
        return self.crops[view]

    def once(self, key: Any, make: Callable[[], T]) -> T:
        """What `make` gave the first time it was asked for under this key."""
        if key not in self.kept:
            self.kept[key] = make()
        if isinstance(self.kept[key], Future):
            self.kept[key] = self.kept[key].result()
        return self.kept[key]

    def begin(self, key: Any, make: Callable[[], object]) -> None:
        """Have `make` worked out beside the page's run: `once` will be asked for it under this key."""
        if key not in self.kept:
            self.kept[key] = _workers.submit(in_this_language(make))


@dataclass(frozen=True, eq=False)
class File:
    """A file that a visitor gave and that nobody has read yet: its name as it came, and its content."""

    name: str
    data: bytes

    def __post_init__(self) -> None:
        hold(self, len(self.data))


@dataclass(frozen=True, eq=False)
class Upload:
    """A photo that a visitor gave. Places are pixels of the photo as `faces.photo.read_photo` decodes it.

    Attributes:
        key: names it within the app.
        name: file name, to show.
        data: the file; decoded again when another face or other marks are chosen, which is cheaper than keeping pixels.
        size: width and height of the decoded photo.
        preview: JPEG, the whole photo, 1280 pixels at most.
        faces: what was found, the preferred one first.
        problem: one sentence where no face was found.
        chosen: which face, or None.
        marks: float32 [3, 2], left eye, right eye, mouth of the chosen face or as set by hand; None if neither.
        by_hand: the marks were set by hand.
        photo: the face at these marks, encoded.
    """

    key: str
    name: str
    data: bytes
    size: tuple[int, int]
    preview: bytes
    faces: tuple[Face, ...] = ()
    problem: str | None = None
    chosen: int | None = None
    marks: NDArray[np.float32] | None = None
    by_hand: bool = False
    photo: Photo | None = None

    def __post_init__(self) -> None:
        hold(self, len(self.data))


def take_in(name: str, data: bytes, models: Mapping[str, OpenModel]) -> Upload:
    """Read a file, find the faces and encode the preferred one.

    Raises:
        PhotoError: the file is no usable picture.
    """
    from faces import NoFaceError, find_faces  # late: the detector loads torch

    picture = read_photo(data)
    upload = Upload(f"upload-{next(_numbers)}", plain_file_name(name), data, picture.size, _preview(picture))
    try:
        faces = tuple(find_faces(picture))
    except NoFaceError as error:
        return replace(upload, problem=str(error))
    upload = replace(upload, faces=faces, chosen=0, marks=faces[0].points)
    return _encoded(upload, picture, models)


def choose_face(upload: Upload, face: int, models: Mapping[str, OpenModel]) -> Upload:
    """The upload with another of its faces chosen, or with the detector's marks again.

    Raises:
        PhotoError: as `faces.photo.read_photo`.
    """
    chosen = replace(upload, chosen=face, marks=upload.faces[face].points, by_hand=False)
    return _encoded(chosen, read_photo(upload.data), models)


def place_marks(upload: Upload, marks: NDArray[np.float32], models: Mapping[str, OpenModel]) -> Upload:
    """The upload with marks set by hand, float32 [3, 2].

    Raises:
        PhotoError: as `faces.photo.read_photo`.
        ValueError: two marks lie in one place.
    """
    return _encoded(replace(upload, marks=marks, by_hand=True), read_photo(upload.data), models)


def _encoded(upload: Upload, picture: Image.Image, models: Mapping[str, OpenModel]) -> Upload:
    assert upload.marks is not None
    photo = encode_photo(models, upload.name, align(picture, upload.marks))
    return replace(upload, photo=replace(photo, source=upload.key))


def encode_photo(models: Mapping[str, OpenModel], name: str, aligned: Image.Image) -> Photo:
    """Crop an aligned face as the models saw their training faces and encode it with every model.

    Args:
        models: by checkpoint name.
        name: what to call it.
        aligned: 178 x 218, RGB.
    """
    photo = Photo(name, aligned=np.asarray(aligned))
    encode_missing(photo, models.values())
    return photo


def encode_missing(photo: Photo, models: Iterable[OpenModel]) -> None:
    """Encode a photo with the models that have not: those that came since, or whose files have changed."""
    missing = [model for model in models if model.identity not in photo.latents]
    if not missing:
        return
    import torch  # late: it takes two seconds, and most pages have no photo

    for model in missing:
        photo.crop(model.config.view)

    @torch.inference_mode()
    def encode(model: OpenModel) -> tuple[torch.Tensor, torch.Tensor | None]:
        return model.network.posterior(to_tensor(photo.crop(model.config.view)[None]))

    for model, (mu, logvar) in zip(missing, _workers.map(encode, missing), strict=True):
        photo.latents[model.identity] = mu[0].numpy()
        if logvar is not None:
            photo.logvars[model.identity] = logvar[0].numpy()


def plain_file_name(name: str) -> str:
    """A file's name fit to stand in a sentence: no folder, no control or Markdown character, not too long."""
    last = name.replace("\\", "/").rsplit("/", 1)[-1]
    plain = "".join(letter for letter in last if letter.isalnum() or letter in " .-()'").strip()
    if len(plain) > LONGEST_NAME:
        plain = f"{plain[: LONGEST_NAME - 11]} … {plain[-8:]}"
    return plain or _("photo")


def _preview(picture: Image.Image) -> bytes:
    scale = min(1.0, PREVIEW_SIDE / max(picture.size))
    width, height = (max(1, round(side * scale)) for side in picture.size)
    buffer = io.BytesIO()
    picture.resize((width, height), Image.Resampling.BILINEAR, reducing_gap=2).save(buffer, "JPEG", quality=85)
    return buffer.getvalue()
