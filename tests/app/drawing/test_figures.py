import ast
import json

import pytest
from streamlit.testing.v1 import AppTest

from app.paths import COMPONENTS
from tests.conftest import PATIENCE


@pytest.mark.parametrize("page", ["generate", "edit", "models"])
def test_every_chart_of_a_page_can_be_saved_as_a_drawing(page):
    script = f"from app.views.{page}{'' if page == 'generate' else '.page'} import render\nrender()"
    shown = AppTest.from_string(script, default_timeout=PATIENCE).run()
    assert not shown.exception
    charts = shown.get("plotly_chart")
    assert charts
    for chart in charts:
        told = json.loads(chart.proto.config)
        assert told["modeBarButtons"] == [["toImage"]]
        assert told["toImageButtonOptions"]["format"] == "svg"
        assert told.get("displayModeBar", True)


def test_every_chart_stands_on_the_common_ground():
    """Else Plotly writes 21.5 for a German, and on a phone a dark patch behind the tool that saves it."""
    makers = {"_layout", "_plain", "ground", "figures.ground"}
    without = [
        f"{path.name}: {function.name}"
        for path in COMPONENTS.parent.rglob("*.py")
        for function in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(function, ast.FunctionDef)
        if (called := {ast.unparse(one.func) for one in ast.walk(function) if isinstance(one, ast.Call)})
        if called & {"go.Figure", "make_subplots"} and not called & makers
    ]
    assert without == []


@pytest.mark.parametrize("page", ["generate", "edit", "models"])
def test_charts_of_a_german_page_have_a_decimal_comma(page):
    script = f"from app.views.{page}{'' if page == 'generate' else '.page'} import render\nrender()"
    shown = AppTest.from_string(script, default_timeout=PATIENCE)
    shown.session_state["language"] = "de"
    charts = shown.run().get("plotly_chart")
    assert charts
    for chart in charts:
        assert json.loads(chart.proto.spec)["layout"]["separators"] == ",."
