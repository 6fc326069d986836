import json

import numpy as np
import pytest

from models.config import ConfigError
from models.training.tiny import GRID, SIDE, Epoch, TinyConfig, held_faces, pack_order, run, train, unpack
from tests.conftest import write_celeba


def faces(count: int, seed: int = 0) -> np.ndarray:
    """Plain pictures that differ in two numbers: the brightness of the left and of the right half."""
    halves = np.random.default_rng(seed).integers(30, 225, (count, 1, 2, 1))
    return np.broadcast_to(np.repeat(halves, SIDE // 2, axis=2), (count, SIDE, SIDE, 3)).astype(np.uint8)


@pytest.mark.parametrize("kind", ["ae", "vae"])
def test_training_lowers_the_loss_and_says_what_there_is_to_see(kind):
    seen = list(train(faces(150), faces(4, 1), TinyConfig(kind), epochs=4))
    assert [epoch.number for epoch in seen] == [0, 1, 2, 3, 4]
    assert np.isnan(seen[0].distortion)
    assert seen[-1].distortion < 0.6 * seen[1].distortion
    assert np.isfinite(seen[-1].kl) == (kind == "vae")
    last = seen[-1]
    assert (last.codes.shape, last.rebuilt.shape) == ((150, 2), (4, SIDE, SIDE, 3))
    assert last.plane.shape == (GRID * SIDE, GRID * SIDE, 3)
    left, right, low, high = last.extent
    inside = (last.codes > (left, low)).all(1) & (last.codes < (right, high)).all(1)
    assert 0.85 < inside.mean() < 1
    again = Epoch.from_message(json.loads(json.dumps(last.to_message())))
    assert (again.codes == last.codes).all()
    assert (again.plane == last.plane).all()
    assert (again.number, again.kind, again.extent) == (4, kind, last.extent)


def test_the_same_seed_trains_the_same_network():
    first, second = (list(train(faces(60), faces(2), TinyConfig("vae"), 1, seed=3))[-1] for _ in range(2))
    assert (first.codes == second.codes).all()


def test_the_size_is_fixed():
    with pytest.raises(ConfigError, match="must be 32"):
        TinyConfig("ae", image_size=64)


def test_an_order_of_files_says_which_could_be_read_and_stops_in_time(tmp_path):
    root = write_celeba(tmp_path, 64)
    paths = [str(root / "img_align_celeba" / f"{number:06d}.jpg") for number in range(1, 65)]
    (root / "img_align_celeba" / "000003.jpg").write_bytes(b"no picture")
    said: list[dict] = []
    settings = {"kinds": ["ae", "vae"], "beta": 1.0, "epochs": 50, "seconds": 0, "held": 8, "paths": paths}
    run(pack_order(settings, None), lambda **message: said.append(message))
    assert list(said[0]) == ["faces"]  # before the many others
    assert (unpack(said[0]["faces"]) == held_faces(settings, None)).all()
    used = next(message["used"] for message in said if "used" in message)
    assert used == [0, 1, *range(3, 56)]
    assert unpack(said[0]["faces"]).shape == (8, SIDE, SIDE, 3)
    assert said[1]["share"] == 1
    assert [message["epoch"]["kind"] for message in said if "epoch" in message] == ["ae", "vae", "ae", "vae"]
    assert said[-1] == {"stopped": True}


@pytest.mark.parametrize(("epoch_takes", "epochs"), [(1.0, [0, 1, 2, 3]), (6.0, [0, 1, 2]), (20.0, [0, 1])])
def test_its_time_begins_with_the_first_step_of_training(tmp_path, monkeypatch, epoch_takes, epochs):
    """On a machine so busy that the imports and the faces take longer than all of the training may."""
    root = write_celeba(tmp_path, 64)
    paths = [str(root / "img_align_celeba" / f"{number:06d}.jpg") for number in range(1, 65)]
    now, said = [0.0], []

    def say(**message: object) -> None:
        said.append(message)
        now[0] += 1000 if "began" not in said[-1] and len(said) < 4 else epoch_takes if "epoch" in message else 0

    settings = {"kinds": ["vae"], "beta": 1.0, "epochs": 3, "seconds": 10, "held": 8, "paths": paths}
    run(pack_order(settings, None), say, lambda: now[0])
    kinds = [next(iter(message)) for message in said]
    assert kinds[: kinds.index("began") + 1] == ["faces", "step", "used", "epoch", "began"]
    assert [message["epoch"]["number"] for message in said if "epoch" in message] == epochs
    assert ("stopped" in kinds) == (epochs[-1] < 3)


def test_too_few_readable_files_end_with_a_sentence(tmp_path):
    said: list[dict] = []
    settings = {
        "kinds": ["ae"],
        "beta": 1.0,
        "epochs": 1,
        "seconds": 9,
        "held": 2,
        "paths": [str(tmp_path / "a.jpg")] * 9,
    }
    run(pack_order(settings, None), lambda **message: said.append(message))
    assert "Too few" in said[-1]["problem"]
