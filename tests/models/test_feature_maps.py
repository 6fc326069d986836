import numpy as np
import pytest
import torch

from models.feature_maps import decode_without, feature_maps
from models.layers import layers
from tests.conftest import tiny_network


@pytest.mark.parametrize("linear_path", [False, True])
@pytest.mark.parametrize("kind", ["ae", "vae"])
def test_the_maps_have_the_shapes_of_the_layers_and_nothing_switched_off_changes_nothing(kind: str, linear_path: bool):
    network = tiny_network(kind, linear_path=linear_path)
    if linear_path:  # a fresh one draws nothing beside its straight path
        torch.nn.init.normal_(network.decoder.convolutions[-1].weight)
    picture, z = torch.rand(1, 3, 64, 64), torch.randn(1, network.config.latent_dim)
    found = feature_maps(network, picture, z)
    drawn = [layer for layer in layers(network) if not layer.beside]
    encoder = [layer.shape for layer in drawn if layer.part == "encoder" and len(layer.shape) == 3]
    decoder = [layer.shape for layer in drawn if layer.part == "decoder" and len(layer.shape) == 3][:-1]
    assert [maps.shape for maps in found.encoder] == encoder
    assert [maps.shape for maps in found.decoder[1:]] == decoder
    assert found.decoder[0].shape[1:] == (4, 4)
    assert all((maps >= 0).all() for maps in found.decoder)
    with torch.inference_mode():
        whole = network.decode(z)
    for stage in range(len(found.decoder)):
        assert torch.allclose(decode_without(network, z, stage, ()), whole, atol=1e-6)


def test_a_channel_that_is_switched_off_is_missed_and_the_network_stays_as_it_was():
    network = tiny_network("ae")
    z = torch.randn(1, network.config.latent_dim, generator=torch.Generator().manual_seed(1))
    maps = feature_maps(network, torch.rand(1, 3, 64, 64), z).decoder
    whole = decode_without(network, z, 0, ())
    for stage, layer in enumerate(maps):
        strongest = int(np.argmax(layer.mean((1, 2))))
        assert (decode_without(network, z, stage, [strongest]) - whole).abs().max() > 0
    assert torch.equal(decode_without(network, z, 0, ()), whole)
