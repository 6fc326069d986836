"""The lesson on two tiny models, in one process."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from app import paths
from app.checkpoints import for_browsers
from app.checkpoints.opening import OpenModel
from app.views.lesson import inputs
from app.views.lesson import page as lesson
from app.views.lesson.live import process
from tests.app.small_family import write_family
from tests.app.small_models import small_model


@pytest.fixture(scope="session")
def pair() -> dict[str, OpenModel]:
    return {name: small_model(name) for name in ("ae", "vae")}


@pytest.fixture
def tiny_models(pair: dict[str, OpenModel], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """In place of what is shipped the lesson finds the tiny pair, no family and, for the portrait, a grey picture.

    Nor a CelebA folder: the tiny pair's faces are none of CelebA's, so its labels would say nothing of them.
    """
    monkeypatch.delenv("FACESPACE_CELEBA", raising=False)
    (tmp_path / "shipped" / "checkpoints").mkdir(parents=True)
    monkeypatch.setattr(paths, "ROOT", tmp_path / "shipped")
    monkeypatch.setattr(lesson, "open_all", lambda: (pair, []))
    monkeypatch.setattr(for_browsers, "_decoder_file", lambda folder, sha256: None)
    grey = np.full((64, 64, 3), 128, np.uint8)
    monkeypatch.setattr(inputs, "portrait_crop", lambda size: grey)
    monkeypatch.setattr(process, "get_ready", lambda program: None)  # no process for a run that no test starts


@pytest.fixture(scope="session")
def family_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A visitor's own folder of checkpoints with the lesson's family in miniature; tests that spoil it take a copy."""
    folder = tmp_path_factory.mktemp("checkpoints")
    write_family(folder / "family")
    return folder


@pytest.fixture
def family(family_folder: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("FACESPACE_CHECKPOINTS", str(family_folder))
    return family_folder
