"""Rows of small pictures with captions, and bars, as one block of HTML each: one message instead of dozens.

Beside each figure stands the button that saves it: over its corner while a pointer or the focus is on it, below it
where fingers do the pointing. `app/components/page/pictures.mjs` hears of a press.
"""

from __future__ import annotations

import html
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import streamlit as st
from numpy.typing import NDArray

from app.drawing.numbers import percent
from app.drawing.picture_files import picture_address
from app.texts import _

WIDE = 1100  # as wide as the column of the lesson: the pictures of a row share it
PHONE = 640
MOST_SAID = 3  # pictures of a row that the button's name tells
STYLE = """<style>
.fs-row { display: flex; flex-wrap: wrap; gap: 0.75rem; }
.fs-row figure { margin: 0; width: var(--side); max-width: calc(50% - 0.375rem); }
.fs-row figure:only-child { max-width: 100%; }
@media (max-width: 640px) {
  .fs-row figure { width: var(--narrow, var(--side)); }
  .fs-row[data-whole] figure { max-width: 100%; }
}
.fs-row img { display: block; width: 100%; aspect-ratio: var(--shape, 1); object-fit: cover; border-radius: 0.5rem; }
.fs-row figcaption, .fs-bars { font-size: 0.875rem; line-height: 1.35; }
.fs-row figcaption { margin-top: 0.3rem; opacity: 0.8; overflow-wrap: anywhere; }
.fs-bars { display: grid; grid-template-columns: minmax(7rem, max-content) 1fr auto auto; gap: 0.3rem 0.75rem;
  align-items: center; font-variant-numeric: tabular-nums; }
:is(.fs-bars, .fs-compare) i {
  display: block; height: 0.5rem; border-radius: 0.25rem; background: rgba(128, 128, 128, 0.22); }
:is(.fs-bars, .fs-compare) i b {
  display: block; height: 100%; border-radius: 0.25rem; background: var(--fs-accent, #3a8294); }
.fs-bars small { opacity: 0.75; font-size: inherit; }
.fs-compare { width: 100%; border-collapse: collapse; font-size: 0.875rem; line-height: 1.3; text-align: left;
  font-variant-numeric: tabular-nums; }
.fs-compare :is(th, td) { padding: 0.3rem 0.75rem 0.3rem 0; font-weight: 400; vertical-align: top;
  border-bottom: 1px solid rgba(128, 128, 128, 0.22); }
.fs-compare thead th, .fs-compare small { opacity: 0.75; }
.fs-compare i { max-width: 7rem; margin-top: 0.2rem; height: 0.375rem; }
.fs-compare small { display: inline-block; font-size: inherit; }
.fs-kept { position: relative; width: var(--fs-kept, fit-content); max-width: 100%; }
.fs-kept.wide { width: auto; }
.fs-kept > .fs-save { display: var(--fs-save, inline-flex); visibility: hidden; align-items: center; gap: 0.375rem;
  min-height: 2rem; margin-top: 0.25rem; padding: 0.25rem 0; border: 0; background: none; color: inherit;
  font: inherit; font-size: 0.875rem; cursor: pointer; }
[data-saves] .fs-save { visibility: visible; }
.fs-save::before { content: ""; width: 1.125rem; aspect-ratio: 1; background: currentColor;
  mask: url("data:image/svg+xml,\
%3Csvg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 24 24' fill='none' stroke='black' stroke-width='2'%3E\
%3Cpath d='M12 4v11m-5-5 5 5 5-5M5 20h14'/%3E%3C/svg%3E"); }
@media (hover: hover) {
  .fs-kept > .fs-save { position: absolute; top: 0.25rem; right: 0.25rem; justify-content: center; width: 2rem;
    margin: 0; padding: 0; border-radius: 0.5rem; background: rgba(20, 20, 20, 0.65); color: #fff; font-size: 0;
    opacity: 0; transition: opacity 0.15s; }
  .fs-kept:hover > .fs-save, .fs-kept > .fs-save:focus-visible { opacity: 1; }
}
@media print { .fs-kept > .fs-save { display: none; } }
.fs-part > * { margin: 0 0 0.75rem; }
.fs-part ul { padding-left: 1.25rem; }
.fs-part .fs-note { font-size: 0.875rem; opacity: 0.7; }
</style>"""


@dataclass(frozen=True, eq=False)
class Figure:
    """A picture with its caption.

    Attributes:
        picture: uint8 [H, W] or [H, W, 3].
        caption: short plain text.
        alt: what a screen reader says; the caption if empty.
    """

    picture: NDArray[np.uint8]
    caption: str
    alt: str = ""


def row(figures: Sequence[Figure], side: int = 132, narrow: int | None = None, *, saved: bool = True) -> str:
    """Figures beside each other, each `side` CSS pixels wide, on a phone `narrow`.

    At least two stand in a line, but where `narrow` is wider than a phone. Not `saved` where another button does it.
    """
    whole = " data-whole" if narrow is not None and narrow > PHONE else ""
    sides = f"--side: {side / 16:g}rem; --narrow: {(narrow or side) / 16:g}rem"  # grows with the type
    block = f'<div class="fs-row"{whole} style="{sides}">{"".join(map(_figure, figures))}</div>'
    names = [figure.alt or figure.caption for figure in figures]
    return STYLE + (kept(block, ", ".join(names[:MOST_SAID])) if saved else block)


def wide(picture: NDArray[np.uint8], alt: str, *, saved: bool = True) -> str:
    """A picture [H, W] or [H, W, 3] as wide as its place; `alt` is what a screen reader says; `saved` as for `row`."""
    height, width = picture.shape[:2]
    style = f"display: block; width: 100%; aspect-ratio: {width} / {height}; border-radius: 0.5rem"
    image = f'<img src="{picture_address(picture)}" alt="{html.escape(alt, quote=True)}" style="{style}">'
    return STYLE + kept(image, alt, shape="wide") if saved else image


def kept(block: str, said: str, shape: str = "", name: str = "") -> str:
    """A figure with the button that saves it; needs `STYLE`.

    Args:
        block: HTML with its pictures, PNG or JPEG, or with one SVG.
        said: what is on it, for a screen reader.
        shape: "wide" where it is as wide as its place.
        name: of what is on it, in the name of the file; else the alternative text of its first picture.
    """
    words = _("Save as SVG") if "data:image/svg" in block else _("Save as PNG")
    label = html.escape(f"{words}: {said}", quote=True)
    named = f' data-name="{html.escape(name, quote=True)}"' if name else ""
    button = f'<button type="button" class="fs-save" title="{words}" aria-label="{label}"{named}>{words}</button>'
    return f'<div class="fs-kept {shape}">{block}{button}</div>'


def bars(entries: Sequence[tuple[str, float, str]]) -> str:
    """A line for each (name, share 0 to 1, note): the name, a bar, the share in per cent, the note."""
    lines = [
        f'<span>{html.escape(name)}</span><i aria-hidden="true"><b style="width: {share:.1%}"></b></i>'
        f"<span>{percent(share)}</span><small>{html.escape(note)}</small>"
        for name, share, note in entries
    ]
    return f'{STYLE}<div class="fs-bars">{"".join(lines)}</div>'


def comparison(headings: Sequence[str], rows: Sequence[tuple[str, float, float, str, str]]) -> str:
    """A table of shares in two groups that fits a narrow place: a line for each (name, share, share, size, interval).

    Args:
        headings: of the five columns; the last stands under the one before.
        rows: names, shares 0 to 1, and two short texts each.
    """
    name, one, other, size, interval = map(html.escape, headings)
    head = f"<tr><th>{name}</th><th>{one}</th><th>{other}</th><th>{size} <small>{interval}</small></th></tr>"
    lines = "".join(
        f'<tr><th scope="row">{html.escape(name)}</th>{_share(inside)}{_share(outside)}'
        f"<td>{html.escape(size)} <small>{html.escape(interval)}</small></td></tr>"
        for name, inside, outside, size, interval in rows
    )
    return f'{STYLE}<table class="fs-compare"><thead>{head}</thead><tbody>{lines}</tbody></table>'


def part(title: str, words: str, *blocks: str, points: Sequence[str] = (), note: str = "") -> str:
    """A part of a page as one block: each element of its own would cost the browser several milliseconds.

    Args:
        title: set in bold, plain text.
        words: what follows on the same line, plain text.
        blocks: what `row` or `bars` made.
        points: sentences under the blocks, a bullet each.
        note: in small print under all.
    """
    head = f"<p><b>{html.escape(title)}</b> {html.escape(words)}</p>"
    bullets = f"<ul>{''.join(f'<li>{html.escape(point)}</li>' for point in points)}</ul>" if points else ""
    small = f'<p class="fs-note">{html.escape(note)}</p>' if note else ""
    return f'{STYLE}<div class="fs-part">{head}{"".join(blocks)}{bullets}{small}</div>'


def show(block: str) -> None:
    """Put a block on the page."""
    st.html(block)


def _share(share: float) -> str:
    return f'<td>{percent(share)}<i aria-hidden="true"><b style="width: {share:.1%}"></b></i></td>'


def _figure(figure: Figure) -> str:
    height, width = figure.picture.shape[:2]
    alt = html.escape(figure.alt or figure.caption, quote=True)
    image = f'<img src="{picture_address(figure.picture)}" alt="{alt}" style="--shape: {width} / {height}">'
    caption = f"<figcaption>{html.escape(figure.caption)}</figcaption>" if figure.caption else ""
    return f"<figure>{image}{caption}</figure>"
