"""What a teacher has in the folder: how much time there is, the worksheet, its answers and the speaker's notes."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from html import escape

from app.drawing.lesson_styles import SHEET
from app.paths import COMPONENTS
from app.static_site.lesson.elements import Elements
from app.static_site.lesson.walk import drawn_by
from app.static_site.shell import CONTENTS, Page
from app.texts import N_, _
from app.views.lesson.contents import CHAPTERS
from app.views.lesson.plan_address import PLAN, WHOLE
from app.views.lesson.plans import PLANS
from app.views.lesson.worksheet import KINDS, TITLES

ENTRY = "site/lesson.mjs"
STYLES = ("site/lesson.css",)
NOTES = "lesson-notes.html"
NOTES_TITLE = N_("Speaker's notes")
MISSING = N_(
    "In the app a class can also join by a code, its guesses are counted together, and models are trained while it "
    "looks on. These need the app's server and are not in this copy."
)
GUIDED = frozenset(chapter.key for chapter in CHAPTERS)
PART = re.compile(r'class="([^"]*st-key-lesson_sheet_(\w+))"')


def sheet_address(kind: str) -> str:
    """Where a worksheet lies, by a key of `KINDS`."""
    return f"lesson-{kind}.html"


def in_plans(plans: Collection[str]) -> str:
    """The attributes of what some plans, by their keys, show; the browser follows the one that the address names."""
    return f'data-plan="{" ".join(plans)}"{"" if WHOLE in plans else " hidden"}'


def plans_with(chapter: str) -> str:
    """The same for what belongs to a chapter."""
    return in_plans([key for key, plan in PLANS.items() if chapter in plan.chapters])


def teacher_pages(keys: Collection[str]) -> Iterator[Page]:
    """The pages, for a folder that has some chapters.

    Args:
        keys: of the chapters.

    Raises:
        SiteError: one could not be drawn.
    """
    for kind in KINDS:
        drawn = Elements(lambda name, message: message).block(drawn_by("draw_sheet", kind, {})).html
        yield _page(sheet_address(kind), _(TITLES[kind]), PART.sub(lambda found: _shown(found, keys), drawn))
    title = _(NOTES_TITLE)
    told = '<script type="application/json">{"chapter":""}</script>'
    follow = f'<div class="component" data-part="follow_presenter">{told}</div>{shell_of("follow_presenter")}'
    yield _page(NOTES, title, f"<h1>{title}</h1>{follow}{''.join(_notes(keys))}")


def shell_of(component: str) -> str:
    """HTML and style sheet of a component, by its name, as the browser puts them up."""
    folder = COMPONENTS / component
    styles = "".join(f"<style>{path.read_text(encoding='utf-8')}</style>" for path in folder.glob(f"{component}.css"))
    html = (folder / f"{component}.html").read_text(encoding="utf-8")
    return f'<template id="part-{component}">{styles}{html}</template>'


def _shown(found: re.Match[str], keys: Collection[str]) -> str:
    """The tag of a sheet's part, which is shown where its chapter is: in the folder, and in the chosen plan."""
    chapter = found[2]
    if chapter not in GUIDED:
        return found[0]
    return f"{plans_with(chapter) if chapter in keys else 'hidden'} {found[0]}"


def _notes(keys: Collection[str]) -> Iterator[str]:
    for number, chapter in enumerate(CHAPTERS, 1):
        if chapter.key not in keys:
            continue
        words = Elements(lambda name, message: message).block(drawn_by("draw_notes", chapter.key, {})).html
        head = f"<h2>{number}. {escape(_(chapter.title))}</h2>"
        yield f'<section id="{chapter.key}" {plans_with(chapter.key)}>{head}{words}</section>'


def _page(name: str, title: str, inside: str) -> Page:
    back = f'<p class="back"><a href="{CONTENTS}">{escape(_("All chapters"))}</a></p>'
    main = f'{SHEET}<main class="lesson sheet">{back}{inside}</main>'
    return Page(name, title, main, ENTRY, {"keep": f'["./{name}"]'}, under=CONTENTS, shelf=False, styles=STYLES)


def links() -> str:
    """HTML that leads to the pages, for the list of chapters."""
    pages = {NOTES: NOTES_TITLE} | {sheet_address(kind): title for kind, title in KINDS.items()}
    listed = "".join(f'<li><a href="{to}">{escape(_(title))}</a></li>' for to, title in pages.items())
    head, missing = escape(_("For teachers")), escape(_(MISSING))
    return f'<section class="teachers"><h2>{head}</h2><ul>{listed}</ul><p class="caption">{missing}</p></section>'


def plan_links() -> str:
    """HTML that chooses how much time there is, and says what that leaves."""
    label = escape(_("Time"))
    named = "".join(
        f'<a href="{CONTENTS}?{PLAN}={key}" data-chosen="{key}">{escape(_(plan.title))}</a>'
        for key, plan in PLANS.items()
    )
    words = _("{minutes} minutes in all; *Next* goes from one to the other:").replace("*", "")
    said = "".join(
        f"<p {in_plans([key])}>{escape(words.format(minutes=plan.minutes))}</p>" for key, plan in PLANS.items()
    )
    return f'<nav class="plans" aria-label="{label}">{label}: {named}</nav>{said}'
