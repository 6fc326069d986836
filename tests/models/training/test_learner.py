from dataclasses import replace

import torch
from torch import nn

from models.config import ModelConfig
from models.networks import memory_format
from models.training.learner import Learner
from models.training.loop import Trainer
from models.training.options import TrainingOptions
from models.training.plan import Plan
from models.training.state import optimizer_tensors, restore_optimizer
from tests.models.resuming import check_that_it_resumes

OPTIONS = TrainingOptions(epochs=3, batch_size=8, precision="float32", learning_rate=5e-3)
CONFIG = ModelConfig("ae", latent_dim=4, width=2, beta=0.0)


class Rivals(Learner):
    """Beside the loss of its own a second network, with a second optimiser, that judges what is drawn."""

    def __init__(self, plan, steps):
        super().__init__(plan, steps)
        self.judge = nn.Sequential(nn.Conv2d(3, 2, 4, stride=4), nn.BatchNorm2d(2), nn.Flatten(), nn.LazyLinear(1))
        self.judge(torch.zeros(2, 3, 64, 64))
        self.second = torch.optim.AdamW(self.judge.parameters(), lr=1e-3)

    def train(self):
        super().train()
        self.judge.train()

    def step(self, x, labels, generator):
        terms = super().step(x, labels, generator)
        x = x.contiguous(memory_format=memory_format(self.plan.config))
        with torch.no_grad():
            drawn = self.network(x, generator)[0]
        verdict = nn.functional.softplus(-self.judge(x)).mean() + nn.functional.softplus(self.judge(drawn)).mean()
        self.second.zero_grad()
        verdict.backward()
        self.second.step()
        return {**terms, "judge": verdict.detach()}

    def tensors(self):
        judge = {f"judge.{name}": tensor for name, tensor in self.judge.state_dict().items()}
        return super().tensors() | judge | optimizer_tensors(self.second, "second")

    def restore(self, kept, steps):
        super().restore(kept, steps)
        judge = {name.removeprefix("judge."): tensor for name, tensor in kept.items() if name.startswith("judge.")}
        self.judge.load_state_dict(judge)
        restore_optimizer(self.second, kept, "second")


def test_a_learner_with_a_second_network_and_optimiser_resumes_too(faces, tmp_path):
    made = []

    def make():
        made.append(Trainer(Plan(CONFIG, OPTIONS), faces, learner=Rivals))
        return made[-1]

    whole = check_that_it_resumes(make, tmp_path)
    assert whole.progress.history[-1]["judge"] < whole.progress.history[0]["judge"]
    first, second = (made[place].learner.judge.state_dict() for place in (0, -1))
    assert all(torch.equal(first[name], second[name]) for name in first)


def test_a_classifier_that_drops_features_at_random_resumes(faces, tmp_path):
    config = ModelConfig("classifier", latent_dim=40, width=2, architecture="plain")
    check_that_it_resumes(lambda: Trainer(Plan(config, OPTIONS), faces), tmp_path)


def test_validating_changes_nothing_and_the_kept_classifier_is_calibrated(faces, tmp_path):
    config = ModelConfig("classifier", latent_dim=40, width=2)
    trainer = Trainer(Plan(config, replace(OPTIONS, epochs=1)), faces)
    trainer.run_epoch()
    before = {name: tensor.clone() for name, tensor in trainer.learner.network.state_dict().items()}
    assert trainer.validate() == trainer.validate()
    trainer.progress.history.append({"epoch": 1.0, "seconds": 0.0})
    trainer.save(tmp_path)
    after = trainer.learner.network.state_dict()
    assert all(torch.equal(before[name], after[name]) for name in before)
    from models.checkpoints import load_classifier

    kept = load_classifier(tmp_path).head.weight
    assert (kept - before["head.weight"]).abs().max() > 0.01 * kept.abs().max()  # more than rounding to 16 bits


def test_saving_leaves_the_configuration_as_it_is_and_keeps_the_beta_of_the_moment(faces, tmp_path):
    from models.checkpoints import load_checkpoint

    config = replace(CONFIG, kind="vae", beta=1.0)
    trainer = Trainer(Plan(config, replace(OPTIONS, kl_target=3.0)), faces)
    trainer.progress.history.append({"epoch": 1.0, "seconds": 0.0, **trainer.run_epoch()})
    trainer.save(tmp_path)
    assert trainer.learner.network.config == config
    beta = load_checkpoint(tmp_path).config.beta
    assert beta == round(float(trainer.learner.objective.beta), 6) != 1.0
