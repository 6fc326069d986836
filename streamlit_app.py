"""Door: `streamlit run streamlit_app.py`. The pages: app/main.py; what else is served: app/server.py."""

import streamlit as st

from app.frontend import install_at_start
from app.server import routes, warming_up

install_at_start()
app = st.App("app/main.py", routes=routes(), lifespan=warming_up)
