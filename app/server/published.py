"""What the server hands to browsers besides Streamlit's own pages, each under an address with a content hash.

An address never changes its content, so browsers keep it for good and a second visit downloads nothing again.
Streamlit's static folder sends no cache headers and would compress 14 MB anew at each request.
"""

from __future__ import annotations

import hashlib
import time
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

import streamlit as st

from app.paths import COMPONENTS
from app.server.frontend_files import ASSETS, FOR_THE_SITE, SERVED, missing
from app.texts import _

PREFIX = "/facespace"
FROM_A_PAGE = f".{PREFIX}"
"""Addresses are relative to the page, as Streamlit's own are: a proxy may have put any path before them, which this
server never sees."""
FRESH = 1.0
"""For so many seconds the front-end files count as unchanged: a page asks for them dozens of times at once."""


@dataclass(frozen=True)
class Served:
    """One answer: a file, or bytes kept in memory."""

    source: Path | bytes
    stamp: tuple[int, int] | None = None  # of the file when it was published


def publish_bytes(data: bytes | memoryview, name: str) -> str:
    """Serve `data`, for example a raw little-endian array, and return its address, from a page. Idempotent.

    Args:
        data: the content; kept in memory once, however often it is published.
        name: the last part of the address, which says what it is to a reader of the network log.
    """
    content = bytes(data)
    return _publish(_digest(content), name, Served(content))


def publish_file(path: str | Path) -> str:
    """Serve the file as it is now and return its address. Idempotent, and quick while the file is unchanged.

    Raises:
        FileNotFoundError: there is no such file.
    """
    path = Path(path).resolve()
    stamp = _stamp(path)
    return _publish(_file_digest(path, stamp), path.name, Served(path, stamp))


def frontend_base() -> str:
    """The address, from a page, under which `latent_pad/`, `decoding/`, `vendor/` and the like lie."""
    return f"{FROM_A_PAGE}/page/{_frontend()[1]}"


def missing_assets() -> str | None:
    """One sentence that says which front-end files are not there and what to do, or None if all are."""
    if absent := missing():
        words = _(
            "The front-end files are not installed ({file} is missing). Run: python -m app.server.frontend_files."
        )
        return words.format(file=absent[0])
    return None


def find_published(digest: str, name: str) -> Served | None:
    """What was published under an address, or None; also None where the file has changed since."""
    found = _published().get((digest, name))
    if found is not None and isinstance(found.source, Path):
        try:
            return found if _stamp(found.source) == found.stamp else None
        except OSError:
            return None
    return found


def find_page_file(digest: str, name: str) -> Path | None:
    """A front-end file by its path below `frontend_base()`, or None; also None for another version's address."""
    files, current = _frontend()
    return files.get(name) if digest == current else None


def page_files() -> Mapping[str, Path]:
    """Every front-end file: path below `frontend_base()` -> file. Nothing else can be asked for."""
    return _frontend()[0]


def _frontend() -> tuple[Mapping[str, Path], str]:
    """The front-end files, and a digest of all of them."""
    return _look(int(time.monotonic() / FRESH))


@lru_cache(maxsize=1)
def _look(moment: int) -> tuple[Mapping[str, Path], str]:
    own = {p.relative_to(COMPONENTS).as_posix(): p for p in COMPONENTS.rglob("*") if p.suffix in {".mjs", ".css"}}
    fetched = {f"vendor/{name}": ASSETS / name for name in (*SERVED, *FOR_THE_SITE) if (ASSETS / name).is_file()}
    files = own | fetched
    return files, _digest_of_all(tuple((name, path, _stamp(path)) for name, path in sorted(files.items())))


@lru_cache(maxsize=1)
def _digest_of_all(stamped: tuple[tuple[str, Path, tuple[int, int]], ...]) -> str:
    return _digest(*(part for name, path, stamp in stamped for part in (name, _file_digest(path, stamp))))


@st.cache_resource(show_spinner=False)
def _published() -> dict[tuple[str, str], Served]:
    """By digest and name. A Streamlit resource: after an edit of any module Streamlit imports this one anew."""
    return {}


def _publish(digest: str, name: str, served: Served) -> str:
    _published()[digest, name] = served  # one dict write: atomic in Python, so no lock
    return f"{FROM_A_PAGE}/data/{digest}/{name}"


def route_root() -> str:
    """The path under which everything of ours is served, with the base path that Streamlit was started with."""
    base = str(st.get_option("server.baseUrlPath") or "").strip("/")
    return f"/{base}{PREFIX}" if base else PREFIX


def _stamp(path: Path) -> tuple[int, int]:
    status = path.stat()
    return status.st_mtime_ns, status.st_size


@lru_cache(maxsize=256)
def _file_digest(path: Path, stamp: tuple[int, int]) -> str:
    return _digest(path.read_bytes())


def _digest(*parts: Any) -> str:
    sha = hashlib.sha256()
    for part in parts:
        sha.update(part.encode() if isinstance(part, str) else part)
    return sha.hexdigest()[:20]
