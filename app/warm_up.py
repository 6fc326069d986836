"""Before anybody comes: the server says where it answers, opens the checkpoints and loads what pages need.

Who comes before that is done waits least if what their page needs is loaded first, see `GetReady`.
"""

from __future__ import annotations

import ctypes
import logging
import sys
import threading
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager, suppress
from functools import cache
from importlib import import_module
from typing import TYPE_CHECKING
from urllib.parse import parse_qs

import streamlit as st
from starlette.datastructures import Headers
from starlette.types import ASGIApp, Receive, Scope, Send
from threadpoolctl import threadpool_limits

from app.early_pad.page_head import checkpoints_open, code_of_all_pages
from app.server import class_store, owner
from app.server.class_network import announce
from app.server.published import page_files
from app.streamlit_internals.quiet import no_look_for_a_prompt
from app.streamlit_internals.static_files import pack

if TYPE_CHECKING:
    from app.checkpoints.opening import OpenModel

_log = logging.getLogger(__name__)
AT_ONCE = ("pandas", "app.views.explore", "app.views.lesson.page")
"""What every page needs, loaded before the server answers. Streamlit takes pandas for the first component of a page. It
would take as long afterwards, and hold up each file that the first visitor's browser asks for."""
LATER = 10  # seconds
SWITCH = 0.0005
"""Seconds after which a thread that computes lets one that has waited go on, a tenth of Python's own choice. A file for
a browser takes several such turns, a page nearly two hundred files, and the first visitor's come while others compute.
"""
M_ARENA_MAX = -8  # of glibc's mallopt
PAGES = {"": "explore", "generate": "generate", "edit": "edit.page", "morph": "morph.page",
         "your-face": "your_face.page", "models": "models.page", "lesson": "lesson.page"}  # fmt: skip
"""The module in `app.views` of each page, by the end of its address."""


@asynccontextmanager
async def warming_up(app: st.App) -> AsyncIterator[None]:
    """Say where the app answers, and open the checkpoints while the first visitor is still typing the address."""
    few_heaps()
    sys.setswitchinterval(SWITCH)
    for module in AT_ONCE:
        import_module(module)
    announce()
    threading.Thread(target=_warm_up, daemon=True).start()
    yield


class GetReady:
    """Middleware that loads what a page needs as soon as a browser asks for its HTML.

    The browser then starts Streamlit, for a second in which the server would wait to be asked for the page itself.
    """

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request."""
        if scope["type"] == "http" and "text/html" in Headers(scope=scope).get("accept", ""):
            page = str(scope["path"]).rstrip("/").rpartition("/")[2]
            asked = parse_qs(scope.get("query_string", b"").decode("latin-1")).get("chapter", [""])[0]
            _get_ready(page if page in PAGES else "", _module_of(asked) if page == "lesson" else None)
        await self._app(scope, receive, send)


def _module_of(chapter: str) -> str:
    from app.views.lesson.contents import CHAPTERS  # late: `AT_ONCE` loads it

    return next((one.module for one in CHAPTERS if one.key == chapter), CHAPTERS[0].module)


@cache
def _get_ready(page: str, chapter: str | None) -> None:
    """Begin to, once for all visitors."""

    def load() -> None:
        import_module(f"app.views.{PAGES[page]}")
        if chapter:
            import_module(f"app.views.lesson.chapters.{chapter}")

    threading.Thread(target=load, daemon=True).start()


def _warm_up() -> None:
    no_look_for_a_prompt()
    page_files()  # reads them all, which the first page would wait for
    print("\n".join(filter(None, (owner.announcement(), class_store.announcement(), ""))), flush=True)
    one_thread_each()

    from app.checkpoints.for_browsers import prepare
    from app.checkpoints.opening import open_all

    models, _ = open_all()
    for model in models.values():
        with _on_its_own(model):
            prepare(model)
    checkpoints_open.set()
    time.sleep(LATER)  # what follows would hold up the page of somebody who comes at once
    pack(code_of_all_pages())
    for module in ("torch", "scipy.linalg"):  # each has its own
        import_module(module)
    one_thread_each()
    from app.checkpoints.decoding import decode
    from app.checkpoints.probes import probes
    from app.checkpoints.samplers import mixture
    from app.early_pad.first_pad import faces_at_once
    from app.paths import PORTRAIT
    from app.session.photos import take_in
    from app.views.lesson.chapters.learning_prior import judged, judged_priors
    from app.views.lesson.worked_out import network_layers, picture_components, two_maps
    from models.config import ModelConfig

    for model in models.values():
        if model.posterior is not None:
            with _on_its_own(model):
                decode(model, model.posterior.mean[None])
    faces_at_once.set()
    for module in ("app.views.lesson.page", "plotly.graph_objects", "scipy.spatial"):
        import_module(module)  # the lesson, and what its charts and counts need
    for model in models.values():
        if model.atlas is None:
            continue
        with _on_its_own(model):
            probes(model)
            if isinstance(model.config, ModelConfig):  # the lesson is about what was trained here
                network_layers(model)
                picture_components(model)
                two_maps(model)
    take_in("warm-up", PORTRAIT.read_bytes(), models)  # loads the face detector, a second that no visitor should wait
    for model in models.values():
        if model.atlas is not None:
            with _on_its_own(model):
                mixture(model)  # up to a minute where it is not beside the atlas, so it comes last
                if model.config.kind == "vae" and isinstance(model.config, ModelConfig):
                    judged(model)  # the answer of chapter 9, for which nobody should wait
                    judged_priors(model)


@contextmanager
def _on_its_own(model: OpenModel) -> Iterator[None]:
    """What is wrong with one model is for its own pages to say; the others are got ready all the same."""
    try:
        yield
    except Exception:
        _log.warning("%s could not be got ready", model.name, exc_info=True)


def few_heaps() -> None:
    """Let all threads share two heaps, where glibc would give each its own and keep what one visitor's has freed."""
    with suppress(AttributeError, OSError, TypeError):  # other systems have no such thing
        ctypes.CDLL(None).mallopt(M_ARENA_MAX, 2)


def one_thread_each() -> None:
    """Keep what is loaded of numpy's and torch's arithmetic to one thread for each visitor.

    Their own teams of threads wait for each other in a busy loop: where a browser or a second visitor wants the same
    cores, that takes several times as long. The face detector spreads its work by itself.
    """
    threadpool_limits(1, user_api="blas")
    if torch := sys.modules.get("torch"):
        torch.set_num_threads(1)
