"""Part of `make lint`: no module of the app over 300 lines, no function over 60 lines or 8 parameters.

Ruff counts a function's statements and a module's nothing; a reader's screen counts lines.
"""

from __future__ import annotations

import ast
import sys
from collections.abc import Iterator
from pathlib import Path

MODULE_LINES, FUNCTION_LINES, PARAMETERS = 300, 60, 8
APP = Path(__file__).parents[1] / "app"


def too_large(source: str, python: bool = True) -> Iterator[tuple[int, str]]:
    """Line and fault of each thing in a module that is larger than a reader can take in at once.

    Args:
        source: of the module.
        python: whether functions can be looked at as well; biome.json says the same for those of the browser's modules.
    """
    if (lines := source.count("\n")) > MODULE_LINES:
        yield 1, f"the module has {lines} lines; {MODULE_LINES} are the most: split it"
    for node in ast.walk(ast.parse(source)) if python else ():
        if not isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            continue
        begin = min([node.lineno, *(decorator.lineno for decorator in node.decorator_list)])
        if (lines := (node.end_lineno or begin) - begin + 1) > FUNCTION_LINES:
            yield node.lineno, f"{node.name} has {lines} lines; {FUNCTION_LINES} are the most: split it"
        given = [*node.args.posonlyargs, *node.args.args, *node.args.kwonlyargs, node.args.vararg, node.args.kwarg]
        count = sum(one is not None and one.arg not in {"self", "cls"} for one in given)
        if count > PARAMETERS:
            yield node.lineno, f"{node.name} has {count} parameters; {PARAMETERS} are the most: give it one thing"


def main() -> int:
    """Print what is too large; exit code 1 where anything is."""
    faults = [
        f"{path.relative_to(APP.parent)}:{line}: {fault}"
        for path in sorted(APP.rglob("*.*"))
        if path.suffix in {".py", ".mjs"}
        for line, fault in too_large(path.read_text(encoding="utf-8"), path.suffix == ".py")
    ]
    print("\n".join(faults) or "No module, function or parameter list of the app is too large.")
    return bool(faults)


if __name__ == "__main__":
    sys.exit(main())
