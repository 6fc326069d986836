"""Every chapter on two tiny models, in one process: what it shows follows the models, whatever their size."""

import shutil
from dataclasses import replace
from types import SimpleNamespace

import numpy as np
import pytest
from streamlit.testing.v1 import AppTest

from app.controls import timelapse
from app.controls.glossary import TERMS
from app.session.remembered import BY_ADDRESS
from app.views.lesson import page as lesson
from app.views.lesson.chapters import generating, training
from app.views.lesson.chapters.training import expected_error, shifted
from app.views.lesson.contents import CHAPTERS
from app.views.lesson.live import flow
from app.views.lesson.live.queue import Place
from latent.tiny_flow import Look
from tests.app.small_family import CURVE
from tests.app.small_models import small_model
from tests.conftest import PATIENCE, tiny_network

KEYS = [chapter.key for chapter in CHAPTERS]
pytestmark = pytest.mark.usefixtures("tiny_models")
PAGE = "from app.views.lesson import page\npage.render()\n"


def chapter(key: str, **params: str) -> AppTest:
    page = AppTest.from_string(PAGE, default_timeout=PATIENCE)
    for name, value in {"chapter": key, **params}.items():
        page.query_params[name] = value
    page.session_state[BY_ADDRESS] = True  # as app/main.py says in the run of a visitor who comes by a link
    page.run()
    assert not page.exception
    page.session_state[BY_ADDRESS] = False
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


SPOILED = ["dataset", "training", "exploring", "generating", "reparametrisation", "prior", "learning"]


@pytest.mark.parametrize("key", SPOILED)
def test_what_answers_the_question_is_covered_until_it_is_revealed_or_skipped(key: str):
    def covered(page: AppTest) -> bool:
        return "would give the answer away" in texts(page)

    page = chapter(key)
    assert covered(page)
    page.radio[0].set_value(page.radio[0].options[0]).run()
    assert covered(page)
    next(button for button in page.button if button.label == "Reveal").click().run()
    assert not page.exception
    assert not covered(page)
    page = chapter(key)
    next(button for button in page.button if button.label == "Skip").click().run()
    assert not page.exception
    assert not covered(page)
    assert not [text.value for text in page.markdown if text.value.startswith(("**That is it.", "**Measured:"))]


def test_the_share_of_eyeglasses_is_not_told_before_the_question_on_it(pair, monkeypatch):
    attributes = ("Eyeglasses", *pair["ae"].atlas.attributes[1:])
    models = {name: replace(model, atlas=replace(model.atlas, attributes=attributes)) for name, model in pair.items()}
    monkeypatch.setattr(lesson, "open_all", lambda: (models, []))
    page = chapter("dataset")
    assert "How many of these faces wear eyeglasses?" in texts(page)
    assert "with eyeglasses" not in texts(page)
    next(button for button in page.button if button.label == "Skip").click().run()
    assert "with eyeglasses" in texts(page)


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


def test_the_address_forgets_what_is_at_its_start():
    page = chapter("prior", dimension="2")
    assert page.query_params["dimension"] == "2"
    page.slider[0].set_value(3).run()
    assert page.query_params["dimension"] == "3"


def texts(page: AppTest) -> str:
    said = "\n".join(element.value for kind in ("caption", "markdown", "info") for element in page.get(kind))
    return said.replace("\N{NO-BREAK SPACE}", " ")


def test_the_autoencoder_decodes_the_same_points_only_where_both_started_from_the_same_pca(pair, monkeypatch):
    label = "Decode the same points with the"
    assert not [toggle for toggle in chapter("variational").toggle if toggle.label.startswith(label)]
    started = {}
    for kind, model in pair.items():
        network = tiny_network(kind, linear_path=True)
        files = replace(model.files, config=network.config, identity=f"{kind} with a linear path")
        started[kind] = replace(model, files=files, tiny=network)
    monkeypatch.setattr(lesson, "open_all", lambda: (started, []))
    page = chapter("variational")
    assert "started from the same PCA" not in texts(page)
    next(toggle for toggle in page.toggle if toggle.label.startswith(label)).set_value(True).run()
    assert not page.exception
    assert "both started from the same PCA" in texts(page)
    assert page.query_params["ae"] == "1"


def test_a_measured_table_comes_with_a_sentence_on_it(pair, monkeypatch):
    assert "Fitting a Gaussian" not in texts(chapter("generating"))
    samplers = {"raw_normal": {"frechet": 107.63}, "standard_normal": {"frechet": 80.0}, "gaussian": {"frechet": 90.0}}
    figures = {"generation": {"samplers": samplers, "floor": 2.2}}
    monkeypatch.setattr(generating, "measured", lambda files: figures)
    expected = f"took the {pair['ae'].title}'s distance to real faces from 107.6, drawn from N(0, I), to 90.0"
    assert expected in texts(chapter("generating"))


def test_a_model_without_a_timelapse_of_its_own_shows_a_small_one_that_was_trained_alike(monkeypatch, request):
    monkeypatch.setattr(timelapse, "film", lambda **given: shown.append(given))
    shown: list[dict] = []
    assert "train.py keeps them with `--snapshots`" in texts(chapter("training"))
    assert not shown
    request.getfixturevalue("family")
    page = chapter("training")
    assert "trained alike" in texts(page)
    assert shown[-1]["label"] == "What the small model “beta-1” drew after each epoch"


def metrics(page: AppTest) -> dict[str, str]:
    return {metric.label: metric.value for metric in page.metric}


def test_one_slider_over_the_family_shows_rate_quality_and_dead_dimensions_of_each_beta(request):
    assert "not on this machine" in texts(chapter("variational"))
    request.getfixturevalue("family")
    page = chapter("variational", beta="10")
    slider = page.select_slider[0]
    assert slider.options == ["plain AE", "0 (AE)", "0.1", "1", "10"]
    assert metrics(page)["PSNR"] == f"{CURVE[10.0]:.1f}\N{NO-BREAK SPACE}dB"
    low = float(metrics(page)["Rate (KL)"].removesuffix("\N{NO-BREAK SPACE}nats"))
    slider.set_value("0.1").run()
    assert not page.exception
    assert page.query_params["beta"] == "0.1"
    assert float(metrics(page)["Rate (KL)"].removesuffix("\N{NO-BREAK SPACE}nats")) > low
    assert metrics(page)["Dead dimensions"].endswith("of 6")
    page.select_slider[0].set_value("0").run()
    assert (metrics(page)["Rate (KL)"], metrics(page)["Dead dimensions"]) == ("none", "none")
    page.select_slider[0].set_value("1").run()
    assert "beta" not in page.query_params


def test_what_a_perceptual_term_changes_is_shown_on_two_small_models(request):
    assert "alike but for the perceptual term" not in texts(chapter("training"))
    request.getfixturevalue("family")
    said = texts(chapter("training"))
    assert "alike but for the perceptual term" in said
    assert "Squared error alone: 22.50 dB PSNR" in said
    assert f"With a perceptual term: {CURVE[1.0]:.2f} dB PSNR" in said


def test_the_draws_of_each_beta_stand_against_the_prior(request):
    assert "not on this machine" in texts(chapter("prior", dimension="1"))  # a control that is set uncovers it
    request.getfixturevalue("family")
    page = chapter("prior", of=".family", beta="0.1")
    assert "Beta 0.1, 60 draws" in texts(page)
    page.select_slider[0].set_value("0").run()
    assert "The small AE, 60 draws" in texts(page)
    assert page.query_params["of"] == ".family"


def test_a_damaged_family_leaves_the_chapters_alone(family, tmp_path, monkeypatch):
    shutil.copytree(family, tmp_path, dirs_exist_ok=True)
    monkeypatch.setenv("FACESPACE_CHECKPOINTS", str(tmp_path))
    (tmp_path / "family" / "beta-1" / "model.safetensors").write_bytes(b"x")
    (tmp_path / "family" / "beta-10" / "atlas.npz").write_bytes(b"x")
    page = chapter("variational")
    assert page.select_slider[0].options == ["plain AE", "0 (AE)", "0.1", "1"]
    assert "cannot be opened" in page.warning[0].value


def test_a_flow_that_learned_shows_its_first_and_latest_draws_and_how_often_the_critic_is_right(pair):
    run = SimpleNamespace(running=False, problem=None, first=np.zeros((6, 6), np.float32), looks=[
        Look(0, 0.0, 0.98, np.zeros((6, 6)).tolist()),
        Look(flow.PLAN.steps, 12.0, 0.61, np.ones((6, 6)).tolist()),
    ])  # fmt: skip
    place = Place(lambda: run, lambda: True, 0.0, run)
    page = AppTest.from_string(PAGE, default_timeout=PATIENCE)
    page.query_params["chapter"] = "learning"
    page.session_state[flow.ORDERED] = flow.OrderedFlow(place, pair["ae"], 240)
    page.run()
    assert not page.exception
    said = texts(page)
    assert "Before the first step" in said
    assert f"after {flow.PLAN.steps:,} steps and 12 seconds" in said
    assert "right in 98 % of such pairs at first, in 61 % at the last dot" in said
    assert "would give the answer away" in said  # the question is still open
    run.looks.clear()
    run.problem = "The run ended by itself."
    page.run()
    assert page.warning[0].value.startswith("The run ended by itself")
    assert "Before the first step" in texts(page)  # these draws need no process


CONTROLS = {
    "autoencoder": {"input": "face", "layer": "1", "off": "0,1", "k": "3", "pca": "1"},
    "dataset": {"examples": "2", "order": "least"},
    "training": {"reach": "2", "twins": "2", "live_kind": "ae", "live_epochs": "30", "live_colour": "Eyeglasses"},
    "exploring": {"attribute": "Smiling", "count": "1", "vary": "seed"},
    "generating": {"sampler": "gaussian", "seed": "4", "plain": "2", "other": "5", "way": "0.25"},
    "variational": {"input": "face", "width": "2", "seed": "3", "prior": "5", "rescue": "2", "beta": "10"},
    "reparametrisation": {
        "input": "face", "dimension": "2", "eps": "3", "mu": "0.5", "sigma": "2", "toy_mu": "2", "toy_sigma": "0.5",
        "toy_c": "-1", "toy_n": "100", "toy_seed": "4", "both": "1",
    },
    "prior": {"of": ".family", "beta": "0.1", "dimension": "2", "ends": "6"},
    "learning": {"flow_of": "vae"},
    "onward": {"note": "gan"},
}  # fmt: skip


@pytest.mark.parametrize("key", KEYS)
@pytest.mark.usefixtures("family")
def test_a_link_sets_each_control_of_a_chapter_and_stays_as_it_is(key: str):
    page = chapter(key, face="3", **CONTROLS[key])
    said = {name: value for name, value in page.query_params.items() if name not in ("chapter", "model", "face")}
    assert {name: value[0] if isinstance(value, list) else value for name, value in said.items()} == CONTROLS[key]


def test_a_model_that_got_worse_again_loses_no_more_than_all_of_its_error(pair, monkeypatch):
    history = {"epoch": np.arange(1.0, 9), "valid_psnr": np.array([20, 21, 22, 22.5, 22, 21.5, 21, 20.5])}
    monkeypatch.setattr(training, "read_history", lambda files: history)
    right, measured = training._question(pair["vae"]).answer()
    assert right == 2
    assert float(measured.split("\N{NO-BREAK SPACE}%")[0]) <= 100
