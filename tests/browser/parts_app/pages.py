"""The pages: one with the pad, one with nothing on it to go to from there, one with the map."""

import streamlit as st

st.set_page_config(layout="wide")
pages = [
    st.Page("pad_page.py", title="Explore", default=True),
    st.Page("other_page.py", title="Other", url_path="other"),
    st.Page("map_page.py", title="Map", url_path="map"),
]
st.navigation(pages, position="top").run()
