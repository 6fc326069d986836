"""No text of the app is without its translation."""

from __future__ import annotations

import ast
import json
import re
from pathlib import Path

import pytest
from babel.messages.catalog import Message

from app.texts import LANGUAGES, SOURCE, catalogue

TRANSLATED = [language for language in LANGUAGES if language != SOURCE]
HOLE = re.compile(r"\{(\w*)[^}]*\}")


@pytest.fixture(scope="module")
def template():
    return catalogue.extract()


def forms(message: Message) -> list[str]:
    return [message.string] if isinstance(message.string, str) else list(message.string)


@pytest.mark.parametrize("language", TRANSLATED)
def test_no_string_is_missing_and_none_is_left_over(language: str, template) -> None:
    known = catalogue.read(language)
    assert [message.id for message in template if message.id and message.id not in known] == []
    assert [message.id for message in known if message.id and message.id not in template] == []
    assert [message.id for message in catalogue.missing(known)] == []


@pytest.mark.parametrize("language", TRANSLATED)
def test_each_translation_has_the_same_holes_as_its_text(language: str) -> None:
    for message in catalogue.read(language):
        if message.id:
            english = {
                hole
                for text in ([message.id] if isinstance(message.id, str) else message.id)
                for hole in HOLE.findall(text)
            }
            for form in forms(message):
                assert set(HOLE.findall(form)) <= english, form
            assert {hole for form in forms(message) for hole in HOLE.findall(form)} == english, message.id


def test_no_text_hides_where_babel_does_not_look(template) -> None:
    """Within an f-string it finds none, and a text that nobody finds stays English."""
    calls = [
        (path.name, call.args[0].value)
        for path in catalogue.FOLDER.rglob("*.py")
        for call in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(call, ast.Call) and isinstance(call.func, ast.Name) and call.func.id in catalogue.KEYWORDS
        if call.args and isinstance(call.args[0], ast.Constant) and call.args[0].value
    ]
    assert len(calls) > 1000
    assert [(name, text) for name, text in calls if text not in template] == []


def test_a_text_that_may_count_one_thing_has_a_form_for_one(template) -> None:
    """Of what visitors keep, select or bring there can be one. Elsewhere are many, or a colon."""
    counted = re.compile(
        r"\{(?!most|largest|fewest)\w+[^}]*\} (?:more )?(?:faces|rows|vectors|pictures|photos|files)\b"
    )
    places = ("session/", "site/shelf", "take_along", "own_columns", "shelf_panel", "models/vectors", "from_below")
    many = {"Mapping {number} faces"}  # 500 and more
    many |= {"(of {count:,} faces, {most} drawn at random)"}  # more than 90
    many |= {f"The file holds {hole} faces; only the first {{most}} were read." for hole in ("{count:,}", "{count}")}
    many |= {"{number} vectors at most can have pictures here, not {count}. Bring fewer."}
    many |= {"{name} holds {count:,} vectors; {most:,} are the most here."}
    many |= {"{file}: {count:,} vectors of {numbers} numbers."}  # two or more
    found = {
        message.id
        for message in template
        if isinstance(message.id, str) and counted.search(message.id)
        if any(place in name for name, _line in message.locations for place in places)
    }
    assert found - many == set()


def test_texts_are_found_in_python_in_modules_and_in_html(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(catalogue, "ROOT", tmp_path)
    monkeypatch.setattr(catalogue, "FOLDER", tmp_path)
    (tmp_path / "a.py").write_text(
        'X = N_("one")\ny = _("two {n}").format(n=2)\nz = ngettext("a face", "{n} faces", 3)\n'
    )
    (tmp_path / "b.mjs").write_text('const html = `<p title="${_("three")}">`;\n_("four {n}", { n: 4 });\n')
    (tmp_path / "c.html").write_text('<p title="five">six <b>seven</b></p><img alt=""><i>12</i>')
    found = {message.id for message in catalogue.extract() if message.id}
    assert found == {"one", "two {n}", ("a face", "{n} faces"), "three", "four {n}", "five", "six", "seven"}


def test_the_browser_gets_the_texts_of_its_modules_and_no_tag_ends_early() -> None:
    assert catalogue.texts_for_modules(SOURCE) == ""
    html = catalogue.texts_for_modules("de")
    inside = html.removeprefix('<script type="application/json" id="facespace-texts">').removesuffix("</script>\n")
    assert "<" not in inside
    known = json.loads(inside)
    assert known["language"] == "de"
    assert known["texts"]["Undo"] == "Rückgängig"
