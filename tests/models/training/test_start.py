import json
from dataclasses import replace

import pytest
import torch
from safetensors.torch import load_file

from models.checkpoints import CheckpointError, load_checkpoint, read_config
from models.config import ConfigError, ModelConfig
from models.training.command import stages, training_command
from models.training.loop import Trainer
from models.training.options import TrainingOptions
from models.training.plan import Plan
from models.training.start import read_start
from tests.conftest import tiny_network
from tests.models.foreign_pair import foreign_pair
from tests.models.resuming import check_that_it_resumes

CONFIG = ModelConfig("vae", latent_dim=4, width=2)
FIRST = TrainingOptions(epochs=3, batch_size=8, precision="float32", learning_rate=5e-3, resize_convolution=True)
THEN = replace(FIRST, epochs=2, freeze_decoder=True)


@pytest.fixture(scope="module")
def trained(faces, tmp_path_factory):
    folder = tmp_path_factory.mktemp("trained")
    Trainer(Plan(CONFIG, FIRST), faces).run(folder, progress=False)
    return folder


def test_a_deeper_encoder_goes_on_behind_a_decoder_that_stays_as_it_is(faces, tmp_path, trained):
    trainer = Trainer(Plan(replace(CONFIG, encoder_blocks=1), THEN, start=read_start(trained)), faces)
    before = Trainer(Plan(CONFIG, FIRST, start=read_start(trained)), faces).validate()
    assert trainer.validate()["valid_psnr"] == pytest.approx(before["valid_psnr"], abs=0.01)
    trainer.run(tmp_path, progress=False)
    old, new = load_file(trained / "model.safetensors"), load_file(tmp_path / "model.safetensors")
    assert all(torch.equal(old[name], new[name]) for name in old if name.startswith("decoder."))
    assert not torch.equal(old["encoder.head.weight"], new["encoder.head.weight"])
    assert load_checkpoint(tmp_path).config.encoder_blocks == 1


def test_the_record_names_both_runs(faces, tmp_path, trained):
    plan = Plan(replace(CONFIG, encoder_blocks=1), THEN, start=read_start(trained))
    Trainer(plan, faces).run(tmp_path, progress=False)
    lines = (tmp_path / "history.csv").read_text().splitlines()
    assert [line.split(",")[0] for line in lines] == ["epoch", "1", "2", "3", "4", "5"]
    config, whole = read_config(tmp_path)
    assert whole["training"]["start"] == json.loads((trained / "config.json").read_text())
    assert [run["epochs_done"] for _, run in stages(config, whole["training"])] == [3, 2]
    first, then = training_command("checkpoints/it", config, whole["training"]).splitlines()
    assert "--out checkpoints/it-start1 --kind vae --resize-convolution" in first
    assert "--out checkpoints/it --kind vae --start-from checkpoints/it-start1" in then
    assert "--freeze-decoder" in then
    assert "--encoder-blocks 1" in then
    assert "--encoder-blocks" not in first
    assert "#" not in first + then
    whole["training"]["epochs_done"] = 1
    assert training_command("it", config, whole["training"]).endswith("  # stopped after epoch 1")
    two = training_command("it", config, {**whole["training"], "perceptual_classifier": "a b"})
    assert two.endswith("  # --perceptual-classifier for each of 2 classifiers, stopped after epoch 1")


def test_a_run_from_a_checkpoint_resumes(faces, tmp_path, trained):
    start = read_start(trained)
    check_that_it_resumes(lambda: Trainer(Plan(CONFIG, THEN, start=start), faces), tmp_path)


def test_a_decoder_taught_at_the_centres_of_clouds_rebuilds_from_them_better(faces, tmp_path, trained):
    centres = replace(FIRST, epochs=6, freeze_encoder=True, decode_centres=True)
    trainer = Trainer(Plan(CONFIG, centres, start=read_start(trained)), faces)
    before = trainer.validate()
    x, generator = torch.rand(4, 3, 64, 64), torch.Generator()
    trainer.learner.train()
    with torch.no_grad():
        first, again = (trainer.learner.objective(x, None, generator) for _ in range(2))
    assert first["distortion"] == again["distortion"]  # no draw between
    trainer.run(tmp_path, progress=False)
    after = trainer.validate()
    assert after["valid_psnr"] > before["valid_psnr"]
    assert after["valid_kl"] == before["valid_kl"]
    config, whole = read_config(tmp_path)
    assert "--freeze-encoder --decode-centres" in training_command("it", config, whole["training"])
    with pytest.raises(ConfigError, match="--freeze-encoder"):
        replace(FIRST, decode_centres=True)


def test_steering_goes_on_from_the_beta_that_the_start_had_come_to(faces, trained):
    start = read_start(trained)
    start.network.config = replace(start.network.config, beta=1.7)
    trainer = Trainer(Plan(CONFIG, replace(THEN, kl_target=3.0), start=start), faces)
    assert float(trainer.learner.objective.beta) == pytest.approx(1.7)


def test_a_start_that_does_not_fit_is_refused_by_name(faces, trained):
    with pytest.raises(CheckpointError, match="other layers"):
        Trainer(Plan(replace(CONFIG, latent_dim=5), FIRST, start=read_start(trained)), faces)
    with pytest.raises(CheckpointError, match="--start-from"):
        Trainer(Plan(CONFIG, replace(FIRST, freeze_decoder=True)), faces)


def test_a_brought_checkpoint_is_no_start(tmp_path):
    encoder, decoder = foreign_pair(tiny_network("vae"))
    for name, content in (("encoder.onnx", encoder), ("decoder.onnx", decoder)):
        (tmp_path / name).write_bytes(content)
    model = {"kind": "vae", "image_size": 64, "latent_dim": 6, "spread": "logvar"}
    (tmp_path / "config.json").write_text(json.dumps({"format": "facespace-onnx-1", "model": model}))
    with pytest.raises(CheckpointError, match="made elsewhere"):
        read_start(tmp_path)
