"""Each attribute has a name and a word in every language."""

from __future__ import annotations

from app.texts import speaking
from app.texts.attributes import NAMES, WORDS, attribute_name, attribute_word
from models.data.attributes import ATTRIBUTES, plain_name


def test_each_attribute_has_its_plain_name_in_english_and_another_in_german() -> None:
    assert {attribute: attribute_name(attribute) for attribute in ATTRIBUTES} == {
        attribute: plain_name(attribute) for attribute in ATTRIBUTES
    }
    with speaking("de"):
        assert attribute_name("Wearing_Hat") == "Hut"
        assert [attribute for attribute in ATTRIBUTES if attribute_name(attribute) == NAMES[attribute]] == []
        assert attribute_name("Of_Mine") == "Of mine"


def test_within_a_sentence_an_attribute_is_a_word() -> None:
    assert set(WORDS) == set(ATTRIBUTES)
    assert attribute_word("Eyeglasses") == "glasses"
    assert attribute_word("Blond_Hair") == "blond hair"
    assert attribute_word("Of_Mine") == "of mine"
    with speaking("de"):
        assert attribute_word("Blond_Hair") == "blonde Haare"
