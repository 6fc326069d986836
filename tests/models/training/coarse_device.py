"""A device that has no float64, as Apple's GPUs have none: a program that trains on it, for whoever has no such GPU.

A tensor on it holds an ordinary one in main memory, on which everything is computed; whatever would make or take 64-bit
floats there is refused, and so is computing with tensors of two devices. Devices can be registered once in a process
and not taken back, so this one gets a process of its own.
"""

from __future__ import annotations

import sys
from dataclasses import replace
from pathlib import Path
from typing import Any

import torch
from torch.utils._pytree import tree_map
from torch.utils.backend_registration import _DummyBackendModule, _setup_privateuseone_for_python_backend

from models.config import ModelConfig
from models.data.celeba import read_celeba
from models.data.dataset import load_faces
from models.training.adversarial import AdversarialLearner
from models.training.loop import Trainer
from models.training.options import TrainingOptions
from models.training.plan import Plan
from models.training.start import read_start
from tests.models.resuming import stop_after_an_epoch

NAME = "coarse"
LIBRARIES = torch.library.Library("_", "IMPL"), torch.library.Library("aten", "IMPL")  # kept: what they hold goes along


HELD: dict[int, torch.Tensor] = {}  # by the storage, which shallow copies (parameters, `detach`) share


def on_device(held: torch.Tensor) -> torch.Tensor:
    """A tensor in main memory as one of the device.

    Raises:
        TypeError: it has 64-bit floats.
    """
    if held.dtype == torch.float64:
        raise TypeError("Cannot convert a Tensor to float64: the device has no float64.")
    with torch.inference_mode(False):
        tensor = torch._C._acc.create_empty_tensor(held.shape, held.dtype)
    HELD[tensor.untyped_storage()._cdata] = held.contiguous()
    return tensor


def compute(op: Any, *args: Any, **kwargs: Any) -> Any:
    """Any operation with a tensor of the device, or that makes one."""
    known: dict[int, torch.Tensor] = {}
    foreign: list[torch.Tensor] = []

    def down(value: Any) -> Any:
        if isinstance(value, torch.Tensor) and value.device.type == NAME:
            held = HELD[value.untyped_storage()._cdata]
            known[id(held)] = value
            return held
        if isinstance(value, torch.Tensor):
            foreign.append(value)
            if value.dim():
                known[id(value)] = value
        return torch.device("cpu") if isinstance(value, torch.device) else value

    def up(value: Any) -> Any:
        if not isinstance(value, torch.Tensor):
            return value
        return known[id(value)] if id(value) in known else on_device(value)

    lowered, named = tree_map(down, args), tree_map(down, kwargs)
    copies = op in (torch.ops.aten.copy_.default, torch.ops.aten._copy_from.default)
    if not copies and (odd := [value for value in foreign if value.dim()]):
        raise RuntimeError(f"{op}: expected all tensors on {NAME}, but {tuple(odd[0].shape)} is on the CPU.")
    if op is torch.ops.aten._copy_from.default:
        lowered[1].copy_(lowered[0])
        return args[1]
    return tree_map(up, op(*lowered, **named))


class Module(_DummyBackendModule):
    def get_amp_supported_dtype(self) -> list[torch.dtype]:
        return [torch.float16, torch.bfloat16]


def convolution(*args: Any) -> Any:
    return compute(torch.ops.aten.convolution.default, *args)


def convolution_backward(gradient: Any, x: Any, weight: Any, *args: Any) -> Any:
    transposed, groups = args[3], args[5]
    bias_sizes = [weight.shape[1] * groups if transposed else weight.shape[0]]
    return compute(torch.ops.aten.convolution_backward.default, gradient, x, weight, bias_sizes, *args)


class Generator(torch.Generator):
    """Of the processor, whatever the device: one of its own cannot be registered from Python."""

    def __new__(cls, device: Any = "cpu") -> Any:
        return super().__new__(cls, "cpu")


def register() -> None:
    """Make the device known as "coarse"."""
    _setup_privateuseone_for_python_backend(NAME, Module())
    every, aten = LIBRARIES
    every.fallback(compute, "PrivateUse1")
    aten.impl("convolution_overrideable", convolution, "PrivateUse1")  # what has a kernel for all does not fall back
    aten.impl("convolution_backward_overrideable", convolution_backward, "PrivateUse1")
    torch.Generator = Generator  # type: ignore[misc]


def main(data: Path, out: Path) -> None:
    """Train each kind of network there for two epochs, the second one resumed."""
    torch.set_num_threads(1)
    register()
    faces = load_faces(read_celeba(data), 64, progress=False)
    options = TrainingOptions(epochs=2, batch_size=20, precision="float32")
    plans = {
        "vae": (ModelConfig("vae", latent_dim=4, width=2, linear_path=True), replace(options, kl_target=3.0)),
        "ae": (ModelConfig("ae", latent_dim=4, width=2, beta=0.0, refinement_steps=1), options),
        "classifier": (ModelConfig("classifier", latent_dim=40, width=2), options),
    }
    for name, (config, how) in plans.items():
        for first in (True, False):
            trainer = Trainer(Plan(config, how, NAME), faces)
            if first:
                stop_after_an_epoch(trainer, out / name)
            else:
                trainer.resume(out / name)
                trainer.run(out / name, progress=False)
    start = read_start(out / "vae")
    how = replace(options, freeze_encoder=True, adversarial_weight=1.0, prior_weight=1.0)
    config = ModelConfig("vae", latent_dim=4, width=2, linear_path=True)
    taught = Trainer(Plan(config, how, NAME, start=start), faces, learner=AdversarialLearner)
    taught.run(out / "taught", progress=False)


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
