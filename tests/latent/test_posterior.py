from dataclasses import replace

import numpy as np

from latent.directions import coordinates, dimension_bank, morph_bank, noise_bank, principal_bank
from latent.posterior import aggregate_posterior, distance_percentiles, squared_mahalanobis
from latent.projection import nearest, place, place_many
from latent.samplers import posterior_draws
from tests.latent.test_atlas import small_atlas


def test_the_covariance_is_that_of_draws_not_of_means():
    atlas = small_atlas(rows=400)
    draws = posterior_draws(atlas.mu, atlas.logvar, 0, repeats=200)
    posterior = aggregate_posterior(atlas)
    assert np.allclose(posterior.covariance, np.cov(draws, rowvar=False), atol=0.03)
    assert np.allclose(posterior.mean, draws.mean(0), atol=0.02)
    assert (posterior.sd > atlas.mu.astype(np.float32).std(0)).all()


def test_distances_are_those_of_a_whitened_space():
    posterior = aggregate_posterior(small_atlas(rows=500))
    z = posterior.mean + 2 * posterior.sd * np.eye(4, dtype=np.float32)[:1]
    alone = 4 * posterior.sd[0] ** 2 * np.linalg.inv(posterior.covariance)[0, 0]
    assert np.allclose(squared_mahalanobis(z, posterior), alone, rtol=1e-3)
    assert squared_mahalanobis(posterior.mean[None], posterior)[0] == 0


def test_half_of_the_held_out_faces_lie_under_the_median():
    atlas = small_atlas(rows=3000)
    posterior = aggregate_posterior(atlas)
    percentiles = distance_percentiles(atlas, posterior)
    assert percentiles.shape == (101,)
    assert (np.diff(percentiles) >= 0).all()
    held_out = squared_mahalanobis(atlas.mu[atlas.partition == 2].astype(np.float32), posterior)
    assert 0.49 < (held_out < percentiles[50]).mean() < 0.51
    others = squared_mahalanobis(atlas.mu[atlas.partition != 2].astype(np.float32), posterior)
    assert 0.45 < (others < percentiles[50]).mean() < 0.55
    assert percentiles[99] < squared_mahalanobis(posterior.mean[None] + 20, posterior)[0]


def test_dimensions_are_sorted_by_effect_with_unused_ones_last():
    atlas = small_atlas(rows=200)
    mu, logvar = atlas.mu.copy(), atlas.logvar.copy()
    mu[:, 2], logvar[:, 2] = 0, 0  # the prior itself: no information
    posterior = aggregate_posterior(replace(atlas, mu=mu, logvar=logvar))
    bank = dimension_bank(posterior, np.array([0.1, 0.4, 0.9, 0.2]))
    assert [direction.key for direction in bank.directions] == ["dim-1", "dim-3", "dim-0", "dim-2"]
    assert [direction.unused for direction in bank.directions] == [False, False, False, True]
    first = bank.directions[0].vector
    assert np.flatnonzero(first).tolist() == [1]
    assert first[1] == posterior.sd[1]


def test_principal_components_are_orthogonal_and_as_long_as_their_standard_deviation():
    posterior = aggregate_posterior(small_atlas(rows=300))
    bank = principal_bank(posterior, 3)
    vectors = np.stack([direction.vector for direction in bank.directions])
    lengths = np.square(vectors).sum(1)
    assert np.allclose(vectors @ vectors.T, np.diag(lengths), atol=1e-4)
    assert np.allclose(lengths, np.sort(np.linalg.eigvalsh(posterior.covariance))[::-1][:3], rtol=1e-4)


def test_a_point_of_the_atlas_is_placed_on_itself_and_others_between_their_neighbours():
    atlas = small_atlas(rows=100)
    assert np.allclose(place(atlas.mu[7], atlas.mu, atlas.xy), atlas.xy[7], atol=1e-3)
    rows, distances = nearest(atlas.mu[7], atlas.mu, 5)
    assert rows[0] == 7
    assert distances[0] == 0
    assert (np.diff(distances) >= 0).all()
    everything = np.square(atlas.mu.astype(np.float32) - atlas.mu[7].astype(np.float32)).sum(1)
    assert set(rows) == set(np.argsort(everything)[:5])
    between = place((atlas.mu[1] + atlas.mu[2]) / 2, atlas.mu, atlas.xy)
    assert (between >= atlas.xy.min(0)).all()
    assert (between <= atlas.xy.max(0)).all()
    assert np.isfinite(place(atlas.mu[0] + 50, atlas.mu, atlas.xy, k=1000)).all()
    points = np.random.default_rng(3).standard_normal((5, 4))
    one_by_one = [place(point, atlas.mu, atlas.xy) for point in points]
    assert np.allclose(place_many(points, atlas.mu, atlas.xy), one_by_one, atol=1e-3)


def test_a_morph_arrives_at_weight_one():
    z, target = np.zeros(4, np.float32), np.arange(4, dtype=np.float32)
    direction = morph_bank(z, {"there": target}).directions[0]
    assert np.array_equal(z + direction.high * direction.vector, target)
    assert (direction.low, direction.start) == (0, 0)


def test_posterior_noise_is_seeded_and_as_wide_as_sigma():
    logvar = np.log(np.full(20_000, 0.25, np.float32))
    first, again = noise_bank(logvar, 2, seed=3), noise_bank(logvar, 2, seed=3)
    assert np.array_equal(first.directions[0].vector, again.directions[0].vector)
    assert not np.array_equal(first.directions[0].vector, first.directions[1].vector)
    assert abs(first.directions[0].vector.std() - 0.5) < 0.01


def test_coordinates_are_in_standard_deviations_from_the_mean():
    along = coordinates(small_atlas(rows=300).mu, np.array([0, 3, 0, 0], np.float32))
    assert abs(along.mean()) < 1e-4
    assert abs(along.std() - 1) < 1e-4
    assert np.allclose(np.argsort(along), np.argsort(small_atlas(rows=300).mu[:, 1].astype(np.float32)))
