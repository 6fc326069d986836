"""The pages of the app."""

from __future__ import annotations

from collections.abc import Callable
from importlib import import_module

import streamlit as st

from app import texts
from app.checkpoints.opening import open_all
from app.components.page_top import page_top
from app.controls.colouring import COLOURING, colourings
from app.controls.join_class import draw_join
from app.controls.language import language_choice
from app.controls.look_here import draw_look_here
from app.controls.shelf_panel import draw_shelf
from app.paths import ASSETS
from app.session.address import following
from app.session.pages import PAGES
from app.texts import _

LESSON = "lesson"
texts.settle()
# A file of our own: Streamlit would fetch a named icon from another site.
ICON = (ASSETS / "icon.svg").read_text(encoding="utf-8")
st.set_page_config(page_title="Facespace", page_icon=ICON, layout="wide")
st.logo(str(ASSETS / "wordmark.svg"), size="medium")


def draw(name: str) -> Callable[[], None]:
    """A page by its module in `app.views`, imported when it is first looked at: some of them need torch."""
    return lambda: import_module(f"app.views.{name}").render()


st.session_state[PAGES] = {
    "explore": st.Page(
        draw("explore"), title=_("Explore"), icon=":material/scatter_plot:", url_path="explore", default=True
    ),
    "generate": st.Page(draw("generate"), title=_("Generate"), icon=":material/casino:", url_path="generate"),
    "edit": st.Page(draw("edit.page"), title=_("Edit"), icon=":material/tune:", url_path="edit"),
    "morph": st.Page(draw("morph.page"), title=_("Morph"), icon=":material/animation:", url_path="morph"),
    "your-face": st.Page(
        draw("your_face.page"), title=_("Your face"), icon=":material/add_a_photo:", url_path="your-face"
    ),
    "models": st.Page(draw("models.page"), title=_("Models"), icon=":material/deployed_code:", url_path="models"),
    "lesson": st.Page(draw("lesson.page"), title=_("Lesson"), icon=":material/school:", url_path=LESSON),
}

page = st.navigation(list(st.session_state[PAGES].values()), position="top")
with st.container(key="corner", horizontal=True, width="content", gap="small"):
    draw_join(page.url_path)
    draw_look_here(page.url_path)
    draw_shelf()
    if page.url_path != LESSON:  # which has a top for each chapter
        page_top(page.url_path)
with following(lambda: open_all()[0], colourings, COLOURING):
    page.run()
language_choice()
