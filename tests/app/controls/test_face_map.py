import numpy as np

from app.checkpoints.for_browsers import distance_url
from latent.posterior import squared_mahalanobis
from tests.app.components.test_atlas_map import fetch
from tests.app.small_models import small_model


def test_the_browser_gets_how_many_of_100_held_out_faces_lie_nearer() -> None:
    model = small_model()
    assert model.atlas is not None
    assert model.posterior is not None
    told = fetch(distance_url(model), "u1")
    held_out = model.atlas.partition == 2
    assert len(told) == len(model.atlas)
    assert 40 < np.median(told[held_out]) < 60
    farthest = squared_mahalanobis(model.atlas.mu[held_out], model.posterior).argmax()
    assert told[held_out][farthest] == 100
