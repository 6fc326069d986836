"""What belongs to one visitor: the current face, photos, the shelf, and the address that holds them."""
