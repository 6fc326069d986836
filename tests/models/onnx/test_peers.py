"""Models of other projects, with seeded weights, taken in and mapped; skipped where a package is not installed.

Seen to pass with diffusers 0.42.1, pythae 0.1.2 and keras 3.15.1 (onnxscript 0.7.2, torch 2.14.1). The same models,
mapped with 300 faces, were dragged in Chromium: 11 to 15 pictures for 15 moves, of an AutoencoderKL of 86 MB one on
release.
"""

import os
from pathlib import Path

import pytest
import torch

import build_atlas
from latent.atlas import load_atlas
from models import load_checkpoint
from models.checkpoint_files import open_files
from models.onnx import bring
from models.onnx.import_pair import import_pair

SMALL = Path(__file__).parents[3] / "checkpoints" / "family" / "beta-1"


def check(folder, latent_shape):
    """It encodes and decodes, and a map is made of faces that another model decodes."""
    files = open_files(folder)
    assert files.config.latent_shape == latent_shape
    assert (folder / "browser.onnx").is_file()
    m = load_checkpoint(files)
    x = torch.rand(3, 3, files.config.image_size, files.config.image_size)
    assert m.decode(m.encode(x)).shape == x.shape
    assert build_atlas.main([str(folder), "--decoded", str(SMALL), "--part", "test", "--limit", "20"]) == 0
    assert len(load_atlas(files.atlas_path, files.sha256, files.config.latent_dim)) == 20


def test_the_tiny_autoencoder_of_diffusers(tmp_path):
    diffusers = pytest.importorskip("diffusers")
    torch.manual_seed(0)
    m = diffusers.AutoencoderTiny(
        encoder_block_out_channels=(8,) * 4,
        decoder_block_out_channels=(8,) * 4,
        num_encoder_blocks=(1,) * 4,
        num_decoder_blocks=(1,) * 4,
    )
    example = torch.rand(4, 3, 64, 64) * 2 - 1
    folder = bring(lambda x: m.encode(x).latents, lambda z: m.decode(z).sample, example, tmp_path / "tiny")
    check(folder, (4, 8, 8))


@pytest.mark.parametrize("flat", [False, True])
def test_the_kl_autoencoder_of_diffusers(tmp_path, flat):
    diffusers = pytest.importorskip("diffusers")
    torch.manual_seed(0)
    m = diffusers.AutoencoderKL(
        block_out_channels=(8,) * 4,
        down_block_types=("DownEncoderBlock2D",) * 4,
        up_block_types=("UpDecoderBlock2D",) * 4,
        norm_num_groups=4,
        latent_channels=4,
    )

    def encode(x):
        found = m.encode(x).latent_dist
        return (found.mean.flatten(1), found.logvar.flatten(1)) if flat else found

    def decode(z):
        return m.decode(z.unflatten(1, (4, 8, 8)) if flat else z).sample

    folder = bring(encode, decode, torch.rand(4, 3, 64, 64) * 2 - 1, tmp_path / "kl")
    check(folder, None if flat else (4, 8, 8))


def test_a_vae_of_pythae(tmp_path):
    models = pytest.importorskip("pythae.models")
    torch.manual_seed(0)
    m = models.VAE(models.VAEConfig(input_dim=(3, 32, 32), latent_dim=8))
    folder = bring(m.encoder, m.decoder, torch.rand(4, 3, 32, 32), tmp_path / "pythae")
    assert open_files(folder).config.spread == "logvar"
    check(folder, None)


class Part(torch.nn.Module):
    """A half of a pythae model, with plain outputs as torch's exporters want them."""

    def __init__(self, network, names):
        super().__init__()
        self.network, self.names = network, names

    def forward(self, x):
        given = self.network(x)
        return tuple(given[name] for name in self.names)


@pytest.mark.parametrize("dynamo", [False, True])
def test_a_vae_of_pythae_by_either_of_torchs_exporters_as_they_come(tmp_path, dynamo):
    models = pytest.importorskip("pythae.models")
    pytest.importorskip("onnxscript")
    torch.manual_seed(0)
    m = models.VAE(models.VAEConfig(input_dim=(3, 32, 32), latent_dim=8))
    halves = {
        "encoder": (Part(m.encoder, ["embedding", "log_covariance"]), torch.rand(4, 3, 32, 32)),
        "decoder": (Part(m.decoder, ["reconstruction"]), torch.rand(4, 8)),
    }
    contents = []
    for name, (half, example) in halves.items():
        path, one_file = tmp_path / f"{name}.onnx", {"external_data": False} if dynamo else {}
        torch.onnx.export(half.eval(), (example,), str(path), dynamo=dynamo, **one_file)  # a batch of 4 is baked in
        contents.append(path.read_bytes())
    told = {"kind": "vae", "image_size": 32, "latent_dim": 8, "spread": "logvar"}
    folder = import_pair(*contents, told, tmp_path, "theirs")
    x = torch.rand(3, 3, 32, 32)
    assert torch.allclose(load_checkpoint(folder).encode(x), m.encoder(x).embedding, atol=1e-4)
    check(folder, None)


def test_a_vae_that_keras_exports(tmp_path, monkeypatch):
    monkeypatch.setitem(os.environ, "KERAS_BACKEND", "torch")
    keras = pytest.importorskip("keras")
    pytest.importorskip("onnxscript")
    layers = keras.layers
    x, z = keras.Input((64, 64, 3)), keras.Input((8,))
    h = layers.Flatten()(layers.Conv2D(8, 4, 4, activation="relu")(x))
    encoder = keras.Model(x, [layers.Dense(8, name="z_mean")(h), layers.Dense(8, name="z_log_var")(h)])
    h = layers.Reshape((16, 16, 8))(layers.Dense(16 * 16 * 8, activation="relu")(z))
    decoder = keras.Model(z, layers.Conv2DTranspose(3, 4, 4, activation="sigmoid", padding="same")(h))
    contents = []
    for name, model, shape in (("encoder", encoder, (1, 64, 64, 3)), ("decoder", decoder, (1, 8))):
        model(torch.zeros(shape))
        model.export(str(tmp_path / f"{name}.onnx"), format="onnx", verbose=False)
        contents.append((tmp_path / f"{name}.onnx").read_bytes())
    told = {"kind": "vae", "image_size": 64, "latent_dim": 8, "layout": "NHWC", "spread": "logvar"}
    check(import_pair(*contents, told, tmp_path, "keras"), None)
