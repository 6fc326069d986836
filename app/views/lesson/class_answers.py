"""What a class answers together: each guess is counted without a name, and the teacher shows the sum."""

from __future__ import annotations

import secrets
from collections.abc import Sequence

import streamlit as st

from app.drawing import gallery
from app.drawing.saved_table import save_table
from app.server.class_network import is_open
from app.server.class_room import Topic, room
from app.server.owner import is_owner
from app.texts import _, ngettext
from app.views.lesson import presenter

VISITOR = "class_visitor"  # a number by chance that tells one session from another, and nobody's name
LOOKING = 2  # seconds between two looks at what the others said


def count(chapter: str, question: str, option: int | None) -> None:
    """Count a student's guess, the last one of each; the teacher's own counts for nothing. Only in a class.

    Args:
        chapter, question: what is asked, in English, so that a class may read it in several languages.
        option: its number, or None for no guess.
    """
    if not is_open() or is_owner():
        return
    visitor = st.session_state.setdefault(VISITOR, secrets.token_hex(8))
    room().answer(Topic(chapter, question), visitor, option)


def tally(chapter: str, question: str, options: Sequence[str]) -> None:
    """How many have answered, and what, once the teacher shows it. Nothing outside of a class.

    Args:
        chapter, question: as for `count`.
        options: in the reader's language.
    """
    if is_open():
        _tally(Topic(chapter, question), list(options))


@st.fragment(run_every=LOOKING)
def _tally(topic: Topic, options: list[str]) -> None:
    answers = room().answers(topic)
    total = sum(answers.values())
    teacher, shown = is_owner(), room().is_shown(topic)
    if teacher:
        so_far = ngettext("{count} answer of the class so far.", "{count} answers of the class so far.", total)
        st.markdown(so_far.format(count=total) if total else _("Nobody of the class has answered yet."))
        with st.container(horizontal=True):
            st.button(
                _("Hide the answers") if shown else _("Show what the class said"),
                icon=":material/groups:",
                key=f"class_show_{topic.chapter}",
                disabled=not total and not shown,
                on_click=room().show,
                args=(topic, not shown),
            )
            st.button(
                _("Count anew"),
                key=f"class_clear_{topic.chapter}",
                type="tertiary",
                disabled=not total,
                on_click=room().clear,
                args=(topic,),
            )
        if problem := room().problem:
            st.warning(_(problem), icon=":material/cloud_off:")
    if not shown or not total:
        return
    heading = ngettext("**What the class said** ({count} answer)", "**What the class said** ({count} answers)", total)
    st.markdown(heading.format(count=total))
    gallery.show(
        gallery.bars([(option, answers.get(i, 0) / total, f"{answers.get(i, 0)}") for i, option in enumerate(options)])
    )
    if not presenter.is_on():
        rows = [{_("Answer"): option, _("Count"): answers.get(i, 0)} for i, option in enumerate(options)]
        save_table(rows, f"class_save_{topic.chapter}", f"answers-{topic.chapter}")
