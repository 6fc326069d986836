"""A chapter's question on a page of files: the guess is made and answered in the browser."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from app.static_site.lesson.words import attribute, inline, markdown
from app.texts import _


def question_html(facts: Mapping[str, Any]) -> str:
    """The question with what is said to each guess, hidden.

    Args:
        facts: Markdown of the "question", its "options" and, for each of them, the "verdicts".
    """
    guess, reveal, skip = attribute(_("Your guess")), _("Reveal"), _("Skip")
    options = "".join(
        f'<label><input type="radio" name="guess" value="{i}"> <span>{inline(option)}</span></label>'
        for i, option in enumerate(facts["options"])
    )
    said = "".join(f'<div data-verdict="{i}" hidden>{markdown(text)}</div>' for i, text in enumerate(facts["verdicts"]))
    return (
        f'<div class="question"><div class="stMarkdown">{markdown(facts["question"])}</div>'
        f'<div role="radiogroup" aria-label="{guess}">{options}</div><p class="buttons">'
        f'<button type="button" class="reveal" disabled>{reveal}</button> '
        f'<button type="button" class="skip">{skip}</button></p>'
        f'<div role="status" class="stMarkdown">{said}</div></div>'
    )
