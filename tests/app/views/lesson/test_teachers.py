"""What teachers take along: plans, the worksheet with its answers, and the speaker's notes."""

import pytest
from streamlit.testing.v1 import AppTest

from app.views.lesson.contents import CHAPTERS
from app.views.lesson.guide import GUIDES
from app.views.lesson.plans import PLANS, WHOLE
from tests.app.views.lesson.test_contents import chapter, texts
from tests.conftest import PATIENCE

pytestmark = pytest.mark.usefixtures("tiny_models")
KEYS = [one.key for one in CHAPTERS]


def test_each_chapter_has_its_guide_and_each_plan_keeps_its_time():
    assert set(GUIDES) == set(KEYS)
    assert all(guide.goals and guide.notes for guide in GUIDES.values())
    for minutes in ("20", "60"):
        plan = PLANS[minutes]
        assert list(plan.chapters) == [key for key in KEYS if key in plan.chapters]
        assert 0.8 * int(minutes) < plan.minutes <= int(minutes)
    assert PLANS[WHOLE].chapters == tuple(KEYS)


def test_next_follows_the_plan_and_the_address_keeps_it():
    page = chapter("autoencoder", plan="20")
    for key in PLANS["20"].chapters[1:]:
        next(button for button in page.button if button.label == "Next").click().run()
        assert not page.exception
        assert page.query_params["chapter"] == key
        assert page.query_params["plan"] == "20"
    assert next(button for button in page.button if button.label == "Next").disabled
    assert not [button for button in page.button if button.label.startswith("Next: ")]
    page = chapter("dataset", plan="20")  # which is not in it: its neighbours are
    next(button for button in page.button if button.label == "Back").click().run()
    assert page.query_params["chapter"] == "autoencoder"
    assert chapter("dataset", plan="nonsense").session_state["lesson_plan"] == WHOLE


def test_a_chapter_says_how_long_it_takes_and_what_it_is_for():
    said = texts(chapter("onward"))
    assert f"About {GUIDES['onward'].minutes} minutes." in said
    assert GUIDES["onward"].goals[0] in said


def sheet(**params: str) -> AppTest:
    page = AppTest.from_string("from app.views.lesson import page\npage.render()\n", default_timeout=PATIENCE)
    for name, value in params.items():
        page.query_params[name] = value
    page.run()
    assert not page.exception
    return page


def test_the_worksheet_asks_every_question_and_gives_nothing_away_while_the_answers_stand_apart():
    asked, answered = sheet(sheet="questions"), sheet(sheet="answers")
    expected = [f"{number}. {one.title}" for number, one in enumerate(CHAPTERS, 1)]
    assert [heading.value for heading in asked.header] == expected
    assert [heading.value for heading in answered.header] == expected
    assert texts(asked).count("\N{BALLOT BOX}") >= 3 * len(expected)
    assert "Over 20,000 draws" not in texts(asked)
    assert "On 20,000 draws the variances are" in texts(answered)
    assert "\N{BALLOT BOX}" not in texts(answered)
    short = sheet(sheet="questions", plan="20")
    assert len(short.header) == len(PLANS["20"].chapters)


def test_the_speaker_s_notes_show_the_chapter_of_the_address_with_the_answer_and_lead_on():
    page = sheet(chapter="generating", notes="1")
    assert page.title[0].value == "5. Generating images"
    said = texts(page)
    assert all(note in said for note in GUIDES["generating"].notes)
    assert "**The question.**" in said
    next(button for button in page.button if button.label.startswith("Next: ")).click().run()
    assert page.title[0].value == "6. VAEs to the rescue"
    assert page.query_params["notes"] == "1"
