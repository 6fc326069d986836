"""docs/deploying.md, followed word by word as far as one machine goes: other ports, and nothing is installed."""

from __future__ import annotations

import http.client
import os
import re
import signal
import socket
import ssl
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

import pytest
import yaml

from app.paths import ROOT
from app.server.class_network import interfaces
from benchmarks.proxy import CADDY, MISSING
from benchmarks.server import free_port
from tests.app.server.store_server import MISSING as NO_STORE
from tests.app.server.store_server import PROGRAM as STORE
from tests.app.server.store_server import store_on
from tests.conftest import PATIENCE

pytestmark = pytest.mark.skipif(os.name == "nt", reason="its commands are for a Unix shell")
MADE = Path(sys.prefix) / ".installed"
ENVIRONMENT = f"{Path(sys.executable).parent}/"


def commands(section: str) -> str:
    """The first fenced block of a section, with this environment instead of the one in .venv."""
    text = (ROOT / "docs" / "deploying.md").read_text(encoding="utf-8")
    found = re.search(r"```\n(.*?)```", text.split(f"\n## {section}\n")[1].split("\n## ")[0], re.S)
    assert found, f"{section} names no command"
    return found[1].replace(".venv/bin/", ENVIRONMENT)


@contextmanager
def followed(lines: str, home: Path, **environment: str) -> Iterator[IO[bytes]]:
    """A shell that runs them, and what it has printed; it and all that it started end afterwards."""
    variables = {"VENV": sys.prefix, "STREAMLIT_SERVER_HEADLESS": "true", "HOME": str(home), **environment}
    with tempfile.TemporaryFile() as said:
        shell = subprocess.Popen(
            ["bash", "-eu", "-c", lines], cwd=ROOT, env={**os.environ, **variables},
            stdout=said, stderr=said, start_new_session=True,
        )  # fmt: skip
        try:
            yield said
        finally:
            os.killpg(shell.pid, signal.SIGTERM)
            shell.wait(PATIENCE)


def answer(port: int, path: str, said: IO[bytes], name: str = "") -> bytes:
    """What a server of this machine answers with status 200, once it does; by https to a name, where one is given."""
    end = time.monotonic() + PATIENCE
    while True:
        try:
            connection = http.client.HTTPConnection("127.0.0.1", port, timeout=PATIENCE)
            if name:
                trusting = ssl.create_default_context()
                trusting.check_hostname, trusting.verify_mode = False, ssl.CERT_NONE  # made by the proxy a moment ago
                plain = socket.create_connection(("127.0.0.1", port), PATIENCE)
                connection.sock = trusting.wrap_socket(plain, server_hostname=name)
            connection.request("GET", path, headers={"Host": name or f"localhost:{port}"})
            found = connection.getresponse()
            if found.status == 200:
                return found.read()
        except (OSError, http.client.HTTPException):
            pass
        assert time.monotonic() < end, f"no answer to {path}: {printed(said)}"
        time.sleep(0.1)


def printed(said: IO[bytes]) -> str:
    said.seek(0)
    return said.read().decode(errors="replace")


@pytest.mark.slow
@pytest.mark.skipif(not MADE.exists(), reason="make did not make this environment")
@pytest.mark.parametrize("section", ["A laptop", "A class"])
def test_one_command_serves_a_laptop_or_a_class(section: str, tmp_path: Path) -> None:
    if section == "A class" and not interfaces():
        pytest.skip("this machine is in no network")
    port = free_port()
    with followed(commands(section), tmp_path, PORT=str(port)) as said:
        assert answer(port, "/_stcore/health", said) == b"ok"
        assert b"<title>" in answer(port, "/", said)
        wanted = f":{port}"
        if section == "A class":
            wanted = f"Join Facespace at http://{interfaces()[0].address}:{port}"
        end = time.monotonic() + PATIENCE
        while wanted not in (words := printed(said)):  # it may answer before it says so
            assert time.monotonic() < end, words
            time.sleep(0.1)
    if section == "A class":
        assert "█" in words or "▄" in words, "no code to scan"


@pytest.mark.slow
@pytest.mark.skipif(CADDY is None, reason=MISSING)
@pytest.mark.skipif(STORE is None, reason=NO_STORE)
def test_a_school_has_two_servers_and_their_store_behind_one_address(tmp_path: Path) -> None:
    one, two, outside = free_port(), free_port(), free_port()
    name = "faces.school.example"
    with store_on(free_port()) as address:
        lines = commands("A school")
        for told, here in (
            ("apt-get install caddy valkey-server", "true"),
            ("redis://localhost:6379/0", address),
            ("8501", str(one)),
            ("8502", str(two)),
            (f"FACESPACE_SITE={name}", f"FACESPACE_SITE={name}:{outside}"),
        ):
            assert told in lines
            lines = lines.replace(told, here)
        servers = f"localhost:{one} localhost:{two}"
        with followed(lines, tmp_path, FACESPACE_SERVERS=servers, FACESPACE_ADMIN="off") as said:
            for port in (one, two):
                assert answer(port, "/_stcore/health", said) == b"ok"
            assert answer(outside, "/_stcore/health", said, name) == b"ok"
            assert b"<title>" in answer(outside, "/", said, name)
            words = printed(said)
    assert "Traceback" not in words


def test_a_public_sites_command_sets_what_the_composition_asks_for() -> None:
    composition = (ROOT / "compose.yaml").read_text(encoding="utf-8")
    asked = set(re.findall(r"\$\{(\w+):\?", composition))
    given = set(re.findall(r"\b(FACESPACE_\w+)=", commands("A public site")))
    assert asked <= given
    assert given <= set(re.findall(r"\$\{(\w+)", composition))
    assert yaml.safe_load(composition)["services"]
