"""What the pad is given of a point."""

from __future__ import annotations

import pytest

from app.checkpoints import for_browsers
from app.controls import pad
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


def test_what_became_of_sliders_that_were_moved_in_another_model_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pad, "open_all", lambda: ({"ae": small_model("ae"), "vae": small_model("vae")}, []))
    said = pad._about_other_models(["vae"])
    assert said == f"Each model has sliders of its own: what you moved in the {small_model('vae').title} is kept there."
    assert pad._about_other_models([]) == pad._about_other_models(["gone"]) == ""
