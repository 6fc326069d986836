"""What a run is computed on: which device there is, in which precision it is fast, and what it is called."""

from __future__ import annotations

import platform
from typing import Literal

import torch

from models.config import ConfigError


def usable_device(name: str) -> str:
    """The name of a device that there is.

    Raises:
        ConfigError: there is none of this name; it says which there are.
    """
    try:
        torch.zeros(1, device=name).cpu()
    except (RuntimeError, AssertionError, ImportError) as error:
        found = ["cpu", *(f"cuda:{number}" for number in range(torch.cuda.device_count()))]
        found += ["mps"] if torch.backends.mps.is_available() else []
        raise ConfigError(f"--device {name} is not to be had on this machine; it has {', '.join(found)}.") from error
    return name


def best_precision(device: str) -> Literal["float32", "bfloat16"]:
    """ "bfloat16" where the processor multiplies it in hardware (elsewhere it is far slower), else "float32"."""
    if device.startswith("cuda"):
        return "bfloat16" if torch.cuda.is_bf16_supported(including_emulation=False) else "float32"
    if device == "cpu":
        has = torch.cpu.get_capabilities()
        return "bfloat16" if has.get("avx512_bf16") or has.get("amx_bf16") or has.get("bf16") else "float32"
    return "float32"


def machine() -> str:
    """The processor and the number of cores that torch uses, in words."""
    name = torch.cpu.get_capabilities().get("cpu_name") or platform.processor() or platform.machine()
    if torch.cuda.is_available():
        name = f"{torch.cuda.get_device_name()}, {name}"
    threads = torch.get_num_threads()
    return f"{name}, {threads} thread{'' if threads == 1 else 's'}"
