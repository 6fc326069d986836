"""What the pad is given of a point."""

from __future__ import annotations

import pytest

from app.checkpoints import for_browsers
from app.controls.pad import Arrival, PadOnPage, pad_input
from app.session.point import Point
from tests.app.small_models import small_model


def test_what_depends_on_the_point_is_not_said_to_last(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(for_browsers, "_decoder_file", lambda identity, files: None)
    model, point = small_model("vae"), Point()
    z = point.z(model)
    assert z is not None
    sliders = pad_input(model, point, z, "pad", Arrival(), PadOnPage()).sliders
    assert {bank.key for bank in sliders.banks} == {"dimensions", "attributes", "morphs", "noise"}
    assert sliders.lasting == {"dimensions", "attributes"}
