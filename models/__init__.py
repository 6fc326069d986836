"""Torch: image <-> latent, and the attribute classifier.

The stable face for notebooks: `from models import SHIPPED, load_checkpoint`.
"""

from pathlib import Path

from models.checkpoints import CheckpointError, load_checkpoint, load_classifier

SHIPPED = Path(__file__).parents[1] / "checkpoints"
"""The checkpoints that come with the code."""

__all__ = ["SHIPPED", "CheckpointError", "load_checkpoint", "load_classifier"]
