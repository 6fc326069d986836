import numpy as np
import torch

from models.jacobian import change_matrix
from tests.conftest import tiny_network


def test_the_matrix_is_that_of_the_decoders_own_derivatives():
    network = tiny_network("ae")
    generator = torch.Generator().manual_seed(0)
    with torch.no_grad():
        for parameter in network.decoder.parameters():  # a fresh decoder's pictures hardly change at all
            parameter.add_(0.3 * torch.randn(parameter.shape, generator=generator))
    z, scale = np.random.default_rng(0).standard_normal((2, 6)).astype(np.float32), np.linspace(0.02, 0.12, 6)
    told = []
    gram = change_matrix(network, z, scale, told.append)
    expected = np.zeros((6, 6))
    for point in torch.from_numpy(z):
        jacobian = torch.func.jacfwd(lambda p: network.decode(p[None]).flatten())(point).detach()
        scaled = jacobian.double().numpy() * scale
        expected += scaled.T @ scaled / len(scaled) / 2
    np.testing.assert_allclose(gram, expected, rtol=0.1, atol=expected.max() * 0.02)
    assert told == [0.5, 1.0]
