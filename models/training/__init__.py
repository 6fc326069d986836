"""What `train.py` does: losses, starts, the loop and its figures."""
