"""Door: `streamlit run streamlit_app.py`. The pages: app/main.py; what else is served: app/server/."""

import streamlit as st
from starlette.middleware import Middleware

from app.early_pad.page_head import HeadTags
from app.server.frontend_files import install_at_start
from app.server.long_links import LongLinks
from app.server.routes import routes
from app.streamlit_internals import long_requests
from app.warm_up import warming_up

install_at_start()
long_requests.hear_out()
app = st.App(
    "app/main.py", routes=routes(), middleware=[Middleware(LongLinks), Middleware(HeadTags)], lifespan=warming_up
)
