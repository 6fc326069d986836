"""The notebooks in `examples/`, run from their first cell to the last, and what each has found."""

from __future__ import annotations

import importlib.util
from pathlib import Path
from typing import Any

import numpy as np
import pytest

EXAMPLES = Path(__file__).parents[1] / "examples"


def run(name: str) -> dict[str, Any]:
    """All that a notebook's cells have defined."""
    spec = importlib.util.spec_from_file_location(name, EXAMPLES / f"{name}.py")
    notebook = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(notebook)
    return notebook.app.run()[1]


CHECKS = {
    "encode_your_folder": lambda found: len(found["codes"]) == 24 and not found["codes"].left_out,
    "find_a_direction": lambda found: (
        found["model"].direction("Wearing_Hat").vector @ found["found"].vector > 0 and len(found["unnamed"]) == 6
    ),
    "measure_leakage": lambda found: found["leaks"]["the others held still"] < found["leaks"]["each alone"],
    "train_a_prior": lambda found: abs(found["usual"]["learned"] - 50) < abs(found["usual"]["standard"] - 50),
    "compare_two_betas": lambda found: (
        found["kept"]["beta-0.1"] > found["kept"]["beta-10"]
        and np.mean(found["errors"].first) < np.mean(found["errors"].second)
    ),
    "figure_for_a_paper": lambda found: found["files"][0].read_bytes().startswith(b"%PDF"),
}


def test_every_notebook_is_run():
    assert {path.stem for path in EXAMPLES.glob("*.py")} == CHECKS.keys()


@pytest.mark.slow
@pytest.mark.parametrize("name", CHECKS)
def test_a_notebook_runs_to_its_end_and_finds_what_it_says(name):
    found = run(name)
    assert CHECKS[name](found), found
