"""The page *Models*: a card for each checkpoint, and bringing one."""
