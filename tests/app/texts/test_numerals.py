"""Numbers are written as the reader's language has them, wherever a text or a figure says one."""

from __future__ import annotations

import copy
import pickle
import re

import numpy as np
import pytest
from babel.messages.catalog import Message

from app.drawing.numbers import percent
from app.texts import _, catalogue, ngettext, numeral, separators, speaking
from app.texts.numerals import COMMA, Template

WRITTEN = re.compile(r"(?<!\d)(?<!arXiv )(?:0\.\d+|\d+\.\d{1,2}|\d{1,3},\d{3})(?![\d.])")


def test_a_texts_numbers_have_a_decimal_comma_in_german_and_stay_in_english() -> None:
    words = "The way in {count} steps"
    assert _(words).format(count="1.5") == "The way in 1.5 steps"
    with speaking("de"):
        assert _("{count:,} faces, {drawn:,} of them drawn.").format(count=26000, drawn=8000).startswith("26.000 ")
        assert (
            ngettext("Your selection: {count:,} face", "Your selection: {count:,} faces", 1234).format(count=1234)
            == "Deine Auswahl: 1.234 Gesichter"
        )
        assert percent(0.0642, 1) == "6,4\N{NO-BREAK SPACE}%"
        assert (numeral(np.float32(1234.5), ",.1f"), numeral(-0.25, "+.2f"), numeral(7, "")) == (
            "1.234,5",
            "\N{MINUS SIGN}0,25",
            "7",
        )
        assert separators() == ",."
    assert (percent(0.0642, 1), numeral(1234.5, ",.1f"), separators()) == ("6.4\N{NO-BREAK SPACE}%", "1,234.5", ".,")


@pytest.mark.parametrize("spoken", COMMA)
def test_only_numbers_change_and_all_that_format_can_do_stays(spoken: str) -> None:
    text = Template("{0} {name} {size:.1f} {{x}} {word:>4} {more[1]} {flag}", spoken)
    said = text.format("v1.2", name="a.b,c", size=2.25, word="x.y", more=(1, 2.5), flag=True, unused=1)
    assert said == "v1.2 a.b,c 2,2 {x}  x.y 2,5 True"


@pytest.mark.parametrize("spoken", COMMA)
def test_no_translation_has_an_english_number_in_it(spoken: str) -> None:
    def forms(message: Message) -> list[str]:
        return [message.string] if isinstance(message.string, str) else list(message.string)

    texts = [
        re.sub(r"\{[^}]*\}|`[^`]*`|arXiv [\d.]+", "", form) for m in catalogue.read(spoken) if m.id for form in forms(m)
    ]
    assert [(found, text[:60]) for text in texts for found in WRITTEN.findall(text)] == []


def test_a_text_with_holes_can_be_copied_and_sent_on() -> None:
    """Plotly copies what it is given: without that a German page lost its chart."""
    with speaking("de"):
        text = _("Moved: {row}\nRead: {column}\n{note}")
        assert text.startswith("Bewegt")
        for other in (copy.deepcopy(text), pickle.loads(pickle.dumps(text))):
            assert other == text
        assert copy.copy(_("{low:.1f}")).format(low=0.5) == "0,5"
