"""Markdown, formulas, pictures and charts for a page without Streamlit."""

from __future__ import annotations

from xml.etree import ElementTree

import numpy as np
import pytest

from app.drawing.picture_files import picture_address
from app.static_site.lesson.words import formula, inline, markdown, smaller
from app.views.lesson.chapters.variational import LOSS

FORMULAS = [
    LOSS,
    r"\begin{aligned} &\mathrm{KL}\big(\mathcal N(\mu, \sigma^2)\,\|\,\mathcal N(0, 1)\big) \\ "
    r"&\quad = \tfrac12\left(\mu^2 + \sigma^2 - 1 - \ln \sigma^2\right) \end{aligned}",
]


def test_texts_are_marked_up_and_html_in_them_is_shown() -> None:
    assert inline("**128** numbers < 3") == "<strong>128</strong> numbers &lt; 3"
    assert "&lt;script&gt;" in markdown("<script>alert(1)</script>")
    assert markdown("One:\n- two\n- three").count("<li>") == 2


@pytest.mark.parametrize("latex", FORMULAS)
def test_formulas_of_several_lines_become_rows_and_leave_no_latex(latex: str) -> None:
    made = formula(f"$$\n{latex}\n$$")
    rows = ElementTree.fromstring(made).findall(".//{http://www.w3.org/1998/Math/MathML}mtr")
    assert len(rows) >= 2
    assert not any(piece in made for piece in ("\\", "&amp;", "gathered", "aligned"))


def test_pictures_get_smaller_and_small_ones_stay_as_they_are() -> None:
    noise = np.random.default_rng(0).integers(0, 255, (200, 200, 3), np.uint8)
    block = f'<img src="{picture_address(noise)}">'
    assert len(smaller(block)) < 0.7 * len(block)
    assert "data:image/webp" in smaller(block)
