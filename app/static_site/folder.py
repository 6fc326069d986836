"""Puts the folder together: page, modules, and the data that the messages name, each packed where that saves room.

Addresses are the app's own, relative to the page, so the components find everything where they look for it. What lies
there packed has a name that says so (`components/page/fetched.mjs`), and its address is put in place of the other one.
"""

from __future__ import annotations

import gzip
import json
import re
import shutil
from dataclasses import dataclass
from pathlib import Path
from string import Template
from typing import Any

from app.drawing.theme import theme_colours
from app.paths import ASSETS, COMPONENTS, ROOT
from app.server.frontend_files import LICENCES
from app.server.published import FROM_A_PAGE, find_published, frontend_base, missing_assets, page_files
from app.static_site.content import Content
from app.static_site.problem import SiteError

HERE = Path(__file__).parent
MARK = "made-by-facespace.txt"
ENTRY = "site/explore.mjs"
SOON = ("decoding/", "page/", "latent_pad/")
"""Modules that the first face needs, which the page names before they ask for each other."""
NAMED = re.compile(r"""["'](\.{1,2}/[\w./-]+\.(?:mjs|wasm))["']""")
DATA = re.compile(rf"{re.escape(FROM_A_PAGE)}/data/(\w+)/([\w.-]+)")
GAIN = 0.95
"""What does not get smaller than this share stays as it is."""
HALVES = (".onnx", ".f16")
"""Files of 16-bit numbers."""


@dataclass(frozen=True)
class Written:
    """What was written.

    Attributes:
        sizes: bytes of each file, by its path below the folder.
    """

    sizes: dict[str, int]

    @property
    def total(self) -> int:
        """Bytes of the whole folder."""
        return sum(self.sizes.values())


def write_site(content: Content, out: Path) -> Written:
    """Write the folder; what an earlier run wrote there is replaced.

    Raises:
        SiteError: front-end files are missing, or `out` holds something else.
        OSError: it cannot be written.
    """
    if problem := missing_assets():
        raise SiteError(problem)
    if out.exists() and (not out.is_dir() or (any(out.iterdir()) and not (out / MARK).is_file())):
        raise SiteError(f"{out} holds something else already. Name a folder that is empty or not there yet.")
    shutil.rmtree(out, ignore_errors=True)
    files = {**_front_end(), **_beside()}
    messages = {name: _as_json(value) for name, value in _messages(content).items()}
    moved = {}
    for address in sorted({found.group(0) for text in messages.values() for found in DATA.finditer(text)}):
        name, packed = pack(address, _published(address))
        moved[address] = name
        files[name] = packed
    plotly = f"{frontend_base()}/vendor/plotly.min.js"
    moved[plotly] = next(name for name in files if name.startswith(plotly))
    for name, text in messages.items():
        messages[name] = re.sub("|".join(map(re.escape, moved)), lambda found: moved[found.group(0)], text)
    files["index.html"] = _page(content, messages).encode()
    for name, data in files.items():
        path = out / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
    return Written({str(Path(name)): len(data) for name, data in files.items()})


def pack(name: str, data: bytes) -> tuple[str, bytes]:
    """A file as it lies in the folder, and its name there, which says how it is packed."""
    if name.endswith(HALVES):
        planes = data[0::2] + data[1::2]
        return f"{name}.planes", gzip.compress(planes, 9, mtime=0)
    packed = gzip.compress(data, 9, mtime=0)
    return (f"{name}.packed", packed) if len(packed) < GAIN * len(data) else (name, data)


def modules(entry: str = ENTRY) -> list[str]:
    """The page files that a module needs, itself among them, by their names below the front-end base."""
    files, found, waiting = page_files(), set(), [entry]
    while waiting:
        name = waiting.pop()
        if name in found or name not in files:
            continue
        found.add(name)
        if name.startswith("vendor/"):
            continue
        folder = Path(name).parent
        for other in NAMED.findall(files[name].read_text(encoding="utf-8")):
            waiting.append(_tidy(folder / other))
    return sorted(found)


def _tidy(path: Path) -> str:
    parts: list[str] = []
    for part in path.parts:
        if part == "..":
            parts.pop()
        elif part != ".":
            parts.append(part)
    return "/".join(parts)


def _front_end() -> dict[str, bytes]:
    """Modules and style sheets as they are, which a reader may want to read; the two large libraries packed."""
    base, files = frontend_base(), page_files()
    wanted = [*modules(), "site/site.css", "atlas_map/atlas_map.css", "vendor/plotly.min.js"]
    written = {}
    for name in wanted:
        packed = files[name].with_name(f"{files[name].name}.gz")  # made when it was fetched
        if packed.is_file() and not name.endswith(".mjs"):
            written[f"{base}/{name}.packed"] = packed.read_bytes()
        else:
            written[f"{base}/{name}"] = files[name].read_bytes()
    return written


def _beside() -> dict[str, bytes]:
    """What lies beside the page: pictures, licences, and what tells the folder from others."""
    found = {name: ASSETS / name for name in ("icon.svg", "wordmark.svg")}
    found |= {name: ROOT / "frontend" / name for name in LICENCES}
    found |= {"LICENSE.txt": ROOT / "LICENSE", "LICENSE-weights.md": ROOT / "checkpoints" / "LICENSE.md"}
    note = "Made by python -m app.static_site, which replaces this folder when it is run again.\n"
    return {MARK: note.encode(), **{name: path.read_bytes() for name, path in found.items()}}


def _messages(content: Content) -> dict[str, Any]:
    return {"pad": content.pad, "map": content.map, "site": content.site, "colours": dict(content.colours)}


def _as_json(value: Any) -> str:
    return json.dumps(value, separators=(",", ":")).replace("<", "\\u003c")


def _published(address: str) -> bytes:
    found = DATA.fullmatch(address)
    served = find_published(*found.groups()) if found else None
    assert served is not None, address
    return served.source if isinstance(served.source, bytes) else served.source.read_bytes()


def _page(content: Content, messages: dict[str, str]) -> str:
    base, pad = frontend_base(), COMPONENTS / "latent_pad"
    soon = [name for name in modules() if name.startswith(SOON) and name.endswith(".mjs")]
    first = content.words["first colour"]
    names = [f"<option{' selected' if name == first else ''}>{name}</option>" for name in content.colours]
    return Template((HERE / "page.html").read_text(encoding="utf-8")).substitute(
        messages,
        **{place.replace(" ", "_"): words for place, words in content.words.items()},
        base=base,
        light=theme_colours("light"),
        dark=theme_colours("dark"),
        preloads="\n".join(f'<link rel="modulepreload" href="{base}/{name}">' for name in soon),
        options="".join(names),
        pad_style=(pad / "latent_pad.css").read_text(encoding="utf-8"),
        pad_html=(pad / "latent_pad.html").read_text(encoding="utf-8"),
        licence="Licence of the weights: for research and teaching only",
    )
