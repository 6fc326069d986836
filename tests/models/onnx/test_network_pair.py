"""Checkpoints made elsewhere: opened, exported for the browser, refused."""

import json
import time

import numpy as np
import onnx
import onnxruntime
import pytest
import torch
from onnx import TensorProto, helper, numpy_helper, version_converter

import build_atlas
from models import CheckpointError, load_checkpoint
from models.checkpoint_files import MAX_ONNX_BYTES, open_files
from models.checkpoints import checkpoint_hash, read_config
from models.latent_model import LatentModel
from models.onnx.checked_graph import parse_onnx
from models.onnx.export_decoder import ensure_decoder
from models.onnx.import_pair import correct, import_pair
from tests.conftest import tiny_network
from tests.models.foreign_pair import Conventions, TheirDecoder, TheirEncoder, exported, foreign_pair

IMAGENET = {"mean": (0.485, 0.456, 0.406), "std": (0.229, 0.224, 0.225)}
CONVENTIONS = [
    {},
    {"value_range": (-1, 1)},
    {"channels": "BGR"},
    {"spread": "logstd", "value_range": (-1, 1), "channels": "BGR", "as_map": True},
    {"output_range": (-1, 1)},
    {**IMAGENET, "value_range": (-1, 1)},
    {"layout": "NHWC", "value_range": (0, 255)},
    {"latent_map": (3, 2, 1)},
    {"spread": "variance"},
    {"spread": "std"},
    {"draw_first": True},
    {"batch": 1},
    {"batch": 2},
    {"batch": 8, "latent_map": (2, 3, 1), "layout": "NHWC"},
]
HABITS = {"as_map", "latent_map", "draw_first", "batch"}  # what the files themselves tell


def described(network, conventions):
    config = network.config
    told = {key: value for key, value in conventions.items() if key not in HABITS}
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
    folder = import_pair(*foreign_pair(vae, **conventions), described(vae, conventions), tmp_path, "theirs")
    theirs = load_checkpoint(folder)
    assert isinstance(theirs, LatentModel)
    x = torch.rand(3, 3, 64, 64, generator=torch.Generator().manual_seed(0))
    with torch.inference_mode():
        mu, logvar = vae.posterior(x)
        found = theirs.posterior(x)
        assert torch.allclose(found[0], mu, atol=1e-4)
        assert torch.allclose(found[1], logvar, atol=1e-4)
        right = vae.decode(mu)
        assert torch.allclose(theirs.decode(mu), right, atol=1e-4)
    browser = ensure_decoder(folder)
    assert browser.name == "browser.onnx"
    assert ensure_decoder(folder) == browser
    graph = onnx.load(browser).graph
    assert [entry.name for entry in (*graph.input, *graph.output)] == ["z", "image"]
    z = mu[:1].numpy()
    drawn = onnxruntime.InferenceSession(browser).run(["image"], {"z": z})[0]
    assert np.abs(drawn - right[:1].numpy()).max() < 1e-4
    shape = conventions.get("latent_map", (6, 1, 1) if "as_map" in conventions else None)
    assert open_files(folder).config.latent_shape == shape


@pytest.mark.parametrize("names", [("z", "image"), ("image", "z"), ("facespace_one", "facespace_shape")])
def test_names_do_not_matter(vae, pair, tmp_path, names):
    entry, drawn = names
    decoder = exported(TheirDecoder(vae, Conventions()), torch.zeros(1, 6), entry, [drawn])
    folder = import_pair(pair[0], decoder, described(vae, {}), tmp_path, "theirs")
    browser = onnxruntime.InferenceSession(folder / "browser.onnx")
    z = torch.randn(1, 6)
    assert np.abs(browser.run(["image"], {"z": z.numpy()})[0] - vae.decode(z).detach().numpy()).max() < 1e-4


@pytest.mark.parametrize(
    ("outputs", "order"),
    [
        (("z_log_var", "z_mean"), (1, 0)),
        (("mean", "scale"), (0, 1)),
        (("sample", "mu", "logvar"), (2, 0, 1)),
        (("mu", "logvar", "z"), (0, 1, 2)),
    ],
)
def test_outputs_are_chosen_by_name(vae, pair, tmp_path, outputs, order):
    class Encoder(torch.nn.Module):
        def __init__(self):
            super().__init__()
            self.encoder = vae.encoder

        def forward(self, x):
            mu, logvar = self.encoder(x).chunk(2, 1)
            given = (mu, logvar, mu + 1)
            return tuple(given[at] for at in order)

    encoder = exported(Encoder(), torch.zeros(1, 3, 64, 64), outputs=outputs)
    theirs = load_checkpoint(import_pair(encoder, pair[1], described(vae, {}), tmp_path, "theirs"))
    x = torch.rand(2, 3, 64, 64)
    for found, right in zip(theirs.posterior(x), vae.posterior(x), strict=True):
        assert torch.allclose(found, right, atol=1e-4)


@pytest.mark.parametrize("version", [22, 27, 28])
def test_what_browsers_do_not_open_yet_is_lowered(vae, pair, tmp_path, version):
    contents = []
    for content in pair:
        model = version_converter.convert_version(onnx.load_model_from_string(content), version)
        model.ir_version = 14
        contents.append(model.SerializeToString())
    folder = import_pair(*contents, described(vae, {}), tmp_path, "theirs")
    for name in ("encoder.onnx", "decoder.onnx", "browser.onnx"):
        model = onnx.load(folder / name)
        assert max(entry.version for entry in model.opset_import) <= 21
        assert model.ir_version <= 10
    z = torch.randn(2, 6)
    assert torch.allclose(load_checkpoint(folder).decode(z), vae.decode(z), atol=1e-4)


def test_an_opset_from_the_future_is_named():
    model = with_weight([1, 2, 3, 4])
    model.opset_import[0].version = 99
    with pytest.raises(CheckpointError, match=r"opset 99.*opset_version=17"):
        parse_onnx(model.SerializeToString(), "decoder.onnx")


def test_half_precision_comes_in(tmp_path):
    network = tiny_network("vae")
    exact = tiny_network("vae")
    their = Conventions()
    encoder = exported(TheirEncoder(network, their).half(), torch.zeros(1, 3, 64, 64).half())
    decoder = exported(TheirDecoder(network, their).half(), torch.zeros(1, 6).half())
    folder = import_pair(encoder, decoder, described(exact, {}), tmp_path, "theirs")
    z = torch.randn(2, 6)
    assert torch.allclose(load_checkpoint(folder).decode(z), exact.decode(z), atol=0.02)
    drawn = onnxruntime.InferenceSession(folder / "browser.onnx").run(["image"], {"z": z[:1].numpy()})[0]
    assert np.abs(drawn - exact.decode(z[:1]).detach().numpy()).max() < 0.02


def test_grey_pictures_of_28_pixels_are_shown_as_grey(tmp_path):
    torch.manual_seed(0)
    encoder = torch.nn.Sequential(torch.nn.Flatten(), torch.nn.Linear(28 * 28, 3))
    decoder = torch.nn.Sequential(torch.nn.Linear(3, 28 * 28), torch.nn.Sigmoid(), torch.nn.Unflatten(1, (1, 28, 28)))
    files = exported(encoder, torch.zeros(1, 1, 28, 28)), exported(decoder, torch.zeros(1, 3))
    told = {"kind": "ae", "image_size": 28, "latent_dim": 3, "channels": "grey"}
    theirs = load_checkpoint(import_pair(*files, told, tmp_path, "digits"))
    z = theirs.encode(torch.rand(2, 3, 28, 28))
    picture = theirs.decode(z)
    assert picture.shape == (2, 3, 28, 28)
    assert torch.allclose(picture[:, :1].expand(-1, 3, -1, -1), picture)
    assert torch.allclose(picture[:, :1], decoder(z), atol=1e-5)


def test_a_decoder_that_is_told_more_than_the_code_is_named(vae, pair, tmp_path):
    model = onnx.load_model_from_string(pair[1])
    label = helper.make_tensor_value_info("label", TensorProto.FLOAT, ["N", 4])
    model.graph.input.append(label)
    with pytest.raises(CheckpointError, match=r"takes 2 inputs .*'label'"):
        import_pair(pair[0], model.SerializeToString(), described(vae, {}), tmp_path, "theirs")
    assert not list(tmp_path.iterdir())


def test_a_million_parts_are_refused_within_a_second():
    model = with_weight([1, 2, 3, 4])
    for number in range(300_000):
        model.graph.initializer.add(name=str(number), data_type=TensorProto.FLOAT, dims=[0])
    content = model.SerializeToString()
    began = time.process_time()
    with pytest.raises(CheckpointError, match=r"300,001|300,002"):
        parse_onnx(content, "decoder.onnx")
    assert time.process_time() - began < 1


def test_a_network_for_one_picture_at_a_time_takes_many(tmp_path):
    ae = tiny_network("ae")
    contents = []
    for content in foreign_pair(ae):
        model = onnx.load_model_from_string(content)
        model.graph.input[0].type.tensor_type.shape.dim[0].dim_value = 1
        contents.append(model.SerializeToString())
    theirs = load_checkpoint(import_pair(*contents, described(ae, {}), tmp_path, "one"))
    x = torch.rand(2, 3, 64, 64)
    with torch.inference_mode():
        assert torch.allclose(theirs.encode(x), ae.encode(x), atol=1e-4)


def test_an_atlas_is_built_with_it_and_a_correction_removes_the_map(celeba_folder, tmp_path):
    two = tiny_network("vae", latent_dim=2)  # its map is its latent space, so that UMAP need not compile itself
    folder = import_pair(*foreign_pair(two), described(two, {}), tmp_path, "theirs")
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
            import_pair(*contents, described(vae, {}), tmp_path, "theirs")
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize("at", [0, 1])
def test_values_that_are_not_finite_for_some_pictures_or_codes_are_named(vae, pair, tmp_path, at):
    class Rooted(torch.nn.Module):
        def __init__(self, part, axes):
            super().__init__()
            self.part, self.axes = part, axes

        def forward(self, x):
            root = (x.sum(self.axes) if len(self.axes) == 1 else x.sum(self.axes) - 100).sqrt()  # of grey it is finite
            given = self.part(x)
            return given + root[:, None, None, None] if len(self.axes) == 1 else (given[0] + root[:, None], given[1])

    parts = [TheirEncoder(vae, Conventions()), (1, 2, 3)], [TheirDecoder(vae, Conventions()), (1,)]
    contents = list(pair)
    contents[at] = exported(Rooted(*parts[at]), torch.zeros(1, 6) if at else torch.ones(1, 3, 64, 64))
    with pytest.raises(CheckpointError, match="not finite numbers of some"):
        import_pair(*contents, described(vae, {}), tmp_path, "theirs")
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
        ({"value_range": [1, 0]}, "value_range"),
        ({"value_range": [0, 1e-320]}, "value_range"),
        ({"output_range": [-1e308, 1e308]}, "output_range"),
        ({"mean": [0.5] * 3, "std": [1e-300] * 3}, "std"),
        ({"spread": "none"}, "spread"),
        ({"image_size": 8}, "image_size"),
        ({"latent_dim": 5}, "latent_dim 5"),
        ({"kind": "classifier"}, "kind"),
    ],
)
def test_a_bad_description_gets_a_sentence(vae, pair, tmp_path, changes, words):
    with pytest.raises(CheckpointError, match=words):
        import_pair(*pair, described(vae, {}) | changes, tmp_path, "theirs")


@pytest.mark.parametrize("name", ["../up", "", "a/b", ".hidden", "x" * 65])
def test_a_name_that_leads_elsewhere_is_refused(vae, pair, tmp_path, name):
    with pytest.raises(CheckpointError, match="cannot be a checkpoint's name"):
        import_pair(*pair, described(vae, {}), tmp_path, name)


def test_a_name_that_is_taken_is_refused(vae, pair, tmp_path):
    import_pair(*pair, described(vae, {}), tmp_path, "theirs")
    with pytest.raises(CheckpointError, match="already"):
        import_pair(*pair, described(vae, {}), tmp_path, "theirs")


def test_a_folder_with_a_missing_or_huge_file_is_named(vae, pair, tmp_path):
    folder = import_pair(*pair, described(vae, {}), tmp_path, "theirs")
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
