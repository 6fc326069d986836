"""What controls show, worked out for each setting."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from app.paths import COMPONENTS
from app.server import frontend_files as frontend
from app.static_site.lesson.control import Control
from app.static_site.lesson.parts import Part, leaf, numbered
from app.static_site.lesson.states import groups


def control(key: str, count: int) -> Part:
    said = tuple(map(str, range(count)))
    return Part("<div>", control=Control(key, "slider", key, said, tuple(range(count)), 0, ""))


def drawn(settings: Mapping[str, Any]) -> Part:
    """Two controls that change one text, a third with one of its own, and a fourth that comes with its value 1."""
    size, colour, seed = (settings.get(key, 0) for key in ("size", "colour", "seed"))
    own = leaf(f"seed {seed} {settings.get('more', 0)}")
    parts = [control("size", 3), control("colour", 2), leaf(f"{size} {colour}"), control("seed", 2)]
    return Part("<div>", children=(*parts, Part("<div>", children=(own, *([control("more", 2)] if seed else [])))))


def test_controls_that_change_the_same_are_worked_out_together_and_others_apart() -> None:
    both, alone = groups(numbered(drawn({})), drawn)
    assert list(both.controls) == ["size", "colour"]
    assert len(both.states) == 3 * 2 - 1
    assert both.places == {"0.2"}
    setting = (("size", 2), ("colour", 1))
    assert both.states[setting]["0.2"].html == '<div data-at="0.2" class="stElementContainer">2 1</div>'
    assert list(alone.controls) == ["seed", "more"]
    assert set(alone.states) == {(("seed", 1),), (("seed", 1), ("more", 1))}


SETTINGS = """
const { nameOf, settingFor } = await import(process.argv[1]);
const group = JSON.parse(process.argv[2]);
const at = (places, moved) => settingFor(group, new Map(Object.entries(places)), moved).name;
console.log(JSON.stringify([
  nameOf(group.controls, new Map([["colour", 1], ["size", 0], ["strange", 1]])),
  at({ size: 2, colour: 1 }, "size"),
  at({ size: 0, colour: 0 }, "size"),
  at({ seed: 1, more: 1 }, "more"),
]));
"""


def test_the_browser_finds_the_setting_and_moves_others_back_where_there_is_none() -> None:
    both = groups(numbered(drawn({})), drawn)[0].facts({"0.2": leaf("0 0")})
    both["states"].pop("size=2;colour=1")
    address = (COMPONENTS / "site" / "lesson_states.mjs").resolve().as_uri()
    node = str(Path(frontend.node_folder()) / "node")
    command = [node, "--input-type=module", "--eval", SETTINGS, address, json.dumps(both)]
    said = subprocess.run(command, capture_output=True, text=True, check=True, timeout=120).stdout
    assert json.loads(said) == ["colour=1", "size=2", "", ""]
