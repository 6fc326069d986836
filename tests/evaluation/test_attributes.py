import numpy as np
import pytest

from evaluation.attributes import held_out_areas


def test_what_a_straight_cut_can_tell_is_found_and_noise_is_chance():
    random = np.random.default_rng(0)
    codes = random.normal(size=(4000, 8)) * np.array([1, 100, 1, 1, 1, 1, 1, 1.0])
    signal = codes @ np.array([1, 0.01, 0, 0, -1, 0, 0, 0])
    seldom = signal + random.normal(size=4000) > 3.4
    labels = np.stack([signal > 0, seldom, random.random(4000) < 0.5, np.arange(4000) < 10], 1).astype(np.int8)
    areas = held_out_areas(codes[:3000], labels[:3000], codes[3000:], labels[3000:])
    assert areas[0] > 0.99
    ideal = np.mean(signal[3000:][seldom[3000:], None] > signal[3000:][~seldom[3000:]])
    assert areas[1] == pytest.approx(ideal, abs=0.02)
    assert areas[2] == pytest.approx(0.5, abs=0.06)
    assert np.isnan(areas[3])  # ten faces are too few to learn from


def test_unknown_labels_are_neither_learnt_from_nor_judged_by():
    codes = np.random.default_rng(0).normal(size=(600, 3))
    labels = (codes[:, :1] > 0).astype(np.int8)
    spoilt = labels.copy()
    spoilt[::2] = -1
    areas = held_out_areas(codes[:400], spoilt[:400], codes[400:], spoilt[400:])
    assert areas[0] > 0.99
