"""Each line of the threat model names the test that tries it."""

from __future__ import annotations

import ast
import re
from pathlib import Path

from app.paths import ROOT

MODEL = ROOT / "docs" / "threat-model.md"
NAMED = re.compile(r"`(tests/[\w/]+\.py)::(test_\w+)`")


def lines() -> list[str]:
    rows = [line for line in MODEL.read_text(encoding="utf-8").splitlines() if line.startswith("|")]
    return rows[2:]  # without the head


def functions_in(path: Path) -> set[str]:
    return {node.name for node in ast.parse(path.read_text(encoding="utf-8")).body if isinstance(node, ast.FunctionDef)}


def test_every_line_names_a_test_that_is_there() -> None:
    assert len(lines()) > 20
    for line in lines():
        named = NAMED.search(line.rsplit("|", 2)[1])
        assert named, f"no test: {line}"
        path = ROOT / named[1]
        assert path.is_file(), f"no such file: {line}"
        assert named[2] in functions_in(path), f"no such test: {line}"
