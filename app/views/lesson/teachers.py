"""What a teacher chooses and takes along: how much time there is, the speaker's notes and the worksheet."""

from __future__ import annotations

from urllib.parse import urlencode

import streamlit as st

from app.texts import _
from app.views.lesson import notes, plan_address, plans, worksheet
from app.views.lesson.contents import CHAPTERS
from app.views.lesson.guide import GUIDES
from app.views.lesson.presenter import CHAPTER


def popover(place: int) -> None:
    """A button that opens it.

    Args:
        place: of the chapter on screen.
    """
    with st.popover(_("For teachers"), icon=":material/co_present:"):
        plans.choose()
        plan = plans.chosen()
        line = _("{number}\\. {title}, {minutes} minutes")
        listed = "  \n".join(
            line.format(number=at, title=_(chapter.title), minutes=GUIDES[chapter.key].minutes)
            for at, chapter in enumerate(CHAPTERS, 1)
            if chapter.key in plan.chapters
        )
        words = _("{minutes} minutes in all; *Next* goes from one to the other:").format(minutes=plan.minutes)
        st.markdown(f"{words}\n\n{listed}")
        chapter = {CHAPTER: CHAPTERS[place].key, **plan_address.in_address()}
        st.link_button(
            _("Speaker's notes"),
            f"?{urlencode({**chapter, notes.NOTES: '1'})}",
            icon=":material/speaker_notes:",
            help=_("In a window of their own; they follow the chapter that is presented in another one."),
        )
        for kind, title in worksheet.KINDS.items():
            address = urlencode({worksheet.SHEET: kind, **plan_address.in_address()})
            st.link_button(_(title), f"?{address}", icon=":material/print:")
