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
from app.streamlit_internals.pings import PINGS
from models.checkpoints import save_checkpoint
from models.onnx.export_decoder import ensure_decoder
from tests.conftest import run_alone, tiny_network

PAGE = "<!DOCTYPE html><html><head><title>Streamlit</title></head><body></body></html>"
PAGE_WITH_STYLE = PAGE.replace("<body>", f"<body>{EVERYWHERE}")


PAGES = ("edit", "generate", "lesson", "models", "morph", "your-face")


@pytest.fixture
def shelf(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An app with an AE and a VAE whose decoders are there."""
    for kind in ("ae", "vae"):
        save_checkpoint(tiny_network(kind), tmp_path / "checkpoints" / kind, {})
        ensure_decoder(tmp_path / "checkpoints" / kind)
    monkeypatch.setattr(paths, "ROOT", tmp_path)
    monkeypatch.delenv("FACESPACE_CHECKPOINTS", raising=False)
    monkeypatch.setattr(page_head, "missing_assets", lambda: None)
    monkeypatch.setattr(page_head, "OPENING", 0)
    return tmp_path / "checkpoints"


def get(path: str, accept: str = "text/html,*/*", query: str = "") -> tuple[int, dict[str, str], str]:
    """The answer to a browser that has an older copy of the page and takes gzip."""
    app = Starlette(
        routes=[
            Route("/", lambda request: HTMLResponse(PAGE, headers={"ETag": '"1"', "Cache-Control": "no-cache"})),
            *(Route(f"/{page}", lambda request: HTMLResponse(PAGE)) for page in PAGES),
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
    addresses = r'href="\./(?:facespace|static/js|_stcore)/[^>]*>'
    preloads = rf'\n<link rel="(?:modulepreload|preload" as="fetch" crossorigin)"? {addresses}'
    scripts = r'\n?<script type="(?:application/json|module)".*?</script>'
    assert re.sub(f"{preloads}|{scripts}", "", html).replace("\n</head>", "</head>") == PAGE_WITH_STYLE
    assert html.index("modulepreload") < html.index("<title>")  # before the sixty files that Streamlit names
    _, digest, name = known(html)["decoder"].rsplit("/", 2)
    assert published.find_published(digest, name).source == (shelf / "vae" / "decoder.onnx").resolve()


def test_our_scripts_run_before_streamlits_and_those_that_begin_its_elements_behind_it(shelf: Path) -> None:
    html = get("/")[2].replace("<title>", '<script type="module" src="streamlits.js"></script><title>')
    in_order = re.findall(r'<script type="module" src="(?:[^"]*/)?(\w+)\.m?js"', html)
    assert in_order == ["history", "backend", "elements_at_once", "streamlits", "after_streamlit"]


def test_the_elements_of_a_page_are_preloaded_and_named_to_be_run(shelf: Path) -> None:
    for path, query, kind in (
        ("/lesson", "chapter=variational", "Metric"),
        ("/lesson", "", "rehype-katex"),
        ("/edit", "", "Multiselect"),
        ("/", "", "BidiComponent"),
    ):
        html = get(path, query=query)[2]
        named = [address for address in known(html)["elements"] if f"/{kind}." in address]
        assert len(named) == 1
        assert f'<link rel="modulepreload" href="{named[0]}">' in html


def test_a_page_preloads_what_it_alone_needs(shelf: Path) -> None:
    marks, grid = "/face_marks/face_marks.mjs", "/face_grid/face_grid.mjs"
    assert [marks in get(path)[2] for path in ("/your-face", "/", "/lesson")] == [True, False, False]
    assert [grid in get(path)[2] for path in ("/generate", "/", "/lesson")] == [True, False, False]


def test_a_page_that_draws_no_face_opens_the_decoder_later(shelf: Path) -> None:
    at_once = [("/", ""), ("/edit", ""), ("/lesson", ""), ("/lesson", "chapter=generating")]
    later = [
        ("/generate", ""),
        ("/models", ""),
        ("/your-face", ""),
        ("/lesson", "chapter=dataset"),
        ("/lesson", "chapter=exploring"),
    ]
    assert [known(get(path, query=query)[2])["later"] for path, query in at_once] == [False] * len(at_once)
    assert [known(get(path, query=query)[2])["later"] for path, query in later] == [True] * len(later)


def test_a_map_comes_first_where_the_page_begins_with_one_and_no_page_of_the_lesson_loads_streamlits_charts(
    shelf: Path,
) -> None:
    for page, query, map_first in (
        ("/", "", True),
        ("/lesson", "chapter=exploring", True),
        ("/lesson", "chapter=dataset", False),
        ("/lesson", "", False),
    ):
        html = get(page, query=query)[2]
        assert known(html)["plotly"]
        assert known(html)["mapFirst"] is map_first
        assert "/PlotlyChart" not in html  # its code; the style sheet may name what it draws


def test_our_modules_come_before_streamlits_where_they_draw_the_first_thing_that_is_seen(shelf: Path) -> None:
    for path, query, sooner in (("/", "", True), ("/edit", "", False), ("/lesson", "", False)):
        html = get(path, query=query)[2]
        assert (html.index("/latent_pad/pad.mjs") < html.index("<title>")) is sooner
    for path, query in (("/lesson", "chapter=training"), ("/models", "")):  # these draw no face
        assert "/latent_pad/" not in get(path, query=query)[2]


def test_a_page_with_a_map_names_plotly(shelf: Path) -> None:
    for path in ("/", "/lesson"):
        assert known(get(path)[2])["plotly"].endswith("/vendor/plotly-gl2d.min.js")
    assert known(get("/your-face")[2])["plotly"] is None


def test_each_address_in_a_page_is_one_that_is_served(shelf: Path) -> None:
    html = get("/")[2]
    for address in [*re.findall(r'(?:href|src)="([^"]+)"', html), known(html)["decoder"]]:
        if address.startswith((FOLDER, "./_stcore/")):  # Streamlit's own
            assert address in PINGS or (PAGE_FILE.parent / address).is_file()
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
    monkeypatch.setattr(page_head, "OPENING", 60)
    opening = threading.Timer(0.01, page_head.checkpoints_open.set)
    opening.start()
    html = get("/", query="model=vae&w=")[2]  # the first visitor of a server waits for them
    opening.join()
    assert known(html)["pad"] == {"weights": "</script>"}  # text cannot end the script that holds it
    assert asked == [{"model": "vae", "w": ""}]
    template = html[html.index("<template") : html.index("</template>")]
    assert "#fbfaf7" in template  # the theme's background, which Streamlit's own style will give
    assert 'class="pad"' in template
    assert known(get("/lesson")[2])["pad"] is None
