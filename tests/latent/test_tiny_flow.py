import json

import numpy as np
import pytest

from latent import tiny_flow
from latent.critic import learn_critic
from latent.tiny_flow import Plan, first_draws, pack_order, run, train

HELD = 300


@pytest.fixture(autouse=True)
def short_looks(monkeypatch):
    """A look costs a second of a core in front of a class; fewer draws and a shorter lesson for the critic do here."""
    monkeypatch.setattr(tiny_flow, "TAUGHT", 600)
    monkeypatch.setattr(tiny_flow, "TRIED", 200)
    monkeypatch.setattr(tiny_flow, "CRITIC_STEPS", 100)


def ring(count: int = 1500, seed: int = 0) -> np.ndarray:
    """Codes on a thin ring, which no Gaussian fits."""
    random = np.random.default_rng(seed)
    angle, radius = random.uniform(0, 2 * np.pi, count), random.normal(3, 0.1, count)
    return np.stack([radius * np.cos(angle), radius * np.sin(angle)], 1).astype(np.float32)


def test_a_critic_finds_what_differs_and_nothing_where_nothing_does():
    random = np.random.default_rng(1)
    normal = random.standard_normal((4, 1000, 3))
    found = learn_critic(normal[0] + 3, normal[1], 150)
    assert found.auc(normal[2] + 3, normal[3]) > 0.95
    assert found.log_odds(normal[2] + 3).mean() > 0 > found.log_odds(normal[3]).mean()
    assert abs(learn_critic(normal[0], normal[1], 150).auc(normal[2], normal[3]) - 0.5) < 0.08


def test_its_draws_start_as_noise_and_come_to_where_codes_lie():
    looks = list(train(ring(), None, HELD, Plan(400, 2, 60.0)))
    assert [look.step for look in looks] == [0, 200, 400]
    assert looks[0].auc > 0.9
    assert looks[-1].auc < looks[0].auc - 0.15
    assert (
        abs(np.linalg.norm(looks[-1].draws, axis=1) - 3).max() < abs(np.linalg.norm(looks[0].draws, axis=1) - 3).max()
    )


def test_the_same_seed_gives_the_same_run_and_clouds_are_drawn_from():
    logvar = np.full((1500, 2), -4, np.float32)
    one, same = (list(train(ring(), logvar, HELD, Plan(20, 1, 60.0))) for _ in range(2))
    assert (one[-1].auc, one[-1].draws) == (same[-1].auc, same[-1].draws)
    other = list(train(ring(), logvar, HELD, Plan(20, 1, 60.0, seed=1)))
    assert other[-1].draws != one[-1].draws


def test_an_order_is_carried_out_and_stopped_when_its_time_is_over():
    said: list[dict] = []
    run(pack_order(ring(), None, HELD, Plan(20, 2, 60.0)), lambda **message: said.append(message))
    assert [message["look"]["step"] for message in said if "look" in message] == [0, 10, 20]
    assert said[1] == {"began": True}
    assert json.loads(json.dumps(said)) == said
    said.clear()
    run(pack_order(ring(), None, HELD, Plan(20, 2, 0.0)), lambda **message: said.append(message))
    assert [message.get("look", {}).get("step") for message in said] == [0, None, 1, None]
    assert said[-1] == {"stopped": True}


def test_its_time_begins_with_the_first_step(monkeypatch):
    """On a machine so busy that the first look takes longer than all of the training may."""
    now, look = [0.0], tiny_flow._look

    def slow_look(*given):
        now[0] += 1000 if given[4] == 0 else 0
        return look(*given)

    monkeypatch.setattr(tiny_flow, "_look", slow_look)
    looks = list(train(ring(), None, HELD, Plan(20, 1, 60.0), lambda: now[0]))
    assert [(one.step, one.seconds) for one in looks] == [(0, 0.0), (20, 0.0)]


def test_untrained_it_draws_from_the_plain_prior():
    first = next(train(ring(), None, HELD, Plan(1, 1, 60.0)))
    assert np.allclose(first.draws, np.random.default_rng(0).standard_normal((6, 2)), atol=1e-3)
    assert np.allclose(first.draws, first_draws(2), atol=1e-3)  # what a page shows before it has heard of a process
