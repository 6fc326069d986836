import numpy as np
import pytest

from latent.associations import associations


def test_shares_and_correlations_of_a_small_table():
    labels = np.array([[1, 1, 0, 1], [1, 1, 0, 1], [0, 0, 1, 1], [0, 0, 1, 1], [1, -1, 0, 1]], np.int8)
    found = associations(labels)
    assert found.faces == 4  # the row with an unknown label is left out
    assert found.share.tolist() == [0.5, 0.5, 0.5, 1]
    assert found.both[0, 1] == 0.5
    assert found.correlation[0, 1] == pytest.approx(1)
    assert found.correlation[0, 2] == pytest.approx(-1)
    assert found.correlation[0, 3] == 0  # never varies


def test_nothing_labelled_gives_no_shares():
    assert np.isnan(associations(np.full((3, 2), -1, np.int8)).share).all()
