"""What Streamlit's page asks the server before it connects; the page's head has the browser ask at once.

Relies on: it fetches these two addresses by `fetch` without further options, and keeps `window.__streamlit` for where
they are (`app/components/page/backend.mjs`).
"""

PINGS = ("./_stcore/health", "./_stcore/host-config")
