"""The linear function from what the network saw to where annotators put the points."""

from __future__ import annotations

import numpy as np
import pytest

from faces import annotators
from faces.annotators import fit, in_the_mirror, shift


def features(count: int) -> np.ndarray:
    return np.random.default_rng(0).standard_normal((count, 2, 3, 256)).astype(np.float32)


def test_a_face_and_its_mirror_image_are_moved_alike():
    seen = features(5)
    moved, mirrored = shift(seen), shift(seen[:, ::-1])
    assert moved.shape == (5, 3)
    assert np.abs(moved).max() > 0
    assert mirrored == pytest.approx(in_the_mirror(moved), abs=1e-5)


def test_a_linear_rule_is_learned_from_readings_and_holds_for_others(monkeypatch):
    seen = features(3000)
    left, right, down = seen[:, 0, 0, 0], seen[:, 1, 0, 0], seen[:, 0, 1, 7] + seen[:, 1, 1, 7]
    rule = np.stack([2 * left + 1j * down, -2 * right + 1j * down, (left - right) * 0.5 - 1j], axis=1)
    assert in_the_mirror(rule[:1]) == pytest.approx(
        np.array([[2 * right[0] + 1j * down[0], -2 * left[0] + 1j * down[0], 0.5 * (right[0] - left[0]) - 1j]])
    )
    weights, bias = fit(seen[:2500], rule[:2500], shrinkage=1.0)
    monkeypatch.setattr(annotators, "rule", lambda: (weights.astype(np.float32), bias))
    assert np.abs(shift(seen[2500:]) - rule[2500:]).mean() < 0.05 * np.abs(rule).mean()


def test_the_shipped_weights_are_small_and_move_points_by_little():
    weights, bias = annotators.rule()
    assert (weights.shape, bias.shape) == ((1536, 6), (6,))
    assert annotators.WEIGHTS.stat().st_size < 30_000
    assert np.isfinite(weights).all()
    assert np.abs(bias).max() < 20
