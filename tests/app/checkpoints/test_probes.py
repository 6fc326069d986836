from types import SimpleNamespace

import numpy as np

from app.checkpoints import probes
from latent.atlas import Atlas
from models.checkpoint_files import open_files
from models.data.attributes import ATTRIBUTES
from models.data.celeba import read_celeba


def test_probes_learn_the_viewers_labels_where_there_are_any(celeba_folder, shelf, monkeypatch):
    truth = read_celeba(celeba_folder).labels
    random = np.random.default_rng(0)
    smiling = ATTRIBUTES.index("Smiling")
    mu = random.normal(size=(60, 3))
    mu[:, 0] += 4 * truth[:, smiling]  # the codes follow the labels, the classifier's reading is noise
    atlas = Atlas(
        image=np.arange(1, 61, dtype=np.int32), partition=np.full(60, 255, np.uint8), mu=mu.astype(np.float16),
        scores=random.integers(0, 256, (60, 40)).astype(np.uint8), attributes=ATTRIBUTES, logvar=None,
        xy=np.zeros((60, 2), np.float32), effect=np.ones(3, np.float32), checkpoint_sha256="",
    )  # fmt: skip
    model = SimpleNamespace(identity="it", atlas=atlas, files=open_files(shelf / "two" / "zoe"))
    monkeypatch.delenv("FACESPACE_CELEBA", raising=False)
    read_off = probes.probes(model)
    monkeypatch.setenv("FACESPACE_CELEBA", str(celeba_folder))
    told = probes.probes(model)
    assert told.auc[smiling] > 0.9
    assert not np.allclose(told.weights[smiling], read_off.weights[smiling])
