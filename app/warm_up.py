"""Before anybody comes: the server says where it answers, opens the checkpoints and loads what pages need."""

from __future__ import annotations

import ctypes
import logging
import sys
import threading
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager, suppress
from importlib import import_module
from typing import TYPE_CHECKING

import streamlit as st
from threadpoolctl import threadpool_limits

from app.early_pad.page_head import checkpoints_open
from app.server import class_store, owner
from app.server.class_network import announce
from app.streamlit_internals.quiet import no_warning_outside_a_page

if TYPE_CHECKING:
    from app.checkpoints.opening import OpenModel

_log = logging.getLogger(__name__)
LATER = 10  # seconds
M_ARENA_MAX = -8  # of glibc's mallopt


@asynccontextmanager
async def warming_up(app: st.App) -> AsyncIterator[None]:
    """Say where the app answers, and open the checkpoints while the first visitor is still typing the address."""
    few_heaps()
    announce()
    threading.Thread(target=_warm_up, daemon=True).start()
    yield


def _warm_up() -> None:
    no_warning_outside_a_page()
    print("\n".join(filter(None, (owner.announcement(), class_store.announcement(), ""))), flush=True)
    import_module("pandas")  # half a second that Streamlit would take at the first component of the first page
    one_thread_each()

    from app.checkpoints.for_browsers import prepare
    from app.checkpoints.opening import open_all

    models, _ = open_all()
    for model in models.values():
        with _on_its_own(model):
            prepare(model)
    checkpoints_open.set()
    time.sleep(LATER)  # what follows would hold up the page of somebody who comes at once
    for module in ("torch", "scipy.linalg"):  # each has its own
        import_module(module)
    one_thread_each()
    from app.checkpoints.probes import probes
    from app.checkpoints.samplers import mixture
    from app.paths import PORTRAIT
    from app.session.photos import take_in
    from app.views.lesson.chapters.learning_prior import judged, judged_priors
    from app.views.lesson.worked_out import network_layers, picture_components, two_maps
    from models.config import ModelConfig

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
