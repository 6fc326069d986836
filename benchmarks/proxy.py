"""The real proxy with the configuration that is shipped, before servers of this machine."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from benchmarks.server import ROOT, Server

CADDY = shutil.which("caddy")
MISSING = "Caddy is not here: apt-get install caddy (.ci/run does)"


@contextmanager
def proxy(home: Path, site: str, servers: Sequence[Server], tls: str = "") -> Iterator[None]:
    """Caddy, which answers some moments later.

    Args:
        home: a folder for what it keeps.
        site: the address under which it is found, such as http://localhost:8080.
        servers: that it hands visitors on to.
        tls: how the certificate is made, as in the file.

    Raises:
        FileNotFoundError: Caddy is not installed.
    """
    if CADDY is None:
        raise FileNotFoundError(MISSING)
    variables = {
        "FACESPACE_SITE": site,
        "FACESPACE_SERVERS": " ".join(server.url.removeprefix("http://") for server in servers),
        "FACESPACE_TLS": tls,
        "FACESPACE_ADMIN": "off",
        "HOME": str(home),
        "XDG_DATA_HOME": str(home),
        "XDG_CONFIG_HOME": str(home),
    }
    process = subprocess.Popen(
        [CADDY, "run", "--config", str(ROOT / "deploy" / "Caddyfile")],
        env={**os.environ, **variables},
        stderr=subprocess.DEVNULL,
    )
    try:
        yield
    finally:
        process.terminate()
        process.wait(60)
