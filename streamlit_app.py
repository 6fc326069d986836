"""Door: `streamlit run streamlit_app.py`. The pages: app/main.py; what else is served: app/server/."""

import streamlit as st
from starlette.middleware import Middleware

from app.early_pad.page_head import HeadTags
from app.server.answer_headers import AnswerHeaders
from app.server.connections import Connections
from app.server.frontend_files import install_at_start
from app.server.long_links import LongLinks
from app.server.routes import routes
from app.server.upload_limits import UploadLimits
from app.streamlit_internals import history, long_requests, no_delay
from app.streamlit_internals.static_files import StaticFiles
from app.warm_up import GetReady, warming_up

install_at_start()
long_requests.hear_out()
no_delay.send_at_once()
history.hold_on_to_back()
GATES = (
    GetReady,
    AnswerHeaders,
    StaticFiles,
    Connections,
    UploadLimits,
    LongLinks,
    HeadTags,
)  # the first is asked first
app = st.App("app/main.py", routes=routes(), middleware=[Middleware(gate) for gate in GATES], lifespan=warming_up)
