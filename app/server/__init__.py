"""What answers besides Streamlit's pages, and what runs beside them."""
