from dataclasses import replace

import pytest
import torch
from safetensors.torch import load_file

from models.checkpoint_files import CheckpointError
from models.checkpoints import load_checkpoint, read_config
from models.config import ModelConfig
from models.training.adversarial import BEGINS, AdversarialLearner
from models.training.command import training_command
from models.training.loop import Trainer
from models.training.options import TrainingOptions
from models.training.plan import Plan
from models.training.start import read_start
from tests.models.resuming import check_that_it_resumes

CONFIG = ModelConfig("vae", latent_dim=4, width=2)
FIRST = TrainingOptions(epochs=1, batch_size=8, precision="float32", learning_rate=5e-3, resize_convolution=True)
THEN = replace(
    FIRST, epochs=2, learning_rate=1e-3, freeze_encoder=True, free_layers=2,
    adversarial_weight=50.0, prior_weight=25.0,
)  # fmt: skip
GROWN = replace(CONFIG, last_kernel=6)


@pytest.fixture(scope="module")
def trained(faces, tmp_path_factory):
    folder = tmp_path_factory.mktemp("trained")
    Trainer(Plan(CONFIG, FIRST), faces).run(folder, progress=False)
    return folder


def adversarial(faces, trained, config=GROWN, options=THEN):
    return Trainer(Plan(config, options, start=read_start(trained)), faces, learner=AdversarialLearner)


def test_the_encoder_and_all_statistics_stay_as_they_are_and_the_decoder_learns(faces, trained, tmp_path):
    trainer = adversarial(faces, trained)
    before = Trainer(Plan(CONFIG, FIRST, start=read_start(trained)), faces).validate()
    assert trainer.validate() == pytest.approx(before, abs=1e-3)  # a larger kernel begins with a border of zeros
    trainer.run(tmp_path, progress=False)
    old, new = load_file(trained / "model.safetensors"), load_file(tmp_path / "model.safetensors")
    same = {name for name in old if old[name].shape == new[name].shape and torch.equal(old[name], new[name])}
    assert {name for name in old if name.startswith("encoder.") or ".running_" in name} <= same
    assert not {name for name in old if name.startswith("decoder.convolutions.") and name.endswith("weight")} & same
    x = torch.rand(3, 3, 64, 64)
    assert torch.equal(load_checkpoint(tmp_path).encode(x), load_checkpoint(trained).encode(x))


def test_a_resumed_run_ends_in_the_weights_of_an_unbroken_one(faces, trained, tmp_path):
    check_that_it_resumes(lambda: adversarial(faces, trained), tmp_path)


def test_the_critic_learns_first_and_the_averaged_weights_are_kept(faces, trained):
    learner = adversarial(faces, trained).learner
    assert isinstance(learner, AdversarialLearner)
    x, generator = torch.rand(8, 3, 64, 64), torch.Generator().manual_seed(0)
    learner.train()
    terms = learner.step(x, None, generator)
    assert float(terms["loss"]) == pytest.approx(float(terms["distortion"]))
    learner.done = round(learner.steps * BEGINS) + learner.steps // 5
    terms = learner.step(x, None, generator)
    expected = sum(float(terms[name]) for name in ("distortion", "adversarial", "prior"))
    assert float(terms["loss"]) == pytest.approx(expected)
    kept, taught = learner.network.decoder.stem[0].weight, learner.taught.decoder.stem[0].weight
    assert not torch.equal(kept, taught)


def test_a_share_of_what_was_taught_lies_on_the_way_from_the_start(faces, trained):
    x, ways = torch.rand(8, 3, 64, 64), []
    for share in (0.5, 1.0):
        learner = adversarial(faces, trained, options=replace(THEN, taught_share=share)).learner
        begun = learner.network.decoder.stem[0].weight.clone()
        for _ in range(3):
            learner.step(x, None, torch.Generator().manual_seed(0))
        ways.append(learner.network.decoder.stem[0].weight - begun)
    assert float(ways[1].abs().max()) > 0
    torch.testing.assert_close(2 * ways[0], ways[1], atol=1e-6, rtol=1e-3)


@pytest.mark.slow
def test_the_critic_comes_to_tell_real_pictures_from_decoded_ones(faces, trained):
    options = replace(THEN, epochs=40, learning_rate=2e-3, adversarial_weight=1e-6, prior_weight=0.0)
    trainer = adversarial(faces, trained, CONFIG, options)
    first = trainer.run_epoch()["critic"]
    for _ in range(7):
        last = trainer.run_epoch()["critic"]
    assert last < 0.9 * first


def test_the_card_names_the_command(faces, trained, tmp_path):
    adversarial(faces, trained, options=replace(THEN, epochs=1)).run(tmp_path, progress=False)
    config, whole = read_config(tmp_path)
    first, then = training_command("it", config, whole["training"]).splitlines()
    for option in (
        "--resize-convolution", "--freeze-encoder", "--last-kernel 6", "--free-layers 2", "--adversarial-weight 50",
        "--prior-weight 25",
    ):  # fmt: skip
        assert option in then
    assert "--last-kernel" not in first
    assert "--taught-share" not in then


def test_what_cannot_be_taught_is_refused(faces, trained):
    with pytest.raises(CheckpointError, match="--freeze-encoder"):
        adversarial(faces, trained, options=replace(THEN, freeze_encoder=False))
    with pytest.raises(CheckpointError, match="either the encoder or the decoder"):
        adversarial(faces, trained, options=replace(THEN, freeze_decoder=True))
    with pytest.raises(CheckpointError, match="last-kernel"):
        adversarial(faces, trained, config=replace(CONFIG, latent_dim=5))
