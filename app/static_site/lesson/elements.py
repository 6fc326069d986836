"""What Streamlit would have drawn, element by element, as HTML that has Streamlit's names: its style is the app's.

What only a server can answer is named in its place.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping
from html import escape
from typing import Any

from streamlit.testing.v1.element_tree import Block, Element

from app.static_site.lesson.control import control_of
from app.static_site.lesson.parts import Part, leaf
from app.static_site.lesson.question import question_html
from app.static_site.lesson.words import attribute, formula, inline, markdown, smaller
from app.static_site.problem import SiteError
from app.texts import _

Adapt = Callable[[str, dict[str, Any]], dict[str, Any]]
"""A component's message as the folder has it, by the component's name and the message of the app."""
STYLE = re.compile(r"<style>.*?</style>", re.DOTALL)
WIDGETS = ("Button", "ButtonGroup", "Checkbox", "Selectbox", "Slider", "MultiSelect", "Radio", "NumberInput")
NOTHING = ("Empty", "Space")
"""What stands in no page of files."""


class Elements:
    """Makes parts of what a run of a chapter drew.

    Attributes:
        shells: HTML and style sheet of each component that was met, by its name.
        styles: style sheets of the blocks of HTML that were met, each of which the page needs once.
    """

    def __init__(self, adapt: Adapt) -> None:
        self._adapt = adapt
        self.shells: dict[str, str] = {}
        self.styles: dict[str, None] = {}

    def block(self, block: Block) -> Part:
        """A container with all that stands in it."""
        children = tuple(part for child in block.children.values() if (part := self._part(child)) is not None)
        proto = block.proto
        if block.type == "expander":
            body = Part('<div class="stVerticalBlock">', children=children)
            head = f'<details class="stExpander"><summary>{inline(proto.label)}</summary>'
            return Part(f'<div data-testid="stLayoutWrapper">{head}', "</details></div>", (body,))
        if block.type == "column":
            body = Part('<div class="stVerticalBlock">', children=children)
            grow = 100 * proto.weight  # shares of less than one would leave room free where a column stands alone
            return Part(f'<div class="stColumn" style="flex-grow: {grow:.3g}">', children=(body,))
        flex = proto.flex_container if block.type == "flex_container" else None
        return Part(*_container(block, flex), children=children)

    def _part(self, node: Any) -> Part | None:
        if isinstance(node, Block):
            return self.block(node)
        kind = node.proto.DESCRIPTOR.name
        if kind == "BidiComponent":
            return self._component(node)
        if kind in WIDGETS:
            words = _("Only in the app: {control}").format(control=node.proto.label)
            return _caption(words, "stElementContainer elsewhere")
        if kind == "Html":
            return self._html(node.proto.body)
        if kind in NOTHING:
            return None
        if kind not in _MADE:
            raise SiteError(
                f"A chapter draws {kind}, which the folder cannot show; see app/static_site/lesson/elements.py."
            )
        return _MADE[kind](node)

    def _html(self, body: str) -> Part:
        self.styles |= dict.fromkeys(STYLE.findall(body))
        return leaf(f'<div class="stHtml">{smaller(STYLE.sub("", body))}</div>')

    def _component(self, node: Element) -> Part:
        proto = node.proto
        name = proto.component_name.split(".")[-1]
        message = self._adapt(name, json.loads(proto.json or proto.mixed.json))
        html = proto.html_content
        if html:  # a component in a shadow root, which has its own style sheet
            self.shells[name] = f"<style>{proto.css_content}</style>{html}"
        inside = f'<script type="application/json">{as_json(message)}</script>'
        classes = f"stElementContainer st-key-{node.key}" if node.key else "stElementContainer"
        return leaf(f'<div class="component" data-part="{name}">{inside}</div>', classes)


def as_json(value: Any) -> str:
    """JSON within a page's HTML."""
    return json.dumps(value, separators=(",", ":"), ensure_ascii=False).replace("<", "\\u003c")


def _container(block: Block, flex: Any) -> tuple[str, str]:
    classes, style = ["stVerticalBlock"], ""
    if flex is not None and flex.direction == flex.Direction.HORIZONTAL:
        classes = ["stHorizontalBlock"]
        if flex.align == flex.Align.ALIGN_END:
            style = ' style="align-items: end"'
    if flex is not None and flex.border:
        classes.append("bordered")
    if block.key:
        classes.append(f"st-key-{block.key}")
    return (
        f'<div data-testid="stLayoutWrapper"{_width(block.proto)}><div class="{escape(" ".join(classes))}"{style}>',
        "</div></div>",
    )


def _width(proto: Any) -> str:
    pixels = proto.width_config.pixel_width if proto is not None and proto.HasField("width_config") else 0
    return f' width="{pixels}px" style="width: min(100%, {pixels}px)"' if pixels else ""


def _markdown(node: Element) -> Part | None:
    proto = node.proto
    kinds = proto.Type
    if not proto.body.strip():
        return None
    if proto.element_type == kinds.LATEX:
        return leaf(f'<div class="formula">{formula(proto.body)}</div>')
    if proto.element_type == kinds.CAPTION:
        return _caption(proto.body)
    return leaf(f'<div class="stMarkdown">{markdown(proto.body)}</div>')


def _caption(words: str, classes: str = "stElementContainer") -> Part:
    return leaf(f'<div class="stMarkdown"><div data-testid="stCaptionContainer">{markdown(words)}</div></div>', classes)


def _heading(node: Element) -> Part:
    proto = node.proto
    return leaf(f'<div class="stHeading"><{proto.tag}>{inline(proto.body)}</{proto.tag}></div>')


def _metric(node: Element) -> Part:
    proto = node.proto
    title = f' title="{attribute(proto.help)}"' if proto.help else ""
    return leaf(
        f'<div class="stMetric"{title}><p class="label">{inline(proto.label)}</p>'
        f'<p data-testid="stMetricValue">{escape(proto.body)}</p></div>'
    )


def _alert(node: Element) -> Part:
    return leaf(f'<div class="stAlert" role="note">{markdown(node.proto.body)}</div>')


def _table(node: Element) -> Part:
    rows = node.value
    head = "".join(f"<th>{escape(str(name))}</th>" for name in rows.columns)
    lines = "".join(
        f"<tr>{''.join(f'<td>{escape(str(cell))}</td>' for cell in line)}</tr>" for line in rows.itertuples(index=False)
    )
    return leaf(f'<div class="stTable"><table><thead><tr>{head}</tr></thead><tbody>{lines}</tbody></table></div>')


def _facts(node: Element) -> Part:
    """A control, a question or a file, which is handed over as it is where there is no server."""
    facts: Mapping[str, Any] = json.loads(node.proto.body)
    if "control" in facts:
        return Part('<div class="stElementContainer">', control=control_of(dict(facts)))
    if "file" in facts:
        return leaf(_file_html(facts))
    return leaf(question_html(facts))


def _file_html(facts: Mapping[str, Any]) -> str:
    """A link that saves a file, which lies within it."""
    name, address = attribute(facts["file"]), f"data:{facts['mime']};base64,{facts['content']}"
    return f'<a class="save" download="{name}" href="{address}">{inline(facts["label"])}</a>'


_MADE: dict[str, Callable[[Element], Part | None]] = {
    "Markdown": _markdown,
    "Heading": _heading,
    "Metric": _metric,
    "Alert": _alert,
    "Table": _table,
    "Json": _facts,
}
