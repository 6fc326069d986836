"""The door for checkpoints from elsewhere, with the worked example of the README as it stands there."""

from __future__ import annotations

import json
import re
import shutil
from pathlib import Path

import pytest
import torch

import import_checkpoint
from evaluation.evidence import gather
from models import load_checkpoint
from models.images import as_seen, to_tensor
from tests.models.foreign_pair import foreign_pair

ROOT = Path(__file__).parents[1]
VAE = ROOT / "checkpoints" / "vae"
HERE = "# Here you train them, or load their weights.\n"


def train(encoder, decoder, steps=80):
    """Enough for the pair to belong together."""
    torch.manual_seed(0)
    x = to_tensor(as_seen(gather(VAE).faces, 64)) * 2 - 1
    parameters = [*encoder.parameters(), *decoder.parameters()]
    optimiser = torch.optim.Adam(parameters, 2e-3)
    for _ in range(steps):
        mu, logvar = encoder(x)
        z = mu + torch.exp(logvar / 2) * torch.randn_like(mu)
        loss = (decoder(z) - x).square().sum((1, 2, 3)).mean() + (mu.square() + logvar.exp() - logvar).sum(1).mean()
        optimiser.zero_grad()
        loss.backward()
        optimiser.step()


@pytest.fixture
def example(tmp_path, monkeypatch):
    """The three files of the README's example, made by its own lines."""
    section = (ROOT / "README.md").read_text().split("## Bring your own checkpoint")[1]
    program = re.search(r"```python\n(.*?)```", section, re.S)[1]
    monkeypatch.chdir(tmp_path)
    before, after = program.split(HERE)
    names = {"__name__": "example"}
    exec(before, names)
    train(names["encoder"], names["decoder"])
    exec(after, names)
    Path("config.json").write_text(re.search(r"```json\n(.*?)```", section, re.S)[1])
    return names


ARGUMENTS = ["encoder.onnx", "decoder.onnx", "--config", "config.json", "--name", "their-vae", "--data", ""]


@pytest.mark.filterwarnings("ignore::DeprecationWarning")
def test_the_example_of_the_readme_comes_in_as_it_stands(example, tmp_path, capsys):
    import_checkpoint.main([*ARGUMENTS, "--into", str(tmp_path / "checkpoints")])
    said = capsys.readouterr().out
    assert "taken in" in said
    assert "belong together" not in said
    assert "The networks expect" not in said
    m = load_checkpoint(tmp_path / "checkpoints" / "their-vae")
    x = torch.rand(2, 3, 64, 64)
    mu, _ = example["encoder"](x * 2 - 1)
    assert torch.allclose(m.encode(x), mu, atol=1e-4)
    assert torch.allclose(m.decode(mu.detach()), example["decoder"](mu) / 2 + 0.5, atol=1e-4)


def test_a_wrong_declaration_is_named_and_mended_with_fix(tmp_path, capsys):
    vae = load_checkpoint(VAE)
    files = dict(zip(("encoder", "decoder"), foreign_pair(vae, channels="BGR"), strict=True))
    for name, content in files.items():
        (tmp_path / f"{name}.onnx").write_bytes(content)
    told = {"kind": "vae", "image_size": vae.config.image_size, "latent_dim": 128, "spread": "logvar"}
    (tmp_path / "config.json").write_text(json.dumps(told))
    paths = [str(tmp_path / name) for name in ("encoder.onnx", "decoder.onnx")]
    into = ["--config", str(tmp_path / "config.json"), "--name", "theirs", "--into", str(tmp_path), "--data", ""]
    assert import_checkpoint.main([*paths, *into]) == 1
    assert 'Change "channels" to "BGR".' in capsys.readouterr().out
    assert import_checkpoint.main(["--check", str(tmp_path / "theirs"), "--fix", "--data", ""]) == 0
    assert load_checkpoint(tmp_path / "theirs").config.channels == "BGR"
    assert import_checkpoint.main([*paths, *into]) == 2  # the name is taken now
    assert "There is a checkpoint called 'theirs' already" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("spoil", "said"),
    [
        (lambda place: (place / "encoder.onnx").write_bytes(b""), "is empty"),
        (lambda place: (place / "encoder.onnx").write_bytes(b"\x00" * 99), "not an ONNX file"),
        (lambda place: (place / "decoder.onnx").unlink(), "cannot be read"),
        (lambda place: (place / "config.json").write_text("{"), "not valid JSON"),
        (lambda place: (place / "config.json").write_text('{"kind": "vae", "colour": 1}'), "unknown key 'colour'"),
    ],
)
def test_bad_files_get_a_sentence_and_nothing_is_kept(tmp_path, tiny_pair, capsys, monkeypatch, spoil, said):
    shutil.copytree(tiny_pair, tmp_path / "in")
    spoil(tmp_path / "in")
    monkeypatch.chdir(tmp_path / "in")
    assert import_checkpoint.main([*ARGUMENTS, "--into", str(tmp_path / "out")]) == 2
    assert said in capsys.readouterr().err
    assert not (tmp_path / "out").exists()


@pytest.fixture(scope="module")
def tiny_pair(tmp_path_factory):
    from tests.conftest import tiny_network

    place, network = tmp_path_factory.mktemp("pair"), tiny_network("vae")
    for name, content in zip(("encoder", "decoder"), foreign_pair(network), strict=True):
        (place / f"{name}.onnx").write_bytes(content)
    told = {"kind": "vae", "image_size": 64, "latent_dim": network.config.latent_dim, "spread": "logvar"}
    (place / "config.json").write_text(json.dumps(told))
    return place
