"""A chapter on two tiny models as a page of files: what it draws is there, and its controls show something."""

from __future__ import annotations

import base64
import re
from typing import Any

import pytest

from app.checkpoints.opening import OpenModel
from app.static_site.lesson import walk
from app.static_site.lesson.elements import Elements
from app.static_site.lesson.parts import Part, covered, numbered
from app.static_site.lesson.states import groups
from app.views.lesson.contents import CHAPTERS, Chapter
from tests.app.views.lesson.conftest import family, family_folder, pair, tiny_models

__all__ = ["family", "family_folder", "pair", "tiny_models"]
QUICK = "dataset"
EACH = [chapter for chapter in CHAPTERS if chapter.key == QUICK]


@pytest.mark.usefixtures("tiny_models", "family")
@pytest.mark.parametrize("chapter", EACH)
def test_a_chapter_is_drawn_as_html_and_covers_what_its_question_asks(
    chapter: Chapter, pair: dict[str, OpenModel], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(walk, "open_all", lambda: (pair, []))
    elements = Elements(lambda name, message: message)

    def drawn(settings: dict[str, Any], settled: bool = True) -> Part:
        return elements.block(walk.run(chapter.key, "vae", settings, settled))

    begin = numbered(drawn({}))
    page = covered(drawn({}, settled=False), begin).html
    assert 'class="question"' in page
    assert page.count("data-verdict=") >= 2
    assert "Start training" not in page
    controls = [part.control for part in begin.controls() if part.control is not None]
    if chapter.key == QUICK:
        assert 'data-when="covered" hidden' in page
        saved = re.search(r'download="(facespace-[^"]+\.csv)" href="data:text/csv;base64,([^"]+)"', page)
        assert saved
        assert base64.b64decode(saved[2]).startswith(b"Attribute,")
        assert [len(group.states) for group in groups(begin, drawn)] == [3, 1]
        assert [control.kind for control in controls] == ["seed", "choice"]
