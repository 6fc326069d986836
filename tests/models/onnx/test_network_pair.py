"""Checkpoints made elsewhere: opened, exported for the browser, refused."""

import json

import numpy as np
import onnx
import pytest
import torch
from onnx import TensorProto, helper, numpy_helper

import build_atlas
from models import CheckpointError, load_checkpoint
from models.checkpoint_files import MAX_ONNX_BYTES
from models.checkpoints import checkpoint_hash, read_config
from models.latent_model import LatentModel
from models.onnx.checked_graph import parse_onnx
from models.onnx.export_decoder import ensure_decoder
from models.onnx.import_pair import bring, correct
from tests.conftest import tiny_network
from tests.models.foreign_pair import foreign_pair

CONVENTIONS = [
    {},
    {"value_range": (-1, 1)},
    {"channels": "BGR"},
    {"spread": "logstd", "value_range": (-1, 1), "channels": "BGR", "as_map": True},
]


def described(network, conventions):
    config = network.config
    told = {key: value for key, value in conventions.items() if key != "as_map"}
    spread = {"spread": "logvar"} if config.kind == "vae" else {}
    return {"kind": config.kind, "image_size": config.image_size, "latent_dim": config.latent_dim, **spread, **told}


@pytest.fixture(scope="module")
def vae():
    return tiny_network("vae")


@pytest.fixture(scope="module")
def pair(vae):
    return foreign_pair(vae)


@pytest.mark.parametrize("conventions", CONVENTIONS)
def test_a_network_with_other_conventions_does_what_the_original_does(vae, tmp_path, conventions):
    folder = bring(*foreign_pair(vae, **conventions), described(vae, conventions), tmp_path, "theirs")
    theirs = load_checkpoint(folder)
    assert isinstance(theirs, LatentModel)
    x = torch.rand(3, 3, 64, 64, generator=torch.Generator().manual_seed(0))
    with torch.inference_mode():
        mu, logvar = vae.posterior(x)
        found = theirs.posterior(x)
        assert torch.allclose(found[0], mu, atol=1e-4)
        assert torch.allclose(found[1], logvar, atol=1e-4)
        assert torch.allclose(theirs.decode(mu), vae.decode(mu), atol=1e-4)
    browser = ensure_decoder(folder)
    assert browser.name == "browser.onnx"
    assert ensure_decoder(folder) == browser
    graph = onnx.load(browser).graph
    assert [entry.name for entry in (*graph.input, *graph.output)] == ["z", "image"]


def test_a_network_for_one_picture_at_a_time_takes_many(tmp_path):
    ae = tiny_network("ae")
    contents = []
    for content in foreign_pair(ae):
        model = onnx.load_model_from_string(content)
        model.graph.input[0].type.tensor_type.shape.dim[0].dim_value = 1
        contents.append(model.SerializeToString())
    theirs = load_checkpoint(bring(*contents, described(ae, {}), tmp_path, "one"))
    x = torch.rand(2, 3, 64, 64)
    with torch.inference_mode():
        assert torch.allclose(theirs.encode(x), ae.encode(x), atol=1e-4)


def test_an_atlas_is_built_with_it_and_a_correction_removes_the_map(vae, pair, celeba_folder, tmp_path):
    folder = bring(*pair, described(vae, {}), tmp_path, "theirs")
    before = checkpoint_hash(folder)
    assert build_atlas.main([str(folder), "--data", str(celeba_folder), "--limit", "20"]) == 0
    correct(folder, {"channels": "BGR", "crop": "square"})
    assert read_config(folder)[0].view == (64, "square")
    assert not (folder / "atlas.npz").exists()
    assert checkpoint_hash(folder) != before


def small(*nodes, initializers=(), domain=""):
    value = helper.make_tensor_value_info
    graph = helper.make_graph(
        list(nodes),
        "g",
        [value("x", TensorProto.FLOAT, ["N", 4])],
        [value("y", TensorProto.FLOAT, ["N", 4])],
        list(initializers),
    )
    opsets = [helper.make_opsetid("", 17)] + ([helper.make_opsetid(domain, 1)] if domain else [])
    return helper.make_model(graph, opset_imports=opsets, ir_version=8)


def with_weight(array):
    weight = numpy_helper.from_array(np.asarray(array, np.float32), "w")
    return small(helper.make_node("Add", ["x", "w"], ["y"]), initializers=[weight])


def external():
    model = with_weight([1, 2, 3, 4])
    weight = model.graph.initializer[0]
    weight.ClearField("raw_data")
    weight.data_location = TensorProto.EXTERNAL
    weight.external_data.add(key="location", value="../../etc/passwd")
    return model


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "empty"),
        (b"PK\x03\x04 not an ONNX file", "not an ONNX file"),
        (with_weight([1, np.nan, 3, 4]).SerializeToString(), "not finite"),
        (external().SerializeToString(), "weights in another file"),
        (small(helper.make_node("Mine", ["x"], ["y"], domain="evil"), domain="evil").SerializeToString(), "its own"),
        (small(helper.make_node("Add", ["x", "nowhere"], ["y"])).SerializeToString(), "not a valid ONNX"),
        (with_weight([1, 2, 3, 4]).SerializeToString(), "takes|input of two or four axes|asks for"),
    ],
    ids=["empty", "zip", "nan", "external", "operators", "dangling", "other-shape"],
)
def test_a_bad_file_gets_a_sentence_and_leaves_nothing(vae, pair, tmp_path, content, words):
    for contents in ((content, pair[1]), (pair[0], content)):
        with pytest.raises(CheckpointError, match=words):
            bring(*contents, described(vae, {}), tmp_path, "theirs")
    assert not list(tmp_path.iterdir())


def test_an_old_opset_is_named():
    model = with_weight([1, 2, 3, 4])
    model.opset_import[0].version = 9
    with pytest.raises(CheckpointError, match="opset 9"):
        parse_onnx(model.SerializeToString(), "encoder.onnx")


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"width": 3}, "unknown key 'width'"),
        ({"value_range": [0, 255]}, "value_range"),
        ({"spread": "none"}, "spread"),
        ({"image_size": 8}, "image_size"),
        ({"latent_dim": 5}, "latent_dim 5"),
        ({"kind": "classifier"}, "kind"),
    ],
)
def test_a_bad_description_gets_a_sentence(vae, pair, tmp_path, changes, words):
    with pytest.raises(CheckpointError, match=words):
        bring(*pair, described(vae, {}) | changes, tmp_path, "theirs")


@pytest.mark.parametrize("name", ["../up", "", "a/b", ".hidden", "x" * 65])
def test_a_name_that_leads_elsewhere_is_refused(vae, pair, tmp_path, name):
    with pytest.raises(CheckpointError, match="cannot be a checkpoint's name"):
        bring(*pair, described(vae, {}), tmp_path, name)


def test_a_name_that_is_taken_is_refused(vae, pair, tmp_path):
    bring(*pair, described(vae, {}), tmp_path, "theirs")
    with pytest.raises(CheckpointError, match="already"):
        bring(*pair, described(vae, {}), tmp_path, "theirs")


def test_a_folder_with_a_missing_or_huge_file_is_named(vae, pair, tmp_path):
    folder = bring(*pair, described(vae, {}), tmp_path, "theirs")
    with (folder / "decoder.onnx").open("r+b") as file:
        file.truncate(MAX_ONNX_BYTES + 1)  # a sparse file
    with pytest.raises(CheckpointError, match="500 MB"):
        checkpoint_hash(folder)
    (folder / "decoder.onnx").unlink()
    with pytest.raises(CheckpointError, match=r"decoder\.onnx cannot be read"):
        load_checkpoint(folder)
    values = json.loads((folder / "config.json").read_text())
    values["model"]["latent_dim"] = "many"
    (folder / "config.json").write_text(json.dumps(values))
    with pytest.raises(CheckpointError, match="latent_dim"):
        load_checkpoint(folder)
