from dataclasses import replace

import pytest

from app import paths, texts
from app.checkpoints.family import Member, curve, members, unbroken, verdict
from app.checkpoints.records import read_records
from app.views.models.charts import SAVED, rate_distortion
from tests.app.small_family import CURVE, write_family


def points(*triples):
    return [Member(f"family/{beta:g}", f"beta-{beta:g}", beta, rate, psnr, 0.05) for beta, rate, psnr in triples]


MONOTONE = points((0, None, 23.0), (0.1, 300, 22.8), (1, 150, 22.0), (10, 40, 20.0))


@pytest.fixture
def records(tmp_path, monkeypatch):
    (tmp_path / "checkpoints").mkdir()
    monkeypatch.setattr(paths, "ROOT", tmp_path)
    monkeypatch.delenv("FACESPACE_CHECKPOINTS", raising=False)
    write_family(tmp_path / "checkpoints" / "family")
    return read_records()[0]


def test_the_curve_holds_what_differs_in_beta_alone_and_the_twins_stand_beside_it(records):
    found = members(records)
    assert [member.beta for member in curve(found)] == sorted(CURVE)
    assert [member.psnr for member in curve(found)] == [CURVE[beta] for beta in sorted(CURVE)]
    assert {member.name for member in found if member.twin} == {"pixels", "plain-ae", "two-dimensions"}
    assert [member.name for member in found if member.rate is None] == ["beta-0", "plain-ae"]
    assert found[0].margin == pytest.approx(0.1)
    assert "is monotone" in verdict(curve(found))


def test_what_evaluate_has_not_measured_is_no_point(records):
    key = "family/beta-1"
    assert len(members(records | {key: replace(records[key], metrics={})})) == len(members(records)) - 1
    assert members({}) == []


def test_a_curve_that_falls_is_monotone_and_too_few_points_are_none():
    assert unbroken(MONOTONE) == [0, 1, 2, 3]
    assert verdict(MONOTONE).startswith("The curve is monotone")
    assert "Fewer than three" in verdict(MONOTONE[:2])


def test_a_point_that_breaks_the_curve_is_named_with_its_figures():
    broken = [*MONOTONE[:2], *points((0.3, 200, 19.0)), *MONOTONE[2:]]
    words = verdict(broken)
    assert words.startswith("The curve is not monotone. Beta 0.3 breaks it")
    assert "its PSNR, 19.00\N{NO-BREAK SPACE}dB, is not above the 22.00\N{NO-BREAK SPACE}dB of beta 1" in words
    assert "error of measuring" not in words
    rate = verdict([*MONOTONE[:2], *points((0.3, 400, 22.5)), *MONOTONE[2:]])
    assert "Beta 0.3 breaks it: its KL, 400.0\N{NO-BREAK SPACE}nats, is not below the 300.0 of beta 0.1" in rate


def test_a_break_within_the_error_of_measuring_says_so():
    words = verdict([*MONOTONE[:2], *points((0.3, 200, 21.98)), *MONOTONE[2:]])
    assert (
        "Beta 1 breaks it: its PSNR, 22.00\N{NO-BREAK SPACE}dB, is not below the 21.98\N{NO-BREAK SPACE}dB of beta 0.3."
        in words
    )
    assert "less than the error of measuring" in words


def test_two_that_read_alike_are_not_said_to_be_one_below_the_other():
    words = verdict([*MONOTONE[:2], *points((0.3, 200, 21.999)), *MONOTONE[2:]])
    assert "Beta 1 breaks it: its PSNR and that of beta 0.3 are both 22.00\N{NO-BREAK SPACE}dB." in words


def test_each_point_of_the_plot_carries_its_key_and_open_cards_have_a_ring(records):
    figure = rate_distortion(members(records), ["family/beta-1"])
    shown = {key: width for trace in figure.data if trace.customdata is not None
             for key, width in zip(trace.customdata, trace.marker.line.width, strict=True)}  # fmt: skip
    assert set(shown) == {key for key in records if key.startswith("family/")}
    assert [key for key, width in shown.items() if width] == ["family/beta-1"]
    labels = [text for trace in figure.data if trace.text is not None for text in trace.text]
    assert sorted(labels) == ["0", "0.1", "1", "10", "pixels", "plain-ae", "two-dimensions"]


def test_the_plot_can_be_saved_as_a_drawing_and_has_the_readers_numbers(records):
    assert SAVED["toImageButtonOptions"]["format"] == "svg"
    with texts.speaking("de"):
        assert rate_distortion(members(records), []).layout.separators == ",."
