"""Door of the small app in which the browser tests drive the latent pad and the map, each alone on its page."""

import streamlit as st

from app.server.routes import routes

app = st.App("pages.py", routes=routes())
