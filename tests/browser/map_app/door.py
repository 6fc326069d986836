"""Door of the small app in which the browser tests drive the map alone."""

import streamlit as st

from app.server.routes import routes

app = st.App("page.py", routes=routes())
