"""The app's modules for a page without a server of ours."""

from __future__ import annotations

import json
import re

import pytest

from app.drawing.theme import theme_colours
from facespace.widgets import front_end


@pytest.mark.parametrize("entry", ["latent_pad/latent_pad.mjs", "atlas_map/atlas_map.mjs"])
def test_every_module_stands_behind_those_that_it_needs(entry):
    before = {f"vendor/{name}" for name in front_end.RUNTIME}
    for name, text in json.loads(front_end.linked(entry)):
        needed = set(re.findall(r"facespace:([\w./-]+)", text)) - {"vendor/xz-decompress.mjs"}  # for packed files alone
        assert needed <= before, name
        assert not re.search(r"^(import|export).*[\"']\.{1,2}/", text, re.MULTILINE), name
        assert "import.meta.url" not in text, name
        before.add(name)
    assert entry == name
    assert "decoding/decoding_worker.mjs" in before


def test_the_colours_are_the_apps():
    for theme in front_end.THEMES:
        assert front_end.themes()[theme] == theme_colours(theme)


def test_libraries_that_were_not_fetched_are_named_with_the_remedy(tmp_path, monkeypatch):
    monkeypatch.setattr(front_end, "FETCHED", tmp_path)
    with pytest.raises(OSError, match=r"plotly-gl2d\.min\.js is missing.*python -m app\.server\.frontend_files"):
        front_end.fetched.__wrapped__("plotly-gl2d.min.js")


def test_modules_in_a_circle_are_named(tmp_path, monkeypatch):
    monkeypatch.setattr(front_end, "COMPONENTS", tmp_path)
    (tmp_path / "a.mjs").write_text('import "./b.mjs";')
    (tmp_path / "b.mjs").write_text('import "./a.mjs";')
    with pytest.raises(front_end.FrontEndError, match=r"a\.mjs -> b\.mjs -> a\.mjs"):
        front_end.linked.__wrapped__("a.mjs")
