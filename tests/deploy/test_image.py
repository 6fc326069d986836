"""The container's files: read as their programs read them, and its steps followed without one."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import time
import urllib.request
from fnmatch import fnmatch
from pathlib import Path

import pytest
import yaml

from app.paths import ROOT
from app.server.frontend_files import ASSETS
from benchmarks.server import free_port
from tests.conftest import PATIENCE

CONTAINERFILE = ROOT / "Containerfile"
NOBODY = 65534


def instructions() -> list[tuple[str, str]]:
    """Each instruction and its words, continued lines joined."""
    lines = [line for line in CONTAINERFILE.read_text(encoding="utf-8").splitlines() if not line.startswith("#")]
    joined = re.sub(r"\\\n\s*", "", "\n".join(lines))
    return [(name, words) for name, _, words in (line.partition(" ") for line in joined.splitlines() if line)]


def left_out(name: str) -> bool:
    patterns = (ROOT / ".containerignore").read_text(encoding="utf-8").split()
    return any(fnmatch(name, pattern) or name.startswith(f"{pattern}/") for pattern in patterns)


def test_the_image_runs_as_a_plain_user_is_asked_for_its_health_and_names_its_versions() -> None:
    found = instructions()
    last = [name for name, _ in found]
    assert set(last) <= {
        "FROM", "ARG", "WORKDIR", "COPY", "RUN", "ENV", "USER", "EXPOSE", "STOPSIGNAL", "HEALTHCHECK", "CMD",
    }  # fmt: skip
    assert dict(found)["USER"] == "10001"
    assert last.index("HEALTHCHECK") > last.index("USER")
    for name, words in found:
        if name == "FROM":
            assert re.match(r"[\w./-]+:[\w.-]+", words), f"{words} names no version"
            assert ":latest" not in words
        if name == "RUN" and "apt-get install" in words:
            assert "--no-install-recommends" in words
            assert "rm -rf /var/lib/apt/lists/*" in words


def test_its_command_starts_the_door_and_what_it_copies_is_there() -> None:
    found = dict(instructions())
    assert "streamlit_app.py" in found["CMD"]
    for needed in (
        "streamlit_app.py",
        "app/main.py",
        ".streamlit/config.toml",
        "frontend/package-lock.json",
        "assets/icon.svg",
    ):
        assert (ROOT / needed).is_file()
        assert not left_out(needed)
    for heavy in (".git/config", ".venv/bin/python", "tests/conftest.py"):
        assert left_out(heavy)


def test_it_makes_beforehand_what_make_install_makes() -> None:
    """What it leaves out, the first visitor of each server waits for."""
    made = {words for name, words in instructions() if name == "RUN"}
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    needed = set(
        re.findall(r"^\t@?\$\(BIN\)/python -m (models\.onnx\.\w+|app\.server\.frontend_files)", makefile, re.M)
    )
    assert {"models.onnx.export_decoder", "models.onnx.export_blend", "app.server.frontend_files"} <= needed
    for module in needed:
        assert any(f"python -m {module}" in words for words in made), f"the image is made without {module}"


def test_the_servers_of_the_composition_are_shut_in() -> None:
    composition = yaml.safe_load((ROOT / "compose.yaml").read_text(encoding="utf-8"))
    services = composition["services"]
    names = services["proxy"]["environment"]["FACESPACE_SERVERS"].split()
    servers = [services[name.removesuffix(":8501")] for name in names]
    assert [name.removesuffix(":8501") for name in names] == [one for one in services if one not in ("proxy", "store")]
    assert [name for name, network in composition["networks"].items() if network] == ["inside"]
    assert composition["networks"]["inside"]["internal"] is True
    assert services["store"]["networks"] == ["inside"]
    assert "ports" not in services["store"]
    for server in servers:
        assert server["networks"] == ["inside"]
        assert server["environment"]["FACESPACE_CLASS_STORE"] == "redis://store:6379/0"
    for server in (*servers, services["store"]):
        assert server["read_only"] is True
        assert server["cap_drop"] == ["ALL"]
        assert server["security_opt"] == ["no-new-privileges:true"]
    for server in servers:
        assert ":?" in server["environment"]["FACESPACE_OWNER_CODE"]  # nobody starts it without a code


@pytest.mark.slow
def test_it_starts_as_a_plain_user_and_writes_nothing_beside_itself(tmp_path: Path) -> None:
    """The steps of the Containerfile with this environment's packages: copy, front-end files, start.

    As another user where root runs the tests with a Python that others may run.
    """
    place = tmp_path / "facespace"
    tracked = subprocess.run(["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=True).stdout.split(
        "\n"
    )
    for name in filter(None, tracked):
        if not left_out(name):
            (place / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(ROOT / name, place / name)
    shutil.copytree(ASSETS, place / "frontend" / "served")
    for folder in (tmp_path, *tmp_path.parents):
        if folder.stat().st_uid == 0 and not folder.stat().st_mode & 0o005:
            folder.chmod(0o755)
    scratch = tmp_path / "scratch"
    scratch.mkdir(mode=0o777)
    scratch.chmod(0o777)
    python = [*Path(sys.executable).resolve().parents, *Path(sys.prefix).resolve().parents]
    reachable = all(folder.stat().st_mode & 0o005 == 0o005 for folder in python)
    other = NOBODY if os.geteuid() == 0 and reachable else None
    before = sorted(path for path in place.rglob("*"))
    port = free_port()
    words = dict(instructions())["CMD"]
    program = [word for word in re.findall(r'"([^"]+)"', words) if not word.startswith("--server.port")]
    process = subprocess.Popen(
        [sys.executable, "-m", *program, f"--server.port={port}"],
        cwd=place, user=other, group=other, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
        env={**os.environ, "HOME": str(scratch), "FACESPACE_CACHE": str(scratch), "PYTHONDONTWRITEBYTECODE": "1"},
    )  # fmt: skip
    try:
        end = time.monotonic() + PATIENCE
        while not healthy(port):
            assert process.poll() is None, "it ended by itself"
            assert time.monotonic() < end
            time.sleep(0.1)
    finally:
        process.terminate()
        process.wait(PATIENCE)
    assert sorted(path for path in place.rglob("*")) == before


def healthy(port: int) -> bool:
    try:
        with urllib.request.urlopen(f"http://localhost:{port}/_stcore/health", timeout=4) as answer:
            return bool(answer.status == 200)
    except OSError:
        return False
