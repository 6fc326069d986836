"""Puts the folder together: page, modules, and the data that the messages name, each packed where that saves room.

Addresses are the app's own, relative to the page, so the components find everything where they look for it. What lies
there packed has a name that says so (`components/page/fetched.mjs`), and its address is put in place of the other one.
"""

from __future__ import annotations

import gzip
import hashlib
import html
import json
import re
import shutil
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from string import Template
from typing import Any

from app.controls.prior_wish import MOST as MOST_GUIDANCE
from app.paths import ASSETS, COMPONENTS, ROOT
from app.server.frontend_files import ASSETS as FETCHED
from app.server.frontend_files import FOR_THE_SITE, FROM_NPM, FRONTEND, LARGE, PLOTLY
from app.server.published import FROM_A_PAGE, find_published, frontend_base, missing_assets, page_files
from app.static_site.content import Content
from app.static_site.lesson.chapter_pages import ChapterPage, contents_page
from app.static_site.lesson.teachers import ENTRY as LESSON_ENTRY
from app.static_site.lesson.teachers import STYLES as LESSON_STYLES
from app.static_site.morph import morph_words
from app.static_site.problem import SiteError
from app.static_site.shell import CONTENTS, HERE, PAGES, Page, modules, shell
from app.static_site.your_face import ON_REQUEST, face_words
from app.texts import _
from app.views.generate import COUNTS, MOST_TEMPERATURE, TEMPERATURE_STEP

PORTRAIT = "portrait.jpg"
MARK = "made-by-facespace.txt"
WORKER = "service-worker.js"
ENTRIES = {
    "index.html": "site/explore.mjs",
    "generate.html": "site/generate.mjs",
    "edit.html": "site/explore.mjs",
    "morph.html": "site/morph.mjs",
    "your_face.html": "site/your_face.mjs",
}
NEEDED = {
    "index.html": ("pad", "map", "site", "colours"),
    "generate.html": ("site",),
    "edit.html": ("edit", "map", "site"),
    "morph.html": ("way", "map", "site", "morph"),
    "your_face.html": ("photo", "site", "face"),
}
PADS = {"edit": "pad", "photo": "pad", "way": "pad"}
"""Pads of pages, which find what they are given under one name."""
DATA = re.compile(rf"{re.escape(FROM_A_PAGE)}/data/(\w+)/([\w.-]+)")
GAIN = 0.95
"""What does not get smaller than this share stays as it is."""
LESSON = "lesson"
"""Begins the names of the lesson's pages, and names the folder of what only they need."""
LATER = ("prior.safetensors", *ON_REQUEST, PORTRAIT, *FROM_NPM)
"""Files that come when somebody asks for what needs them; the browser keeps them from then on."""
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

    @property
    def later(self) -> int:
        """Bytes of what comes only when somebody asks for what needs it."""
        return sum(size for name, size in self.sizes.items() if is_later(name))


def write_site(
    content: Content, out: Path, chapters: Sequence[ChapterPage] = (), beside: Sequence[Page] = ()
) -> Written:
    """Write the folder; what an earlier run wrote there is replaced.

    Args:
        content: of all pages but the lesson's.
        out: the folder.
        chapters: of the lesson; without any it has none.
        beside: the lesson's further pages.

    Raises:
        SiteError: front-end files are missing, or `out` holds something else.
        OSError: it cannot be written.
    """
    check_place(out)
    shutil.rmtree(out, ignore_errors=True)
    pages = {name: title for name, title in PAGES.items() if chapters or name != CONTENTS}
    files = {**_front_end(bool(chapters)), **_beside()}
    messages = {name: _as_json(value) for name, value in _messages(content).items()}
    plotly = f"{frontend_base()}/vendor/{PLOTLY}"
    moved = {plotly: f"{plotly}.xz"}
    _move(messages.values(), moved, files)
    for name, text in messages.items():
        messages[name] = _moved(text, moved)
    for name in ENTRIES:
        files[name] = _page(name, content, messages, pages).encode()
    for chapter in chapters:
        page = chapter.page
        _move((page.main, chapter.states), moved, files, lesson=True)
        main, states = _moved(page.main, moved), _moved(chapter.states, moved)
        name, packed = pack(f"./{LESSON}/{Path(page.name).stem}.json", states.encode())
        files[name] = packed
        needed = {*(to for to in moved.values() if to in main or to in states), name, f"./{page.name}"}
        facts = {"states": name, "files": sorted(needed), "chapter": chapter.facts}
        page = replace(page, main=main, messages={"lesson": _as_json(facts)})
        files[page.name] = shell(page, content.words["here"], pages).encode()
    for page in (contents_page(chapters), *beside) if chapters else ():
        files[page.name] = shell(page, content.words["here"], pages).encode()
    files[WORKER] = _service_worker(files, runtime=content.face["encoder"] is None)
    for name, data in files.items():
        path = out / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
    return Written({str(Path(name)): len(data) for name, data in files.items()})


def check_place(out: Path) -> None:
    """Whether the folder can be written there.

    Raises:
        SiteError: front-end files are missing, or `out` holds something else.
    """
    if problem := missing_assets():
        raise SiteError(problem)
    for name in (*FOR_THE_SITE, *(f"{name}.xz" for name in LARGE)):
        if not (FETCHED / name).is_file():
            raise SiteError(f"{FETCHED / name} is missing. Run: python -m app.server.frontend_files.")
    if out.exists() and (not out.is_dir() or (any(out.iterdir()) and not (out / MARK).is_file())):
        raise SiteError(f"{out} holds something else already. Name a folder that is empty or not there yet.")


def _move(texts: Iterable[str], moved: dict[str, str], files: dict[str, bytes], lesson: bool = False) -> None:
    """Add what texts name, each packed, to the files, and say where it went; what only the lesson needs lies apart."""
    for address in sorted({found.group(0) for text in texts for found in DATA.finditer(text)} - set(moved)):
        place = address.replace(f"{FROM_A_PAGE}/data", f"./{LESSON}") if lesson else address
        moved[address], files_content = pack(place, _published(address))
        files[moved[address]] = files_content


def _moved(text: str, moved: Mapping[str, str]) -> str:
    return re.sub("|".join(map(re.escape, moved)), lambda found: moved[found.group(0)], text)


def _service_worker(files: dict[str, bytes], runtime: bool) -> bytes:
    """The script that keeps the folder in a browser; it changes with each file, so that a browser notices.

    Args:
        files: of the folder.
        runtime: whether faces are drawn by the general runtime, since the model was made elsewhere.
    """
    sha = hashlib.sha256()
    for name, data in sorted(files.items()):
        sha.update(name.encode() + data)
    pages = [name for name in PAGES if name in files]
    wanted = sorted(name for name in files if name not in pages and not name.startswith(("LICENSE", MARK)))
    later = [
        name for name in wanted if is_later(name) and not (runtime and name.removesuffix(".xz").endswith(FROM_NPM))
    ]
    kept = [name for name in wanted if name not in later]
    folder = json.dumps(
        {
            "version": sha.hexdigest()[:16],
            "pages": ["./", *pages],
            "files": ["LICENSE-weights.md", *kept],
            "later": later,
        }
    )
    script = (COMPONENTS / "site" / "service_worker.mjs").read_text(encoding="utf-8")
    return f"self.FOLDER = {folder};\n{script}".encode()


def is_later(name: str) -> bool:
    """Whether a file comes only when somebody asks for what needs it."""
    path = Path(name)
    of_lesson = LESSON in path.parts or path.name.startswith(f"{LESSON}-")
    return of_lesson or re.sub(r"\.(packed|planes|xz)$", "", path.name) in LATER


def pack(name: str, data: bytes) -> tuple[str, bytes]:
    """A file as it lies in the folder, and its name there, which says how it is packed."""
    if name.endswith(HALVES):
        planes = data[0::2] + data[1::2]
        return f"{name}.planes", gzip.compress(planes, 9, mtime=0)
    packed = gzip.compress(data, 9, mtime=0)
    return (f"{name}.packed", packed) if len(packed) < GAIN * len(data) else (name, data)


def _front_end(lesson: bool) -> dict[str, bytes]:
    """Modules and style sheets as they are, which a reader may want to read; the two large libraries packed."""
    base, files = frontend_base(), page_files()
    entries, styles = ((LESSON_ENTRY,), LESSON_STYLES) if lesson else ((), ())
    wanted = [*modules(*ENTRIES.values(), *entries), *styles, "site/site.css", "atlas_map/atlas_map.css"]
    wanted.append(f"vendor/{PLOTLY}")
    written = {}
    for name in wanted:
        large = Path(name).name in LARGE
        path = files[name].with_name(f"{files[name].name}.xz") if large else files[name]  # made when it was fetched
        written[f"{base}/{name}{'.xz' if large else ''}"] = path.read_bytes()
    return written


def _beside() -> dict[str, bytes]:
    """What lies beside the page: pictures, licences, and what tells the folder from others."""
    found = {name: ASSETS / name for name in ("icon.svg", "wordmark.svg", PORTRAIT)}
    found |= {path.name: path for path in FRONTEND.glob("LICENSE-*.txt")}
    found |= {"LICENSE.txt": ROOT / "LICENSE", "LICENSE-weights.md": ROOT / "checkpoints" / "LICENSE.md"}
    note = "Made by python -m app.static_site, which replaces this folder when it is run again.\n"
    return {MARK: note.encode(), **{name: path.read_bytes() for name, path in found.items()}}


def _messages(content: Content) -> dict[str, Any]:
    return {
        "pad": content.pad,
        "edit": content.edit,
        "photo": content.photo,
        "way": content.way,
        "morph": content.morph,
        "face": content.face,
        "map": content.map,
        "site": content.site,
        "colours": dict(content.colours),
    }


def _as_json(value: Any) -> str:
    return json.dumps(value, separators=(",", ":")).replace("<", "\\u003c")


def _published(address: str) -> bytes:
    found = DATA.fullmatch(address)
    served = find_published(*found.groups()) if found else None
    assert served is not None, address
    return served.source if isinstance(served.source, bytes) else served.source.read_bytes()


def _page(name: str, content: Content, messages: dict[str, str], pages: Mapping[str, str]) -> str:
    needed = {PADS.get(key, key): messages[key] for key in NEEDED[name]}
    page = Page(name, _(PAGES[name]), _main(name, content), ENTRIES[name], needed, under=name)
    return shell(page, content.words["here"], pages)


def _main(name: str, content: Content) -> str:
    """What stands between a page's head and its foot."""
    pad, first = COMPONENTS / "latent_pad", content.words["first colour"]
    options = (
        f'<option value="{html.escape(one)}"{" selected" if one == first else ""}>{html.escape(_(one))}</option>'
        for one in (*content.colours, content.direction)
    )
    part = HERE / ("explore.html" if name == "index.html" else name)
    return Template(part.read_text(encoding="utf-8")).substitute(
        {place.replace(" ", "_"): words for place, words in content.words.items()}
        | morph_words()
        | face_words(content.face)
        | {
            "sampler": _("Sampler"),
            "seed": _("Seed"),
            "next_seed": _("Next seed"),
            "temperature": _("Temperature"),
            "faces": _("Faces"),
            "faces_with": _("Faces with"),
            "faces_without": _("Faces without"),
            "guidance": _("Guidance"),
            "keep": _("Keep on the shelf"),
            "save_readings": _("Save the readings as CSV"),
        },
        options="".join(options),
        counts="".join(f"<option>{count}</option>" for count in COUNTS),
        most_temperature=MOST_TEMPERATURE,
        temperature_step=TEMPERATURE_STEP,
        most_guidance=MOST_GUIDANCE,
        pad_style=(pad / "latent_pad.css").read_text(encoding="utf-8"),
        pad_html=(pad / "latent_pad.html").read_text(encoding="utf-8"),
        marks_style=(COMPONENTS / "face_marks" / "face_marks.css").read_text(encoding="utf-8"),
        marks_html=(COMPONENTS / "face_marks" / "face_marks.html").read_text(encoding="utf-8"),
        grid_style=(COMPONENTS / "face_grid" / "face_grid.css").read_text(encoding="utf-8"),
    )
