from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Literal

import numpy as np
import onnx
import onnxruntime
import pytest
import torch
from torch import nn

from models.checkpoint_files import DECODER_FILE
from models.checkpoints import save_checkpoint
from models.config import ModelConfig
from models.networks import Autoencoder
from models.onnx import export_decoder as export
from models.onnx import own_graph
from models.onnx.find_decoder import find_decoder
from models.weights_file import as_eight_bit


def trained(kind: Literal["ae", "vae"] = "vae", *, image_size: int = 64, seed: int = 0) -> Autoencoder:
    """A small network whose batch norms have met data: fresh ones are nearly the identity and hide folding faults."""
    torch.manual_seed(seed)
    network = Autoencoder(ModelConfig(kind, image_size, latent_dim=6, width=8)).eval()
    generator = torch.Generator().manual_seed(1)
    for module in network.decoder.modules():
        if isinstance(module, nn.BatchNorm2d):
            module.running_mean.normal_(0, 0.3, generator=generator)
            module.running_var.uniform_(0.05, 2, generator=generator)
            module.weight.data.uniform_(0.5, 2, generator=generator)
            module.bias.data.normal_(0, 0.3, generator=generator)
    with torch.no_grad():  # pictures of fresh weights are nearly grey
        logits = network.decode(torch.randn(8, 6, generator=generator)).logit()
        network.decoder.convolutions[-2].weight.div_((logits - logits.mean((0, 2, 3), keepdim=True)).std())
    return network


def with_linear_path(image_size: int) -> Autoencoder:
    """A network whose linear path draws a strong picture, partly outside [0, 1]."""
    network = Autoencoder(ModelConfig("vae", image_size, latent_dim=6, width=8, linear_path=True)).eval()
    generator = torch.Generator().manual_seed(3)
    with torch.no_grad():
        for parameter in (network.decoder.linear.weight, network.decoder.linear.bias):
            parameter.normal_(0.2, 0.3, generator=generator)
        network.decoder.convolutions[-1].weight.normal_(0, 0.1, generator=generator)
    return network


def run(path: Path, z: torch.Tensor) -> np.ndarray:
    session = onnxruntime.InferenceSession(path, providers=["CPUExecutionProvider"])
    return session.run(["image"], {"z": z.numpy()})[0]


@pytest.mark.parametrize("image_size", [64, 128])
@pytest.mark.parametrize("kind", ["ae", "vae"])
def test_pictures_are_those_of_torch(tmp_path: Path, kind: Literal["ae", "vae"], image_size: int) -> None:
    network = trained(kind, image_size=image_size)
    export.export_decoder(network, tmp_path / "decoder.onnx")
    z = torch.randn(5, 6, generator=torch.Generator().manual_seed(2)) * 2
    with torch.inference_mode():
        expected = network.decode(z).numpy()
    assert expected.std() > 0.02  # a flat picture would prove nothing
    got = run(tmp_path / "decoder.onnx", z)
    assert got.shape == (5, 3, image_size, image_size)
    assert np.abs(got - expected).max() < 2 / 255
    assert run(tmp_path / "decoder.onnx", z[:1]).shape[0] == 1  # any batch


@pytest.mark.parametrize("image_size", [64, 128])
def test_a_linear_path_is_enlarged_and_clamped_as_in_torch(tmp_path: Path, image_size: int) -> None:
    network = with_linear_path(image_size)
    export.export_decoder(network, tmp_path / "decoder.onnx")
    z = torch.randn(5, 6, generator=torch.Generator().manual_seed(2))
    with torch.inference_mode():
        expected = network.decode(z).numpy()
    assert expected.std() > 0.1
    assert ((expected > 0) & (expected < 1)).mean() > 0.3
    assert (expected == 0).any()
    assert np.abs(run(tmp_path / "decoder.onnx", z) - expected).max() < 2 / 255


def test_weights_are_halves_and_no_batch_norm_is_left(tmp_path: Path) -> None:
    export.export_decoder(trained(), tmp_path / "decoder.onnx")
    graph = onnx.load(tmp_path / "decoder.onnx").graph
    assert "BatchNormalization" not in {node.op_type for node in graph.node}
    kinds = {tensor.data_type for tensor in graph.initializer if len(tensor.dims) > 1}
    assert kinds == {onnx.TensorProto.FLOAT16}


def test_weights_beyond_the_range_of_halves_stay_floats(tmp_path: Path) -> None:
    network = trained()
    with torch.no_grad():  # the same function, with a huge and a tiny weight one after the other
        network.decoder.stem[2].weight.mul_(1e6)
        network.decoder.stem[2].bias.mul_(1e6)
        network.decoder.convolutions[0].weight.mul_(1e-6)
    export.export_decoder(network, tmp_path / "decoder.onnx")
    graph = onnx.load(tmp_path / "decoder.onnx").graph
    assert {tensor.data_type for tensor in graph.initializer if len(tensor.dims) > 1} == {onnx.TensorProto.FLOAT}


def test_a_wrong_export_is_refused_and_the_old_file_stays(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "decoder.onnx"
    path.write_bytes(b"old")
    real = own_graph.folded
    monkeypatch.setattr(own_graph, "folded", lambda layer, norm: real(layer, None))
    with pytest.raises(own_graph.ExportError, match=r"differs from torch by .*/255"):
        export.export_decoder(trained(), path)
    assert path.read_bytes() == b"old"
    assert [file.name for file in tmp_path.iterdir()] == ["decoder.onnx"]


def test_an_unknown_layer_is_named(tmp_path: Path) -> None:
    network = trained()
    network.decoder.convolutions.append(nn.Softmax(1))
    with pytest.raises(own_graph.ExportError, match="Softmax"):
        export.export_decoder(network, tmp_path / "decoder.onnx")


def test_a_fresh_decoder_is_kept_and_a_stale_or_cut_one_made_anew(tmp_path: Path) -> None:
    save_checkpoint(trained(), tmp_path, {})
    path = export.ensure_decoder(tmp_path)
    first = path.stat().st_mtime_ns, path.read_bytes()
    assert export.ensure_decoder(tmp_path) == path
    assert path.stat().st_mtime_ns == first[0]

    path.write_bytes(first[1][:-20])
    export.ensure_decoder(tmp_path)
    assert path.read_bytes() == first[1]

    save_checkpoint(trained(seed=5), tmp_path, {})
    assert find_decoder(tmp_path) is None
    export.ensure_decoder(tmp_path)
    assert path.read_bytes() != first[1]
    assert find_decoder(tmp_path) == path

    config = tmp_path / "config.json"  # the same weights said to be another network's
    config.write_text(config.read_text().replace('"width": 8', '"width": 4'))
    assert find_decoder(tmp_path) is None


def test_a_folder_that_cannot_be_written_gets_its_decoder_in_the_cache(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder, cache = tmp_path / "checkpoint", tmp_path / "cache"
    save_checkpoint(trained(), folder, {})
    (folder / DECODER_FILE).mkdir()  # in the way even for root, who may write anywhere
    monkeypatch.setenv("XDG_CACHE_HOME", str(cache))
    path = export.ensure_decoder(folder)
    assert path.is_relative_to(cache)
    assert export.ensure_decoder(folder) == path


def test_door_makes_what_it_can_and_says_what_it_cannot(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    save_checkpoint(trained(), tmp_path / "good", {})
    assert export.main([str(tmp_path / "none"), str(tmp_path / "good")]) == 2
    said = capsys.readouterr()
    assert "none/config.json is missing" in said.err
    assert (tmp_path / "good" / "decoder.onnx").is_file()
    assert export.main([str(tmp_path / "good")]) == 0


@pytest.mark.parametrize("eight_bit", [True, False])
def test_a_mapping_stays_in_eight_bits_where_it_is_kept_so_and_loses_nothing_where_it_is_not(
    tmp_path: Path, eight_bit: bool
) -> None:
    torch.manual_seed(0)
    network = Autoencoder(replace(trained().config, mapping_width=8)).eval()
    assert network.decoder.mapping is not None
    with torch.no_grad():
        for layer in (one for one in network.decoder.mapping.modules() if isinstance(one, nn.Linear)):
            whole = torch.randn_like(layer.weight) * 0.3
            eight, scale = as_eight_bit(whole)
            layer.weight.copy_(eight * scale if eight_bit else whole)
    export.export_decoder(network, tmp_path / "decoder.onnx", "stamp")
    model = onnx.load(tmp_path / "decoder.onnx")
    kinds = {one.name: one.data_type for one in model.graph.initializer}
    assert (kinds.get("begin_eight") == onnx.TensorProto.INT8) == eight_bit
    assert (kinds.get("begin_weight_half") == onnx.TensorProto.FLOAT16) != eight_bit
    z = torch.randn(4, network.config.latent_dim)
    with torch.inference_mode():
        expected = network.decode(z).numpy()
    assert np.abs(run(tmp_path / "decoder.onnx", z) - expected).max() < 2 / 255
