"""The docstrings of `facespace`: their examples run as they stand, and pages are made from them without a warning."""

from __future__ import annotations

import doctest
import warnings

import pdoc
import pytest

import facespace
import facespace.directed
import facespace.model
import facespace.opened
import facespace.ways
import facespace.widgets.map
import facespace.widgets.pad


@pytest.mark.slow
def test_the_examples_in_the_docstrings_run_as_they_stand(vae):
    ran = 0
    widgets = (facespace.widgets.pad, facespace.widgets.map)
    for module in (facespace, facespace.opened, facespace.directed, facespace.ways, facespace.model, *widgets):
        failed, attempted = doctest.testmod(module, extraglobs={"model": vae})
        assert failed == 0
        ran += attempted
    assert ran > 15


def test_pages_of_all_public_names_are_built_without_a_warning(tmp_path):
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        pdoc.pdoc("facespace", output_directory=tmp_path)
    page = (tmp_path / "facespace.html").read_text(encoding="utf-8")
    for name in (*facespace.__all__, "Model.encode_folder", "Model.interpolate", "Directed.edit", "Opened.atlas"):
        assert f'id="{name}"' in page, name
