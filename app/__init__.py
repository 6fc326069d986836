"""Streamlit: everything the browser sees."""

from app.streamlit_internals.quiet import no_warning_outside_a_page

no_warning_outside_a_page()  # before any module of the app decorates what is to be cached
