"""The pages of the app."""

from __future__ import annotations

from pathlib import Path

import streamlit as st

from app.state import PAGES
from app.views import explore, your_face

# A file of our own: Streamlit would fetch a named icon from another site.
ICON = (Path(__file__).parents[1] / "assets" / "icon.svg").read_text(encoding="utf-8")
st.set_page_config(page_title="Facespace", page_icon=ICON, layout="wide")

# A projector has no room to spare above the title.
st.html(
    "<style>.stMainBlockContainer { padding: 4rem 2.5rem 2rem; }"
    "@media (max-width: 640px) { .stMainBlockContainer { padding: 4rem 1rem 2rem; } }</style>"
)

st.session_state[PAGES] = {
    "explore": st.Page(
        explore.render, title="Explore", icon=":material/scatter_plot:", url_path="explore", default=True
    ),
    "your-face": st.Page(your_face.render, title="Your face", icon=":material/add_a_photo:", url_path="your-face"),
}

st.navigation(list(st.session_state[PAGES].values()), position="top").run()
