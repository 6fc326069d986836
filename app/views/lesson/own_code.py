"""The project's own lines beside a formula, read from its source when they are shown, so that they never go stale."""

from __future__ import annotations

import ast
import functools
import textwrap
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path

from app.paths import ROOT

MOST_LINES = 10


@dataclass(frozen=True)
class Excerpt:
    """A function as it stands in the source, without its docstring.

    Attributes:
        file: its path in the project.
        first: the number of its first line.
        lines: at most `MOST_LINES`.
    """

    file: str
    first: int
    lines: str


@functools.cache
def excerpt(function: str) -> Excerpt:
    """Find a function; its module is read and not imported, since torch would take two seconds.

    Args:
        function: such as "models.networks:Autoencoder.decode".

    Raises:
        LookupError: there is no such function, or it is too long to stand beside a formula.
    """
    module, _, name = function.partition(":")
    spec = find_spec(module)
    if spec is None or spec.origin is None:
        raise LookupError(f"there is no module {module}")
    source = Path(spec.origin).read_text(encoding="utf-8")
    node: ast.AST = ast.parse(source)
    for part in name.split("."):
        node = _within(node, part, function)
    assert isinstance(node, ast.FunctionDef)
    lines = source.splitlines()[node.lineno - 1 : node.end_lineno]
    if ast.get_docstring(node) is not None:
        words = node.body[0]
        del lines[words.lineno - node.lineno : (words.end_lineno or words.lineno) - node.lineno + 1]
    if len(lines) > MOST_LINES:
        raise LookupError(f"{function} has {len(lines)} lines; {MOST_LINES} are the most beside a formula")
    return Excerpt(Path(spec.origin).relative_to(ROOT).as_posix(), node.lineno, textwrap.dedent("\n".join(lines)))


def _within(node: ast.AST, name: str, function: str) -> ast.AST:
    for child in getattr(node, "body", []):
        if isinstance(child, ast.FunctionDef | ast.ClassDef) and child.name == name:
            return child
    raise LookupError(f"there is no {function}")
