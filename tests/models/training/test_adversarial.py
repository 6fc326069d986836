from dataclasses import replace
from unittest.mock import Mock

import pytest
import torch
from safetensors.torch import load_file
from torch import nn

from evaluation.card import _training
from models.checkpoint_files import CheckpointError, open_files
from models.checkpoints import load_checkpoint, read_config, save_mapping
from models.config import ConfigError, ModelConfig
from models.faithful import blended, keep_faithful, load_faithful
from models.networks import Autoencoder
from models.training.adversarial import BEGINS, AdversarialLearner
from models.training.command import training_command
from models.training.learner import Learner
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


def with_mapping(network):
    """The same network with a mapping that moves codes a little."""
    mapped = Autoencoder(replace(network.config, mapping_width=8))
    mapped.load_state_dict(network.state_dict(), strict=False)
    torch.manual_seed(0)
    for parameter in mapped.decoder.mapping.parameters():
        nn.init.normal_(parameter, std=0.1)
    return mapped.eval().requires_grad_(False)


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


def test_a_critic_that_learns_alone_first_leaves_the_decoder_as_it_is_and_then_counts_at_once(faces, trained):
    trainer = adversarial(faces, trained, options=replace(THEN, critic_first=3))
    learner, fresh = trainer.learner, adversarial(faces, trained).learner
    trainer.begin()
    assert all(torch.equal(a, b) for a, b in zip(learner.taught.parameters(), fresh.taught.parameters(), strict=True))
    assert not any(
        torch.equal(a, b) for a, b in zip(learner.critic.parameters(), fresh.critic.parameters(), strict=True)
    )
    terms = learner.step(torch.rand(8, 3, 64, 64), None, torch.Generator().manual_seed(0))
    expected = sum(float(terms[name]) for name in ("distortion", "adversarial", "prior"))
    assert float(terms["loss"]) == pytest.approx(expected)


def test_a_resumed_run_ends_in_the_weights_of_an_unbroken_one_and_its_critic_is_not_taught_anew(
    faces, trained, tmp_path, monkeypatch
):
    options = replace(THEN, critic_first=3)
    taught = []
    step = AdversarialLearner.step_of_critic
    monkeypatch.setattr(AdversarialLearner, "step_of_critic", lambda *args: taught.append(1) or step(*args))
    whole = check_that_it_resumes(lambda: adversarial(faces, trained, options=options), tmp_path)
    assert len(taught) == 3 * 2  # of the unbroken run and of the one that was stopped
    assert whole.learner.critic_scheduler.last_epoch == 3 + whole.learner.steps


def test_a_run_that_is_stopped_in_its_first_epoch_goes_on_with_the_critic_that_learnt_alone(faces, trained, tmp_path):
    def make():
        return adversarial(faces, trained, options=replace(THEN, epochs=1, critic_first=3))

    make().run(tmp_path / "whole", progress=False)
    stopped, resumed = make(), make()
    stopped.learner.step = Mock(side_effect=KeyboardInterrupt)
    with pytest.raises(KeyboardInterrupt):
        stopped.run(tmp_path / "parts", progress=False)
    resumed.resume(tmp_path / "parts")
    resumed.learner.step_of_critic = Mock(side_effect=AssertionError)
    resumed.run(tmp_path / "parts", progress=False)
    first, second = (load_file(tmp_path / name / "model.safetensors") for name in ("whole", "parts"))
    assert all(torch.equal(first[name], second[name]) for name in first)


def test_the_restored_state_is_the_one_that_was_kept(faces, trained):
    options = replace(THEN, critic_first=2)
    trainer = adversarial(faces, trained, options=options)
    trainer.run_epoch()
    learner, other = trainer.learner, adversarial(faces, trained, options=options).learner
    kept = {name: tensor.clone() for name, tensor in learner.tensors().items()}
    other.restore(kept, learner.done)
    again = other.tensors()
    assert kept.keys() == again.keys()
    assert all(torch.equal(kept[name], again[name]) for name in kept)
    assert other.critic_scheduler.get_last_lr() == learner.critic_scheduler.get_last_lr()


def test_at_the_centres_of_clouds_nothing_is_drawn(faces, trained):
    x, ways = torch.rand(8, 3, 64, 64), []
    for centres in (True, False):
        learner = adversarial(faces, trained, options=replace(THEN, decode_centres=centres, prior_weight=0.0)).learner
        ways.append(torch.equal(learner._codes(x, torch.Generator().manual_seed(0)), learner.taught.posterior(x)[0]))
    assert ways == [True, False]


def test_the_averaged_weights_follow_as_fast_as_asked(faces, trained):
    x = torch.rand(8, 3, 64, 64)
    learner = adversarial(faces, trained, options=replace(THEN, memory=0.0)).learner
    learner.step(x, None, torch.Generator().manual_seed(0))
    pairs = zip(learner.network.decoder.parameters(), learner.taught.decoder.parameters(), strict=True)
    assert all(torch.allclose(a, b, atol=1e-7) for a, b in pairs)


def norms(network):
    return [layer for layer in network.decoder.modules() if isinstance(layer, nn.BatchNorm2d)]


@pytest.mark.parametrize("kind", [AdversarialLearner, Learner])
def test_frozen_norms_keep_their_scales_so_that_a_faithful_decoder_still_blends(faces, trained, tmp_path, kind):
    options = replace(THEN, epochs=1, freeze_norms=True)
    if kind is Learner:
        options = replace(options, adversarial_weight=0.0, prior_weight=0.0)
    Trainer(Plan(GROWN, options, start=read_start(trained)), faces, learner=kind).run(tmp_path, progress=False)
    old, new = load_checkpoint(trained), load_checkpoint(tmp_path)
    for one, other in zip(norms(old), norms(new), strict=True):
        assert torch.equal(one.weight, other.weight)
        assert torch.equal(one.running_mean, other.running_mean)
        assert torch.equal(one.running_var, other.running_var)
        assert not torch.equal(one.bias, other.bias)


def test_what_stands_beside_the_start_stays_as_it_is(faces, trained, tmp_path):
    def went_on(name, start, config, **changes):
        plan = Plan(config, replace(THEN, epochs=1, **changes), start=start)
        trainer = Trainer(plan, faces, learner=AdversarialLearner)
        trainer.learner.train()
        before = trainer.learner.network.decode(z)
        trainer.run(tmp_path / name, progress=False)
        return before

    z = torch.randn(4, 4)
    went_on("vivid", read_start(trained), GROWN)
    keep_faithful(open_files(tmp_path / "vivid"), open_files(trained))
    save_mapping(with_mapping(load_checkpoint(tmp_path / "vivid")), open_files(tmp_path / "vivid"), {"steps": 3})
    network, start = load_checkpoint(tmp_path / "vivid"), read_start(tmp_path / "vivid")
    mapped = replace(GROWN, mapping_width=8)
    torch.testing.assert_close(went_on("on", start, mapped, freeze_norms=True), network.decode(z), atol=1e-4, rtol=0)
    files, taught = open_files(tmp_path / "on"), load_checkpoint(tmp_path / "on")
    for name in ("mapping.safetensors", "faithful.safetensors"):
        assert (tmp_path / "on" / name).read_bytes() == (tmp_path / "vivid" / name).read_bytes()
    assert {name: files.values[name] for name in ("mapping", "faithful")} == {
        name: start.record[name] for name in ("mapping", "faithful")
    }
    assert not torch.equal(taught.decode(z), network.decode(z))
    torch.testing.assert_close(taught.decoder.mapping(z), network.decoder.mapping(z))
    faithful = blended(taught, load_faithful(files, taught), 0.0)
    ours, theirs = norms(faithful), norms(taught)
    assert all(torch.equal(one.weight, other.weight) for one, other in zip(ours, theirs, strict=True))
    assert "--mapping-width 8" in training_command("it", files.own_config, files.training).splitlines()[-1]
    went_on("plain", start, GROWN)  # neither fits any more
    assert not {"mapping", "faithful"} & open_files(tmp_path / "plain").values.keys()
    lines = _training("it", files).splitlines()
    first, then = (next(i for i, line in enumerate(lines) if said in line) for said in ("--mapping ", "--out it "))
    assert "it-start2" in lines[first]
    assert first < then
    assert "python -m models.faithful it --start it-start1" in lines


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
    with pytest.raises(CheckpointError, match="--mapping-width"):
        adversarial(faces, trained, config=replace(GROWN, mapping_width=8))  # the start has none
    with pytest.raises(ConfigError, match="--critic-first"):
        replace(FIRST, critic_first=3)
    with pytest.raises(ConfigError, match="--freeze-encoder"):
        replace(FIRST, freeze_norms=True)
    with pytest.raises(ConfigError, match="--memory"):
        replace(THEN, memory=1.0)
