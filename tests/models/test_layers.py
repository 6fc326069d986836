import pytest

from models.layers import layers
from tests.conftest import tiny_network


@pytest.mark.parametrize("size", [64, 128])
@pytest.mark.parametrize("kind", ["ae", "vae"])
def test_the_layers_have_the_shapes_that_pass_through_them(kind: str, size: int):
    network = tiny_network(kind, image_size=size)
    found = layers(network)
    encoder = [layer for layer in found if layer.part == "encoder"]
    decoder = [layer for layer in found if layer.part == "decoder"]
    assert encoder[0].shape == (2, size // 2, size // 2)
    assert encoder[-1].shape == (12 if kind == "vae" else 6,)
    assert decoder[-1].shape == (3, size, size)
    assert decoder[-1].numbers == 3 * size**2
    assert decoder[0].kind == "linear layer"


def test_linear_paths_are_marked_and_the_network_is_left_as_it_was():
    network = tiny_network("vae", linear_path=True)
    found = layers(network)
    assert [(layer.part, layer.beside) for layer in found if layer.beside] == [("encoder", True), ("decoder", True)]
    assert next(network.parameters()).device.type == "cpu"
    assert not any(module._forward_hooks for module in network.modules())
