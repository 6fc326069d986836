"""The lesson's pages: a list of its chapters, and each chapter with what its controls show."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from html import escape
from typing import Any

from app.checkpoints.opening import open_all
from app.components.presenter import STEP
from app.controls.glossary import TERMS
from app.drawing.lesson_styles import LESSON as STYLE
from app.drawing.lesson_styles import PRESENTING
from app.static_site.content import Content, decoder_address
from app.static_site.lesson import teachers
from app.static_site.lesson.elements import Elements, as_json
from app.static_site.lesson.file_stage import FileStage, address_of
from app.static_site.lesson.parts import Part, covered, numbered
from app.static_site.lesson.states import groups
from app.static_site.lesson.teachers import ENTRY, STYLES
from app.static_site.lesson.walk import run
from app.static_site.lesson.words import attribute, inline
from app.static_site.shell import CONTENTS, Page
from app.texts import N_, _
from app.views.lesson.contents import CHAPTERS, Chapter
from app.views.lesson.guide import GUIDES
from app.views.lesson.page import of_the_lesson
from app.views.lesson.plans import PLANS, beside

BEFOREHAND = N_(
    "This page was worked out beforehand. Sliders stop at a few places and may move others back, buttons go round a "
    "few draws, and what takes a server is named where it would stand; sliders under a face and the map answer as in "
    "the app."
)


@dataclass(frozen=True)
class ChapterPage:
    """A chapter for the folder.

    Attributes:
        key: of the chapter.
        facts: what presenter mode is told.
        page: what its file holds; addresses in it are yet to be put in, and what it is given.
        states: JSON of what its controls show.
    """

    key: str
    facts: Mapping[str, str]
    page: Page
    states: str


def chapter_pages(
    keys: Sequence[str], content: Content, say: Callable[[str], object] = lambda words: None
) -> Iterator[ChapterPage]:
    """The pages of some chapters, one after the other; those that these models cannot show are left out.

    Args:
        keys: of the chapters, in the lesson's order.
        content: the messages of the folder's other pages.
        say: told what is being done.

    Raises:
        SiteError: one of them could not be drawn.
    """
    models = of_the_lesson(open_all()[0])
    shown = [one for one in CHAPTERS if one.key in keys and models and not one.missing(FileStage(one.key, models))]
    for chapter in shown:
        say(f"Working out the chapter {chapter.key} ...")
        yield _chapter_page(chapter, [one.key for one in shown], content)


def contents_page(pages: Sequence[ChapterPage]) -> Page:
    """The list of the chapters."""
    there = {one.page.name for one in pages}
    lines = []
    for number, chapter in enumerate(CHAPTERS, 1):
        guide, to = GUIDES[chapter.key], address_of(chapter.key)
        words = _("About {minutes} minutes. After it you can {goals}.")
        said = escape(words.format(minutes=guide.minutes, goals=guide.goals_in_words))
        title = f"{number}. {escape(_(chapter.title))}"
        elsewhere = _("only in the app")
        name = f'<a href="{to}">{title}</a>' if to in there else f"{title} ({elsewhere})"
        lines.append(f"<li {teachers.plans_with(chapter.key)}><h2>{name}</h2><p>{said}</p></li>")
    about = escape(_("From an autoencoder to a VAE, chapter by chapter."))
    title = _("Lesson")
    head = f"<h1>{title}</h1><p>{about}</p>{teachers.plan_links()}"
    main = f'<main class="lesson contents">{head}<ol>{"".join(lines)}</ol>{teachers.links()}</main>'
    return Page(CONTENTS, title, main, ENTRY, {}, under=CONTENTS, shelf=False, styles=STYLES)


def _chapter_page(chapter: Chapter, there: Sequence[str], content: Content) -> ChapterPage:
    elements = Elements(adapting(content))
    model = content.pad["model"]

    def drawn(settings: Mapping[str, Any]) -> Part:
        return elements.block(run(chapter.key, model, settings))

    begin = numbered(drawn({}))
    found = groups(begin, drawn)
    whole = {part.at: part for part in _all(begin)}
    states = as_json([group.facts(whole) for group in found])
    both = covered(elements.block(run(chapter.key, model, {}, settled=False)), begin)
    shells = "".join(f'<template id="part-{name}">{html}</template>' for name, html in elements.shells.items())
    shells += f'<template id="presenting">{PRESENTING}</template>{teachers.shell_of("presenter")}'
    styles = "".join([*elements.styles, STYLE])
    main = f"{styles}{_head(chapter, there)}{both.html}{_foot(chapter, there)}{shells}"
    name, title = address_of(chapter.key), _(chapter.title)
    main = f'<main class="lesson">{main}</main>'
    number = CHAPTERS.index(chapter) + 1
    facts = {
        "key": chapter.key,
        "title": f"{number}. {title}",
        "steps": f"st-key-{STEP}",
        "notes": f"./{teachers.NOTES}",
    }
    page = Page(name, title, main, ENTRY, {}, under=CONTENTS, shelf=False, styles=STYLES)
    return ChapterPage(chapter.key, facts, page, states)


def _all(part: Part) -> Iterator[Part]:
    yield part
    for child in part.children:
        yield from _all(child)


def adapting(content: Content) -> Callable[[str, dict[str, Any]], dict[str, Any]]:
    """What makes the app's messages into the folder's: decoders and the map's points lie in it, and nothing answers."""
    models = open_all()[0]
    decoders: dict[str, str] = {content.pad["model"]: str(content.pad["decoderUrl"])}

    def decoder(name: str) -> str:
        if name not in decoders:
            decoders[name] = decoder_address(models[name])
        return decoders[name]

    def adapt(name: str, message: dict[str, Any]) -> dict[str, Any]:
        if name == "latent_pad":
            here = {"decoderUrl": decoder(message["model"]), "blendUrl": None, "beside": None, "server": False}
            return message | here
        if name == "atlas_map" and message["model"] == content.map["model"]:
            own: Mapping[str, Any] = content.map
            return message | {key: own[key] for key in ("base", "plotly", "source", "decoderUrl")}
        return message

    return adapt


def _head(chapter: Chapter, there: Sequence[str]) -> str:
    number = CHAPTERS.index(chapter) + 1
    place = _("Lesson, chapter {number} of {count}").format(number=number, count=len(CHAPTERS))
    guide = GUIDES[chapter.key]
    words = _("About {minutes} minutes. After it you can {goals}.")
    goals = inline(words.format(minutes=guide.minutes, goals=guide.goals_in_words))
    terms = "".join(f"<dt>{escape(_(term))}</dt><dd>{inline(_(TERMS[term]))}</dd>" for term in chapter.terms)
    glossary, present = _("Glossary"), _("Present")
    about = attribute(
        _("For a projector: large type, one step at a time. Arrow keys or a remote go on, Escape leaves.")
    )
    return (
        f'<div class="text"><p class="caption">{escape(place)}</p><h1>{escape(_(chapter.title))}</h1>'
        f"{''.join(_beside(chapter, there))}<p>{goals}</p>"
        f'<p><button type="button" id="present" title="{about}">{present}</button></p>'
        f'<p class="caption">{escape(_(BEFOREHAND))}</p><p id="problems" role="alert" hidden></p>'
        f'<details class="glossary"><summary>{glossary}</summary><dl>{terms}</dl></details></div>'
    )


def _beside(chapter: Chapter, there: Sequence[str]) -> Iterator[str]:
    """The links to the chapters beside one, in each plan."""
    label, all_of_them = _("Chapters"), _("All chapters")
    for key in PLANS:
        before, behind = _neighbour(chapter, -1, key, there), _neighbour(chapter, 1, key, there)
        links = (
            _link(before, _("Back"), "prev"),
            f'<a href="{CONTENTS}">{all_of_them}</a>',
            _link(behind, _("Next"), "next"),
        )
        inside = " ".join(filter(None, links))
        yield f'<nav class="chapters" aria-label="{label}" {teachers.in_plans([key])}>{inside}</nav>'


def _foot(chapter: Chapter, there: Sequence[str]) -> str:
    """What leads on, in each plan."""
    found = []
    for key in PLANS:
        behind = _neighbour(chapter, 1, key, there)
        link = f'<a href="{CONTENTS}">{_("All chapters")}</a>'
        if behind is not None:
            words = escape(_("Next: {title}").format(title=_(behind.title)))
            link = f'<a class="next" rel="next" href="{address_of(behind.key)}">{words}</a>'
        found.append(f'<p class="text" {teachers.in_plans([key])}>{link}</p>')
    return "".join(found)


def _neighbour(chapter: Chapter, step: int, plan: str, there: Sequence[str]) -> Chapter | None:
    at = beside(CHAPTERS.index(chapter), step, set(PLANS[plan].chapters) & set(there))
    return None if at is None else CHAPTERS[at]


def _link(chapter: Chapter | None, words: str, rel: str) -> str:
    if chapter is None:
        return ""
    title = escape(_(chapter.title), quote=True)
    return f'<a href="{address_of(chapter.key)}" rel="{rel}" title="{title}">{escape(words)}</a>'
