"""The simulated visitors of the folder without a server ask for what its page and its service worker ask for."""

from __future__ import annotations

import functools
import threading
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from app.static_site.folder import is_later
from benchmarks.site import PAGE, WORKER, fetch, visit_of
from tests.app.static_site.conftest import site, tiny  # noqa: F401  (fixtures)


class Quiet(SimpleHTTPRequestHandler):
    """Says nothing."""

    def log_message(self, *_: object) -> None:
        pass


@pytest.mark.slow
def test_a_visit_is_the_whole_folder_once_the_face_first_and_each_file_is_there(site: Path) -> None:  # noqa: F811
    visit = visit_of(site)
    asked = [*visit.face, *visit.rest]
    assert len(asked) == len(set(asked))
    there = {path.relative_to(site).as_posix() for path in site.rglob("*") if path.is_file()}
    there = {name for name in there if not is_later(name)}
    licences = {name for name in there if name.startswith("LICENSE") and name != "LICENSE-weights.md"}
    assert set(asked) == there - licences - {"made-by-facespace.txt"}
    names = {Path(name).name for name in visit.face}
    assert names >= {
        PAGE,
        "explore.mjs",
        "pad.mjs",
        "decoder.onnx.planes",
        "site.css",
    }
    assert not names & {
        "ort-wasm-simd-threaded.wasm.xz",
        "plotly-gl2d.min.js.xz",
        "latents.f16.planes",
        "morph.mjs",
        WORKER,
    }
    server = ThreadingHTTPServer(("127.0.0.1", 0), functools.partial(Quiet, directory=str(site)))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    address = f"http://127.0.0.1:{server.server_port}/"
    assert fetch(address, visit.again) == sum((site / name).stat().st_size for name in (PAGE, WORKER))
    with pytest.raises(OSError, match=r"nothing\.bin answered 404"):
        fetch(address, ["nothing.bin"])
    server.shutdown()
    server.server_close()
