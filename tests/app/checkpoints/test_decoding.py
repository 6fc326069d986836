"""Faces drawn on the server as vividly as a model is to draw, and what the browser is told to blend."""

from urllib.parse import parse_qs, urlsplit

import numpy as np
import pytest

from app.checkpoints import decoding
from app.checkpoints.decoding import decode, drawing_network
from app.checkpoints.for_browsers import blend_url, decoder_url, vivid_decoder_url
from app.checkpoints.opening import open_model
from app.session.point import Point, provenance
from app.session.vividness import in_address
from models import CheckpointError
from models.checkpoint_files import FAITHFUL_FILE, open_files
from models.faithful import keep_faithful, load_faithful
from models.onnx.export_decoder import ensure_decoder
from models.onnx.find_decoder import TAIL_BYTES
from tests.app.small_models import small_model
from tests.conftest import vivid_checkpoint

Z = np.random.default_rng(0).normal(size=(3, 6)).astype(np.float32)


@pytest.fixture
def model(tmp_path):
    return open_model(open_files(vivid_checkpoint(tmp_path)))


def test_a_model_draws_as_vividly_as_it_is_told(model):
    vivid, half, faithful = (decode(model.drawn_at(share), Z).astype(int) for share in (1, 0.5, 0))
    assert np.array_equal(vivid, decode(model, Z))
    assert np.abs(vivid - faithful).max() > 5
    assert np.abs(half - faithful).sum() < np.abs(vivid - faithful).sum()
    weights = load_faithful(model.files, model.own_network)
    name = "decoder.stem.0.weight"
    assert (drawing_network(model.drawn_at(0)).state_dict()[name] == weights[name]).all()
    assert drawing_network(model.drawn_at(0.5)) is drawing_network(model.drawn_at(0.5))


def test_a_decoder_that_browsers_have_draws_on_the_server_as_well(model, monkeypatch):
    before = decode(model, Z).astype(int)
    ensure_decoder(model.files)
    monkeypatch.setattr(decoding, "drawing_network", lambda model: pytest.fail("the network was opened"))
    many = decode(model, np.concatenate([Z] * 5))
    assert many.shape == (15, *before.shape[1:])
    assert np.abs(many[:3] - before).max() <= 1  # its weights are kept in half precision
    assert np.array_equal(many[12:], many[:3])


def test_a_damaged_decoder_for_browsers_leaves_the_networks_own(model):
    before = decode(model, Z)
    path = ensure_decoder(model.files)
    content = path.read_bytes()
    path.write_bytes(b"\0" * 4000 + content[-TAIL_BYTES:])  # its stamp is still there
    assert np.array_equal(decode(model, Z), before)


def test_latents_stay_those_of_the_model_and_pictures_get_a_name_of_their_own(model):
    half = model.drawn_at(0.5)
    assert half.identity == model.identity
    assert half.network is model.network
    assert half.drawing != model.drawing == model.drawn_at(1).drawing


def test_the_browser_is_told_what_to_blend_and_pictures_carry_it(model):
    half = model.drawn_at(0.5)
    assert decoder_url(model) == vivid_decoder_url(model) == vivid_decoder_url(half)
    told = urlsplit(decoder_url(half))
    assert told._replace(fragment="").geturl() == vivid_decoder_url(model)
    assert parse_qs(told.fragment) == {"vivid": ["0.5"], "blend": [blend_url(model)]}
    assert provenance(half, Point())["vivid"] == 0.5
    assert in_address([model]) == {}
    assert in_address([small_model("ae"), half]) == {"vivid": "0.5"}


def test_a_model_with_one_decoder_has_no_choice():
    alone = small_model("vae")
    assert alone.drawn_at(0.3) is alone
    assert "vivid" not in provenance(alone, Point())
    assert blend_url(alone) is None


def test_a_damaged_faithful_decoder_is_refused_when_the_model_is_opened(tmp_path):
    folder = vivid_checkpoint(tmp_path)
    (folder / FAITHFUL_FILE).write_bytes(b"")
    with pytest.raises(CheckpointError, match=r"faithful\.safetensors is damaged"):
        open_model(open_files(folder))
    keep_faithful(open_files(folder), open_files(tmp_path / "start"))
    assert open_model(open_files(folder)).files.faithful_sha256
