from __future__ import annotations

import torch
import torch.nn.functional as F
from torch import nn

from models.training.resize_convolution import constrain, plain
from models.weights_file import as_eight_bit
from tests.conftest import tiny_network


def transposed(constrained: bool) -> nn.ConvTranspose2d:
    torch.manual_seed(0)
    layer = nn.ConvTranspose2d(5, 4, 4, stride=2, padding=1, bias=False)
    if constrained:
        constrain(layer)
    return layer


@torch.no_grad()
def test_it_repeats_each_pixel_twice_and_convolves_with_3_x_3():
    layer = transposed(constrained=True)
    x = torch.randn(2, 5, 6, 6)
    small = layer.parametrizations["weight"].original  # [5, 4, 3, 3]
    enlarged = F.interpolate(x, scale_factor=2, mode="nearest")
    expected = F.conv_transpose2d(enlarged, small / 2, padding=1)
    inside = slice(1, -1)
    torch.testing.assert_close(layer(x)[:, :, inside, inside], expected[:, :, inside, inside])


@torch.no_grad()
def test_an_even_input_is_drawn_without_a_grid():
    even = torch.ones(1, 5, 8, 8)
    for constrained in (False, True):
        inside = transposed(constrained)(even)[:, :, 2:-2, 2:-2]
        assert (float(inside.std(dim=(2, 3)).max()) < 1e-6) == constrained


@torch.no_grad()
def test_an_ordinary_network_of_the_same_pictures_comes_out():
    network = tiny_network("vae")
    constrain(network)
    ordinary = plain(network, network.config)
    z = torch.randn(3, network.config.latent_dim)
    assert torch.equal(ordinary.decode(z), network.decode(z))
    assert set(ordinary.state_dict()) == set(tiny_network("vae").state_dict())
    again = plain(ordinary, network.config)  # a copy, whatever is done to it
    before = ordinary.decoder.stem[0].weight.clone()
    again.decoder.stem[0].weight.zero_()
    assert torch.equal(ordinary.decoder.stem[0].weight, before)


@torch.no_grad()
def test_a_network_that_was_trained_so_is_taken_up_where_it_was():
    network = tiny_network("vae")
    constrain(network)
    ordinary = plain(network, network.config).half().float()  # as a checkpoint keeps it
    z = torch.randn(3, network.config.latent_dim)
    before = ordinary.decode(z)
    constrain(ordinary)
    torch.testing.assert_close(ordinary.decode(z), before, atol=1e-3, rtol=0)


@torch.no_grad()
def test_the_last_layers_are_free_but_for_a_grid():
    torch.manual_seed(0)
    layers = nn.Sequential(*(nn.ConvTranspose2d(4, 4, k, stride=2, padding=k // 2 - 1) for k in (4, 4, 6)))
    constrain(layers, free=2)
    for layer in layers:
        layer.parametrizations["weight"].original.copy_(torch.randn_like(layer.parametrizations["weight"].original))
        inside = layer(torch.ones(1, 4, 8, 8))[:, :, 3:-3, 3:-3]
        assert float(inside.std(dim=(2, 3)).max()) < 1e-5
    for layer in layers[1:]:
        changed = layer.weight - layer.parametrizations["weight"].original
        assert float(changed[:, :, ::2, 1::2].std(dim=(2, 3)).max()) < 1e-5  # a phase is moved as a whole, else free


@torch.no_grad()
def test_one_that_was_kept_in_eight_bits_is_taken_up_too():
    kernel, scale = as_eight_bit(transposed(constrained=True).weight)
    kept = kernel * scale
    layer = transposed(constrained=False)
    layer.weight.copy_(kept)
    constrain(layer)
    assert float((layer.weight - kept).abs().max()) < 0.01 * float(kept.abs().max())
