import pytest

from models.data.celeba import read_celeba
from models.data.dataset import load_faces


@pytest.fixture(scope="session")
def faces(celeba_folder):
    """60 synthetic pictures of 64 px, with labels."""
    return load_faces(read_celeba(celeba_folder), 64, progress=False)
