"""Getting ready before anybody comes: what is wrong with one model takes nothing from the others."""

import queue
import sys

import pytest
from threadpoolctl import threadpool_info, threadpool_limits

from app import warm_up
from app.checkpoints import for_browsers, opening
from tests.app.small_models import small_model
from tests.conftest import PATIENCE, run_alone


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


@pytest.fixture
def loaded(monkeypatch):
    """What is imported once a page is asked for, in place of doing so; a second page of the kind starts anew."""
    names = queue.Queue()
    monkeypatch.setattr(warm_up, "import_module", names.put)
    warm_up._get_ready.cache_clear()
    yield names
    warm_up._get_ready.cache_clear()


def ask(path, accept="text/html", query=""):
    async def app(scope, receive, send):
        asked.append(scope["path"])

    asked = []
    headers = [(b"accept", accept.encode())]
    scope = {"type": "http", "path": path, "query_string": query.encode(), "headers": headers}
    run_alone(warm_up.GetReady(app)(scope, None, None))
    assert asked == [path]


def test_what_a_page_needs_is_loaded_when_its_html_is_asked_for(loaded):
    ask("/generate")
    assert loaded.get(timeout=PATIENCE) == "app.views.generate"
    for asked, chapter in (("chapter=prior", "normal_prior"), ("chapter=none", "autoencoder")):
        ask("/facespace/lesson", query=asked)
        both = [loaded.get(timeout=PATIENCE) for _ in range(2)]
        assert both == ["app.views.lesson.page", f"app.views.lesson.chapters.{chapter}"]


def test_neither_a_file_nor_a_second_visitor_loads_anything(loaded):
    ask("/static/js/index.js", accept="*/*")
    ask("/nonsense")
    ask("/")
    ask("/", query="chapter=autoencoder")
    assert loaded.get(timeout=PATIENCE) == "app.views.explore"
    with pytest.raises(queue.Empty):
        loaded.get(timeout=0.05)


def test_what_every_page_needs_is_there_before_the_server_answers(loaded, monkeypatch):
    for name in ("few_heaps", "announce", "_warm_up"):
        monkeypatch.setattr(warm_up, name, lambda: None)
    before = sys.getswitchinterval()

    async def start():
        async with warm_up.warming_up(None):
            return loaded.qsize(), sys.getswitchinterval()

    try:
        count, interval = run_alone(start())
    finally:
        sys.setswitchinterval(before)
    assert [loaded.get() for _ in range(count)] == list(warm_up.AT_ONCE)
    assert interval < before  # so that a file is not kept waiting by those that compute
