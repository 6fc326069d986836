import pytest

import facespace


@pytest.fixture(scope="session")
def vae() -> facespace.Model:
    """The shipped VAE, opened once."""
    return facespace.open_model("vae")
