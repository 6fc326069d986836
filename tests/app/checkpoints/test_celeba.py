from dataclasses import replace
from types import SimpleNamespace

import numpy as np

from app.checkpoints import celeba
from latent.atlas import Atlas
from models.data.attributes import ATTRIBUTES
from models.data.celeba import read_celeba


def test_originals_and_labels_come_from_the_viewers_folder(celeba_folder, monkeypatch):
    monkeypatch.delenv("FACESPACE_CELEBA", raising=False)
    assert celeba.celeba() == (None, None)
    assert celeba.original(3) is None
    monkeypatch.setenv("FACESPACE_CELEBA", str(celeba_folder))
    assert celeba.original(3).name == "000003.jpg"
    assert celeba.original(99) is None
    folder, problem = celeba.celeba()
    assert problem is None
    assert np.array_equal(folder.numbers, np.arange(1, 61))


def test_true_labels_follow_the_atlas_own_list_of_attributes(celeba_folder, monkeypatch):
    truth = read_celeba(celeba_folder).labels
    chosen = ("Smiling", "Wears a monocle", "Eyeglasses")
    atlas = Atlas(
        image=np.array([5, 999], np.int32), partition=np.zeros(2, np.uint8), scores=np.zeros((2, 3), np.uint8),
        attributes=chosen, mu=np.zeros((2, 4), np.float16), logvar=None, xy=np.zeros((2, 2), np.float32),
        effect=np.ones(4, np.float32), checkpoint_sha256="",
    )  # fmt: skip
    monkeypatch.setenv("FACESPACE_CELEBA", str(celeba_folder))
    labels = celeba.true_labels(SimpleNamespace(identity="few", atlas=atlas))
    expected = [truth[4, ATTRIBUTES.index("Smiling")], -1, truth[4, ATTRIBUTES.index("Eyeglasses")]]
    assert labels.tolist() == [expected, [-1, -1, -1]]
    unlisted = replace(atlas, image=np.array([998, 999], np.int32))
    assert celeba.true_labels(SimpleNamespace(identity="none", atlas=unlisted)) is None
