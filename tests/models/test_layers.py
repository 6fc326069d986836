import subprocess
import sys

import pytest

from app.paths import ROOT
from models.classifier import AttributeClassifier
from models.config import ModelConfig
from models.layer import layers_as_arrays, layers_from_arrays
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


@pytest.mark.parametrize("found", [(), layers(tiny_network("vae", linear_path=True))])
def test_layers_come_back_from_arrays_as_they_were(found: tuple):
    assert layers_from_arrays(layers_as_arrays(found)) == found


def test_linear_paths_are_marked_and_the_network_is_left_as_it_was():
    network = tiny_network("vae", linear_path=True)
    found = layers(network)
    assert [(layer.part, layer.beside) for layer in found if layer.beside] == [("encoder", True), ("decoder", True)]
    assert next(network.parameters()).device.type == "cpu"
    assert not any(module._forward_hooks for module in network.modules())


def test_finding_the_layers_loads_no_compiler():
    code = (
        "import sys; from models.config import ModelConfig; from models.layers import layers; "
        "from models.networks import Autoencoder; "
        "layers(Autoencoder(ModelConfig('vae', latent_dim=6, width=2)).eval());"
        "print({'torch._dynamo', 'sympy'} & set(sys.modules))"
    )
    said = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=ROOT)
    assert said.stdout.strip() == "set()"


def test_a_mapping_in_front_of_the_decoder_is_marked():
    plain, mapped = (layers(tiny_network("vae", mapping_width=width)) for width in (0, 8))
    assert [layer for layer in mapped if not layer.beside] == list(plain)
    assert len(mapped) == len(plain) + 6


def test_residual_blocks_are_marked_and_the_others_stay_in_the_order_of_the_picture():
    found = layers(tiny_network("ae", encoder_blocks=1))
    assert sum(layer.beside for layer in found) == 2 * 4  # two convolutions after each of four halvings
    drawn = [layer.shape for layer in found if layer.part == "encoder" and not layer.beside]
    assert drawn == [layer.shape for layer in layers(tiny_network("ae")) if layer.part == "encoder"]


@pytest.mark.parametrize("architecture", ["residual", "plain"])
def test_a_classifier_ends_in_its_attributes_and_its_shortcuts_are_marked(architecture: str):
    network = AttributeClassifier(ModelConfig("classifier", latent_dim=40, width=2, architecture=architecture))  # type: ignore[arg-type]
    found = layers(network)
    assert {layer.part for layer in found} == {"classifier"}
    assert found[-1].shape == (40,)
    assert sum(layer.beside for layer in found) == (3 if architecture == "residual" else 0)
