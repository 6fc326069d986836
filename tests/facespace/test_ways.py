"""Ways with a purpose, on the shipped VAE."""

from __future__ import annotations

import numpy as np
import pytest

import facespace


@pytest.mark.slow
def test_a_flip_crosses_the_boundary_is_shorter_than_the_attributes_own_way_and_says_what_else_it_moves(vae):
    start = vae.atlas.mu[0].astype(np.float32)
    flip = vae.flip(start, "Smiling")
    assert (flip.before > 0.5) != (flip.after > 0.5)
    assert flip.along is not None
    assert 0 < flip.size < flip.along
    read = {name: vae.read([start, flip.z])[name] for name in ("Smiling", *flip.moved)}
    assert flip.judged == pytest.approx(tuple(read["Smiling"]), abs=1e-4)
    for name, change in flip.moved.items():
        assert read[name][1] - read[name][0] == pytest.approx(change, abs=1e-3)
    assert "Smiling" not in flip.moved


def test_what_judges_people_is_not_flipped(vae):
    with pytest.raises(facespace.errors, match="no attribute 'Attractive' to flip"):
        vae.flip(vae.posterior.mean, "Attractive")


def test_the_geodesic_changes_the_picture_less_than_the_straight_way(vae):
    a, b = vae.atlas.mu[[0, 5]].astype(np.float32)
    curved, straight = vae.geodesic(a, b, nodes=4), vae.walk(vae.interpolate([a, b], 4))
    assert np.square(curved.lengths).sum() < np.square(straight.lengths).sum()
    np.testing.assert_allclose(curved.z[[0, -1]], [a, b], atol=1e-6)
    assert straight.readings["Smiling"] == pytest.approx(vae.read(straight.z)["Smiling"])


@pytest.mark.slow
def test_a_walk_through_faces_passes_encoded_faces(vae):
    a, b = vae.atlas.mu[[0, 5]].astype(np.float32)
    walk = vae.through_faces(a, b, nodes=12)
    np.testing.assert_allclose(walk.z[[0, -1]], [a, b], atol=1e-5)
    faces = vae._graph.mu[1:]  # without a, which is one of them
    between, straight = (
        np.linalg.norm(z[1:-1, None] - faces, axis=2).min() for z in (walk.z, vae.interpolate([a, b], 12))
    )
    assert between < 0.5 * straight
    assert walk.readings["Smiling"].shape == (12,)
