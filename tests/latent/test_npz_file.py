import io
import time
import zipfile

import numpy as np
import pytest

from latent.atlas import AtlasError, load_atlas
from latent.map_file import load_maps
from latent.npz_file import ArraySizeError, read_npz, write_npz
from tests.latent.test_atlas import small_atlas


def member(shape, content=b""):
    """An array's file whose header says `shape`, whatever is behind it."""
    file = io.BytesIO()
    np.lib.format.write_array_header_1_0(file, {"descr": "|u1", "fortran_order": False, "shape": shape})
    return file.getvalue() + content


@pytest.fixture
def huge(tmp_path):
    path = tmp_path / "atlas.npz"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("mu.npy", member((2**40,)))
    return path


@pytest.fixture
def bomb(tmp_path):
    """Half a gigabyte of nothing in half a megabyte."""
    path = tmp_path / "atlas.npz"
    count = 500_000_000
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive, archive.open("mu.npy", "w") as file:
        file.write(member((count,)))
        for _ in range(count // 5_000_000):
            file.write(bytes(5_000_000))
    return path


def test_what_was_written_comes_back(tmp_path):
    path = tmp_path / "it.npz"
    write_npz(path, {"format": "it", "made_of": [1, 2]}, {"a": np.arange(6).reshape(2, 3), "b": np.zeros(20_000)})
    header, arrays = read_npz(path, 200_000)
    assert header == {"format": "it", "made_of": [1, 2]}
    assert arrays["a"].tolist() == [[0, 1, 2], [3, 4, 5]]
    assert arrays["b"].shape == (20_000,)
    with pytest.raises(ArraySizeError, match="unpack"):
        read_npz(path, 100_000)
    with pytest.raises(ArraySizeError, match="larger than 0 MB"):
        read_npz(path, 100)


@pytest.mark.parametrize("kind", ["huge", "bomb"])
def test_a_size_that_cannot_be_is_one_sentence_within_a_second(kind, request):
    path = request.getfixturevalue(kind)
    began = time.process_time()
    with pytest.raises(AtlasError, match=r"says that mu\.npy has 1,099,511,627,776 bytes|would unpack to 0\.5 GB"):
        load_atlas(path)
    assert time.process_time() - began < 1


def test_an_atlas_with_too_many_arrays_is_refused(tmp_path):
    with zipfile.ZipFile(tmp_path / "atlas.npz", "w") as archive:
        for number in range(100):
            archive.writestr(f"{number}.npy", member((0,)))
    with pytest.raises(AtlasError, match="100 arrays"):
        load_atlas(tmp_path / "atlas.npz")


def test_maps_are_checked_in_the_same_way(tmp_path):
    atlas = small_atlas()
    with zipfile.ZipFile(tmp_path / "maps.npz", "w") as archive:
        archive.writestr("xy.npy", member((2**40,)))
    with pytest.raises(AtlasError, match="has room for 0"):
        load_maps(tmp_path / "maps.npz", atlas)
