"""What the *Models* page tells of each checkpoint: what is known, what it is compared with, what is drawn."""
