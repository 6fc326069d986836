"""Whatever a chapter shows, its charts and its question are looked up in the catalogue."""

import numpy as np
import pytest
from streamlit.testing.v1 import AppTest

from app.views.lesson.chapters import learning_prior
from app.views.lesson.chapters.onward import NOTES, REFERENCES
from app.views.lesson.contents import CHAPTERS
from app.views.lesson.stage import SETTLED, Stage
from tests.app.texts.pseudo import is_untranslated, pseudo, untranslated
from tests.app.views.lesson.test_contents import CONTROLS, PAGE
from tests.conftest import PATIENCE

__all__ = ["pseudo"]
pytestmark = pytest.mark.usefixtures("tiny_models", "family", "pseudo")
PAPERS = [reference.rstrip(".") for reference in (*REFERENCES, *(note.reference for note in NOTES.values()))]
NAMES = ["AE", "VAE", "PCA", "UMAP", "PSNR", *PAPERS]
PENDING = ("- **", "Model", "AE: an autoencoder", "Above: eight", "encoder: convolution", "<style>\n.fs-net")


@pytest.mark.parametrize("chapter", CHAPTERS, ids=lambda chapter: chapter.key)
def test_nothing_of_a_chapter_is_untranslated(chapter, pair, monkeypatch):
    odds = np.linspace(-1, 1, 9, dtype=np.float32)
    monkeypatch.setattr(learning_prior, "judged", lambda model: learning_prior.Verdict(0.7, odds, odds))
    monkeypatch.setattr(learning_prior, "_aucs", lambda identity, samplers, model: dict.fromkeys(samplers, 0.7))
    page = AppTest.from_string(PAGE, default_timeout=PATIENCE)
    for name, value in {"chapter": chapter.key, **CONTROLS[chapter.key]}.items():
        page.query_params[name] = value
    page.session_state[f"lesson_{chapter.key}_0_{SETTLED}"] = "skipped"  # so that nothing is covered
    page.run()
    assert not page.exception
    assert [text for text in untranslated(page, NAMES) if not text.startswith(PENDING)] == []
    question = chapter.question(Stage(chapter.key, pair))
    assert [text for text in (question.text, *question.options, question.answer()[1]) if is_untranslated(text)] == []
