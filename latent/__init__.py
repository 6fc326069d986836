"""Numpy: everything that is done with points of a latent space."""
