from dataclasses import replace

import numpy as np
import pytest

from latent.atlas import AtlasError
from latent.mixture_file import fit_to_atlas, load_mixture, save_mixture
from tests.latent.test_atlas import small_atlas


@pytest.fixture(scope="module")
def atlas():
    return small_atlas(rows=200, dimensions=4)


def test_a_mixture_that_was_written_draws_the_same_faces(atlas, tmp_path):
    fitted, path = fit_to_atlas(atlas), tmp_path / "mixture.npz"
    save_mixture(fitted, atlas, path)
    again = load_mixture(path, atlas)
    assert np.allclose(again.sample(50, 3, 0.8), fitted.sample(50, 3, 0.8), atol=1e-5)


def test_a_mixture_goes_with_the_latents_whatever_weights_decode_them(atlas, tmp_path):
    path = tmp_path / "mixture.npz"
    save_mixture(fit_to_atlas(atlas), atlas, path)
    assert load_mixture(path, replace(atlas, checkpoint_sha256="f" * 64))
    with pytest.raises(AtlasError, match=r"other latents.*--mixture"):
        load_mixture(path, replace(atlas, mu=atlas.mu + np.float16(1)))


def test_a_mixture_that_is_missing_or_damaged_is_told_apart(atlas, tmp_path):
    path = tmp_path / "mixture.npz"
    with pytest.raises(FileNotFoundError):
        load_mixture(path, atlas)
    path.write_bytes(b"PK no archive")
    with pytest.raises(AtlasError, match="damaged"):
        load_mixture(path, atlas)
