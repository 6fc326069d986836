"""The pad in a notebook, as Python sees it."""

from __future__ import annotations

import json
from typing import get_type_hints

import numpy as np
import pytest

import facespace
from app.components.latent_pad import first_message
from app.components.latent_pad.inputs import PadInput, PadModel, PadPoint, PadSliders, Plausibility
from app.components.latent_pad.message import PadMessage
from facespace.widgets import Pad
from facespace.widgets.front_end import RUNTIME
from latent.directions import Direction


def let_go(pad: Pad, **weights: float) -> None:
    """What the browser says once the hand lets a slider go."""
    value = {"model": "vae", "point": pad.message["pointId"], "bank": "", "weights": weights, "vivid": None}
    pad.said = {"what": "committed", "value": value}


def test_the_browser_is_told_what_the_app_would_tell_it(vae):
    z = vae.atlas.mu[0].astype(np.float32)
    mine = Pad(vae, z).message
    known = vae.posterior
    percentiles = np.zeros(101, np.float32)
    model = PadModel("vae", "", None, Plausibility(known.mean, known.precision, percentiles, True))
    theirs = first_message(PadInput("pad", model, PadPoint("p", z), PadSliders(vae.banks)))
    assert mine.keys() == theirs.keys() == get_type_hints(PadMessage).keys()
    for bank, other in zip(mine["banks"], theirs["banks"], strict=True):
        plain = json.dumps(other["directions"], ensure_ascii=False).replace("\N{NO-BREAK SPACE}", " ")  # app.texts' own
        assert json.loads(json.dumps(bank["directions"])) == json.loads(plain)
        assert bank.keys() == other.keys()
    for name in (
        "z", "dimensions", "weights", "bank", "vivid", "play", "greet", "group", "readings", "back", "forward",
    ):  # fmt: skip
        assert mine[name] == theirs[name], name


def test_a_slider_that_is_let_go_moves_z_as_edit_does(vae):
    start, told = vae.atlas.mu[0].astype(np.float32), []
    pad = Pad(vae, start, ["Smiling", "Eyeglasses"])
    pad.observe(lambda change: told.append(change["new"]), "z")
    let_go(pad, **{"attribute-Smiling": 1.5})
    np.testing.assert_allclose(pad.z, vae.edit(start, {"Smiling": 1.5})[0], atol=1e-6)
    assert pad.weights == {"attribute-Smiling": 1.5}
    assert len(told) == 1
    let_go(pad)
    np.testing.assert_array_equal(pad.z, start)


def test_z_that_is_set_begins_anew_with_sliders_at_rest(vae):
    pad = Pad(vae, vae.atlas.mu[0], ["Smiling"])
    let_go(pad, **{"attribute-Smiling": 1.0})
    before = pad.message
    late = dict(pad.said["value"])
    pad.z = vae.posterior.mean
    assert pad.weights == {}
    assert pad.message["pointId"] != before["pointId"]
    assert pad.message["signature"] != before["signature"]
    pad.said = {"what": "committed", "value": {**late, "weights": {"attribute-Smiling": 3.0}}}  # of the face before
    pad.said = {"what": "committed", "value": "no state"}
    pad.said = {"what": "failed", "value": True}
    np.testing.assert_array_equal(pad.z, vae.posterior.mean)


def test_a_direction_of_ones_own_and_a_path_are_sliders_too(vae):
    way = np.stack([np.zeros(128), np.ones(128), 4 * np.ones(128)]).astype(np.float32)
    pad = Pad(vae, np.zeros(128), [Direction("way", "Way", np.zeros(128, np.float32), 0, 2, path=way)])
    let_go(pad, way=1.5)
    np.testing.assert_allclose(pad.z, 2.5 * np.ones(128))


def test_files_go_to_the_browser_when_it_asks_for_them(vae):
    pad, sent = Pad(vae, None, ["Smiling"]), []
    pad.send = lambda content, buffers: sent.append((content, buffers))
    decoder = pad.message["decoderUrl"]
    pad._handle_custom_msg({"file": decoder}, [])
    pad._handle_custom_msg({"file": "facespace:0/secret"}, [])
    (first, (content,)), (second, nothing) = sent
    assert first == {"file": decoder, "found": True}
    assert content == vae.files.decoder_paths[0].read_bytes()
    assert (second["found"], nothing) == (False, [])


def test_a_model_without_a_map_has_a_pad_for_a_code_and_directions_of_ones_own(tmp_path):
    from models.checkpoints import save_checkpoint
    from tests.conftest import tiny_network

    save_checkpoint(tiny_network("ae"), tmp_path / "tiny", {})
    model = facespace.open_model(tmp_path / "tiny")
    pad = Pad(model, np.zeros(6), [Direction("one", "One", np.eye(6, dtype=np.float32)[0])])
    assert pad.message["gauge"] is None
    with pytest.raises(facespace.errors):
        Pad(model, np.zeros(6))


def test_the_general_runtime_goes_along_with_a_decoder_made_elsewhere_alone(vae, tmp_path):
    from models.onnx.import_pair import import_pair
    from tests.conftest import tiny_network
    from tests.models.foreign_pair import foreign_pair

    told = {"kind": "ae", "image_size": 64, "latent_dim": 6}
    folder = import_pair(*foreign_pair(tiny_network("ae")), told, tmp_path, "theirs")
    pad = Pad(facespace.open_model(folder), np.zeros(6), [Direction("one", "One", np.eye(6, dtype=np.float32)[0])])
    assert list(pad.parts["vendor"]) == [f"vendor/{name}" for name in RUNTIME]
    assert not Pad(vae, None, ["Smiling"]).parts["vendor"]


@pytest.mark.parametrize(
    ("make", "said"),
    [
        (lambda vae: Pad(vae, np.zeros(5)), "expected codes"),
        (lambda vae: Pad(vae, np.zeros((2, 128))), "one face, not 2"),
        (lambda vae: Pad(vae, None, ["Happiness"]), "no direction 'Happiness'"),
    ],
)
def test_what_cannot_be_shown_is_said(vae, make, said):
    with pytest.raises(facespace.errors, match=said):
        make(vae)
