"""A learned prior: what it draws, what it is asked for, and that the way back ends where the way out began."""

import subprocess
import sys
from dataclasses import replace

import numpy as np
import pytest
import torch

from latent.atlas import Atlas
from latent.flow import Flow, Wish, load_prior
from latent.flow_training import FlowOptions, FlowTrainer
from latent.prior_file import write_prior
from latent.samplers import noise
from latent.velocity import FlowConfig, Velocity, time_features

SMALL = {"width": 16, "blocks": 1}


def two_groups(rows: int = 900, *, variational: bool = False, dimensions: int = 2, seed: int = 0) -> Atlas:
    """Codes in two far groups, which no Gaussian fits; the first attribute tells which."""
    random = np.random.default_rng(seed)
    right = random.random(rows) < 0.5
    mu = random.normal(0, 0.1, (rows, dimensions))
    mu[:, 0] += np.where(right, 5, -1)
    scores = np.stack([right * 255, np.full(rows, 128)], axis=1).astype(np.uint8)
    return Atlas(
        image=np.arange(1, rows + 1, dtype=np.int32),
        partition=np.repeat([0, 1, 2], [rows - 200, 100, 100]).astype(np.uint8),
        scores=scores,
        attributes=("Right", "Other"),
        mu=mu.astype(np.float16),
        logvar=np.full((rows, dimensions), -6, np.float32) if variational else None,
        xy=np.zeros((rows, 2), np.float32),
        effect=np.ones(dimensions, np.float32),
        checkpoint_sha256="a" * 64,
    )


def trainer_of(atlas: Atlas, steps: int = 400, **more) -> FlowTrainer:
    config = FlowConfig(atlas.mu.shape[1], atlas.attributes, **{"width": 48, "blocks": 2, "steps": 12, **more})
    return FlowTrainer(atlas, config, FlowOptions(steps=steps, batch_size=128, learning_rate=3e-3))


@pytest.fixture(scope="module")
def learnt(tmp_path_factory) -> Flow:
    return Flow(trainer_of(two_groups()).run(tmp_path_factory.mktemp("prior")))


@pytest.fixture(scope="module")
def untrained() -> Flow:
    """Random weights everywhere, so that nothing cancels out."""
    trainer = trainer_of(two_groups(dimensions=6), **SMALL)
    random = torch.Generator().manual_seed(1)
    for value in trainer.average.values():
        value.copy_(torch.randn(value.shape, generator=random) * 0.1)
    return Flow(trainer.prior({}))


def test_numpy_and_torch_compute_the_same_velocity(untrained):
    trainer = trainer_of(two_groups(dimensions=6), **SMALL)
    trainer.network.load_state_dict(trainer.network.state_dict() | {
        name: torch.from_numpy(value) for name, value in untrained.prior.parameters.items()
    })  # fmt: skip
    random = np.random.default_rng(0)
    x = random.normal(size=(5, 6)).astype(np.float32)
    told = np.tile(np.array([1, -1, 1, 1], np.float32), (5, 1))
    for t in (0.0, 0.3, 1.0):
        times = torch.full((5, 1), t)
        features = torch.from_numpy(time_features(np.full(5, t)))
        with torch.no_grad():
            theirs = trainer.network(torch.from_numpy(x), times, features, torch.from_numpy(told))
        ours = Velocity(untrained.prior.config, untrained.prior.parameters)(x, t, told)
        assert np.allclose(ours, theirs.numpy(), atol=2e-5)
        assert not np.allclose(ours, Velocity(untrained.prior.config, untrained.prior.parameters)(x, t), atol=1e-3)


def test_before_the_first_step_it_is_the_fitted_gaussian():
    atlas = two_groups(rows=4000)
    drawn = Flow(trainer_of(atlas).prior({})).sample(4000, 0, steps=30)
    train = atlas.mu[atlas.partition == 0].astype(np.float64)
    assert drawn.mean(0) == pytest.approx(train.mean(0), abs=0.15)
    assert np.cov(drawn.T) == pytest.approx(np.cov(train.T), abs=0.4)


def test_a_sample_depends_on_its_seed_and_index_alone(untrained):
    many = untrained.sample(70, 5)
    assert many.dtype == np.float32
    assert many.shape == (70, 6)
    for count in (0, 1, 9, 33):
        assert np.array_equal(untrained.sample(count, 5), many[:count])
    assert not np.array_equal(untrained.sample(9, 6), many[:9])


def test_it_draws_both_groups_and_hardly_anything_between_them(learnt):
    drawn = learnt.sample(500, 0)[:, 0]
    assert 0.3 < (drawn > 2).mean() < 0.7
    assert (np.abs(drawn - np.where(drawn > 2, 5, -1)) < 1).mean() > 0.85


def test_what_is_asked_for_is_drawn_and_a_guidance_of_0_asks_for_nothing(learnt):
    right = learnt.sample(200, 0, wish=Wish({"Right": 1.0}))
    left = learnt.sample(200, 0, wish=Wish({"Right": 0.0}, guidance=2.0))
    assert (right[:, 0] > 2).mean() > 0.9
    assert (left[:, 0] < 2).mean() > 0.9
    nothing = learnt.path(noise(20, 0, 1.0, 2))[-1]
    assert np.array_equal(learnt.sample(20, 0, wish=Wish({"Right": 1.0}, guidance=0)), nothing)


def test_what_goes_together_among_faces_goes_together_in_what_is_drawn(learnt):
    told = learnt.told(4000, 0, Wish({"Other": 0.5}))
    right = told.rows[:, 0] > 0
    assert right.mean() == pytest.approx((learnt.prior.profiles[:, 0] > 127).mean(), abs=0.03)
    assert (told.rows[:, 1] == 0).all()
    assert (told.rows[:, 2:] == 1).all()
    assert (learnt.told(50, 0, Wish({"Right": 1})).rows[:, 0] == 1).all()
    assert np.array_equal(learnt.told(9, 0).rows, learnt.told(50, 0).rows[:9])


def test_a_prior_of_an_atlas_without_attributes_is_told_nothing():
    atlas = replace(two_groups(), attributes=(), scores=np.zeros((900, 0), np.uint8))
    flow = Flow(trainer_of(atlas, **SMALL).prior({}))
    assert flow.told(3, 0) is None
    assert flow.sample(3, 0).shape == (3, 2)


def test_the_way_back_ends_in_the_noise_that_the_way_out_began_with(learnt):
    eps = np.random.default_rng(3).standard_normal((20, 2)).astype(np.float32)
    path = learnt.path(eps, steps=64)
    assert path.shape == (65, 20, 2)
    assert np.array_equal(path[-1], learnt.path(eps[:20], steps=64)[-1])
    assert learnt.noise_of(path[-1], steps=64) == pytest.approx(eps, abs=0.05)


def test_the_temperature_multiplies_the_noise(learnt):
    wish = Wish({"Right": 1, "Other": 0.5})  # all are told the same
    still, warm = (learnt.sample(10, 0, temperature=t, wish=wish) for t in (0.0, 1.0))
    assert np.ptp(still, axis=0).max() < 1e-5
    assert np.ptp(warm, axis=0).max() > 0.1


def test_nonsense_is_refused_in_one_sentence(untrained):
    for wrong in ({"seed": -1}, {"count": -1}, {"temperature": float("nan")}, {"steps": 0}):
        with pytest.raises(ValueError, match="must"):
            untrained.sample(**{"count": 1, "seed": 0, **wrong})
    with pytest.raises(ValueError, match=r"does not know the attribute 'Moustache'\. It knows: Right, Other"):
        untrained.sample(1, 0, wish=Wish({"Moustache": 1}))
    with pytest.raises(ValueError, match="between 0"):
        untrained.sample(1, 0, wish=Wish({"Right": 2}))
    with pytest.raises(ValueError, match="guidance"):
        untrained.sample(1, 0, wish=Wish({"Right": 1}, guidance=99))


def test_a_prior_is_loaded_and_drawn_from_without_torch(untrained, tmp_path):
    write_prior(untrained.prior, tmp_path)
    script = (
        "import sys; from latent.flow import load_prior\n"
        f"z = load_prior({str(tmp_path)!r}, 'a' * 64).sample(3, 1)\n"
        "assert 'torch' not in sys.modules and 'streamlit' not in sys.modules; print(z.shape, z.dtype)"
    )
    said = subprocess.run([sys.executable, "-c", script], check=True, capture_output=True, text=True).stdout
    assert said.split() == ["(3,", "6)", "float32"]
    near = load_prior(tmp_path, "a" * 64).sample(50, 1) - untrained.sample(50, 1)
    assert np.abs(near).max() < 0.2  # eight bits


def test_a_shape_that_breaks_a_rule_is_refused():
    for wrong in ({"latent_dim": 0}, {"width": 1.5}, {"blocks": 99}, {"attributes": ("a", "a")}, {"guidance": -1}):
        with pytest.raises(ValueError, match=next(iter(wrong))):
            FlowConfig(**{"latent_dim": 4, **wrong})
