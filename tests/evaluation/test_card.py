import json
import shlex
from dataclasses import replace

import numpy as np
import pytest
from PIL import Image

import evaluate
from command_line import read
from evaluation.card import _faithful
from latent.atlas import Atlas, load_atlas, save_atlas
from latent.prior_file import write_prior
from models.checkpoint_files import open_files
from models.checkpoints import checkpoint_hash, load_checkpoint, save_checkpoint
from models.faithful import Part, keep_faithful
from tests.app.small_models import vivid_model
from tests.conftest import tiny_network, vivid_checkpoint
from tests.latent.test_flow import SMALL, trainer_of, two_groups
from train import TrainingRequest

TRAINING = {
    "epochs": 3, "batch_size": 8, "learning_rate": 0.002, "weight_decay": 0.01, "seed": 5, "images": 40,
    "seconds": 3600, "processes": 2, "machine": "a test", "precision": "float32", "torch": "2",
    "resize_convolution": True, "eight_bit": True,
}  # fmt: skip


@pytest.fixture
def measured(tmp_path):
    """A tiny VAE with an atlas and the metrics that the card needs."""
    folder = tmp_path / "mine"
    save_checkpoint(tiny_network("vae", linear_path=True), folder, TRAINING)
    random = np.random.default_rng(0)
    atlas = Atlas(
        image=np.arange(90, dtype=np.int32), partition=np.repeat([0, 2], [50, 40]).astype(np.uint8),
        scores=np.zeros((90, 1), np.uint8), attributes=("Smiling",), mu=random.normal(size=(90, 6)).astype(np.float16),
        logvar=random.normal(-2, 0.1, size=(90, 6)).astype(np.float32), xy=np.zeros((90, 2), np.float32),
        effect=np.ones(6, np.float32), checkpoint_sha256=checkpoint_hash(folder),
    )  # fmt: skip
    save_atlas(atlas, folder / "atlas.npz")
    metrics = {"checkpoint_sha256": checkpoint_hash(folder), "images": 10, "psnr_db": 21.5, "pca_psnr_db": 21.0,
               "pca_components": 6, "kl_nats": 12.5, "active_units": 6}  # fmt: skip
    (folder / "metrics.json").write_text(json.dumps(metrics))
    return folder


def test_a_card_shows_figures_sheets_and_the_command_that_remakes_the_weights(measured):
    assert evaluate.main([str(measured), "--card"]) == 0
    card = (measured / "README.md").read_text()
    assert "21.50 dB" in card
    for name in ("samples-standard_normal", "samples-gaussian", "samples-mixture", "reconstructions"):
        assert f"({name}.webp)" in card
        with Image.open(measured / f"{name}.webp") as sheet:
            assert sheet.size == (8 * 64, 8 * 64)
            assert np.asarray(sheet).std() > 0
    command = next(line for line in card.splitlines() if "train.py" in line)
    assert command.startswith("torchrun --nproc-per-node 2 train.py --data CELEBA --out checkpoints/mine")
    asked = read("train.py", None, TrainingRequest, shlex.split(command.split("train.py")[1]))
    assert (asked.model.kind, asked.model.width, asked.training.seed, asked.training.epochs) == ("vae", 2, 5, 3)
    assert asked.model.linear_path
    assert asked.training.resize_convolution
    assert asked.training.eight_bit


def test_the_command_of_a_steered_vae_names_its_target_and_not_the_beta_that_came_out(tmp_path):
    save_checkpoint(tiny_network("vae", beta=3.7), tmp_path, {**TRAINING, "kl_target": 150.0})
    metrics = {"checkpoint_sha256": checkpoint_hash(tmp_path), "images": 10, "psnr_db": 21.5, "pca_psnr_db": 21.0,
               "pca_components": 6}  # fmt: skip
    (tmp_path / "metrics.json").write_text(json.dumps(metrics))
    assert evaluate.main([str(tmp_path), "--card"]) == 0
    command = next(line for line in (tmp_path / "README.md").read_text().splitlines() if "train.py" in line)
    asked = read("train.py", None, TrainingRequest, shlex.split(command.split("train.py")[1]))
    assert (asked.training.kl_target, asked.model.beta) == (150.0, 1.0)


def test_a_card_without_figures_of_these_weights_is_refused(measured, capsys):
    (measured / "metrics.json").write_text(json.dumps({"checkpoint_sha256": "of others", "images": 1}))
    assert evaluate.main([str(measured), "--card"]) == 2
    assert "Run evaluate.py" in capsys.readouterr().err
    assert not (measured / "README.md").exists()


def test_a_checkpoint_whose_atlas_holds_the_test_part_alone_has_a_card_too(measured):
    atlas = load_atlas(measured / "atlas.npz")
    save_atlas(replace(atlas, partition=np.full(90, 2, np.uint8)), measured / "atlas.npz")
    assert evaluate.main([str(measured), "--card"]) == 0
    assert (measured / "samples-mixture.webp").is_file()


def test_a_learned_prior_has_a_sheet_and_one_of_other_weights_is_refused(measured, capsys):
    trainer = trainer_of(replace(two_groups(dimensions=6), checkpoint_sha256=checkpoint_hash(measured)), **SMALL)
    write_prior(trainer.prior({}), measured)
    assert evaluate.main([str(measured), "--card"]) == 0
    assert "(samples-learned.webp)" in (measured / "README.md").read_text()
    write_prior(trainer_of(two_groups(dimensions=6), **SMALL).prior({}), measured)
    assert evaluate.main([str(measured), "--card"]) == 2
    assert "other weights" in capsys.readouterr().err


def test_a_model_with_two_decoders_has_sheets_at_both_ends_and_halfway(tmp_path):
    files = vivid_model(tmp_path).files
    metrics = {"checkpoint_sha256": files.sha256, "images": 10, "psnr_db": 9.0, "pca_psnr_db": 9.0, "pca_components": 6}
    (files.folder / "metrics.json").write_text(json.dumps(metrics))
    assert evaluate.main([str(files.folder), "--card"]) == 0
    card = (files.folder / "README.md").read_text()
    for kind, vivid in (("samples", "samples-standard_normal"), ("reconstructions", "reconstructions")):
        names = f"{kind}-faithful", f"{kind}-halfway", vivid
        assert all(f"({name}.webp)" in card for name in names)
        faithful, halfway, own = (np.asarray(Image.open(files.folder / f"{name}.webp")).astype(int) for name in names)
        assert np.abs(own - faithful).mean() > 1.5 * np.abs(halfway - faithful).mean() > 0


def test_a_faithful_decoder_that_learnt_on_has_its_own_command(tmp_path):
    vivid, start = open_files(vivid_checkpoint(tmp_path)), tmp_path / "start"
    own = {"start_from": checkpoint_hash(start), "images": 40}
    run = {"images": 60, "epochs": 1, "freeze_encoder": True, "start": {"training": {}}}
    on = load_checkpoint(start)
    on.decoder.stem[0].bias.add_(1)
    save_checkpoint(on, tmp_path / "on", run)
    commands = {}
    half = Part(0.5, open_files(start))
    for began, part in {"start": None, "half": half, "on": None}.items():
        files = replace(vivid, values={**vivid.values, "training": own})
        keep_faithful(files, open_files(tmp_path / ("on" if part else began)), part)
        told = open_files(vivid.folder).values["faithful"]
        commands[began] = _faithful("it", "it-start1", told, own).strip().splitlines()
    assert commands["start"] == ["python -m models.faithful it --start it-start1"]
    first, then = commands["on"]
    assert first.startswith("python train.py --data CELEBA --out it-faithful --kind vae --start-from it-start1")
    assert first.endswith("# on 60 pictures: --data for each folder")
    assert "--freeze-encoder" in first
    assert then == "python -m models.faithful it --start it-faithful"
    assert commands["half"] == [first, f"{then} --share 0.5 --before it-start1"]
    assert "start" not in told["training"]
