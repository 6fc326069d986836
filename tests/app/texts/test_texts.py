from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest
from streamlit.string_util import clean_text

from app import texts
from app.texts import Later, _, in_this_language, speaking, wanted


@pytest.mark.parametrize(
    ("asked", "accepted", "spoken"),
    [
        (None, None, "en"),
        (None, "de", "de"),
        (None, "de-AT,de;q=0.9,en;q=0.8", "de"),
        (None, "fr-CH, fr;q=0.9, de;q=0.7", "de"),
        (None, "en-US,en;q=0.9,de;q=0.8", "en"),
        (None, "*", "en"),
        (None, ";;,,q=0", "en"),
        ("de", "en", "de"),
        ("en", "de", "en"),
        ("../../x", "de", "de"),
    ],
)
def test_the_address_chooses_the_language_and_else_the_browser(
    asked: str | None, accepted: str | None, spoken: str
) -> None:
    assert wanted(asked, accepted) == spoken


def test_a_text_is_looked_up_where_it_is_shown_and_english_is_its_own() -> None:
    assert _("Save") == "Save"
    with speaking("de"):
        assert _("Save") == "Speichern"
        assert _("no text of the app") == "no text of the app"
        assert _("") == ""
    assert texts.language() == "en"


def test_what_runs_elsewhere_speaks_what_was_spoken_where_it_was_asked_for() -> None:
    with ThreadPoolExecutor(1) as workers, speaking("de"):
        assert workers.submit(_, "Save").result() == "Save"
        assert workers.submit(in_this_language(_), "Save").result() == "Speichern"


def test_a_decorators_text_is_looked_up_when_it_is_shown() -> None:
    words = Later("Opening the model …")
    assert clean_text(words) == "Opening the model …"  # Streamlit's own way from a spinner's text to the page
    with speaking("de"):
        assert clean_text(words) == "Das Modell wird geöffnet …"


@pytest.mark.parametrize(
    ("text", "whole"),
    [
        ("{psnr:.1f} dB PSNR of {count} draws", "{psnr:.1f}~dB PSNR of {count} draws"),
        ("the prior N(0, I).", "the prior N(0,~I)."),
        ("N(0, 1) in each", "N(0,~1) in each"),
        (r"\mathrm{KL}(0, 1) of {count} sdk", r"\mathrm{KL}(0, 1) of {count} sdk"),
        ("{width} × {height} pixels", "{width}~×~{height} pixels"),
        ("PCA, k = {k}: 20 nats and 3 natural 50 %, 5 s", "PCA, k~=~{k}: 20~nats and 3 natural 50~%, 5~s"),
    ],
)
def test_no_line_ends_between_a_number_and_its_unit(text: str, whole: str) -> None:
    assert _(text) == whole.replace("~", "\N{NO-BREAK SPACE}")
