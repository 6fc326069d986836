"""Every chapter on two tiny models, in one process: what it shows follows the models, whatever their size."""

from pathlib import Path

import numpy as np
import pytest
from streamlit.testing.v1 import AppTest

from app import cache
from app.glossary import TERMS
from app.lesson import inputs
from app.lesson.chapters import CHAPTERS
from app.lesson.training import expected_error, read_history, shifted
from app.views import lesson
from tests.app.small_models import small_model

KEYS = [chapter.key for chapter in CHAPTERS]
PAGE = "from app.views import lesson\nlesson.render()\n"


@pytest.fixture(autouse=True)
def tiny_models(monkeypatch) -> None:
    models = {name: small_model(name) for name in ("ae", "vae")}
    monkeypatch.setattr(lesson, "open_all", lambda: (models, []))
    monkeypatch.setattr(cache, "_decoder_file", lambda folder, sha256: None)
    grey = np.full((64, 64, 3), 128, np.uint8)
    monkeypatch.setattr(inputs, "portrait_crop", lambda size: grey)


def chapter(key: str, **params: str) -> AppTest:
    page = AppTest.from_string(PAGE, default_timeout=60)
    for name, value in {"chapter": key, **params}.items():
        page.query_params[name] = value
    page.run()
    assert not page.exception
    return page


@pytest.mark.parametrize("key", KEYS)
def test_each_chapter_has_an_address_a_question_and_words_from_the_glossary(key: str):
    page = chapter(key)
    assert page.title[0].value == CHAPTERS[KEYS.index(key)].title
    assert page.query_params["chapter"] == key
    assert set(CHAPTERS[KEYS.index(key)].terms) <= set(TERMS)
    question = page.radio[0]
    question.set_value(question.options[0]).run()
    next(button for button in page.button if button.label == "Reveal").click().run()
    assert not page.exception
    verdicts = [text.value for text in page.markdown if text.value.startswith(("**That is it.", "**Measured:"))]
    assert len(verdicts) == 1


def test_next_and_back_follow_the_address_and_a_fresh_start_forgets_the_chapter():
    page = chapter("generating", sampler="gaussian", seed="3")
    assert page.query_params["sampler"] == "gaussian"
    assert page.query_params["seed"] == "3"
    next(button for button in page.button if button.label == "Start this chapter anew").click().run()
    assert "sampler" not in page.query_params
    next(button for button in page.button if button.label == "Next").click().run()
    assert page.title[0].value == "VAEs to the rescue"
    next(button for button in page.button if button.label == "Back").click().run()
    assert page.title[0].value == "Generating images"


def test_nonsense_in_the_address_is_ignored_and_an_unknown_chapter_is_named():
    page = chapter("reparametrisation", dimension="-4", toy_n="many", sigma="nan")
    assert page.query_params["chapter"] == "reparametrisation"
    lost = chapter("nowhere")
    assert "names a chapter that is not here" in lost.warning[0].value
    assert lost.title[0].value == CHAPTERS[0].title


def test_without_a_vae_a_chapter_that_needs_one_says_so(monkeypatch):
    monkeypatch.setattr(lesson, "open_all", lambda: ({"ae": small_model("ae")}, []))
    assert "needs a VAE" in chapter("prior").error[0].value


def test_the_mean_of_shifted_pictures_has_the_least_expected_error():
    picture = np.zeros((8, 8, 3), np.uint8)
    picture[:, 4:] = 255
    cases = shifted(picture, 2)
    assert cases.shape == (5, 8, 8, 3)
    assert (cases[2] == picture).all()
    mean = expected_error(cases, cases.mean(0))
    assert all(mean < expected_error(cases, case) for case in cases)
    assert expected_error(shifted(picture, 0), picture.astype(np.float32)) == 0


def test_a_history_is_read_by_column_and_a_damaged_one_is_none(tmp_path: Path):
    path = tmp_path / "history.csv"
    path.write_text("epoch,loss\n1,5.5\n2,4\n")
    assert read_history(path)["loss"].tolist() == [5.5, 4.0]
    path.write_text("epoch,loss\n1,\n")
    assert read_history(path) == {}
    assert read_history(tmp_path / "none.csv") == {}


def test_the_address_forgets_what_is_at_its_start():
    page = chapter("prior", dimension="2")
    assert page.query_params["dimension"] == "2"
    page.slider[0].set_value(3).run()
    assert page.query_params["dimension"] == "3"
