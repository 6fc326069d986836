import json
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch
from PIL import Image

from models.checkpoints import CheckpointError, load_checkpoint, load_classifier
from models.config import ModelConfig
from models.data.celeba import DataError
from models.images import to_tensor
from models.networks import build_network
from models.training import objectives
from models.training.command import training_command
from models.training.hardware import best_precision
from models.training.loop import Trainer
from models.training.options import TrainingOptions
from models.training.perceptual import PerceptualDistance
from models.training.plan import Plan
from tests.models.resuming import check_that_it_resumes, stop_after_an_epoch

OPTIONS = TrainingOptions(epochs=3, batch_size=8, precision="float32", learning_rate=5e-3)
CONFIG = ModelConfig("vae", latent_dim=4, width=2)
ROOT = Path(__file__).parents[3]


@pytest.mark.parametrize("kind", ["ae", "vae"])
def test_training_lowers_the_loss_and_keeps_a_checkpoint_each_epoch(faces, tmp_path, kind):
    config = replace(CONFIG, kind=kind, beta=float(kind == "vae"))
    trainer = Trainer(Plan(config, replace(OPTIONS, epochs=6)), faces)
    trainer.run(tmp_path / "it", progress=False)
    losses = [row["loss"] for row in trainer.progress.history]
    assert losses[-1] < 0.8 * losses[0]
    assert trainer.progress.history[-1]["valid_psnr"] > trainer.progress.history[0]["valid_psnr"]
    lines = (tmp_path / "it" / "history.csv").read_text().splitlines()
    assert len(lines) == 7
    assert ("valid_kl" in lines[0]) == (kind == "vae")
    assert load_checkpoint(tmp_path / "it").config == config
    training = json.loads((tmp_path / "it" / "config.json").read_text())["training"]
    assert training["epochs_done"] == 6
    assert not (tmp_path / "it" / "training.safetensors").exists()


@pytest.mark.parametrize("change", [{}, {"resize_convolution": True}, {"crop_jitter": 2.0}])
def test_a_resumed_run_ends_in_the_same_weights_as_an_unbroken_one(faces, tmp_path, change):
    check_that_it_resumes(lambda: Trainer(Plan(CONFIG, replace(OPTIONS, **change)), faces), tmp_path)


def test_jittered_crops_stray_a_little_and_a_picture_that_has_gone_is_named(faces):
    plainly, jittered = (Trainer(Plan(CONFIG, replace(OPTIONS, crop_jitter=jitter)), faces) for jitter in (0.0, 1.0))
    (x, _), (y, _) = (next(trainer.batches.epoch(0)) for trainer in (plainly, jittered))
    apart, strangers = (float((x - other).abs().mean()) for other in (y, x.roll(1, 0)))
    assert 0 < apart < 0.5 * strangers
    assert torch.equal(y, next(jittered.batches.epoch(0))[0])
    gone = replace(jittered.batches, faces=replace(faces, paths=[Path("gone.jpg")] * len(faces.images)))
    with pytest.raises(DataError, match=r"gone\.jpg can no longer be read"):
        next(gone.epoch(0))


def test_a_run_with_linear_paths_and_a_perceptual_term_starts_at_pca_and_resumes(faces, tmp_path):
    torch.manual_seed(1)
    distance = PerceptualDistance([build_network(ModelConfig("classifier", latent_dim=40, width=8))])
    config = replace(CONFIG, linear_path=True, perceptual_weight=10.0)
    whole = check_that_it_resumes(lambda: Trainer(Plan(config, OPTIONS, perceptual=distance), faces), tmp_path)
    assert {"distortion", "perceptual", "kl"} <= set(whole.progress.history[0])
    plain = Trainer(Plan(CONFIG, OPTIONS), faces)
    plain.run_epoch()
    assert whole.progress.history[0]["valid_psnr"] > plain.validate()["valid_psnr"] + 1


def test_a_resumed_run_may_be_given_more_epochs_and_says_so(faces, tmp_path):
    stop_after_an_epoch(Trainer(Plan(CONFIG, OPTIONS), faces), tmp_path)
    longer = Trainer(Plan(CONFIG, replace(OPTIONS, epochs=5)), faces)
    longer.resume(tmp_path)
    assert longer.learner.scheduler.total_steps == 5 * longer.batches.steps
    longer.run(tmp_path, progress=False)
    training = json.loads((tmp_path / "config.json").read_text())["training"]
    assert training["epochs_done"] == 5
    assert training["rescheduled"] == [[1, 3]]
    assert training_command("it", CONFIG, training).endswith("  # with --epochs 3 until epoch 1")


def test_beta_is_steered_to_a_rate(faces, tmp_path, monkeypatch):
    monkeypatch.setattr(objectives, "BETA_STEP", 3 * objectives.BETA_STEP)  # a third of the steps
    options = replace(OPTIONS, epochs=20, learning_rate=4e-2, kl_target=3.0)
    config = replace(CONFIG, decoder_sigma=1.0)
    steered = Trainer(Plan(config, options), faces)
    for _ in range(options.epochs - 1):
        steered.run_epoch()
    steered.run(tmp_path, progress=False)
    assert steered.progress.history[-1]["kl"] == pytest.approx(3, rel=0.4)
    beta = load_checkpoint(tmp_path).config.beta
    assert beta == pytest.approx(steered.progress.history[-1]["beta"], rel=0.1)
    assert beta > 2 * config.beta  # left alone it would spend more


def test_the_steering_resumes(faces, tmp_path):
    check_that_it_resumes(lambda: Trainer(Plan(CONFIG, replace(OPTIONS, kl_target=3.0)), faces), tmp_path)
    betas = {load_checkpoint(tmp_path / name).config.beta for name in ("whole", "parts")}
    assert len(betas) == 1
    assert betas != {CONFIG.beta}


def test_a_rate_for_an_ae_and_snapshots_of_a_classifier_are_refused(faces):
    with pytest.raises(CheckpointError, match="KL target is for a VAE"):
        Trainer(Plan(replace(CONFIG, kind="ae", beta=0.0), replace(OPTIONS, kl_target=5.0)), faces)
    with pytest.raises(CheckpointError, match="no snapshots"):
        Trainer(Plan(ModelConfig("classifier", latent_dim=40, width=2), OPTIONS), faces, snapshots=True)


def test_snapshots_show_the_same_faces_after_each_epoch(faces, tmp_path):
    options = replace(OPTIONS, epochs=15, learning_rate=2e-2)
    Trainer(Plan(CONFIG, options), faces, snapshots=True).run(tmp_path, progress=False)
    files = sorted((tmp_path / "snapshots").iterdir())
    assert [path.name for path in files] == [f"epoch-{epoch:03d}.webp" for epoch in range(16)]
    strips = [np.asarray(Image.open(path).convert("RGB")).astype(float) for path in files]
    assert all(strip.shape == (128, 512, 3) for strip in strips)
    network = load_checkpoint(tmp_path)
    shown = to_tensor(faces.images[faces.indices("valid")[:1]])
    with torch.inference_mode():
        last = network.decode(network.encode(shown))[0].permute(1, 2, 0).numpy() * 255
    assert np.abs(strips[-1][:64, :64] - last).mean() < 4
    assert np.abs(strips[0][:64, :64] - last).mean() > 8


def test_a_perceptual_weight_without_a_classifier_is_refused(faces):
    with pytest.raises(CheckpointError, match="needs a classifier"):
        Trainer(Plan(replace(CONFIG, perceptual_weight=1.0), OPTIONS), faces)


def test_an_interrupted_epoch_keeps_the_last_finished_one(faces, tmp_path, monkeypatch):
    trainer = Trainer(Plan(CONFIG, OPTIONS), faces)
    step, calls = trainer.learner.step, []

    def interrupted(*arguments):
        calls.append(1)
        if len(calls) == trainer.batches.steps + 2:  # in the middle of the second epoch
            raise KeyboardInterrupt
        return step(*arguments)

    monkeypatch.setattr(trainer.learner, "step", interrupted)
    with pytest.raises(KeyboardInterrupt):
        trainer.run(tmp_path / "it", progress=False)
    again = Trainer(Plan(CONFIG, OPTIONS), faces)
    again.resume(tmp_path / "it")
    assert again.progress.epoch == 1
    assert load_checkpoint(tmp_path / "it").config == CONFIG


def test_the_classifier_learns_a_visible_attribute(faces, tmp_path):
    options = replace(OPTIONS, epochs=15, learning_rate=1e-2)
    trainer = Trainer(Plan(ModelConfig("classifier", latent_dim=40, width=8), options), faces)
    trainer.run(tmp_path / "it", progress=False)
    assert trainer.progress.history[-1]["loss"] < trainer.progress.history[0]["loss"]
    from models.data.attributes import ATTRIBUTES
    from models.metrics import attribute_figures, attribute_probabilities

    rows = np.concatenate([faces.indices("valid"), faces.indices("test")])
    probabilities = attribute_probabilities(load_classifier(tmp_path / "it"), faces.images[rows])
    figures = attribute_figures(probabilities, faces.labels[rows], faces.labels[faces.indices("train")])
    assert figures["auc"][ATTRIBUTES.index("Eyeglasses")] > 0.9  # the bars across the disc


def test_half_of_the_pictures_are_mirrored_and_epochs_differ(faces):
    trainer = Trainer(Plan(CONFIG, replace(OPTIONS, batch_size=40)), faces)
    (first, _), (second, _) = next(trainer.batches.epoch(0)), next(trainer.batches.epoch(1))
    (again, _) = next(trainer.batches.epoch(0))
    assert torch.equal(first, again)
    assert not torch.equal(first, second)


def test_too_few_pictures_for_a_batch_are_refused(faces):
    with pytest.raises(CheckpointError, match="do not fill one batch"):
        Trainer(Plan(CONFIG, replace(OPTIONS, batch_size=64)), faces)


@pytest.mark.slow
def test_two_processes_train_one_model(celeba_folder, tmp_path):
    command = [sys.executable, "-m", "torch.distributed.run", "--standalone", "--nproc-per-node", "2", "train.py"]
    options = ["--kind", "ae", "--epochs", "4", "--batch-size", "8", "--latent-dim", "4", "--width", "2"]
    out = tmp_path / "it"
    done = subprocess.run(
        [*command, "--data", str(celeba_folder), "--out", str(out), *options],
        cwd=ROOT, capture_output=True, text=True, timeout=240, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    lines = (out / "history.csv").read_text().splitlines()
    losses = [float(line.split(",")[lines[0].split(",").index("loss")]) for line in lines[1:]]
    assert len(losses) == 4
    assert losses[-1] < losses[0]
    assert json.loads((out / "config.json").read_text())["training"]["processes"] == 2
    assert load_checkpoint(out).config.kind == "ae"


def test_processes_share_each_batch_without_overlap(faces):
    whole = Trainer(Plan(CONFIG, OPTIONS), faces)
    (expected, _) = next(whole.batches.epoch(0))
    halves = []
    for rank in (0, 1):
        part = replace(whole.batches, rank=rank, world=2)
        halves.append(next(part.epoch(0))[0])
    woven = torch.stack(halves, dim=1).flatten(0, 1)
    assert torch.equal(woven, expected)


def test_the_precision_is_one_that_the_machine_has():
    assert best_precision("cpu") in {"float32", "bfloat16"}
    assert best_precision("mps") == "float32"
