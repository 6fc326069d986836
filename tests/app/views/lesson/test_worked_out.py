"""What is worked out once for all visitors is worked out again when the map is made anew."""

import shutil
from dataclasses import replace

import numpy as np
import pytest

from app.views.lesson import family as lesson_family
from app.views.lesson.worked_out import aggregate_draws, attribute_associations, labels, two_maps
from tests.app.session.test_point import part_of
from tests.app.small_models import small_model


def test_a_map_made_anew_with_fewer_faces_leaves_no_rows_of_the_old_one(monkeypatch):
    monkeypatch.delenv("FACESPACE_CELEBA", raising=False)  # whose lists do not have these faces
    whole = small_model("vae", rows=200)
    fewer = part_of(whole, np.arange(50))  # the same weights
    fewer = replace(fewer, files=replace(whole.files, identity="another atlas"))
    for model in (whole, fewer):
        maps = two_maps(model)
        assert maps.rows.max() == len(model.atlas) - 1
        assert len(aggregate_draws(model)) == len(model.atlas)
        assert attribute_associations(model)[0].share == pytest.approx((labels(model)[0] > 0).mean(0))


@pytest.mark.usefixtures("tiny_models")
def test_a_map_of_the_family_that_was_missing_is_found_once_it_is_there(family, tmp_path, monkeypatch):
    shutil.copytree(family, tmp_path, dirs_exist_ok=True)
    monkeypatch.setenv("FACESPACE_CHECKPOINTS", str(tmp_path))
    atlas = tmp_path / "family" / "beta-1" / "atlas.npz"
    kept = atlas.rename(tmp_path / "kept.npz")
    assert "1" not in lesson_family.betas()
    kept.rename(atlas)
    assert "1" in lesson_family.betas()
