import numpy as np
import pytest
import torch

from latent.flow_training import STATE_FILE, FlowOptions, FlowTrainer
from latent.velocity import FlowConfig, PriorError
from tests.latent.test_flow import SMALL, trainer_of, two_groups


def test_a_run_that_was_stopped_ends_in_the_weights_of_an_unbroken_one(tmp_path):
    whole = trainer_of(two_groups(variational=True), steps=12, **SMALL).run(tmp_path)
    stopped = trainer_of(two_groups(variational=True), steps=12, **SMALL)
    for _ in range(5):
        stopped.advance()
    stopped.save(tmp_path)
    again = trainer_of(two_groups(variational=True), steps=12, **SMALL)
    again.resume(tmp_path)
    assert again.step == 5
    resumed = again.run(tmp_path)
    assert all(np.array_equal(resumed.parameters[name], value) for name, value in whole.parameters.items())


def test_it_is_kept_when_a_hand_stops_it(tmp_path, monkeypatch):
    trainer = trainer_of(two_groups(), steps=12, **SMALL)
    advance = trainer.advance

    def interrupted() -> float:
        if trainer.step == 3:
            raise KeyboardInterrupt
        return advance()

    monkeypatch.setattr(trainer, "advance", interrupted)
    with pytest.raises(KeyboardInterrupt):
        trainer.run(tmp_path)
    again = trainer_of(two_groups(), steps=12, **SMALL)
    again.resume(tmp_path)
    assert again.step == 3


def test_only_the_same_run_is_taken_up(tmp_path):
    with pytest.raises(PriorError, match="no unfinished run"):
        trainer_of(two_groups(), **SMALL).resume(tmp_path)
    trainer_of(two_groups(), **SMALL).save(tmp_path)
    with pytest.raises(PriorError, match="other options or latents"):
        trainer_of(two_groups(), steps=999, **SMALL).resume(tmp_path)
    (tmp_path / STATE_FILE).write_bytes(b"torn")
    with pytest.raises(PriorError, match="damaged"):
        trainer_of(two_groups(), **SMALL).resume(tmp_path)


def test_it_learns_from_the_training_part_alone_and_draws_anew_each_time():
    atlas = two_groups(variational=True)
    atlas.mu[atlas.partition != 0] = 900
    trainer = trainer_of(atlas)
    assert trainer.mean.max() < 10
    seeds = [torch.Generator().manual_seed(seed) for seed in (1, 1, 2)]
    first, same, other = (trainer.batch(seed)[0] for seed in seeds)
    assert torch.equal(first, same)
    assert not torch.equal(first, other)
    assert first.std(0).numpy() == pytest.approx(np.ones(2), abs=0.3)


def test_of_the_attributes_all_are_told_or_none_or_a_few():
    trainer = trainer_of(two_groups())
    told = torch.cat([trainer.batch(torch.Generator().manual_seed(seed))[1] for seed in range(20)])
    values, known = told[:, :2], told[:, 2:]
    assert 0.3 < float((known.sum(1) == 0).float().mean()) < 0.6
    assert 0.4 < float((known.sum(1) == 2).float().mean()) < 0.6
    assert (values[known == 0] == 0).all()
    assert set(values[:, 0][known[:, 0] > 0].tolist()) == {-1.0, 1.0}


def test_too_few_faces_would_be_learnt_by_heart():
    with pytest.raises(PriorError, match="at least 500 faces, of which this atlas has 50"):
        trainer_of(two_groups(rows=250))
    with pytest.raises(PriorError, match="at least 1"):
        FlowTrainer(two_groups(), FlowConfig(2), FlowOptions(steps=0))
