"""What `make install` works out, so that the first visitors of pages and chapters wait for nothing that takes torch."""

import os
import subprocess
import sys

import pytest

from app.paths import ROOT

DRAW_AGAIN = "import sys; from app.beforehand import draw_all; draw_all(); print('torch' in sys.modules)"


@pytest.mark.slow
def test_no_page_and_no_chapter_asks_for_torch_once_all_is_worked_out() -> None:
    def run(*command: str) -> str:
        environment = {**os.environ, "FACESPACE_CHECKPOINTS": "", "FACESPACE_CELEBA": ""}
        done = subprocess.run(
            [sys.executable, *command], env=environment, cwd=ROOT, capture_output=True, text=True, check=True
        )
        return done.stdout.strip()

    assert run("-m", "app.beforehand").startswith("What first visitors would wait for is worked out")
    there = {path: path.stat().st_mtime_ns for path in (ROOT / "checkpoints").rglob("beforehand/*.npz")}
    assert {path.name.rpartition("-")[0] for path in there} >= {
        "axes", "posterior", "components", "layers", "maps", "found", "critic", "critics",
    }  # fmt: skip
    assert run("-c", DRAW_AGAIN) == "False"
    assert {path: path.stat().st_mtime_ns for path in (ROOT / "checkpoints").rglob("beforehand/*.npz")} == there
