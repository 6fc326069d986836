"""Door: `python -m app.components.declarations` writes each component's `message.d.ts` from its `message.py`.

A message is declared once, in Python, where mypy holds what is built against it; the browser's modules are held
against the same declaration by TypeScript, which reads it but translates nothing: browsers never see these files.
"""

from __future__ import annotations

import importlib
import inspect
import json
import types
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Literal, Union, get_args, get_origin, get_type_hints, is_typeddict

HERE = Path(__file__).parent
NAMES: dict[Any, str] = {
    str: "string",
    int: "number",
    float: "number",
    bool: "boolean",
    type(None): "null",
    Any: "unknown",
}
HEAD = "// Written by `python -m app.components.declarations` from message.py, which has the meaning."


def declarations() -> dict[Path, str]:
    """What each `message.d.ts` must hold, by its path."""
    return {path.with_suffix(".d.ts"): _declare(path.parent.name) for path in sorted(HERE.glob("*/message.py"))}


def _declare(component: str) -> str:
    module = importlib.import_module(f"app.components.{component}.message")
    own = [value for value in vars(module).values() if is_typeddict(value) and value.__module__ == module.__name__]
    return "\n".join([HEAD, *(line for message in own for line in _interface(message))])


def _interface(message: Any) -> Iterator[str]:
    yield ""
    yield f"/** {' '.join((inspect.getdoc(message) or '').split())} */"
    yield f"export interface {message.__name__} {{"
    yield from (f"  {name}: {_type(hint)};" for name, hint in get_type_hints(message).items())
    yield "}"


def _type(hint: Any) -> str:
    """A Python type as TypeScript writes it.

    Raises:
        TypeError: JSON has no such thing, or this module does not know it yet.
    """
    if hint in NAMES:
        return NAMES[hint]
    origin, inner = get_origin(hint), get_args(hint)
    written = None
    if is_typeddict(hint):
        written = str(hint.__name__)
    elif origin is Literal:
        written = " | ".join(json.dumps(value) for value in inner)
    elif origin in (Union, types.UnionType):
        written = " | ".join(_type(one) for one in inner)
    elif origin is list:
        written = f"Array<{_type(inner[0])}>"
    elif origin is dict and inner[0] is str:
        written = f"Record<string, {_type(inner[1])}>"
    if written is not None:
        return written
    raise TypeError(f"{hint} cannot be part of a message: use str, int, float, bool, list, dict[str, ...] or TypedDict")


def main() -> None:
    """Write every `message.d.ts`."""
    for path, text in declarations().items():
        path.write_text(text + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
