"""Training in front of the class."""
