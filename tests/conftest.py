"""A tiny synthetic CelebA folder and tiny seeded networks that most tests share."""

from __future__ import annotations

import asyncio
import os
from collections.abc import Coroutine, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any, TypeVar

import numpy as np
import pytest
import torch
import torch.nn.functional as F
from PIL import Image
from xdist.scheduler import LoadFileScheduling

from benchmarks.server import Server, running_app
from models.checkpoint_files import open_files
from models.checkpoints import save_checkpoint
from models.config import ModelConfig
from models.data.attributes import ATTRIBUTES
from models.faithful import keep_faithful
from models.networks import Autoencoder

torch.set_num_threads(1)

Result = TypeVar("Result")

PATIENCE = 300  # seconds for what takes a few; other jobs may keep all cores busy, and only what fails waits so long

# All tests of the app itself, with a browser or without: its server is busy for twenty seconds after its start.
THE_APP = (
    "browser/test_app.py",
    "browser/test_generate_edit_morph.py",
    "browser/test_static_site.py",
    "browser/test_your_face.py",
    "browser/test_early_pad.py",
    "browser/test_every_page.py",
    "browser/test_vividness.py",
    "browser/test_learned_prior.py",
    "browser/test_presenting.py",
    "browser/test_models.py",
    "browser/test_history.py",
    "browser/test_lesson.py",
    "browser/test_brought.py",
    "browser/test_away.py",
    "browser/test_page_top.py",
    "browser/test_class.py",
    "browser/test_filter.py",
    "browser/test_vectors.py",
    "browser/test_behind_a_proxy.py",
    "deploy/test_proxy.py",
    "benchmarks/test_load.py",
    "app/server/test_connections.py",
    "app/server/test_upload_limits.py",
    "app/server/test_answer_headers.py",
    "app/server/test_long_links.py",
)

# What costs seconds in each process that needs it, so one worker runs it all: the app's server and browser, the small
# app's, UMAP, which compiles itself.
TOGETHER = (
    THE_APP,
    ("browser/test_atlas_map.py", "browser/test_latent_pad.py"),
    (
        "facespace/test_model.py",
        "facespace/test_api_pages.py",
        "facespace/test_ways.py",
        "facespace/test_comparing.py",
        "facespace/widgets/test_pad.py",
        "facespace/widgets/test_map.py",
    ),
    ("test_doors.py", "test_atlas_shards.py", "test_own_pictures.py", "latent/test_map_settings.py"),
)

# By time: what takes longest starts first, so that no worker is left alone with it at the end.
LONGEST = (
    *THE_APP,
    "mixing/test_mixing.py",
    "browser/test_atlas_map.py",
    "browser/test_latent_pad.py",
    "test_doors.py",
    "test_atlas_shards.py",
    "test_own_pictures.py",
    "latent/test_map_settings.py",
    "app/views/lesson/test_contents.py",
    "models/training/test_loop.py",
    "models/onnx/test_doctor.py",
    "app/views/models/test_page.py",
    "app/views/lesson/live/test_process.py",
    "models/training/test_adversarial.py",
    "models/training/test_long_runs.py",
    "latent/test_flow.py",
    "test_import_checkpoint.py",
)


def pytest_configure(config: pytest.Config) -> None:
    """Let a deprecated use of numpy fail; said in pyproject.toml it would load numpy before its threads are one."""
    config.addinivalue_line("filterwarnings", "error::numpy.exceptions.VisibleDeprecationWarning")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Order the files; the tests of each stay together and in their order."""
    root = Path(__file__).parent
    place = {root / name: number for number, name in enumerate(LONGEST)}
    items.sort(key=lambda item: place.get(item.path, len(place)))


class Together(LoadFileScheduling):
    """The files of `TOGETHER` go to one worker, and so do the tests of any other file."""

    def _split_scope(self, nodeid: str) -> str:
        file = super()._split_scope(nodeid)
        return next((group[0] for group in TOGETHER if file.removeprefix("tests/") in group), file)


def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> Together:
    """How `-n 2` shares the tests out, whatever `--dist` says."""
    return Together(config, log)


def write_celeba(root: Path, count: int, *, lists: bool = True, csv: bool = False, seed: int = 0) -> Path:
    """Pictures 1 to `count` of 178 x 218: a bright disc on a coloured ground, with bars across for "Eyeglasses"."""
    random = np.random.default_rng(seed)
    folder = root / "img_align_celeba"
    folder.mkdir(parents=True)
    y, x = np.mgrid[:218, :178]
    labels = np.zeros((count, 40), int)
    for number in range(1, count + 1):
        picture = np.empty((218, 178, 3), np.float64)
        picture[:] = random.uniform(40, 120, 3)
        picture[(x - 89) ** 2 + (y - 115) ** 2 < random.uniform(45, 65) ** 2] = random.uniform(140, 230, 3)
        labels[number - 1] = random.integers(0, 2, 40)
        if labels[number - 1, ATTRIBUTES.index("Eyeglasses")]:
            picture[100:120, 50:128] = 10
        Image.fromarray(picture.astype(np.uint8)).save(folder / f"{number:06d}.jpg", quality=90)
    if lists:
        part = [0] * (count * 2 // 3) + [1] * (count // 6)
        part += [2] * (count - len(part))
        names = [f"{number:06d}.jpg" for number in range(1, count + 1)]
        signs = np.where(labels, 1, -1)
        if csv:
            rows = [",".join([name, *map(str, row)]) for name, row in zip(names, signs, strict=True)]
            (root / "list_attr_celeba.csv").write_text("\n".join([",".join(["image_id", *ATTRIBUTES]), *rows]) + "\n")
            rows = [f"{name},{value}" for name, value in zip(names, part, strict=True)]
            (root / "list_eval_partition.csv").write_text("\n".join(["image_id,partition", *rows]) + "\n")
        else:
            rows = [" ".join([name, *map(str, row)]) for name, row in zip(names, signs, strict=True)]
            (root / "list_attr_celeba.txt").write_text("\n".join([str(count), " ".join(ATTRIBUTES), *rows]) + "\n")
            rows = [f"{name} {value}" for name, value in zip(names, part, strict=True)]
            (root / "list_eval_partition.txt").write_text("\n".join(rows) + "\n")
    return root


@pytest.fixture(scope="session")
def celeba_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """60 synthetic pictures: 40 train, 10 valid, 10 test."""
    return write_celeba(tmp_path_factory.mktemp("celeba"), 60)


@pytest.fixture(scope="session", autouse=True)
def _own_cache(tmp_path_factory: pytest.TempPathFactory) -> None:
    """Decoded pictures of the tests never land in the project's cache."""
    os.environ["FACESPACE_CACHE"] = str(tmp_path_factory.mktemp("cache"))


@pytest.fixture(scope="session")
def further_checkpoints(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder from which `served` takes further checkpoints; most tests leave it empty."""
    return tmp_path_factory.mktemp("further")


@pytest.fixture(scope="session")
def served(further_checkpoints: Path) -> Iterator[Server]:
    """The app with the shipped checkpoints and no CelebA folder, as on a clean clone: one for all tests of a worker."""
    with running_app(FACESPACE_CELEBA="", FACESPACE_CHECKPOINTS=str(further_checkpoints)) as server:
        yield server


def run_alone(work: Coroutine[Any, Any, Result]) -> Result:
    """`asyncio.run` in a thread of its own, since where browser tests ran before this thread has a running loop."""
    with ThreadPoolExecutor(1) as pool:
        return pool.submit(asyncio.run, work).result()


def tiny_network(
    kind: str = "vae", *, image_size: int = 64, latent_dim: int = 6, seed: int = 0, **more: Any
) -> Autoencoder:
    """A seeded autoencoder of a few thousand parameters, in eval mode; `more` goes into its config."""
    torch.manual_seed(seed)
    config = ModelConfig(kind=kind, image_size=image_size, latent_dim=latent_dim, width=2, **more)  # type: ignore[arg-type]
    return Autoencoder(config).eval()


def vivid_checkpoint(place: Path) -> Path:
    """A tiny VAE in `place`/vae with a mapping, a vivid decoder and the faithful one of `place`/start beside it."""
    start = tiny_network("vae", linear_path=True)
    vivid = tiny_network("vae", linear_path=True, last_kernel=6, mapping_width=8)
    generator = torch.Generator().manual_seed(1)
    with torch.no_grad():
        for parameter in start.decoder.parameters():
            parameter.add_(0.2 * torch.randn(parameter.shape, generator=generator))
        start.decoder.linear.bias.add_(0.5)  # type: ignore[union-attr]  # pictures, and not all black
        weights = start.state_dict()
        last = f"decoder.convolutions.{len(start.decoder.convolutions) - 1}.weight"
        weights[last] = F.pad(weights[last], (1, 1, 1, 1))
        vivid.load_state_dict(weights, strict=False)
        for parameter in vivid.decoder.parameters():
            much = 0.05 if parameter.ndim > 1 else 0.01  # of norms and biases a critic changes little
            parameter.add_(much * torch.randn(parameter.shape, generator=generator))
    save_checkpoint(start, place / "start", {})
    save_checkpoint(vivid, place / "vae", {})
    keep_faithful(open_files(place / "vae"), open_files(place / "start"))
    return place / "vae"
