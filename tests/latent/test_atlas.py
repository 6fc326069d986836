from dataclasses import replace

import numpy as np
import pytest

from latent.atlas import Atlas, AtlasError, dequantise, load_atlas, quantise, save_atlas


def small_atlas(*, variational: bool = True, rows: int = 30, dimensions: int = 4, seed: int = 0) -> Atlas:
    random = np.random.default_rng(seed)
    return Atlas(
        image=np.arange(1, rows + 1, dtype=np.int32),
        partition=(np.arange(rows) % 3).astype(np.uint8),
        scores=random.integers(0, 256, (rows, 2), dtype=np.uint8),
        attributes=("Eyeglasses", "Smiling"),
        mu=random.normal(size=(rows, dimensions)).astype(np.float16),
        logvar=random.normal(-1, 0.5, (rows, dimensions)).astype(np.float32) if variational else None,
        xy=random.normal(size=(rows, 2)).astype(np.float32),
        effect=random.random(dimensions).astype(np.float32),
        checkpoint_sha256="a" * 64,
        facts={"seed": seed},
    )


@pytest.mark.parametrize("variational", [False, True])
def test_an_atlas_comes_back_as_it_was(tmp_path, variational):
    atlas = small_atlas(variational=variational)
    save_atlas(atlas, tmp_path / "atlas.npz")
    again = load_atlas(tmp_path / "atlas.npz", "a" * 64, 4)
    for name in ("image", "partition", "scores", "mu", "xy", "effect"):
        assert np.array_equal(getattr(atlas, name), getattr(again, name))
    assert (again.attributes, again.facts) == (atlas.attributes, atlas.facts)
    assert again.row_of(3) == 2
    assert again.row_of(99) is None
    assert again.rows_of([5, 99, 3]).tolist() == [2, 4]
    assert again.rows_of([]).tolist() == []
    if variational:
        assert np.abs(again.logvar - atlas.logvar).max() <= np.ptp(atlas.logvar, axis=0).max() / 255
    else:
        assert again.logvar is None


def test_quantising_is_exact_to_half_a_step_and_keeps_constants():
    values = np.random.default_rng(0).normal(size=(50, 3)).astype(np.float32)
    values[:, 1] = 7
    codes, scale = quantise(values)
    assert codes.dtype == np.uint8
    assert (np.abs(dequantise(codes, scale) - values) <= scale[1] / 2 + 1e-6).all()


def test_a_missing_truncated_or_foreign_file_is_named(tmp_path):
    path = tmp_path / "atlas.npz"
    with pytest.raises(AtlasError, match=r"atlas\.npz is missing"):
        load_atlas(path)
    save_atlas(small_atlas(), path)
    data = path.read_bytes()
    for length in (0, 10, len(data) // 2, len(data) - 1):
        path.write_bytes(data[:length])
        with pytest.raises(AtlasError, match=r"atlas\.npz is damaged"):
            load_atlas(path)
    np.savez(path, nothing=np.zeros(3))
    with pytest.raises(AtlasError, match="damaged"):
        load_atlas(path)


def test_a_flipped_bit_is_noticed(tmp_path):
    path = tmp_path / "atlas.npz"
    save_atlas(small_atlas(), path)
    data = bytearray(path.read_bytes())
    data[data.find(b"mu.npy") + 60] ^= 4
    path.write_bytes(data)
    with pytest.raises(AtlasError):
        load_atlas(path)


def test_pickled_arrays_are_refused(tmp_path):
    path = tmp_path / "atlas.npz"
    np.savez(path, header=np.array([{"format": "facespace-atlas-1"}], dtype=object))
    with pytest.raises(AtlasError):
        load_atlas(path)


def test_an_atlas_of_another_checkpoint_or_size_is_refused(tmp_path):
    path = tmp_path / "atlas.npz"
    save_atlas(small_atlas(), path)
    with pytest.raises(AtlasError, match="other weights"):
        load_atlas(path, "b" * 64)
    with pytest.raises(AtlasError, match="mu is float16"):
        load_atlas(path, "a" * 64, 5)


@pytest.mark.parametrize("name", ["xy", "mu", "effect"])
def test_values_that_are_not_finite_are_refused(tmp_path, name):
    atlas = small_atlas()
    broken = getattr(atlas, name).copy()
    broken.flat[0] = np.nan
    save_atlas(replace(atlas, **{name: broken}), tmp_path / "atlas.npz")
    with pytest.raises(AtlasError, match="not finite"):
        load_atlas(tmp_path / "atlas.npz")
