import html
import inspect
import re
from importlib import import_module

import pytest

from app.views.lesson.own_code import MOST_LINES, coloured, excerpt
from models.losses import kl_nats


def test_the_lines_are_those_of_the_source_without_the_docstring():
    found = excerpt("models.losses:kl_nats")
    assert found.file == "models/losses.py"
    assert found.first == inspect.getsourcelines(kl_nats)[1]
    lines = found.lines.splitlines()
    assert lines[0].startswith("def kl_nats(")
    assert lines[-1].strip().startswith("return ")
    assert '"""' not in found.lines
    assert all(line in inspect.getsource(kl_nats) for line in lines)


def test_what_is_missing_or_too_long_is_named():
    with pytest.raises(LookupError, match=r"no models.losses:none"):
        excerpt("models.losses:none")
    with pytest.raises(LookupError, match=f"{MOST_LINES} are the most"):
        excerpt("models.training.objectives:AutoencoderObjective.forward")


def words_of(drawn):
    return html.unescape(re.sub("<[^>]+>", "", drawn))


def test_colours_change_nothing_of_the_lines():
    odd = 'def f(x: str = "a < b") -> int:\n    """Two\n    lines."""\n    # why\n\n    return g(\n        x, 2\n    )'
    drawn = coloured(odd)
    assert words_of(drawn) == odd
    assert '<span class="keyword">return</span>' in drawn
    assert '<span class="string">&quot;a &lt; b&quot;</span>' in drawn
    assert '<span class="name">f</span>' in drawn


WITH_FORMULAS = ("autoencoder", "training", "generating", "variational", "reparametrisation", "normal_prior")


@pytest.mark.parametrize("key", WITH_FORMULAS)
def test_each_formula_of_a_chapter_names_code_that_is_there(key):
    source = inspect.getsource(import_module(f"app.views.lesson.chapters.{key}"))
    named = re.findall(r'"((?:models|latent)\.[\w.]+:[\w.]+)"', source)
    assert named
    for name in named:
        lines = excerpt(name).lines
        assert lines
        assert words_of(coloured(lines)) == lines
