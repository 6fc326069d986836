"""What `evaluate.py` measures of a checkpoint. Imports `models` and `latent`; only the door imports it."""
