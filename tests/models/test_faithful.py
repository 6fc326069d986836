"""A faithful decoder beside a vivid one: kept, opened, blended, and refused where it is not what it should be."""

import json

import pytest
import torch
from safetensors.torch import load_file, save_file

from models import CheckpointError, load_checkpoint
from models.checkpoint_files import FAITHFUL_FILE, file_sha256, open_files
from models.checkpoints import save_checkpoint
from models.faithful import blended, keep_faithful, load_faithful, main
from models.weights_file import check_weights
from tests.conftest import tiny_network, vivid_checkpoint

Z = torch.randn(4, 6, generator=torch.Generator().manual_seed(0))


@pytest.fixture
def folder(tmp_path):
    return vivid_checkpoint(tmp_path)


def opened(folder):
    files = open_files(folder)
    network = load_checkpoint(files)
    return network, load_faithful(files, network)


def test_the_ends_of_the_blend_are_the_two_decoders(folder):
    network, faithful = opened(folder)
    start = load_checkpoint(folder.parent / "start")
    assert torch.equal(blended(network, faithful, 1).decode(Z), network.decode(Z))
    drawn = blended(network, faithful, 0).decode(Z)
    # What moves codes is the vivid one's, and a larger kernel with a border of zeros draws the same.
    assert torch.allclose(drawn, start.decode(network.decoder.placed(Z)), atol=2e-3)  # float16
    assert (drawn - network.decode(Z)).abs().max() > 0.02


def test_between_them_each_weight_is_in_between_and_the_encoder_is_shared(folder):
    network, faithful = opened(folder)
    half = blended(network, faithful, 0.5)
    name = "decoder.convolutions.0.weight"
    own, other, mean = network.state_dict()[name], faithful[name], half.state_dict()[name]
    assert torch.allclose(mean, (own + other) / 2)
    assert half.encoder.head.weight.data_ptr() == network.encoder.head.weight.data_ptr()
    assert not any(parameter.requires_grad for parameter in half.parameters())
    assert torch.equal(network.decode(Z), load_checkpoint(folder).decode(Z))  # nothing of the network was changed


def test_both_decoders_have_the_same_norms_so_that_the_browser_blends_them_as_torch_does(folder):
    network, faithful = opened(folder)
    for name, buffer in network.decoder.named_buffers():
        assert torch.equal(buffer, faithful[f"decoder.{name}"]), name
    assert torch.equal(network.decoder.stem[2].weight, faithful["decoder.stem.2.weight"])


def test_the_identity_changes_with_it_and_what_was_made_of_the_codes_does_not(folder):
    files = open_files(folder)
    values = {key: value for key, value in files.values.items() if key != "faithful"}
    files.config_path.write_text(json.dumps(values))
    without = open_files(folder)
    assert without.identity != files.identity
    assert without.sha256 == files.sha256
    assert without.faithful_sha256 == ""


def test_a_decoder_of_other_codes_is_refused(folder, tmp_path):
    save_checkpoint(tiny_network("vae", seed=5), tmp_path / "other", {})
    with pytest.raises(CheckpointError, match="another encoder"):
        keep_faithful(open_files(folder), open_files(tmp_path / "other"))


def test_a_missing_or_damaged_file_is_refused_in_a_sentence(folder):
    path = folder / FAITHFUL_FILE
    content = bytearray(path.read_bytes())
    content[-1] ^= 1
    path.write_bytes(content)
    with pytest.raises(CheckpointError, match=r"faithful\.safetensors is damaged.*models\.faithful"):
        check_weights(open_files(folder))
    path.unlink()
    with pytest.raises(CheckpointError, match=r"faithful\.safetensors is missing"):
        check_weights(open_files(folder))


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (lambda tensors: tensors["decoder.stem.0.weight"].fill_(float("nan")), "not finite"),
        (lambda tensors: tensors.pop("decoder.stem.0.weight"), "does not match"),
        (lambda tensors: tensors.update({"decoder.stem.0.bias": torch.zeros(3)}), "asks for"),
    ],
)
def test_weights_that_do_not_fit_are_refused(folder, change, words):
    path = folder / FAITHFUL_FILE
    tensors = load_file(path)
    change(tensors)
    save_file(tensors, path)
    values = json.loads((folder / "config.json").read_text())
    values["faithful"]["sha256"] = file_sha256(path)
    (folder / "config.json").write_text(json.dumps(values))
    with pytest.raises(CheckpointError, match=words):
        opened(folder)


def test_the_door_keeps_it_and_says_what_it_cannot(folder, tmp_path, capsys):
    (folder / FAITHFUL_FILE).unlink()
    assert main([str(folder), "--start", str(tmp_path / "start")]) == 0
    assert "faithful.safetensors" in capsys.readouterr().out
    check_weights(open_files(folder))
    assert main([str(folder), "--start", str(tmp_path / "nothing")]) == 2
    assert "config.json is missing" in capsys.readouterr().err


def test_a_share_of_what_it_learnt_lies_between_what_it_began_with_and_all_of_it(folder, tmp_path, capsys):
    start, on = load_checkpoint(tmp_path / "start"), load_checkpoint(tmp_path / "start")
    with torch.no_grad():
        for parameter in on.decoder.parameters():
            parameter.add_(0.25)
    save_checkpoint(on, tmp_path / "on", {"epochs": 1})
    asked = [str(folder), "--start", str(tmp_path / "on"), "--share", "0.25", "--before", str(tmp_path / "start")]
    assert main(asked) == 0
    name = "decoder.linear.weight"
    kept, began = opened(folder)[1][name], start.state_dict()[name]
    assert torch.allclose(kept - began, torch.full_like(began, 0.0625), atol=2e-3)  # float16
    told = open_files(folder).values["faithful"]
    assert (told["share"], told["before"]) == (0.25, open_files(tmp_path / "start").sha256)
    assert told["training"] == {"epochs": 1}
    before = (folder / FAITHFUL_FILE).read_bytes()
    for wrong, words in ((asked[:-2], "--before belong together"), ([*asked[:4], "0", *asked[5:]], "above 0")):
        assert main(wrong) == 2
        assert words in capsys.readouterr().err
    assert (folder / FAITHFUL_FILE).read_bytes() == before


def test_a_vivid_decoder_is_softened_towards_the_faithful_one_and_says_so(folder, tmp_path, capsys):
    (vivid, faithful), files = opened(folder), open_files(folder)
    beside = {path: path.read_bytes() for path in folder.glob("*.safetensors") if path.name != "model.safetensors"}
    assert main([str(folder), "--soften", "0.25"]) == 0
    assert "0.25 of the way" in capsys.readouterr().out
    after = open_files(folder)
    softened = load_checkpoint(after)
    expected = blended(vivid, faithful, 0.75)
    assert torch.allclose(softened.decode(Z), expected.decode(Z), atol=2e-3)  # float16
    assert not torch.allclose(softened.decode(Z), vivid.decode(Z), atol=2e-3)
    assert {path: path.read_bytes() for path in beside} == beside
    assert after.values["faithful"] == files.values["faithful"]
    assert after.sha256 != files.sha256
    assert after.training["softened"] == 0.25
    assert main([str(folder), "--soften", "0.5"]) == 0  # once more: three eighths of the vivid one are left
    assert open_files(folder).training["softened"] == 0.625
    check_weights(open_files(folder))


def test_softening_needs_somewhere_to_go_and_a_share(folder, tmp_path, capsys):
    before = {path: path.read_bytes() for path in folder.iterdir()}
    assert main([str(folder), "--soften", "1"]) == 2
    assert "below 1" in capsys.readouterr().err
    assert main([str(tmp_path / "start"), "--soften", "0.5"]) == 2
    assert "has no faithful decoder" in capsys.readouterr().err
    assert {path: path.read_bytes() for path in folder.iterdir()} == before
