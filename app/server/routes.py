"""Routes beside Streamlit's own: front-end files and published data, kept by browsers for good; a second address."""

from __future__ import annotations

import gzip
import re
from functools import lru_cache
from pathlib import Path

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import FileResponse, RedirectResponse, Response
from starlette.routing import Route

from app.streamlit_internals import uploads
from app.texts import _, speaking, wanted

FOR_GOOD = "public, max-age=31536000, immutable"
PACKED = (".mjs", ".css")
SMALL = 200_000  # bytes of a file that is kept in memory; larger ones go out in pieces
MEDIA_TYPES = {
    ".mjs": "text/javascript",
    ".js": "text/javascript",
    ".css": "text/css",
    ".wasm": "application/wasm",  # any other type would keep browsers from compiling it while it arrives
    ".txt": "text/plain; charset=utf-8",
    ".webp": "image/webp",
}


async def page_file(request: Request) -> Response:
    """A component's module, onnxruntime-web or a part of plotly.js."""
    from app.server import published  # at each request: Streamlit imports the module anew after an edit

    # Here, and not in a thread: while others compute, each change of threads waits for its turn.
    return _answer(published.find_page_file(request.path_params["digest"], request.path_params["name"]), request)


async def published_data(request: Request) -> Response:
    """A decoder or an array that a page has published."""
    from app.server import published

    found = await run_in_threadpool(
        published.find_published, request.path_params["digest"], request.path_params["name"]
    )
    return _answer(found.source if found else None, request)


async def explore(request: Request) -> Response:
    """The explorer stands at the root, as Streamlit's first page does; by its name Streamlit would not find it."""
    up = "../" if request.url.path.endswith("/") else "./"  # relative, so that it holds behind a proxy as well
    return RedirectResponse(f"{up}?{request.url.query}" if request.url.query else up)


def _answer(source: Path | bytes | None, request: Request) -> Response:
    if source is None:
        with speaking(wanted(None, request.headers.get("accept-language"))):
            words = _("Not here. Load the page again.")
        return Response(words, 404, {"Cache-Control": "no-store"}, "text/plain")
    headers = {"Cache-Control": FOR_GOOD, "X-Content-Type-Options": "nosniff"}
    if isinstance(source, bytes):
        headers["Content-Encoding"] = "identity"  # weights and latents hardly shrink; spare the server the try
        if (rows := _rows(request, len(source))) is not None:
            content = b"".join(source[row.start : row.stop] for row in rows)
            return Response(content, headers=headers, media_type="application/octet-stream")
        if (part := _part(request.headers.get("range", ""), len(source))) is not None:
            headers["Content-Range"] = f"bytes {part.start}-{part.stop - 1}/{len(source)}"
            return Response(source[part.start : part.stop], 206, headers=headers, media_type="application/octet-stream")
        return Response(source, headers=headers, media_type="application/octet-stream")
    media_type = MEDIA_TYPES.get(source.suffix, "application/octet-stream")
    packed = source.with_name(source.name + ".gz")
    if packed.is_file() and "gzip" in request.headers.get("accept-encoding", ""):
        headers |= {"Content-Encoding": "gzip", "Vary": "Accept-Encoding"}
        source = packed
    elif media_type == "application/octet-stream":
        headers["Content-Encoding"] = "identity"
    status = source.stat()
    whole = FileResponse(source, headers=headers, media_type=media_type, stat_result=status)
    if status.st_size > SMALL or "range" in request.headers:
        return whole
    pack = source.suffix in PACKED and "gzip" in request.headers.get("accept-encoding", "")
    content = _content(source, status.st_mtime_ns, status.st_size, pack)
    more = {"Content-Encoding": "gzip", "Vary": "Accept-Encoding"} if pack else {}
    return Response(content, headers={**whole.headers, **more, "content-length": str(len(content))})


@lru_cache(maxsize=512)
def _content(path: Path, changed: int, size: int, pack: bool) -> bytes:
    content = path.read_bytes()
    return gzip.compress(content, 6, mtime=0) if pack else content


def _rows(request: Request, size: int) -> list[range] | None:
    """The bytes of "?each=256&rows=3,17", as the map asks for a few faces; None where it asks for no such rows."""
    each, asked = request.query_params.get("each", ""), request.query_params.get("rows", "")
    if not re.fullmatch(r"[1-9][0-9]{0,5}", each) or not re.fullmatch(r"[0-9]{1,9}(,[0-9]{1,9})*", asked):
        return None
    rows = [range(int(row) * int(each), (int(row) + 1) * int(each)) for row in asked.split(",")]
    there = (
        all(row.stop <= size for row in rows) and len(rows) * int(each) <= size
    )  # a row named often is no larger answer
    return rows if there else None


def _part(asked: str, size: int) -> range | None:
    """The bytes of "bytes=100-199", as the map asks for one face of very many; None for all of them."""
    found = re.fullmatch(r"bytes=(\d{1,15})-(\d{1,15})", asked)
    first, last = (int(end) for end in found.groups()) if found else (0, -1)
    return range(first, min(last + 1, size)) if first <= last and first < size else None


def routes() -> list[Route]:
    """The routes to give to `st.App`."""
    uploads.keep_in_memory()
    from app.server.published import PREFIX, route_root

    root = route_root()
    pages = root.removesuffix(PREFIX)
    return [
        Route(f"{pages}/explore", explore),
        Route(f"{pages}/explore/", explore),
        Route(f"{root}/page/{{digest}}/{{name:path}}", page_file),
        Route(f"{root}/data/{{digest}}/{{name}}", published_data),
    ]
