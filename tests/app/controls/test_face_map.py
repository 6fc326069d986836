import numpy as np

from app.checkpoints.for_browsers import distance_url
from app.components.atlas_map import Current
from app.controls.face_map import current
from latent.posterior import squared_mahalanobis
from latent.projection import place
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


def test_a_point_is_placed_beforehand_where_it_is_no_face_of_the_map() -> None:
    model = small_model()
    assert model.atlas is not None
    row, mu = 3, model.atlas.mu.astype(np.float32)
    assert current(model, row, mu[row], by_attributes=False) == row
    for point, z in ((row, mu[row] + 0.5), (mu[:9].mean(0), mu[:9].mean(0))):
        found = current(model, point, z, by_attributes=False)
        assert isinstance(found, Current)
        assert found.point is point
        np.testing.assert_array_equal(found.z, z)
        np.testing.assert_allclose(found.xy, place(z, model.atlas.mu, model.atlas.xy))
