"""What a network costs: multiply-adds, parameters, and time on one core."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

import numpy as np
import torch
from torch import Tensor, nn

from models.latent_model import LatentModel
from models.networks import Autoencoder


def multiply_adds(network: nn.Module, example: Tensor) -> int:
    """Multiplications (each with its addition) of the convolutions and linear layers for `example`, a batch of one.

    Counted as they are usually counted: every weight of a convolution once for each output pixel, of a transposed
    convolution once for each input pixel; biases, normalisation and activations are left out.
    """
    total = 0

    def count(layer: nn.Module, inputs: tuple[Tensor, ...], output: Tensor) -> None:
        nonlocal total
        if isinstance(layer, nn.ConvTranspose2d):
            total += inputs[0][0, 0].numel() * layer.weight.numel()
        elif isinstance(layer, nn.Conv2d):
            total += output[0, 0].numel() * layer.weight.numel()
        elif isinstance(layer, nn.Linear):
            total += layer.weight.numel()

    handles = [module.register_forward_hook(count) for module in network.modules()]
    with torch.inference_mode():
        network(example)
    for handle in handles:
        handle.remove()
    return total


def effort(network: LatentModel) -> dict[str, Any]:
    """Multiply-adds, parameters and median processor time for one face on one core, of the encoder and the decoder."""
    size = network.config.image_size
    x, z = torch.zeros(1, 3, size, size), torch.zeros(1, network.config.latent_dim)
    taken = {
        "decode_ms_one_core": round(_milliseconds(lambda: network.decode(z)), 2),
        "encode_ms_one_core": round(_milliseconds(lambda: network.encode(x)), 2),
    }
    if not isinstance(network, Autoencoder):
        return taken  # made elsewhere: its layers are not ours to count
    decoding = multiply_adds(network.decoder, z)
    steps = network.config.refinement_steps
    correcting = 3 * steps + 1 if steps else 0  # runs of the decoder: a step is two forwards and one backwards
    return taken | {
        "decoder_multiply_adds": decoding,
        "encoder_multiply_adds": multiply_adds(network.encoder, x) + correcting * decoding,
        "decoder_parameters": sum(parameter.numel() for parameter in network.decoder.parameters()),
        "encoder_parameters": sum(parameter.numel() for parameter in network.encoder.parameters()),
    }


@torch.inference_mode()
def _milliseconds(work: Callable[[], object], repeats: int = 100) -> float:
    threads = torch.get_num_threads()
    torch.set_num_threads(1)
    times = []
    for _ in range(repeats):
        began = time.process_time()  # what else runs on the machine counts for little
        work()
        times.append(time.process_time() - began)
    torch.set_num_threads(threads)
    return float(np.median(times)) * 1000
