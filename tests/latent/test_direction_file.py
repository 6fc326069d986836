import json

import numpy as np
import pytest

from latent.direction_file import DirectionFileError, direction_bytes, read_direction
from latent.directions import Direction

SHA = "a" * 64


def npy(array):
    from io import BytesIO

    np.save(buffer := BytesIO(), array)
    return buffer.getvalue()


def saved(**changes):
    told = json.loads(direction_bytes(Direction("own", "Smile", np.arange(1, 4, dtype=np.float32)), SHA))
    return json.dumps(told | changes).encode()


def test_every_bit_comes_back_and_what_the_slider_says():
    vector = np.random.default_rng(0).standard_normal(128).astype(np.float32)
    direction = Direction("own-1", "Blue ⟶ grün", vector, -2.0, 4.0, unit="", note="From two groups")
    back = read_direction(direction_bytes(direction, SHA), 128, SHA)
    assert (back.vector == vector).all()
    assert (back.name, back.note, back.low, back.high, back.unit) == (
        "Blue ⟶ grün",
        "From two groups",
        -2.0,
        4.0,
        "",
    )


def test_numbers_from_elsewhere_get_the_name_of_their_file():
    back = read_direction(npy(np.ones((1, 3))), 3, SHA, "their axis")
    assert back.name == "their axis"
    assert (back.low, back.high) == (-3.0, 3.0)


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (saved(checkpoint_sha256="b" * 64), "belongs to other weights"),
        (saved(vector=[1, 2]), "has 2 numbers, this model 3"),
        (saved(vector=[[1, 2, 3]]), "no single row"),
        (saved(vector=[0, 0, 0]), "is zero"),
        (saved(vector=[1, float("nan"), 0]), "not finite"),
        (saved(vector=["a", {}, 0]), "no list of numbers"),
        (saved(format="other"), "does not say"),
        (b"\x89PNG", "neither JSON"),
        (b"[" * 100_000, "neither JSON"),
        (b"\x93NUMPY\x01", "damaged"),
        (npy(np.array(["a", "b", "c"])), "no list of numbers"),
        (b" " * 5_000_001, "larger than 5 MB"),
    ],
)
def test_what_is_no_direction_of_this_model_is_refused_in_a_sentence(data, said):
    with pytest.raises(DirectionFileError, match=said):
        read_direction(data, 3, SHA)


def test_a_slider_without_a_sound_range_gets_the_usual_one():
    back = read_direction(saved(low=5, high="x", name=7, note=[]), 3, SHA)
    assert (back.low, back.high, back.name, back.note) == (-3.0, 3.0, "Direction from a file", "")


def test_a_way_is_not_saved_as_a_direction():
    way = Direction("walk", "Way", np.zeros(3, np.float32), path=np.ones((2, 3), np.float32))
    with pytest.raises(DirectionFileError, match="is a path"):
        direction_bytes(way, SHA)
