import numpy as np
import pytest
import torch

from models.geodesic import geodesic, lengths


class Hill(torch.nn.Module):
    """Decodes a code [N, 2] into three numbers: a plane with a high hill in its middle."""

    def decode(self, z):
        height = 3 * torch.exp(-2 * z.square().sum(1))
        return torch.stack([z[:, 0], z[:, 1], height], 1)[:, :, None, None]


A, B = np.array([-1.5, 0.1]), np.array([1.5, 0.1])


def test_the_way_goes_around_what_would_change_the_picture():
    told, seen = [], []
    way = geodesic(Hill(), A, B, np.ones(2), nodes=12, progress=told.append, watch=seen.append)
    straight = np.linspace(A, B, 12).astype(np.float32)
    np.testing.assert_allclose(way[[0, -1]], [A, B], atol=1e-6)
    assert lengths(Hill(), way).sum() < 0.75 * lengths(Hill(), straight).sum()
    assert way[:, 1].max() > 0.6  # around the hill
    assert told[-1] <= 1
    np.testing.assert_allclose(seen[0], straight, atol=1e-6)
    np.testing.assert_array_equal(seen[-1], way)
    energies = [np.square(lengths(Hill(), one)).sum() for one in seen]
    assert (np.diff(energies) < 0).all()


def test_its_steps_are_equally_long_on_screen():
    steps = lengths(Hill(), geodesic(Hill(), A, B, np.ones(2), nodes=12))
    assert steps.max() < 1.3 * steps.min()


def test_where_the_picture_follows_the_code_it_is_the_straight_line():
    class Flat(torch.nn.Module):
        def decode(self, z):
            return z[:, :, None, None]

    way = geodesic(Flat(), A, B, np.ones(2), nodes=5)
    np.testing.assert_allclose(way, np.linspace(A, B, 5), atol=1e-3)
    with pytest.raises(ValueError, match="at least 3 nodes"):
        geodesic(Flat(), A, B, np.ones(2), nodes=2)
