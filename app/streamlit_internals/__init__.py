"""Each use of what Streamlit does not promise, a module each: what it relies on, and a test that names what broke."""
