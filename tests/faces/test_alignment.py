"""Exact geometry on synthetic points, and what the warp does at edges and scales."""

from __future__ import annotations

import numpy as np
import pytest
from PIL import Image

from faces import ALIGNED_SIZE, TARGETS, align
from faces.alignment import Similarity, fit_similarity, warp


def gradient(width: int, height: int) -> Image.Image:
    """Red grows by one a column, green by one a row."""
    y, x = np.mgrid[:height, :width]
    return Image.fromarray(np.stack([x % 256, y % 256, np.zeros_like(x)], axis=-1).astype(np.uint8))


def smooth(width: int, height: int) -> Image.Image:
    y, x = np.mgrid[:height, :width]
    wave = 128 + 60 * np.sin(x / width * 9) + 50 * np.cos(y / height * 7)
    return Image.fromarray(np.stack([wave, wave[::-1], wave[:, ::-1]], axis=-1).astype(np.uint8))


def test_a_similarity_is_recovered_exactly():
    truth = Similarity(1.7 * np.exp(2.1j), 40 - 13j)
    found = fit_similarity(TARGETS, truth(TARGETS))
    assert found.turn == pytest.approx(truth.turn)
    assert found.shift == pytest.approx(truth.shift)
    assert found.inverse().after(found)(TARGETS) == pytest.approx(TARGETS, abs=1e-4)


def test_points_that_do_not_fit_are_fitted_as_nearly_as_possible():
    # The classroom formula, by brute force: no small change of the transform may lower the squared error.
    target = TARGETS + np.array([(3, -1), (0, 2), (-2, 0)])
    best = fit_similarity(TARGETS, target)
    error = np.sum((best(TARGETS) - target) ** 2)
    for turn, shift in ((1e-3, 0), (1e-3j, 0), (0, 0.1), (0, 0.1j)):
        for sign in (1, -1):
            other = Similarity(best.turn + sign * turn, best.shift + sign * shift)
            assert np.sum((other(TARGETS) - target) ** 2) > error


def test_an_aligned_picture_stays_as_it_is():
    picture = gradient(*ALIGNED_SIZE)
    assert np.abs(np.asarray(align(picture, TARGETS)).astype(int) - np.asarray(picture)).max() <= 1


@pytest.mark.parametrize("turn", [2.0, 4.3 * np.exp(0.5j), 11 * np.exp(-2j), 0.8j])
def test_a_turned_and_scaled_picture_comes_back(turn):
    aligned = smooth(*ALIGNED_SIZE)
    reach = int(abs(turn) * 150)
    put = Similarity(turn, complex(reach, reach) - turn * complex(88.5, 108.5))
    photo = warp(aligned, put, (2 * reach, 2 * reach))
    back = align(photo, put(TARGETS))
    assert back.size == ALIGNED_SIZE
    assert np.abs(np.asarray(back).astype(int) - np.asarray(aligned))[3:-3, 3:-3].max() <= 4


def test_what_lies_outside_repeats_the_edge():
    photo = Image.new("RGB", (60, 40), "white")
    photo.paste("red", (0, 0, 10, 40))
    # The photo's left edge comes to lie in the frame's middle.
    pixels = np.asarray(align(photo, TARGETS - [89, 100]))
    assert (pixels[100:138, :90] == (255, 0, 0)).all()
    assert (pixels[100, 110:] == 255).all()
    assert (pixels[:100, 110:] == 255).all()


def test_points_far_outside_the_photo_are_no_error():
    assert align(Image.new("RGB", (5, 3), "blue"), TARGETS + 5000).getpixel((3, 4)) == (0, 0, 255)
    assert align(Image.new("L", (1, 1), 7), TARGETS * 90 - 9000).getpixel((177, 217)) == (7, 7, 7)


def test_a_large_photo_is_averaged_and_not_sampled():
    checks = Image.fromarray((np.indices((2180, 1780)).sum(axis=0) % 2 * 255).astype(np.uint8))
    pixels = np.asarray(align(checks, TARGETS * 10 + 4.5)).astype(int)
    assert np.abs(pixels - 127).max() <= 3


def test_exchanged_eyes_give_the_same_crop():
    photo = smooth(400, 300)
    points = TARGETS * 1.3 + 20
    assert align(photo, points[[1, 0, 2]]).tobytes() == align(photo, points).tobytes()


@pytest.mark.parametrize(
    "points", [np.zeros((3, 2)), np.full((3, 2), np.nan), np.zeros((2, 2)), [(1, 1), (1, 1), (1, 1)]]
)
def test_points_without_sense_are_refused(points):
    with pytest.raises(ValueError, match="eyes and the mouth"):
        align(Image.new("RGB", (50, 50)), points)
