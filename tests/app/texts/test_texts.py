from __future__ import annotations

import pytest

from app import texts
from app.texts import _, speaking, wanted


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
