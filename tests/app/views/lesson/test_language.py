"""Whatever a chapter shows, its charts and its question are looked up in the catalogue."""

from types import SimpleNamespace

import numpy as np
import pytest
from streamlit.testing.v1 import AppTest

from app.views.lesson.chapters import learning_prior
from app.views.lesson.chapters.onward import NOTES, REFERENCES
from app.views.lesson.contents import CHAPTERS
from app.views.lesson.live import flow, order, run
from app.views.lesson.live.queue import Place
from app.views.lesson.stage import SETTLED, Stage
from latent.tiny_flow import Look
from models.training.tiny import Epoch
from tests.app.texts.pseudo import is_untranslated, pseudo, untranslated
from tests.app.views.lesson.test_contents import CONTROLS, PAGE
from tests.conftest import PATIENCE

__all__ = ["pseudo"]
pytestmark = pytest.mark.usefixtures("tiny_models", "family", "pseudo")
PAPERS = [reference.rstrip(".") for reference in (*REFERENCES, *(note.reference for note in NOTES.values()))]
NAMES = ["AE", "VAE", "PCA", "UMAP", "PSNR", *PAPERS]


@pytest.mark.parametrize("chapter", CHAPTERS, ids=lambda chapter: chapter.key)
def test_nothing_of_a_chapter_is_untranslated(chapter, pair, monkeypatch):
    odds = np.linspace(-1, 1, 9, dtype=np.float32)
    monkeypatch.setattr(learning_prior, "judged", lambda model: learning_prior.Verdict(0.7, odds, odds))
    monkeypatch.setattr(learning_prior, "_aucs", lambda identity, samplers, model: dict.fromkeys(samplers, 0.7))
    page = AppTest.from_string(PAGE, default_timeout=PATIENCE)
    for name, value in {"chapter": chapter.key, **CONTROLS[chapter.key]}.items():
        page.query_params[name] = value
    page.session_state[f"lesson_{chapter.key}_0_{SETTLED}"] = "skipped"  # so that nothing is covered
    page.session_state[run.ORDERED] = trained()
    page.session_state[flow.ORDERED] = learned(pair["ae"])
    page.run()
    assert not page.exception
    assert untranslated(page, NAMES) == []
    question = chapter.question(Stage(chapter.key, pair))
    assert [text for text in (question.text, *question.options, question.answer()[1]) if is_untranslated(text)] == []


def over(**seen) -> Place:
    """A place in the line whose run has ended."""
    ended = SimpleNamespace(running=False, problem=None, **seen)
    return Place(lambda: ended, lambda: True, 0.0, ended)


def trained() -> order.Ordered:
    """A run of an AE and a VAE that was stopped after one of two epochs."""
    faces = np.zeros((4, 32, 32, 3), np.uint8)
    seen = {
        kind: [
            Epoch(number, kind, 1.0, 5.0, kl, np.ones((9, 2), np.float32), faces, faces[0], (0, 1, 0, 1))
            for number in (0, 1)
        ]
        for kind, kl in (("ae", float("nan")), ("vae", 2.0))
    }
    return order.Ordered(over(total=2, used=np.arange(9), faces=faces, epochs=seen), {}, "")


def learned(model) -> flow.OrderedFlow:
    """A flow that has learned for a while."""
    looks = [Look(step, 1.0, 0.9, np.zeros((6, 6)).tolist()) for step in (0, 10)]
    return flow.OrderedFlow(over(looks=looks, first=np.zeros((6, 6), np.float32)), model, 240)


@pytest.mark.parametrize(
    "params",
    [
        {"sheet": "questions", "plan": "20"},
        {"sheet": "answers", "plan": "20"},
        {"chapter": "generating", "notes": "1"},
        {"chapter": "onward", "present": "1"},
    ],
    ids=lambda params: next(reversed(params)),
)
def test_nothing_of_what_stands_around_the_chapters_is_untranslated(params):
    page = AppTest.from_string(PAGE, default_timeout=PATIENCE)
    for name, value in params.items():
        page.query_params[name] = value
    page.run()
    assert not page.exception
    assert untranslated(page, NAMES) == []
