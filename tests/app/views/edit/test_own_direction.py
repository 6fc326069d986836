import numpy as np

from app.views.edit import own_direction
from latent.groups import group_direction
from tests.app.session.test_point import part_of
from tests.app.small_models import small_model


def test_groups_are_the_same_faces_in_every_atlas_and_too_few_of_them_make_no_slider(monkeypatch):
    model = small_model("vae")
    a, b = model.atlas.image[:30], model.atlas.image[100:150]
    monkeypatch.setattr(own_direction.st, "session_state", {own_direction.GROUPS: {"A": a, "B": b}})
    bank = own_direction.own_bank(model)
    expected = group_direction(model.atlas.mu, np.arange(30), np.arange(100, 150))
    assert np.array_equal(bank.directions[0].vector, expected)
    shifted = part_of(model, np.arange(10, 200))
    expected = group_direction(shifted.atlas.mu, np.arange(20), np.arange(90, 140))
    assert np.array_equal(own_direction.own_bank(shifted).directions[0].vector, expected)
    assert own_direction.own_bank(part_of(model, np.arange(29, 200))) is None
