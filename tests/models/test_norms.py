"""A decoder draws the same with the norms of another one."""

import torch

from models.norms import take_norms
from tests.conftest import tiny_network

Z = torch.randn(4, 6, generator=torch.Generator().manual_seed(0))


def test_norms_of_another_decoder_are_taken_without_a_change_of_what_is_drawn():
    decoder, other = (tiny_network("vae", seed=seed).decoder for seed in (1, 2))
    generator = torch.Generator().manual_seed(3)
    with torch.no_grad():
        for one in (decoder, other):
            for norm in (one.stem[2], one.convolutions[1]):
                for tensor in (norm.weight, norm.running_var):
                    tensor.copy_(0.5 + torch.rand(tensor.shape, generator=generator))
                for tensor in (norm.bias, norm.running_mean):
                    tensor.copy_(torch.randn(tensor.shape, generator=generator))
        other.convolutions[1].weight[0] = 1e-6  # switched off: not to be taken
        before, drawn = decoder.convolutions[1].weight.clone(), decoder(Z)
        take_norms(decoder, other)
        assert torch.allclose(decoder(Z), drawn, atol=1e-5)
    assert torch.equal(decoder.stem[2].weight, other.stem[2].weight)
    assert torch.equal(decoder.stem[2].running_mean, other.stem[2].running_mean)
    assert torch.equal(decoder.convolutions[1].weight, before)
