"""Whatever a page shows as a table or a figure can be saved: a new one is found here if that was forgotten."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from app.paths import COMPONENTS

APP = COMPONENTS.parent
MODULES = sorted(path for path in APP.rglob("*.py") if path.parts[-2] != "texts")
BARS = {"bars", "comparison"}
SAVES_NUMBERS = {"save_table", "save_csv", "save", "_table"}
# Where a module may show a picture by itself.
PICTURES = {
    "drawing/gallery.py": "makes the figures with their buttons",
    "drawing/diagram.py": "save_diagram of diagram_file.py, which this test asks for",
    "drawing/chart_html.py": "puts its drawing through gallery.kept",
    "drawing/cells.py": "the same",
    "views/morph/along.py": "an animation, with a button of its own",
    "views/morph/faces.py": "thumbnails of the chosen faces, which the pad shows large and saves",
    "views/generate.py": "the same",
    "controls/shelf_panel.py": "thumbnails",
    "controls/join_class.py": "a code that is read by phones",
}
# Components with pictures, and what stands in for a button of theirs.
DRAWN = {
    "atlas_map": "Plotly's own button, in plot.mjs",
    "face_grid": "a button under the grid, as the test below asks",
    "face_marks": "the visitor's own photo, in work",
    "latent_pad": "face.mjs",
    "site": "the folder's own pages, of which strip.mjs, morph.mjs and generate.mjs save theirs; else thumbnails",
    "decoding": "pictures for others",
    "finding": "pictures for others",
    "page": "what the others need",
}


def _name(call: ast.Call) -> str:
    return call.func.attr if isinstance(call.func, ast.Attribute) else getattr(call.func, "id", "")


def _calls(tree: ast.AST) -> Iterator[ast.Call]:
    return (node for node in ast.walk(tree) if isinstance(node, ast.Call))


def _functions(tree: ast.Module) -> Iterator[ast.FunctionDef]:
    return (node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef))


def faults(source: str, own: bool = False) -> list[str]:
    """What a module shows that nobody can save.

    Args:
        source: of the module.
        own: whether it may show pictures by itself.
    """
    tree, found = ast.parse(source), []
    for call in _calls(tree):
        asked = {keyword.arg: ast.unparse(keyword.value) for keyword in call.keywords}
        if _name(call) == "plotly_chart" and "SAVED" not in asked.get("config", ""):
            found.append(f"line {call.lineno}: a chart without config=SAVED")
        if _name(call) == "image" and not own:
            found.append(f"line {call.lineno}: st.image; show it by app/drawing/gallery.py")
    if not own:
        words = (node for node in ast.walk(tree) if isinstance(node, ast.Constant) and isinstance(node.value, str))
        found += [f"line {word.lineno}: <img; show it by gallery.kept" for word in words if "<img" in word.value]
    for function in _functions(tree):
        named = {_name(call) for call in _calls(function)}
        lacks = {
            "bars": named & BARS and not named & SAVES_NUMBERS,
            "a table": "table" in named and not (named & {"show_table"} or _is_lessons(function)),
            "a drawn network": "diagram" in named and "save_diagram" not in named,
            "a grid of faces": "face_grid" in named and "save_button" not in named,
            "a picture that another button saves": _says_saved(function)
            and "thumbnail" not in function.name
            and not named & {"save_button", "_save"},
        }
        found += [f"{function.name}: {what} without what saves it" for what, lacking in lacks.items() if lacking]
    return found


def _is_lessons(function: ast.FunctionDef) -> bool:
    """The lesson's `charts.table` saves by itself; `st.table` does not."""
    return all(ast.unparse(call.func) == "charts.table" for call in _calls(function) if _name(call) == "table")


def _says_saved(function: ast.FunctionDef) -> bool:
    keywords = (keyword for call in _calls(function) for keyword in call.keywords)
    return any(one.arg == "saved" and ast.unparse(one.value) == "False" for one in keywords)


@pytest.mark.parametrize("module", MODULES, ids=lambda path: str(path.relative_to(APP)))
def test_each_table_and_figure_of_a_module_can_be_saved(module: Path) -> None:
    place = module.relative_to(APP).as_posix()
    if place in ("drawing/saved_table.py", "drawing/gallery.py", "drawing/diagram.py"):
        return  # the tools themselves
    assert not faults(module.read_text(encoding="utf-8"), place in PICTURES)


@pytest.mark.parametrize("folder", sorted(path for path in COMPONENTS.iterdir() if path.is_dir()), ids=lambda p: p.name)
def test_each_component_with_a_picture_saves_it(folder: Path) -> None:
    files = [*folder.glob("*.mjs"), *folder.glob("*.html")]
    text = "".join(path.read_text(encoding="utf-8") for path in files)
    if re.search(r'<canvas|<img|make\("(canvas|img)"', text) and folder.name not in DRAWN:
        assert "savePng(" in text


def test_what_is_forgotten_is_found() -> None:
    forgotten = {
        "st.plotly_chart(figure, key='a')": "a chart",
        "st.image(face)": "st.image",
        "st.html(f'<img src={face}>')": "<img",
        "def show():\n    gallery.show(gallery.bars(lines))": "bars",
        "def show():\n    st.table(rows)": "a table",
        "def show():\n    gallery.show(diagram(config, layers))": "a drawn network",
        "def show():\n    face_grid(key='a')": "a grid",
        "def show():\n    gallery.show(gallery.wide(face, 'Face', saved=False))": "another button",
    }
    for source, what in forgotten.items():
        (said,) = faults(source)
        assert what in said
    kept = "def show():\n    gallery.show(gallery.bars(lines))\n    save_table(rows, 'a', 'b')"
    assert not faults(kept)
