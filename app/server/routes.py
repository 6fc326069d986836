"""Routes beside Streamlit's own: front-end files and published data, kept by browsers for good; a second address."""

from __future__ import annotations

from pathlib import Path

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import FileResponse, RedirectResponse, Response
from starlette.routing import Route

from app.streamlit_internals import uploads
from app.texts import _, speaking, wanted

FOR_GOOD = "public, max-age=31536000, immutable"
MEDIA_TYPES = {
    ".mjs": "text/javascript",
    ".js": "text/javascript",
    ".css": "text/css",
    ".wasm": "application/wasm",  # any other type would keep browsers from compiling it while it arrives
    ".txt": "text/plain; charset=utf-8",
    ".webp": "image/webp",
}


async def page_file(request: Request) -> Response:
    """A component's module, onnxruntime-web or plotly.min.js."""
    from app.server import published  # at each request: Streamlit imports the module anew after an edit

    path = await run_in_threadpool(published.find_page_file, request.path_params["digest"], request.path_params["name"])
    return _answer(path, request)


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
        return Response(source, headers=headers, media_type="application/octet-stream")
    media_type = MEDIA_TYPES.get(source.suffix, "application/octet-stream")
    packed = source.with_name(source.name + ".gz")
    if packed.is_file() and "gzip" in request.headers.get("accept-encoding", ""):
        headers |= {"Content-Encoding": "gzip", "Vary": "Accept-Encoding"}
        source = packed
    elif media_type == "application/octet-stream":
        headers["Content-Encoding"] = "identity"
    return FileResponse(source, headers=headers, media_type=media_type)


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
