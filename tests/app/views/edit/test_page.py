import numpy as np
import pytest

from app.views.edit.own_direction import sentence
from app.views.edit.page import classifier_lines, leakage_cells, unsupported
from latent.groups import Separation
from models.data.attributes import ATTRIBUTES, JUDGING, plain_name
from tests.app.small_models import small_model

GLASSES = ATTRIBUTES.index("Eyeglasses")


def test_what_was_moved_leads_the_lines_and_what_else_changed_follows():
    before = np.full(40, 0.2, np.float32)
    after = before.copy()
    after[GLASSES], after[ATTRIBUTES.index("Smiling")], after[ATTRIBUTES.index("Attractive")] = 0.3, 0.9, 0.99
    lines = classifier_lines(before, after, ["Eyeglasses"])
    assert [name for name, _, _ in lines[:2]] == ["Eyeglasses", "Smiling"]
    assert lines[0][2] == "was 20\N{NO-BREAK SPACE}%"
    judged = {plain_name(attribute) for attribute in JUDGING}
    assert not judged & {name for name, _, _ in lines}


def test_without_a_move_the_surest_readings_are_shown():
    read = np.linspace(0, 1, 40, dtype=np.float32)
    lines = classifier_lines(read, read, [])
    assert lines[0][0] == plain_name(ATTRIBUTES[-1])
    assert {note for _, _, note in lines} == {""}


def test_attributes_that_are_hardly_found_are_off_at_first():
    model = small_model()
    assert unsupported(model) == {
        name: f"only {axis.fewest} examples" for name, axis in model.axes.items() if axis.fewest < 100
    }


def test_the_leakage_matrix_shows_each_cell_with_its_interval_and_refuses_a_damaged_table():
    table = {"moved": ["Smiling"], "read": ["Smiling", "Male"], "change": [[0.5, -0.1]], "low": [[0.4, -0.2]]}
    with pytest.raises(KeyError):
        leakage_cells(table)
    cells = leakage_cells(table | {"high": [[0.6, 0.0]]})
    assert cells.notes[0][1] == "\N{MINUS SIGN}0.10 (\N{MINUS SIGN}0.20 to +0.00)"
    with pytest.raises(ValueError, match="do not fit"):
        leakage_cells(table | {"high": [[0.6]]})
    judging = {"read": ["Attractive", "Male"]} | {"high": [[0.6, 0.0]]}
    assert list(leakage_cells(table | judging).columns) == ["Male"], "what judges people is left out, as elsewhere"


def test_a_direction_that_chance_reaches_is_not_praised():
    assert "means something" in sentence(Separation(2.0, 0.5, 1.0, 200))
    assert "may be chance" in sentence(Separation(0.4, 0.5, 0.9, 200))
