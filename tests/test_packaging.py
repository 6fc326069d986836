"""`pip install -e .`, for notebooks in other folders: it works without a network and brings five names, no more."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[1]
PACKAGES = ("evaluation", "faces", "facespace", "latent", "models")
OTHERS = ("app", "tests", "benchmarks", "checkpoints", "assets", "train", "build_atlas", "mine")
ASK = """
import importlib.metadata, importlib.util, json, site, sys
site.addsitedir(sys.argv[1])
found = {name: importlib.util.find_spec(name) for name in sys.argv[2:]}
places = {name: spec and spec.origin for name, spec in found.items()}
needs = next(iter(importlib.metadata.distributions(name="facespace", path=[sys.argv[1]]))).requires
print(json.dumps([places, needs]))
"""


def test_an_editable_install_is_known_from_another_folder_and_nothing_else_is(tmp_path):
    clone, target, elsewhere = tmp_path / "clone", tmp_path / "target", tmp_path / "elsewhere"
    for folder in (clone, elsewhere):
        folder.mkdir()
    # Links, since setuptools writes its notes beside pyproject.toml; it follows them.
    for name in (*PACKAGES, "tests", "benchmarks", "assets", "train.py", "build_atlas.py", "README.md"):
        (clone / name).symlink_to(ROOT / name)
    for name in ("pyproject.toml", "requirements.txt", "requirements-notebook.txt"):
        (clone / name).write_bytes((ROOT / name).read_bytes())
    (clone / "mine").mkdir()  # a folder that the owner has put there
    (clone / "mine" / "__init__.py").write_text("")
    pip = [sys.executable, "-m", "pip", "install", "-q", "--disable-pip-version-check", "--no-deps", "--no-index"]
    made = subprocess.run(
        [*pip, "--no-build-isolation", "--target", str(target), "-e", str(clone)],
        capture_output=True,
        text=True,
        check=False,
    )
    assert made.returncode == 0, made.stderr
    asked = [sys.executable, "-c", ASK, str(target), *PACKAGES, *OTHERS]
    answer = subprocess.run(asked, cwd=elsewhere, capture_output=True, text=True, check=True).stdout
    places, needs = json.loads(answer)
    for name in PACKAGES:
        assert Path(places[name]) == ROOT / name / "__init__.py"
    assert [name for name in OTHERS if places[name]] == []
    assert any(need.startswith("torch==") for need in needs)
    assert any(need.startswith("streamlit") for need in needs)
    assert [need for need in needs if need.startswith("anywidget") and need.endswith('extra == "notebook"')]
