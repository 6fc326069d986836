import numpy as np
import pytest
import torch

from models.config import ModelConfig
from models.counterfactual import shortest_flip


class Painter(torch.nn.Module):
    """Decodes a code [N, 2] into flat pictures whose brightness is its first number."""

    def decode(self, z):
        return z[:, :1, None, None].expand(-1, 3, 64, 64)


class Reader(torch.nn.Module):
    """Reads one attribute: log odds of 4 times the brightness, less 4, or bent."""

    def __init__(self, bent=False):
        super().__init__()
        self.config, self.bent = ModelConfig("classifier", 64, 40, 8), bent

    def forward(self, x):
        bright = x.mean((1, 2, 3))[:, None]
        return torch.tanh(bright - 1) * 4 if self.bent else 4 * bright - 4


@pytest.mark.parametrize("bent", [False, True])
@pytest.mark.parametrize("start", [[0.0, 0.5], [2.5, 0.5]])
def test_the_shortest_change_goes_along_the_covariance_to_the_boundary(bent, start):
    covariance = np.array([[1.0, 0.6], [0.6, 1.0]])  # who gets brighter moves along the second number, too
    told = []
    found = shortest_flip(Painter(), Reader(bent), np.array(start), 0, covariance, progress=told.append)
    to_go = 1 - start[0]
    np.testing.assert_allclose(found, [1.0, start[1] + 0.6 * to_go], atol=0.02)
    assert (found[0] > 1) == (start[0] < 1)
    assert told


def test_another_reading_to_reach_leads_farther():
    found = shortest_flip(Painter(), Reader(), np.zeros(2), 0, np.eye(2), probability=0.9)
    assert found[0] == pytest.approx(1 + np.log(9) / 4, abs=0.02)
    with pytest.raises(ValueError, match="between 0 and 1"):
        shortest_flip(Painter(), Reader(), np.zeros(2), 0, np.eye(2), probability=1)


def test_where_nothing_changes_the_reading_there_is_no_change():
    deaf = Reader()
    deaf.forward = lambda x: 0 * x.mean((1, 2, 3))[:, None] - 1
    assert shortest_flip(Painter(), deaf, np.zeros(2), 0, np.eye(2)) is None
