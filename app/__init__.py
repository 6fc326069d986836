"""Streamlit: everything the browser sees."""
