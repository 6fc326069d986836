"""Where attributes show along their directions, against a network and a reader whose answer is known."""

from __future__ import annotations

import numpy as np
import pytest
import torch

from evaluation import reach as module
from evaluation.reach import FARTHEST, crossings, reach
from latent.attribute_axes import AttributeAxis


def read_first(_network, _classifier, z, batch_size=100):
    """Sees attribute 0 where the first number passes 1, by a logistic curve, and attribute 1 nowhere."""
    odds = torch.from_numpy(np.stack([3 * (z[:, 0] - 1), np.full(len(z), -4.0)], 1))
    return odds.sigmoid().numpy().astype(np.float32)


@pytest.fixture(autouse=True)
def known_reader(monkeypatch):
    monkeypatch.setattr(module, "read_decoded", read_first)


def axis(name, vector, zero=0.0):
    return AttributeAxis(name, np.array(vector, np.float32), zero, auc=1.0, share=0.5, fewest=100)


def test_a_face_is_moved_until_it_reads_as_having_the_attribute():
    codes = np.array([[0.9, 0], [0, 5], [-1.5, 1], [-30, 0]], np.float32)
    before = read_first(None, None, codes)[:, 0]
    way = crossings(None, None, 0, np.array([0.5, 0], np.float32), codes, before)
    assert way[:2] == pytest.approx([0.2, 2.0], abs=1e-3)
    assert np.isinf(way[2:]).all()  # 5 and 62 units away
    assert FARTHEST < 5


def test_half_and_nine_in_ten_of_those_that_lack_it_and_nothing_where_so_many_are_not_reached():
    first = np.concatenate([np.linspace(0.01, 1, 50), np.full(10, 3)]).astype(np.float32)  # ten have it already
    codes = np.stack([first, np.zeros_like(first)], 1)
    axes = {"Seen": axis("Seen", [1, 0], zero=0.25), "Unseen": axis("Unseen", [0, 2]), "Own": axis("Own", [1, 1])}
    found = reach(None, None, axes, ("Seen", "Unseen"), codes)
    assert set(found) == {"Seen", "Unseen"}
    seen = found["Seen"]
    assert (seen["length"], seen["faces"]) == (1, 50)
    assert seen["moved"] == pytest.approx([0.5, 0.9], abs=0.03)
    assert seen["placed"] == pytest.approx([0.75, 0.75], abs=0.01)  # wherever it came from, it passes at 1
    assert found["Unseen"]["moved"] == [None, None]
