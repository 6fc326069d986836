import json
import time

import pytest
import torch
from safetensors.torch import load_file, save_file

from models import CheckpointError, load_checkpoint, load_classifier
from models.checkpoint_files import file_sha256
from models.checkpoints import checkpoint_hash, save_checkpoint
from tests.conftest import tiny_network


@pytest.fixture
def folder(tmp_path):
    save_checkpoint(tiny_network("vae"), tmp_path / "vae", {"seed": 0})
    return tmp_path / "vae"


def edit(folder, **changes):
    config = json.loads((folder / "config.json").read_text())
    config.update(changes)
    (folder / "config.json").write_text(json.dumps(config))


def replace_weights(folder, tensors):
    save_file(tensors, folder / "model.safetensors")
    edit(folder, weights_sha256=file_sha256(folder / "model.safetensors"))


def test_a_checkpoint_comes_back_to_half_precision(folder):
    network, again = tiny_network("vae"), load_checkpoint(folder)
    x = torch.rand(2, 3, 64, 64)
    assert again.config == network.config
    assert torch.allclose(again.encode(x), network.encode(x), atol=5e-3)
    assert torch.allclose(again.decode(again.encode(x)), network.decode(network.encode(x)), atol=5e-3)
    assert not again.training
    assert checkpoint_hash(folder) == file_sha256(folder / "model.safetensors")


def test_eight_bits_take_half_the_space_and_draw_nearly_the_same(folder, tmp_path):
    network = tiny_network("vae", latent_dim=64)
    for name, bits in (("sixteen", {}), ("eight", {"eight_bit": True})):
        save_checkpoint(network, tmp_path / name, {}, **bits)
    again = load_checkpoint(tmp_path / "eight")
    z = torch.randn(4, 64, generator=torch.Generator().manual_seed(0))
    assert torch.allclose(again.decode(z), network.decode(z), atol=0.01)
    sizes = {name: (tmp_path / name / "model.safetensors").stat().st_size for name in ("sixteen", "eight")}
    assert sizes["eight"] < 0.75 * sizes["sixteen"]  # so tiny a network has much that is no matrix


@pytest.mark.parametrize("scale", [torch.ones(2), torch.ones(3, 1), torch.ones(32, 2)])
def test_a_scale_that_fits_no_weight_is_refused(folder, scale):
    tensors = load_file(folder / "model.safetensors")
    replace_weights(folder, {**tensors, "decoder.stem.0.weight.scale": scale})
    with pytest.raises(CheckpointError, match="no scale of a weight"):
        load_checkpoint(folder)


@pytest.mark.parametrize("name", ["config.json", "model.safetensors"])
def test_a_missing_file_is_named(folder, name):
    (folder / name).unlink()
    with pytest.raises(CheckpointError, match=rf"{name} is missing"):
        load_checkpoint(folder)


@pytest.mark.parametrize("name", ["config.json", "model.safetensors"])
@pytest.mark.parametrize("length", [0, 7, 200])
def test_a_truncated_file_is_refused(folder, name, length):
    path = folder / name
    path.write_bytes(path.read_bytes()[:length])
    with pytest.raises(CheckpointError, match=name):
        load_checkpoint(folder)


def test_every_flipped_bit_of_the_weights_is_noticed(folder):
    path = folder / "model.safetensors"
    data = path.read_bytes()
    for position in range(0, len(data), len(data) // 40):
        flipped = bytearray(data)
        flipped[position] ^= 1 << (position % 8)
        path.write_bytes(flipped)
        with pytest.raises(CheckpointError, match=r"model\.safetensors is damaged"):
            load_checkpoint(folder)


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"format": "other-1"}, "format"),
        ({"extra": 1}, "unknown key 'extra'"),
        ({"model": {"kind": "vae", "latent_dimension": 3}}, "unknown key 'latent_dimension'"),
        ({"model": None}, "JSON object"),
        ({"weights_sha256": 5}, "weights_sha256"),
    ],
)
def test_a_config_that_breaks_a_rule_is_refused(folder, changes, words):
    edit(folder, **changes)
    with pytest.raises(CheckpointError, match=words):
        load_checkpoint(folder)


def test_another_latent_size_is_refused_with_both_shapes(folder):
    edit(folder, model={"kind": "vae", "image_size": 64, "latent_dim": 7, "width": 2})
    with pytest.raises(CheckpointError, match=r"shape .* asks for"):
        load_checkpoint(folder)


def test_weights_of_another_network_are_refused(folder):
    edit(folder, model={"kind": "vae", "image_size": 128, "latent_dim": 6, "width": 2})
    with pytest.raises(CheckpointError, match="does not hold the network"):
        load_checkpoint(folder)


def test_weights_that_are_not_numbers_are_refused(folder):
    tensors = load_file(folder / "model.safetensors")
    tensors["decoder.stem.0.weight"][0, 0] = float("nan")
    replace_weights(folder, tensors)
    with pytest.raises(CheckpointError, match="not finite"):
        load_checkpoint(folder)


def test_something_that_is_not_safetensors_is_refused_and_not_run(folder):
    torch.save({"a": torch.zeros(1)}, folder / "model.safetensors")
    edit(folder, weights_sha256=file_sha256(folder / "model.safetensors"))
    with pytest.raises(CheckpointError, match="not a safetensors file"):
        load_checkpoint(folder)


def test_a_checkpoint_of_the_wrong_kind_is_refused(folder):
    with pytest.raises(CheckpointError, match="holds an autoencoder"):
        load_classifier(folder)


def test_a_configuration_of_a_huge_network_is_refused_before_anything_is_allocated(folder):
    edit(folder, model={"kind": "vae", "image_size": 128, "latent_dim": 4096, "width": 4096, "encoder_blocks": 16})
    began = time.process_time()
    with pytest.raises(CheckpointError, match="does not hold the network"):
        load_checkpoint(folder)
    assert time.process_time() - began < 1


def test_a_million_tensors_are_refused_by_the_size_of_what_names_them(folder):
    path = folder / "model.safetensors"
    entries = {f"{n:07d}": {"dtype": "U8", "shape": [0], "data_offsets": [0, 0]} for n in range(300_000)}
    header = json.dumps(entries).encode()
    path.write_bytes(len(header).to_bytes(8, "little") + header)
    edit(folder, weights_sha256=file_sha256(path))
    began = time.process_time()
    with pytest.raises(CheckpointError, match="larger than the network"):
        load_checkpoint(folder)
    assert time.process_time() - began < 1
