"""Checkpoints as ONNX files: the browser's decoder of ours, and pairs of networks made elsewhere.

For notebooks: `from models.onnx import bring` makes a checkpoint of a PyTorch encoder and decoder.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from models.onnx.from_torch import bring

__all__ = ["bring"]


def __getattr__(name: str) -> Any:
    if name != "bring":
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from models.onnx.from_torch import bring  # late: torch and onnx take seconds, and much here needs neither

    return bring
