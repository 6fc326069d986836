from __future__ import annotations

import json
import re
import shutil
import threading
from pathlib import Path
from typing import Any

import pytest
from starlette.applications import Starlette
from starlette.responses import HTMLResponse, JSONResponse
from starlette.routing import Route

from app import paths
from app.drawing.page_styles import EVERYWHERE
from app.early_pad import first_pad, page_head
from app.server import published
from app.streamlit_internals.element_code import FOLDER
from app.streamlit_internals.page_html import PAGE as PAGE_FILE
from models.checkpoints import save_checkpoint
from models.onnx.export_decoder import ensure_decoder
from tests.conftest import run_alone, tiny_network

PAGE = "<!DOCTYPE html><html><head><title>Streamlit</title></head><body></body></html>"
PAGE_WITH_STYLE = PAGE.replace("<body>", f"<body>{EVERYWHERE}")


@pytest.fixture
def shelf(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An app with an AE and a VAE whose decoders are there."""
    for kind in ("ae", "vae"):
        save_checkpoint(tiny_network(kind), tmp_path / "checkpoints" / kind, {})
        ensure_decoder(tmp_path / "checkpoints" / kind)
    monkeypatch.setattr(paths, "ROOT", tmp_path)
    monkeypatch.delenv("FACESPACE_CHECKPOINTS", raising=False)
    monkeypatch.setattr(page_head, "missing_assets", lambda: None)
    return tmp_path / "checkpoints"


def get(path: str, accept: str = "text/html,*/*", query: str = "") -> tuple[int, dict[str, str], str]:
    """The answer to a browser that has an older copy of the page and takes gzip."""
    app = Starlette(
        routes=[
            Route("/", lambda request: HTMLResponse(PAGE, headers={"ETag": '"1"', "Cache-Control": "no-cache"})),
            Route("/lesson", lambda request: HTMLResponse(PAGE)),
            Route("/your-face", lambda request: HTMLResponse(PAGE)),
            Route("/data", lambda request: JSONResponse(sorted(request.headers.keys()))),
        ]
    )
    sent: list[dict[str, Any]] = []
    headers = {"accept": accept, "accept-encoding": "gzip", "if-none-match": '"1"'}
    scope = {
        "type": "http", "method": "GET", "path": path, "raw_path": path.encode(), "query_string": query.encode(),
        "root_path": "", "headers": [(name.encode(), value.encode()) for name, value in headers.items()],
    }  # fmt: skip

    async def receive() -> dict[str, Any]:
        return {"type": "http.request"}

    async def send(message: Any) -> None:
        sent.append(message)

    run_alone(page_head.HeadTags(app)(scope, receive, send))
    names = {name.decode(): value.decode() for name, value in sent[0]["headers"]}
    return sent[0]["status"], names, b"".join(message.get("body", b"") for message in sent[1:]).decode()


def known(html: str) -> dict[str, Any]:
    found = re.search(r'<script type="application/json" id="facespace-page-head">(.*?)</script>', html)
    assert found
    return json.loads(found[1])


def test_a_page_names_the_decoder_and_is_otherwise_as_it_was(shelf: Path) -> None:
    status, headers, html = get("/")
    assert status == 200
    assert int(headers["content-length"]) == len(html.encode())
    assert "etag" not in headers  # it changes with our files, which Streamlit's tag knows nothing of
    assert headers["cache-control"] == "no-cache"
    preloads = r'\n<link rel="modulepreload" href="\./(?:facespace|static/js)/[^>]*>'
    scripts = r'<script type="(?:application/json"|module" async).*?</script>\n'
    history = r'\n<script type="module" src="[^"]*/page/history.mjs"></script>'
    assert re.sub(f"{preloads}|{scripts}|{history}", "", html) == PAGE_WITH_STYLE
    assert html.index("modulepreload") < html.index("<title>")  # before the sixty files that Streamlit names
    _, digest, name = known(html)["decoder"].rsplit("/", 2)
    assert published.find_published(digest, name).source == (shelf / "vae" / "decoder.onnx").resolve()


def test_a_page_preloads_what_it_alone_needs(shelf: Path) -> None:
    marks = "/face_marks/face_marks.mjs"
    assert [marks in get(path)[2] for path in ("/your-face", "/", "/lesson")] == [True, False, False]


def test_a_page_whose_map_comes_later_names_plotly(shelf: Path) -> None:
    assert known(get("/lesson")[2])["plotly"].endswith("/vendor/plotly.min.js")
    assert known(get("/your-face")[2])["plotly"] is None


def test_each_address_in_a_page_is_one_that_is_served(shelf: Path) -> None:
    html = get("/")[2]
    for address in [*re.findall(r'(?:href|src)="([^"]+)"', html), known(html)["decoder"]]:
        if address.startswith(FOLDER):  # Streamlit's own
            assert (PAGE_FILE.parent / address).is_file()
            continue
        _, route, digest, name = address.removeprefix("./").split("/", 3)
        assert route in ("page", "data")
        if route == "data":
            assert published.find_published(digest, name)
        elif not name.startswith("vendor/"):  # those that npm brings may not be there
            assert published.find_page_file(digest, name)


def test_a_link_opens_the_decoder_of_its_model(shelf: Path) -> None:
    assert known(get("/", query="model=ae")[2])["decoder"] != known(get("/")[2])["decoder"]
    assert known(get("/", query="model=%3Cnonsense")[2]) == known(get("/")[2])


def test_what_is_no_page_passes_untouched(shelf: Path) -> None:
    _, _, body = get("/data", accept="*/*")
    assert {"accept-encoding", "if-none-match"} <= set(json.loads(body))
    assert get("/", accept="*/*")[2] == PAGE


def test_without_decoder_checkpoint_or_assets_the_page_still_comes(
    shelf: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (shelf / "vae" / "decoder.onnx").unlink()
    assert known(get("/")[2])["decoder"] is None
    shutil.rmtree(shelf)
    assert known(get("/")[2])["decoder"] is None
    monkeypatch.setattr(page_head, "_decoder", lambda model: 1 / 0)
    assert get("/")[2] == PAGE_WITH_STYLE
    monkeypatch.setattr(page_head, "missing_assets", lambda: "The front-end files are not installed.")
    assert get("/")[2] == PAGE_WITH_STYLE


def test_the_first_page_carries_its_pad_once_the_checkpoints_are_open(
    shelf: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[dict[str, str]] = []
    monkeypatch.setattr(first_pad, "first_pad", lambda params: asked.append(params) or {"weights": "</script>"})
    monkeypatch.setattr(page_head, "checkpoints_open", threading.Event())
    assert known(get("/")[2])["pad"] is None
    page_head.checkpoints_open.set()
    html = get("/", query="model=vae&w=")[2]
    assert known(html)["pad"] == {"weights": "</script>"}  # text cannot end the script that holds it
    assert asked == [{"model": "vae", "w": ""}]
    template = html[html.index("<template") : html.index("</template>")]
    assert "#fbfaf7" in template  # the theme's background, which Streamlit's own style will give
    assert 'class="pad"' in template
    assert known(get("/lesson")[2])["pad"] is None
