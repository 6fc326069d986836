from dataclasses import replace

import numpy as np
import pytest

from latent import attribute_map
from latent.atlas import AtlasError
from latent.attribute_map import (
    SHARE,
    AttributeMap,
    Quality,
    draw_by_attributes,
    load_attribute_map,
    save_attribute_map,
)
from tests.latent.test_atlas import small_atlas

MADE = Quality(0.035, 0.91)


@pytest.fixture
def laid_out(monkeypatch) -> list[np.ndarray]:
    """What UMAP is given; it takes seconds, and is tested elsewhere."""
    given: list[np.ndarray] = []

    def embed(points, init):
        given.append(points)
        return points[:, -2:], {"start": init}

    monkeypatch.setattr(attribute_map, "embed", embed)
    return given


def test_attributes_have_their_share_of_the_distance_and_those_left_out_have_no_say(laid_out):
    atlas = small_atlas(rows=300, dimensions=4)
    made = draw_by_attributes(atlas)
    codes, scores = laid_out[0][:, :4], laid_out[0][:, 4:]
    assert np.square(codes).sum(1).mean() == pytest.approx(1 - SHARE, rel=1e-4)
    assert np.square(scores).sum(1).mean() == pytest.approx(SHARE, rel=1e-4)
    assert made.quality.auc > 0.9 > made.plain.auc  # its places are the scores themselves, the plain ones are noise
    draw_by_attributes(atlas, without=["Smiling"])
    assert laid_out[1].shape == (300, 5)
    with pytest.raises(AtlasError, match="names no attributes"):
        draw_by_attributes(atlas, without=atlas.attributes)


def test_a_map_comes_back_and_goes_with_its_codes_and_scores_whatever_weights_decode_them(tmp_path):
    atlas, path = small_atlas(rows=300), tmp_path / "by_attributes.npz"
    made = AttributeMap(atlas.xy, MADE, Quality(0.048, 0.76))
    save_attribute_map(made, atlas, path)
    again = load_attribute_map(path, replace(atlas, checkpoint_sha256="f" * 64))
    assert np.allclose(again.xy, made.xy, atol=1e-2)
    assert (again.quality, again.plain) == (made.quality, made.plain)
    for other in (replace(atlas, mu=atlas.mu + np.float16(1)), replace(atlas, scores=255 - atlas.scores)):
        with pytest.raises(AtlasError, match=r"another atlas.*--by-attributes"):
            load_attribute_map(path, other)


def test_a_map_that_is_missing_or_damaged_is_told_apart(tmp_path):
    atlas, path = small_atlas(), tmp_path / "by_attributes.npz"
    with pytest.raises(FileNotFoundError):
        load_attribute_map(path, atlas)
    save_attribute_map(AttributeMap(atlas.xy, MADE, MADE), atlas, path)
    path.write_bytes(path.read_bytes()[:-40])
    with pytest.raises(AtlasError, match="damaged"):
        load_attribute_map(path, atlas)
