import json
from dataclasses import replace

import numpy as np
import pytest

from latent.atlas import AtlasError
from latent.map_file import load_maps, save_maps
from latent.map_settings import SETTINGS, Setting, map_rows
from tests.latent.test_atlas import small_atlas

ATLAS = small_atlas()


def drawn() -> dict[Setting, np.ndarray]:
    random = np.random.default_rng(0)
    return {setting: random.uniform(-20, 20, (len(map_rows(ATLAS.partition)), 2)) for setting in SETTINGS}


def test_the_settings_are_seven_and_the_faces_held_out():
    assert len(SETTINGS) == len(set(SETTINGS)) == 7
    assert (ATLAS.partition[map_rows(ATLAS.partition)] == 2).all()
    assert len(map_rows(np.full(20_000, 2, np.uint8))) == 3000


def test_maps_come_back_finer_than_a_screen_shows(tmp_path):
    maps = drawn()
    save_maps(maps, ATLAS, tmp_path / "maps.npz")
    again = load_maps(tmp_path / "maps.npz", ATLAS)
    assert list(again) == list(maps)
    assert all(np.abs(again[setting] - maps[setting]).max() < 40 / 2000 for setting in maps)


def test_maps_of_other_weights_or_faces_are_refused(tmp_path):
    path = tmp_path / "maps.npz"
    with pytest.raises(FileNotFoundError):
        load_maps(path, ATLAS)
    save_maps(drawn(), ATLAS, path)
    with pytest.raises(AtlasError, match=r"other weights.*--maps"):
        load_maps(path, replace(ATLAS, checkpoint_sha256="b" * 64))
    with pytest.raises(AtlasError, match="other faces"):
        load_maps(path, replace(ATLAS, image=ATLAS.image + 1))


@pytest.mark.parametrize(
    "settings", [[], [{"seed": [0]}], [{"speed": 1}], "all", [{"seed": 1}, {"seed": 1}], [{"seed": 0}] * 7]
)
def test_a_damaged_file_is_named(tmp_path, settings):
    path = tmp_path / "maps.npz"
    path.write_bytes(b"PK no zip")
    with pytest.raises(AtlasError, match="damaged"):
        load_maps(path, ATLAS)
    save_maps(drawn(), ATLAS, path)
    with np.load(path) as file:
        arrays = {name: file[name] for name in file.files}
    header = json.loads(bytes(arrays["header"])) | {"settings": settings}
    np.savez(path, **(arrays | {"header": np.frombuffer(json.dumps(header).encode(), np.uint8)}))
    with pytest.raises(AtlasError, match="damaged"):
        load_maps(path, ATLAS)
