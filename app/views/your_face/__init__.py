"""The page *Your face*."""
