import gc
import io
import weakref
from functools import partial
from types import SimpleNamespace

import numpy as np
import pytest
from PIL import Image

from app.paths import PORTRAIT
from app.session.photos import choose_face, encode_missing, encode_photo, place_marks, plain_file_name, take_in
from faces import Face, NoFaceError, align, detector, find_faces
from faces.photo import PhotoError, read_photo
from models.images import crop_aligned, to_tensor
from tests.conftest import tiny_network


def model(kind: str = "ae", **options) -> SimpleNamespace:
    network = tiny_network(kind, **options)
    return SimpleNamespace(network=network, config=network.config, identity=f"{kind} {options}")


@pytest.fixture(scope="module")
def models():
    return {"small": model("ae"), "large": model("vae", image_size=128)}


def two_faces(picture: Image.Image) -> list[Face]:
    """A detector that finds what a test needs, at once."""
    points = np.array([(40, 40), (80, 40), (60, 80)], np.float32)
    box = np.array([20, 20, 100, 100], np.float32)
    return [Face(box, points, 0.99), Face(box + 100, points + 100, 0.98)]


def no_face(picture: Image.Image) -> list[Face]:
    raise NoFaceError("No face was found.")


def test_every_model_encodes_the_aligned_crop_of_its_size(models):
    upload = take_in("me.jpg", PORTRAIT.read_bytes(), models)
    photo = upload.photo
    assert set(photo.latents) == {model.identity for model in models.values()}
    assert set(photo.logvars) == {models["large"].identity}
    assert {view: crop.shape for view, crop in photo.crops.items()} == {
        (64, "celeba"): (64, 64, 3),
        (128, "celeba"): (128, 128, 3),
    }
    picture = read_photo(PORTRAIT.read_bytes())
    # twice, the detector's threads may round differently
    assert np.allclose(upload.marks, find_faces(picture)[0].points, atol=0.01)
    aligned = align(picture, upload.marks)
    x = to_tensor(crop_aligned(aligned, 128)[None])
    assert np.allclose(
        photo.latents[models["large"].identity], models["large"].network.encode(x)[0].detach(), atol=1e-5
    )
    assert np.array_equal(photo.aligned, np.asarray(aligned))


def test_marks_set_where_the_detector_found_them_give_the_same_crop(models):
    found = take_in("me.jpg", PORTRAIT.read_bytes(), models)
    placed = place_marks(found, found.marks, models)
    assert placed.by_hand
    assert np.array_equal(placed.photo.aligned, found.photo.aligned)
    assert placed.photo.key != found.photo.key  # sliders start anew
    assert placed.photo.source == found.photo.source == found.key


def test_another_face_can_be_chosen_and_the_detectors_marks_come_back(models, monkeypatch):
    monkeypatch.setattr(detector, "find_faces", two_faces)
    upload = take_in("two.jpg", PORTRAIT.read_bytes(), models)
    second = choose_face(upload, 1, models)
    assert (upload.chosen, second.chosen) == (0, 1)
    assert not np.array_equal(second.photo.aligned, upload.photo.aligned)
    moved = place_marks(second, second.marks + 9, models)
    again = choose_face(moved, 1, models)
    assert not again.by_hand
    assert np.array_equal(again.photo.aligned, second.photo.aligned)


def test_without_a_face_the_marks_wait_for_the_hand(models, monkeypatch):
    monkeypatch.setattr(detector, "find_faces", no_face)
    upload = take_in("drawing.png", PORTRAIT.read_bytes(), models)
    assert (upload.photo, upload.marks, upload.problem) == (None, None, "No face was found.")
    placed = place_marks(upload, np.array([(100, 100), (200, 100), (150, 200)], np.float32), models)
    assert len(placed.photo.latents) == len(models)
    with pytest.raises(ValueError, match="marks apart"):
        place_marks(upload, np.ones((3, 2), np.float32), models)


def test_the_preview_shows_the_whole_photo_and_is_small(models, monkeypatch):
    monkeypatch.setattr(detector, "find_faces", no_face)
    buffer = io.BytesIO()
    Image.new("RGB", (3000, 1500), "teal").save(buffer, "JPEG")
    upload = take_in("wide.jpg", buffer.getvalue(), models)
    with Image.open(io.BytesIO(upload.preview)) as preview:
        assert preview.size == (1280, 640)
    assert upload.size == (3000, 1500)


def test_a_model_that_comes_later_encodes_what_is_there(models):
    photo = encode_photo({"small": models["small"]}, "me", Image.new("RGB", (178, 218), "gray"))
    first = dict(photo.latents)
    encode_missing(photo, models.values())
    assert set(photo.latents) == {model.identity for model in models.values()}
    assert photo.latents[models["small"].identity] is first[models["small"].identity]


def test_a_model_of_the_same_name_that_is_read_otherwise_encodes_the_photo_again(models):
    photo = encode_photo(models, "me", Image.new("RGB", (178, 218), "gray"))
    cured = model("ae", seed=5)
    cured.config = SimpleNamespace(view=(64, "square"))  # what the doctor changes in a brought checkpoint
    encode_missing(photo, {"small": cured}.values())
    x = to_tensor(photo.crop((64, "square"))[None])
    assert np.allclose(photo.latents[cured.identity], cured.network.encode(x)[0].detach(), atol=1e-5)


def test_what_a_photo_worked_out_goes_with_it(models):
    photo = encode_photo(models, "me", Image.new("RGB", (178, 218)))
    assert photo.once("a", lambda: np.zeros(3)) is photo.once("a", lambda: np.ones(3))
    photo.begin("b", partial(np.full_like, photo.aligned, 7))  # while it is worked out it holds the photo
    assert (photo.once("b", lambda: np.zeros(3)) == 7).all()
    watched = [weakref.ref(one) for one in (photo, photo.kept["a"], photo.kept["b"])]
    del photo
    gc.collect()
    assert [one() for one in watched] == [None] * 3


@pytest.mark.parametrize(
    ("name", "plain"),
    [
        ("me.jpg", "me.jpg"),
        (r"C:\photos\me.jpg", "me.jpg"),
        ("../../etc/passwd", "passwd"),
        ("![x](y)`*_<b>.png", "x(y)b.png"),
        ("Großmutter (1).heic", "Großmutter (1).heic"),
        ("\n\x00", "photo"),
        ("a" * 60 + ".jpg", "a" * 29 + " … aaaa.jpg"),
    ],
)
def test_file_names_are_fit_for_a_sentence(name, plain):
    assert plain_file_name(name) == plain


def test_no_usable_picture_is_an_error(models):
    with pytest.raises(PhotoError):
        take_in("notes.txt", b"hello", models)
