"""The colours of the app's two themes, which .streamlit/config.toml states."""

from __future__ import annotations

from typing import Literal

import streamlit as st

COLOURS = ("primary-color", "background-color", "secondary-background-color", "text-color", "border-color")


def theme_colours(theme: Literal["light", "dark"]) -> str:
    """A theme's colours as Streamlit's custom properties, such as "--st-text-color: #22272b;", in one line of CSS."""

    def option(name: str) -> str:
        first, *others = name.split("-")
        return str(st.get_option(f"theme.{theme}." + first + "".join(map(str.capitalize, others))))

    return " ".join(f"--st-{name}: {option(name)};" for name in COLOURS)
