"""How a class is told to join: nothing of it is untranslated."""

import pytest
from streamlit.testing.v1 import AppTest

from app.controls import join_class
from tests.app.texts.pseudo import pseudo, untranslated
from tests.conftest import PATIENCE

__all__ = ["pseudo"]


@pytest.mark.usefixtures("pseudo")
@pytest.mark.parametrize("hosts", [[], ["192.168.1.20", "10.0.0.2"]], ids=["no network", "two addresses"])
def test_nothing_of_the_poster_is_untranslated(monkeypatch: pytest.MonkeyPatch, hosts: list[str]) -> None:
    monkeypatch.setattr(join_class.class_network, "is_open", lambda: True)
    monkeypatch.setattr(join_class.class_network, "hosts", lambda: hosts)
    script = "from app.controls.join_class import draw_join\ndraw_join('lesson')\n"
    page = AppTest.from_string(script, default_timeout=PATIENCE).run()
    page.button[0].click().run()
    assert not page.exception
    assert page.warning if not hosts else page.selectbox
    assert untranslated(page, ["http", "lesson"]) == []
