"""The viewer's own pictures in the app: their names, their originals, their labels and what is said of them."""

from __future__ import annotations

import numpy as np
import pytest
from streamlit.testing.v1 import AppTest

import build_atlas
from app import paths
from app.checkpoints import celeba as pictures
from app.checkpoints.opening import open_model
from models.checkpoint_files import open_files
from models.checkpoints import save_checkpoint
from tests.conftest import tiny_network, write_celeba

COUNT = 60


@pytest.fixture(scope="module")
def own(tmp_path_factory):
    """A model mapped with 60 portraits that have a table of two attributes, one of them with CelebA's name.

    Its two dimensions are its map, so that UMAP need not compile itself.
    """
    place = tmp_path_factory.mktemp("own")
    photos = place / "[click](https:example.org)"
    photos.mkdir()
    celeba = write_celeba(place / "celeba", COUNT, lists=False) / "img_align_celeba"
    for path in sorted(celeba.iterdir()):
        path.rename(photos / f"IMG *{path.name}")
    rows = "".join(f"IMG *{i:06d}.jpg,{i % 2},{i % 2}\n" for i in range(1, COUNT + 1))
    (photos / "mine.csv").write_text("photo,From [Bonn](x),smiling\n" + rows)
    save_checkpoint(tiny_network("vae", latent_dim=2), place / "checkpoints" / "mine", {})
    classifier = paths.ROOT / "checkpoints" / "classifier"
    arguments = [str(place / "checkpoints" / "mine"), "--data", str(photos), "--classifier", str(classifier)]
    assert build_atlas.main(arguments) == 0
    return place / "checkpoints", photos


@pytest.fixture
def viewer(own, monkeypatch):
    monkeypatch.setenv("FACESPACE_CELEBA", str(own[1]))
    return open_model(open_files(own[0] / "mine"))


def test_each_face_has_its_own_name_and_original(viewer):
    for image in viewer.atlas.image[:5]:
        name = pictures.called(int(image))
        assert name.startswith("IMG *0000")
        assert pictures.original(int(image)).stem == name
        assert pictures.described(int(image)) == name
    assert pictures.original(1) is None
    assert pictures.described(1) == "Face 1 of CelebA"
    assert pictures.originals(viewer, [0, 1]).shape == (2, 64, 64, 3)
    assert pictures.has_held_out()


def test_ones_own_attributes_colour_the_map_and_have_sliders(viewer):
    labels = pictures.true_labels(viewer)
    odd = np.array([int(pictures.called(int(image))[-6:]) % 2 for image in viewer.atlas.image])
    assert viewer.atlas.attributes[40:] == ("From [Bonn](x)",)
    for name in ("From [Bonn](x)", "Smiling"):  # the one that CelebA has as well keeps CelebA's name
        assert np.array_equal(labels[:, viewer.atlas.attributes.index(name)], odd)
    assert (labels[:, viewer.atlas.attributes.index("Eyeglasses")] == -1).all()
    assert "From [bonn](x)" in [direction.name for direction in viewer.banks[0].directions]


def test_without_the_folder_nobody_is_called_by_a_wrong_name(viewer, monkeypatch):
    monkeypatch.delenv("FACESPACE_CELEBA")
    image = int(viewer.atlas.image[0])
    assert pictures.called(image) == f"Face {image}"
    assert pictures.originals(viewer, [0]) is None
    assert pictures.true_labels(viewer) is None
    assert not pictures.has_held_out()


def test_explore_shows_them_without_calling_them_celebas(own, viewer, monkeypatch):
    monkeypatch.setattr(paths, "ROOT", own[0].parent)
    app = AppTest.from_string("from app.views import explore\nexplore.render()", default_timeout=120).run()
    assert not app.exception
    said = " ".join(element.value for element in [*app.markdown, *app.caption])
    assert "of CelebA" not in said
    assert "split by chance" in said
    assert "](https" not in said.replace("\\", "\0")  # escaped, so that no link comes of it
    for colouring in ("From [bonn](x)", "Smiling", "Eyeglasses"):
        app.selectbox(key="colouring").set_value(colouring).run()
        assert not app.exception


@pytest.mark.parametrize("said", ["\\[click\\]"])
def test_a_folders_name_never_becomes_a_link(tmp_path, monkeypatch, said):
    monkeypatch.setenv("FACESPACE_CELEBA", str(tmp_path / "[click](https:example.org)"))
    script = """
from app.checkpoints.celeba import celeba
from app.controls.problems import show_problems
show_problems([celeba()[1]])
"""
    app = AppTest.from_string(script, default_timeout=60).run()
    assert said in app.warning[0].value
