import json
from dataclasses import asdict, replace

import pytest
import torch
from safetensors.torch import load_file, save_file

from models.checkpoints import CheckpointError, load_checkpoint
from models.config import ModelConfig
from models.training import loop
from models.training.loop import Trainer
from models.training.options import TrainingOptions
from models.training.plan import Plan
from tests.models.resuming import stop_after_an_epoch

OPTIONS = TrainingOptions(epochs=3, batch_size=8, precision="float32", learning_rate=5e-3)
CONFIG = ModelConfig("vae", latent_dim=4, width=2)


def weights(folder):
    return load_file(folder / "model.safetensors")


def test_a_state_file_of_an_earlier_version_is_taken_up(faces, tmp_path):
    whole, stopped = (Trainer(Plan(CONFIG, OPTIONS), faces) for _ in range(2))
    whole.run(tmp_path / "whole", progress=False)
    stop_after_an_epoch(stopped, tmp_path / "parts")
    # As it was written before there were learners: names, and an identity without the options that came later.
    learner = stopped.learner
    tensors = {f"network.{name}": tensor for name, tensor in learner.network.state_dict().items()}
    for index, state in learner.optimizer.state_dict()["state"].items():
        tensors |= {f"optimizer.{index}.{name}": tensor for name, tensor in state.items()}
    tensors["objective.beta"] = learner.objective.beta
    identity = {**CONFIG.to_dict(), **asdict(OPTIONS), "images": 40, "processes": 1}
    for newer in ("crop_jitter", "freeze_decoder", "eight_bit", "last_kernel", "linear_path"):
        del identity[newer]
    facts = {"identity": json.dumps(identity), "epoch": 1, "history": stopped.progress.history}
    path = tmp_path / "parts" / "training.safetensors"
    contiguous = {name: tensor.contiguous() for name, tensor in tensors.items()}
    save_file(contiguous, path, metadata={"run": json.dumps(facts)})
    resumed = Trainer(Plan(CONFIG, OPTIONS), faces)
    resumed.resume(tmp_path / "parts")
    resumed.run(tmp_path / "parts", progress=False)
    first, second = weights(tmp_path / "whole"), weights(tmp_path / "parts")
    assert all(torch.equal(first[name], second[name]) for name in first)


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"seed": 1}, "seed was 0 and is now 1"),
        ({"batch_size": 4, "weight_decay": 0.1}, "batch_size was 8 and is now 4, weight_decay was 0.01 and is now 0.1"),
        ({"epochs": 1}, "epochs was 3 and is now 1"),
    ],
)
def test_resuming_with_other_settings_is_refused_and_they_are_named(faces, tmp_path, change, words):
    stop_after_an_epoch(Trainer(Plan(CONFIG, OPTIONS), faces), tmp_path)
    with pytest.raises(CheckpointError, match=f"other settings: {words}. Give the same") as refused:
        Trainer(Plan(CONFIG, replace(OPTIONS, **change)), faces).resume(tmp_path)
    assert "learning_rate" not in str(refused.value)


def test_resuming_nothing_or_damage_is_refused(faces, tmp_path):
    with pytest.raises(CheckpointError, match="no unfinished run"):
        Trainer(Plan(CONFIG, OPTIONS), faces).resume(tmp_path)
    (tmp_path / "training.safetensors").write_bytes(b"damaged")
    with pytest.raises(CheckpointError, match="is damaged"):
        Trainer(Plan(CONFIG, OPTIONS), faces).resume(tmp_path)


def test_an_epoch_whose_validation_goes_wrong_is_saved_all_the_same(faces, tmp_path, monkeypatch):
    def refused(*_):
        raise TypeError("Cannot convert a MPS Tensor to float64")

    trainer, resumed = (Trainer(Plan(CONFIG, OPTIONS), faces) for _ in range(2))
    with monkeypatch.context() as broken:
        broken.setattr(loop, "measure_reconstruction", refused)
        with pytest.raises(TypeError):
            trainer.run(tmp_path / "parts", progress=False)
    load_checkpoint(tmp_path / "parts")
    resumed.resume(tmp_path / "parts")
    assert resumed.progress.epoch == 1
    resumed.run(tmp_path / "parts", progress=False)
    whole = Trainer(Plan(CONFIG, OPTIONS), faces)
    whole.run(tmp_path / "whole", progress=False)
    first, second = weights(tmp_path / "whole"), weights(tmp_path / "parts")
    assert all(torch.equal(first[name], second[name]) for name in first)
    lines = (tmp_path / "parts" / "history.csv").read_text().splitlines()
    assert [line.split(",")[0] for line in lines] == ["epoch", "1", "2", "3"]


def test_what_goes_wrong_after_the_last_epoch_is_made_good_by_resuming(faces, tmp_path, monkeypatch):
    config = replace(CONFIG, kind="ae", beta=0.0, refinement_steps=1)

    def too_large(*_):
        raise MemoryError

    trainer, resumed = (Trainer(Plan(config, replace(OPTIONS, epochs=1)), faces) for _ in range(2))
    with monkeypatch.context() as broken:
        broken.setattr("models.training.finishing.with_refinement", too_large)
        with pytest.raises(MemoryError):
            trainer.run(tmp_path, progress=False)
    resumed.resume(tmp_path)
    resumed.run(tmp_path, progress=False)
    assert load_checkpoint(tmp_path).config == config
    assert not (tmp_path / "training.safetensors").exists()
