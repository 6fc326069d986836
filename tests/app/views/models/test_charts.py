"""The charts of a card."""

from __future__ import annotations

import numpy as np

from app.drawing.chart_html import chart_block
from app.views.models.charts import nats_by_dimension, training_curves

EPOCHS = np.array([1.0, 2.0, 3.0])


def test_a_history_becomes_a_chart_for_each_kind_of_column_that_it_has() -> None:
    loss, psnr = np.array([300.0, 200.0, 100.0]), np.array([20.0, np.nan, 22.0])
    drawn = dict(training_curves({"epoch": EPOCHS, "loss": loss, "kl": loss / 10, "valid_psnr": psnr}))
    assert list(drawn) == ["Loss terms, nats an image", "PSNR on validation pictures, dB"]  # one KL alone is no panel
    terms = drawn["Loss terms, nats an image"]
    assert [series.name for series in terms.series] == ["loss", "KL"]
    assert terms.y.log
    assert not dict(training_curves({"epoch": EPOCHS, "loss": -loss}))["Loss terms, nats an image"].y.log
    assert training_curves({}) == []


def test_dimensions_stand_the_fullest_first_and_say_which_they_are() -> None:
    used, unused = nats_by_dimension([0.0, 2.5, 1.0]).series
    assert used.labels == ["Dimension 1: 2.50\N{NO-BREAK SPACE}nats", "Dimension 2: 1.00\N{NO-BREAK SPACE}nats"]
    assert (list(unused.x), list(unused.y)) == ([3], [0])
    assert chart_block(nats_by_dimension([0.0]), "nats")
