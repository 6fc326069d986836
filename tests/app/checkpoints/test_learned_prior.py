from dataclasses import replace

import numpy as np
import pytest

from app.checkpoints.learned_prior import LEARNED, learned_prior, sampler_key, wish_of
from app.checkpoints.samplers import can_draw, draw, offer
from app.session.link import parse_point, point_spec
from app.session.point import Point, Sample
from latent.flow import Wish
from latent.prior_file import write_prior
from latent.velocity import PriorError
from tests.app.small_models import in_folder, small_model
from tests.latent.test_flow import SMALL, trainer_of, two_groups

WISHED = "learned--150--Right--no-Other"


@pytest.fixture
def model(tmp_path):
    """A small model with a prior of its weights."""
    small = in_folder(small_model(), tmp_path)
    atlas = replace(two_groups(dimensions=6), checkpoint_sha256=small.sha256)
    write_prior(trainer_of(atlas, **SMALL).prior({}), tmp_path)
    return small


def test_a_wish_comes_back_from_its_key_and_nonsense_is_no_key():
    for wish in (Wish(), Wish({}, 2.0), Wish({"Right": 1.0, "Other": 0.0}, 1.5), Wish({"5_o_Clock_Shadow": 1.0}, 1.0)):
        assert wish_of(sampler_key(wish)) == wish
        assert offer(sampler_key(wish)) is offer(LEARNED)
    for rest in ("--", "--x", "--150--", "--9999", "--150--a.b", "--150--a--no-", "ly"):
        wrong = f"learned{rest}"
        assert wish_of(wrong) is None
        assert offer(wrong) is None
    assert wish_of("gaussian") is None


def test_the_learned_prior_draws_by_seed_and_index_and_a_link_holds_its_wish(model):
    many = draw(model, WISHED, 9, 3, 0.8)
    assert many.shape == (9, 6)
    assert np.array_equal(many[:4], draw(model, WISHED, 4, 3, 0.8))
    assert np.array_equal(draw(model, LEARNED, 4, 3, 1.0), learned_prior(model).sample(4, 3))
    point = Point(sample=Sample(WISHED, 3, 2, 0.8))
    assert parse_point(point_spec(point, [model]), [model]) == point
    assert np.array_equal(point.z(model), many[2])


def test_a_model_without_a_prior_or_with_a_bad_one_has_no_such_faces(model, tmp_path):
    other = small_model("ae")
    assert not can_draw(other, LEARNED)
    assert can_draw(other, "gaussian")
    assert Point(sample=Sample(LEARNED, 3, 2)).z(other) is None
    assert can_draw(model, WISHED)
    assert not can_draw(model, "learned--150--Moustache")
    assert Point(sample=Sample("learned--150--Moustache", 3, 2)).z(model) is None
    (tmp_path / "prior.safetensors").write_bytes(b"torn")
    with pytest.raises(PriorError, match="damaged"):
        learned_prior(replace(model, files=replace(model.files, identity="read anew")))


def test_a_prior_of_another_latent_size_is_refused_by_name_though_its_stamp_is_right(model, tmp_path):
    atlas = replace(two_groups(dimensions=4), checkpoint_sha256=model.sha256)
    write_prior(trainer_of(atlas, **SMALL).prior({}), tmp_path)
    anew = replace(model, files=replace(model.files, identity="of another size"))
    with pytest.raises(PriorError, match="has 4 dimensions, the model 6"):
        learned_prior(anew)
    assert not can_draw(anew, LEARNED)
    assert can_draw(anew, "gaussian")
