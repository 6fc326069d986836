"""The list of licences is that of what is installed and locked, and whatever is served is in it."""

from __future__ import annotations

from app.server.frontend_files import FROM_NPM, LICENCES, PLOTLY, SERVED
from app.server.licences import FILE, text


def test_the_file_is_fresh() -> None:
    assert FILE.read_text(encoding="utf-8") == text(), "Run: python -m app.server.licences"


def test_every_served_file_is_named_and_every_row_has_a_licence() -> None:
    said = text()
    assert set(SERVED) == {*FROM_NPM, PLOTLY, *LICENCES}  # another one needs a row of its own
    rows = [row.split(" | ") for row in said.splitlines() if row.startswith("| ")][2:]
    assert {"plotly.js-gl2d-dist-min", "onnxruntime-web"} <= {row[0].removeprefix("| ") for row in rows}
    assert all(row[2] for row in rows)
