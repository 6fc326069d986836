"""The pad that stands in the page's HTML before Streamlit has started."""
