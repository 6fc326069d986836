"""The page *Edit*."""
