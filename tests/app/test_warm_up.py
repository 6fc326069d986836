"""Getting ready before anybody comes: what is wrong with one model takes nothing from the others."""

import pytest
from threadpoolctl import threadpool_info, threadpool_limits

from app import warm_up
from app.checkpoints import for_browsers, opening
from tests.app.small_models import small_model


class SlowPartError(Exception):
    """Ends the warm-up where it would begin with the slow part."""


@pytest.fixture
def models(monkeypatch):
    models = {name: small_model(name) for name in ("bad", "vae")}
    monkeypatch.setattr(opening, "open_all", lambda: (models, []))

    def stop(seconds):
        raise SlowPartError

    monkeypatch.setattr(warm_up.time, "sleep", stop)
    return models


def test_a_model_that_cannot_be_prepared_leaves_the_others_ready(models, monkeypatch):
    prepared = []

    def prepare(model):
        if model.name == "bad":
            raise MemoryError
        prepared.append(model.name)

    opened = []
    monkeypatch.setattr(for_browsers, "prepare", prepare)
    monkeypatch.setattr(warm_up.checkpoints_open, "set", lambda: opened.append(True))
    with pytest.raises(SlowPartError):
        warm_up._warm_up()
    assert prepared == ["vae"]
    assert opened  # the early pad waits for this


def blas_threads():
    return {one["num_threads"] for one in threadpool_info() if one["user_api"] == "blas"}


def test_arithmetic_keeps_to_one_thread_for_each_visitor():
    with threadpool_limits(2, user_api="blas"):
        assert blas_threads() == {2}
        warm_up.one_thread_each()
        assert blas_threads() == {1}
