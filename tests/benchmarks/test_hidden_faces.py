import numpy as np
import pytest
from PIL import Image

from benchmarks.hidden_faces import PAINTERS, dim, masked, under_a_hat

GREY = Image.new("RGB", (178, 218), (128, 128, 128))


@pytest.mark.parametrize("what", PAINTERS)
def test_a_painted_face_has_its_size_and_looks_different_the_same_each_time(what):
    first, again = (PAINTERS[what](GREY, np.random.default_rng(0)) for _ in range(2))
    assert first.size == GREY.size
    assert np.array_equal(first, again)
    assert (what == "As they are") == np.array_equal(first, GREY)


def test_each_hides_what_it_is_named_for():
    eyes, mouth, hair = (
        (slice(100, 110), slice(60, 115)),
        (slice(148, 158), slice(75, 100)),
        (slice(40, 80), slice(70, 110)),
    )
    random = np.random.default_rng(0)
    same = np.asarray(GREY)
    mask, hat = (np.asarray(paint(GREY, random)) for paint in (masked, under_a_hat))
    assert np.array_equal(mask[eyes], same[eyes])
    assert (mask[mouth] != same[mouth]).any(-1).all()
    assert (hat[hair] != same[hair]).any(-1).all()
    assert np.array_equal(hat[mouth], same[mouth])
    assert np.asarray(dim(GREY, random))[100:].mean() < 10
