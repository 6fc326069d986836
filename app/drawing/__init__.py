"""Pictures and figures, as HTML, Plotly or files; nothing here knows a visitor."""
