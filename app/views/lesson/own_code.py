"""The project's own lines beside a formula, read from its source when they are shown, so that they never go stale."""

from __future__ import annotations

import ast
import functools
import html
import io
import keyword
import textwrap
import tokenize
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


def coloured(lines: str) -> str:
    """Lines of Python as HTML, with a class for each kind of word that has a colour.

    Not `st.code`: for that the browser fetches a megabyte and a half, and runs it before it draws the first figure.
    """
    rows = [row.rstrip("\n") for row in io.StringIO(lines)]
    found: list[str] = []
    row, column, before = 1, 0, ""
    for token in tokenize.generate_tokens(io.StringIO(lines).readline):
        if not token.string.strip():
            continue
        (first, start), (row_after, end) = token.start, token.end
        if first > row:
            found.append("\n" * (first - row))
            column = 0
        found += [rows[first - 1][column:start], _word(token, before)]
        row, column, before = row_after, end, token.string
    return f'<pre class="fs-code"><code>{"".join(found)}</code></pre>'


def _word(token: tokenize.TokenInfo, before: str) -> str:
    kinds = {tokenize.STRING: "string", tokenize.NUMBER: "number", tokenize.COMMENT: "comment"}
    kind = "arrow" if token.string == "->" else kinds.get(token.type)
    if token.type == tokenize.NAME:
        kind = "keyword" if keyword.iskeyword(token.string) else "name" if before in ("def", "class") else None
    words = html.escape(token.string)
    return f'<span class="{kind}">{words}</span>' if kind else words


def _within(node: ast.AST, name: str, function: str) -> ast.AST:
    for child in getattr(node, "body", []):
        if isinstance(child, ast.FunctionDef | ast.ClassDef) and child.name == name:
            return child
    raise LookupError(f"there is no {function}")
