"""The door to a learned prior: end to end on a tiny checkpoint, and what it says to bad input."""

import json
from dataclasses import replace

import numpy as np
import onnx
import pytest
import safetensors.numpy
import torch

import train_prior
from latent.atlas import save_atlas
from latent.flow import Wish, load_prior
from latent.flow_training import FlowTrainer
from models.checkpoint_files import CheckpointError, open_files
from models.checkpoints import load_checkpoint, save_checkpoint
from models.networks import Autoencoder
from models.onnx.export_decoder import ensure_decoder
from models.onnx.find_decoder import find_decoder
from models.onnx.own_graph import own_decoder
from models.training.command import mapping_command
from tests.conftest import tiny_network
from tests.latent.test_flow import two_groups

WIDER = ["--steps", "3", "--batch-size", "16", "--width", "12", "--seed", "1"]
QUICK = ["--steps", "3", "--batch-size", "16", "--width", "8", "--blocks", "1"]


@pytest.fixture
def folder(tmp_path):
    """A tiny VAE whose atlas holds two groups of codes."""
    sha256 = save_checkpoint(tiny_network("vae"), tmp_path / "vae", {})
    save_atlas(
        replace(two_groups(variational=True, dimensions=6), checkpoint_sha256=sha256), tmp_path / "vae/atlas.npz"
    )
    return tmp_path / "vae"


def refusal(capsys, *arguments: str) -> str:
    capsys.readouterr()
    assert train_prior.main([*arguments]) == 2
    said = capsys.readouterr().err
    assert said.count("\n") == 1
    return said


def test_it_learns_from_an_atlas_and_is_drawn_from(folder, capsys):
    assert train_prior.main([str(folder), *QUICK]) == 0
    assert load_prior(folder).sample(4, 0, wish=Wish({"Right": 1})).shape == (4, 6)
    assert json.loads((folder / "prior.json").read_text())["training"]["faces"] == 700
    assert {path.name for path in folder.glob("prior*")} == {"prior.json", "prior.safetensors"}
    assert "already has a learned prior" in refusal(capsys, str(folder), *QUICK)
    assert train_prior.main([str(folder), *QUICK, "--overwrite"]) == 0


def test_an_atlas_of_two_dimensions_has_a_prior_too(tmp_path):
    sha256 = save_checkpoint(tiny_network("ae", latent_dim=2), tmp_path, {})
    save_atlas(replace(two_groups(), checkpoint_sha256=sha256), tmp_path / "atlas.npz")
    assert train_prior.main([str(tmp_path), *QUICK]) == 0
    assert load_prior(tmp_path).sample(4, 0).shape == (4, 2)


def test_a_run_that_was_stopped_goes_on(folder, capsys, monkeypatch):
    advance = FlowTrainer.advance

    def interrupted(trainer) -> float:
        if trainer.step == 2:
            raise KeyboardInterrupt
        return advance(trainer)

    monkeypatch.setattr(FlowTrainer, "advance", interrupted)
    assert train_prior.main([str(folder), *QUICK]) == 130
    assert "--resume" in capsys.readouterr().err
    monkeypatch.undo()
    assert train_prior.main([str(folder), *QUICK, "--resume"]) == 0
    assert load_prior(folder).sample(1, 0).shape == (1, 6)


def test_a_prior_is_kept_for_weights_that_encode_alike(folder, capsys):
    assert train_prior.main([str(folder), *QUICK]) == 0
    sha256 = save_checkpoint(tiny_network("vae", seed=1), folder, {})
    assert "other weights" in refusal(capsys, str(folder), "--stamp")  # of the atlas
    atlas = replace(two_groups(variational=True, dimensions=6), checkpoint_sha256=sha256)
    save_atlas(replace(atlas, mu=-atlas.mu), folder / "atlas.npz")
    assert "codes moved" in refusal(capsys, str(folder), "--stamp")
    save_atlas(atlas, folder / "atlas.npz")
    assert train_prior.main([str(folder), "--stamp"]) == 0
    assert load_prior(folder).prior.checkpoint_sha256 == sha256


def test_bad_input_gets_one_sentence_and_exit_code_2(folder, tmp_path, capsys):
    assert "config.json" in refusal(capsys, str(tmp_path / "nowhere"))
    assert "no learned prior" in refusal(capsys, str(folder), "--stamp")
    assert "no unfinished run" in refusal(capsys, str(folder), "--resume")
    assert "width must be" in refusal(capsys, str(folder), "--width", "0")
    assert "steps must be" in refusal(capsys, str(folder), "--steps", "0")
    sha256 = save_checkpoint(tiny_network("vae"), folder, {})
    few = replace(two_groups(rows=250, dimensions=6), checkpoint_sha256=sha256)
    save_atlas(few, folder / "atlas.npz")
    assert "at least 500 faces" in refusal(capsys, str(folder))
    (folder / "atlas.npz").unlink()
    assert "build_atlas.py" in refusal(capsys, str(folder))
    assert not list(folder.glob("prior*"))


def test_a_mapping_is_taught_by_the_prior_and_everything_else_stays_valid(folder, capsys, tmp_path):
    assert "no learned prior" in refusal(capsys, str(folder), "--mapping")
    assert train_prior.main([str(folder), *QUICK]) == 0
    before, plain = open_files(folder), load_checkpoint(folder)
    assert "at least 1000" in refusal(capsys, str(folder), "--mapping", "--points", "10")
    assert train_prior.main([str(folder), *QUICK, "--mapping", "--points", "1000"]) == 0
    after, network = open_files(folder), load_checkpoint(folder)
    assert after.sha256 == before.sha256
    assert after.identity != before.identity
    assert after.values["mapping"]["points"] == 1000
    load_prior(folder)  # still that of these weights
    z = torch.randn(3, 6)
    assert torch.equal(network.decode(z), plain.decode(network.decoder.mapping(z)))
    assert not torch.equal(network.decode(z), plain.decode(z))
    exported = ensure_decoder(folder)  # which compares with torch
    # The card says how it was taught; that command does the same again.
    command = mapping_command(str(folder), after.values["mapping"]).split()[2:]
    assert train_prior.main([*command, "--overwrite"]) == 0
    assert open_files(folder).mapping_sha256 == after.mapping_sha256
    kept = safetensors.numpy.load_file(folder / "mapping.safetensors")
    assert {str(kept[name].dtype) for name in kept if name.endswith("weight")} == {"int8"}
    in_browser = {c.name: c.data_type for c in own_decoder(network, np.float16).graph.initializer}
    assert in_browser["inner0_eight"] == onnx.TensorProto.INT8
    assert "mapping already" in refusal(capsys, str(folder), *QUICK, "--mapping")
    assert train_prior.main([str(folder), *WIDER, "--mapping", "--points", "1000", "--overwrite"]) == 0
    assert find_decoder(folder) is None
    assert exported.is_file()

    (folder / "mapping.safetensors").write_bytes(b"cut off")
    with pytest.raises(CheckpointError, match=r"mapping.safetensors is damaged .* train_prior.py --mapping"):
        load_checkpoint(folder)


def test_a_network_with_a_mapping_is_saved_whole(tmp_path):
    network = Autoencoder(replace(tiny_network("vae").config, mapping_width=8)).eval()
    torch.nn.init.ones_(network.decoder.mapping.end[1].bias)
    save_checkpoint(network, tmp_path, {})
    z = torch.randn(3, network.config.latent_dim)
    assert torch.allclose(load_checkpoint(tmp_path).decode(z), network.decode(z), atol=2e-3)
