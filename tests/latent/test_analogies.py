from dataclasses import replace

import numpy as np

from latent.analogies import LEAST, MOST, telling_pair
from latent.attribute_axes import attribute_axes
from tests.latent.test_attribute_axes import labelled_atlas


def test_the_pair_differs_along_the_direction_and_as_little_as_can_be_in_all_else():
    atlas = labelled_atlas()
    axis = attribute_axes(atlas)["Eyeglasses"]
    pair = telling_pair(atlas, axis)
    assert pair is not None
    assert list(atlas.scores[list(pair), 0]) == [5, 250]
    without, with_it = atlas.mu[list(pair)].astype(np.float32)
    assert LEAST <= axis.standing(with_it[None])[0] - axis.standing(without[None])[0] <= MOST
    difference, unit = with_it - without, axis.vector / np.linalg.norm(axis.vector)
    aside = np.linalg.norm(difference - (difference @ unit) * unit)
    assert aside < 0.25 * abs(difference @ unit)
    assert telling_pair(atlas, axis) == pair


def test_without_faces_of_both_kinds_there_is_no_pair():
    atlas = labelled_atlas()
    axis = attribute_axes(atlas)["Eyeglasses"]
    scores = atlas.scores.copy()
    scores[:, 0] = 120  # nobody surely has it, or surely lacks it
    assert telling_pair(replace(atlas, scores=scores), axis) is None
