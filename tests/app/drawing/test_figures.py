import json

import pytest
from streamlit.testing.v1 import AppTest

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
