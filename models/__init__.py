"""Torch: image <-> latent, and the attribute classifier.

The stable face for notebooks: `from models import load_checkpoint`.
"""

from models.checkpoints import CheckpointError, load_checkpoint, load_classifier

__all__ = ["CheckpointError", "load_checkpoint", "load_classifier"]
