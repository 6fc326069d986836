"""What Python sends to the browser's modules is what they were checked against."""

from __future__ import annotations

from typing import Any, Literal, TypedDict

import pytest

from app.components.declarations import _interface, _type, declarations


def test_the_browser_declares_each_message_as_python_does() -> None:
    assert len(declarations()) == 11
    for path, text in declarations().items():
        kept = path.read_text(encoding="utf-8")
        assert kept == text + "\n", f"{path} is out of date: run python -m app.components.declarations"


class _Inner(TypedDict):
    """One."""

    share: float


class _Outer(_Inner):
    """A message
    of two lines.
    """

    kind: Literal["a", "b"]
    sure: Literal[True]
    rows: list[list[int]]
    inner: _Inner | None
    more: dict[str, Any]


def test_types_come_out_as_the_browser_writes_them() -> None:
    assert list(_interface(_Outer)) == [
        "",
        "/** A message of two lines. */",
        "export interface _Outer {",
        "  share: number;",
        '  kind: "a" | "b";',
        "  sure: true;",
        "  rows: Array<Array<number>>;",
        "  inner: _Inner | null;",
        "  more: Record<string, unknown>;",
        "}",
    ]


@pytest.mark.parametrize("hint", [bytes, tuple[int, int], dict[int, str]])
def test_what_json_has_not_is_refused(hint: Any) -> None:
    with pytest.raises(TypeError, match="cannot be part of a message"):
        _type(hint)
