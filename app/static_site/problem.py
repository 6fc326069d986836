"""What keeps the folder from being made."""


class SiteError(RuntimeError):
    """The folder cannot be made; the message says why and what to do."""
