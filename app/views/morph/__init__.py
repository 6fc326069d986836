"""The page *Morph*."""
