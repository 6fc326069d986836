"""A model from elsewhere has no layers, no loss and no gradients to teach with: the lesson says so and does without."""

from dataclasses import replace

import pytest
from streamlit.testing.v1 import AppTest

from app.views.lesson import page as lesson
from app.views.lesson.contents import CHAPTERS
from models.config import ForeignConfig
from tests.app.small_models import small_files
from tests.conftest import PATIENCE

pytestmark = pytest.mark.usefixtures("tiny_models")


@pytest.mark.parametrize("key", [chapter.key for chapter in CHAPTERS])
def test_each_chapter_names_what_it_leaves_out_and_works(pair, monkeypatch, key):
    config = ForeignConfig("vae", 64, 6, spread="logvar")
    with_brought = {"theirs": replace(pair["vae"], files=small_files("theirs", config)), **pair}
    monkeypatch.setattr(lesson, "open_all", lambda: (with_brought, []))
    page = AppTest.from_string("from app.views.lesson import page\npage.render()\n", default_timeout=PATIENCE)
    page.query_params["chapter"] = key
    page.run()
    assert not page.exception
    assert any("Not shown here: theirs" in caption.value for caption in page.caption)
