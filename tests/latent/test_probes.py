import numpy as np
import pytest
from scipy.stats import rankdata
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import roc_auc_score

from latent.probes import area_under_roc, areas_under_roc, discriminants, fit_probes, moments


def faces(count=3000, dimensions=6, seed=0):
    """Correlated codes whose first attribute follows a tilted line, whose second is noise and whose third is rare."""
    random = np.random.default_rng(seed)
    mu = random.normal(size=(count, dimensions)) @ random.normal(size=(dimensions, dimensions)) + 3
    tilted = (mu - mu.mean(0)) @ random.normal(size=dimensions) - 0.8
    labels = np.stack(
        [random.random(count) < 1 / (1 + np.exp(-tilted)), random.random(count) < 0.3, np.arange(count) < 5], 1
    ).astype(np.int8)
    partition = np.repeat(np.array([0, 1, 2], np.uint8), [count * 2 // 3, count // 6, count // 6])
    return mu, labels, partition


def test_columns_have_the_areas_that_they_have_one_by_one():
    random = np.random.default_rng(0)
    scores, present = random.normal(size=(200, 4)), random.random((200, 4)) < [0.5, 0.1, 0, 1]
    columns = [area_under_roc(score, truth) for score, truth in zip(scores.T, present.T, strict=True)]
    assert areas_under_roc(scores, present) == pytest.approx(columns, nan_ok=True)


def test_ties_count_half_in_each_column_as_scipy_ranks_them():
    random = np.random.default_rng(0)
    scores, present = random.integers(0, 4, (200, 3)).astype(np.float32), random.random((200, 3)) < 0.3
    ranks, positives = rankdata(scores, axis=0), present.sum(0)
    expected = ((ranks * present).sum(0) - positives * (positives + 1) / 2) / (positives * (200 - positives))
    assert areas_under_roc(scores, present) == pytest.approx(expected, abs=1e-12)
    assert areas_under_roc(np.zeros((200, 3)), present) == pytest.approx([0.5] * 3)


def test_a_probe_is_as_good_as_logistic_regression_and_as_well_calibrated():
    mu, labels, partition = faces()
    probes = fit_probes(mu, labels, partition, ("Tilted", "Noise", "Rare"))
    train, test = partition == 0, partition == 2
    reference = LogisticRegression(C=1e4, max_iter=1000).fit(mu[train], labels[train, 0])
    expected = roc_auc_score(labels[test, 0], reference.decision_function(mu[test]))
    assert probes.auc[0] == pytest.approx(expected, abs=0.01)
    assert probes.auc[0] == pytest.approx(roc_auc_score(labels[test, 0], probes.log_odds(mu[test])[:, 0]), abs=1e-6)
    ours, theirs = probes.probabilities(mu[test])[:, 0], reference.predict_proba(mu[test])[:, 1]
    assert np.abs(ours - theirs).mean() < 0.02
    # Newton's method has arrived: on the training part the mean probability is the share that have it.
    shares = probes.probabilities(mu[train]).mean(0)[:2]
    assert shares == pytest.approx(labels[train].mean(0)[:2], abs=1e-3)


def test_noise_is_judged_as_chance_and_a_rare_attribute_gets_no_probe():
    mu, labels, partition = faces()
    probes = fit_probes(mu, labels, partition, ("Tilted", "Noise", "Rare"))
    assert probes.auc[1] == pytest.approx(0.5, abs=0.07)
    assert not probes.weights[2].any()
    assert np.isnan(probes.auc[2])
    assert np.isfinite(probes.bias).all()
    assert probes.weights.dtype == probes.bias.dtype == probes.auc.dtype == np.float32


def test_unknown_labels_are_left_out():
    mu, labels, partition = faces()
    hidden = labels.copy()
    hidden[::2] = -1
    probes = fit_probes(mu, hidden, partition, ("Tilted", "Noise", "Rare"))
    assert probes.auc[0] > 0.7
    judged = np.flatnonzero((partition == 2) & (hidden[:, 0] >= 0))
    expected = roc_auc_score(hidden[judged, 0], probes.log_odds(mu[judged])[:, 0])
    assert probes.auc[0] == pytest.approx(expected, abs=1e-6)


def test_without_partitions_a_fifth_is_held_out():
    mu, labels, _ = faces()
    probes = fit_probes(mu, labels, np.full(len(mu), 255, np.uint8), ("Tilted", "Noise", "Rare"))
    assert probes.auc[0] > 0.7


def test_groups_that_are_cut_apart_perfectly_and_dead_dimensions_stay_finite():
    mu = np.random.default_rng(0).normal(size=(500, 4)).astype(np.float16)
    mu[:, 3] = 0
    labels = (mu[:, :1] > 0).astype(np.int8)
    probes = fit_probes(mu, labels, np.full(500, 255, np.uint8), ("Cut",))
    assert np.isfinite(probes.weights).all()
    assert abs(probes.weights[0, 3]) < 1e-3
    assert probes.auc[0] > 0.99


def test_area_under_roc_counts_ties_half():
    random = np.random.default_rng(0)
    scores, present = random.integers(0, 5, 200).astype(float), random.random(200) < 0.4
    assert area_under_roc(scores, present) == pytest.approx(roc_auc_score(present, scores))
    assert np.isnan(area_under_roc(scores, np.ones(200, bool)))


def test_shapes_that_do_not_fit_are_refused():
    mu, labels, partition = faces()
    with pytest.raises(ValueError, match="do not fit"):
        fit_probes(mu, labels, partition, ("Tilted",))


def test_the_discriminants_of_all_but_some_faces_follow_from_sums():
    rng = np.random.default_rng(3)
    x = rng.normal(size=(200, 4)).astype(np.float32)
    present = x[:, :2] + rng.normal(size=(200, 2)) > 0.2
    without = moments(x, present) - moments(x[:50], present[:50])
    (expected,) = discriminants(moments(x[50:], present[50:]), (0.1,))
    (found,) = discriminants(without, (0.1,))
    assert without.faces == 150
    assert np.allclose(found, expected, rtol=1e-4)
    assert np.all(np.diag(found[:, :2]) > 0.3)  # each points along the number that it follows


def test_a_face_of_which_an_attribute_is_not_known_counts_for_neither_group():
    x, present = np.eye(3, dtype=np.float32), np.array([[True], [False], [False]])
    counted = moments(x, present, np.array([[True], [True], [False]]))
    assert counted.counts.tolist() == [[1], [1]]
    assert counted.sums[1, 0].tolist() == [0, 1, 0]
