"""A PyTorch model from a notebook, as people have them: `bring` finds out the rest."""

import json
from types import SimpleNamespace

import pytest
import torch
from torch import nn

from models import CheckpointError, load_checkpoint
from models.onnx import bring


class Vae(nn.Module):
    """Tiny, with whatever its `encode` is asked to return."""

    def __init__(self, returns="two", latent=(6,), dims=6):
        super().__init__()
        torch.manual_seed(0)
        self.returns, self.latent = returns, latent
        self.down = nn.Sequential(nn.Flatten(), nn.Dropout(0.5), nn.Linear(3 * 32 * 32, 2 * dims))
        self.up = nn.Sequential(nn.Linear(dims, 3 * 32 * 32), nn.Tanh(), nn.Unflatten(1, (3, 32, 32)))

    def encode(self, x):
        mu, logvar = (part.reshape(-1, *self.latent) for part in self.down(x).chunk(2, 1))
        match self.returns:
            case "two":
                return mu, logvar
            case "one":
                return torch.cat([mu, logvar], 1)
            case "mapping":
                return {"log_covariance": logvar, "embedding": mu}
            case "distribution":
                return SimpleNamespace(mean=mu, logvar=logvar)
            case "std":
                return {"mean": mu, "std": torch.exp(logvar / 2)}
        return mu

    def decode(self, z):
        return self.up(z.flatten(1))


@pytest.mark.parametrize("returns", ["two", "one", "mapping", "distribution", "std", "code"])
def test_whatever_the_encoder_returns_is_understood(tmp_path, capsys, returns):
    vae = Vae(returns)
    x = torch.rand(4, 3, 32, 32) * 2 - 1
    folder = bring(vae.encode, lambda z: vae.decode(z) + 0, x, tmp_path / "mine")
    assert vae.training  # as it was
    m = load_checkpoint(folder)
    vae.eval()
    with torch.no_grad():
        mu, logvar = vae.down(x).chunk(2, 1)
        found = m.posterior((x + 1) / 2)
        assert torch.allclose(found[0], mu, atol=1e-4)
        assert found[1] is None if returns == "code" else torch.allclose(found[1], logvar, atol=1e-3)
        assert torch.allclose(m.decode(mu), vae.decode(mu) / 2 + 0.5, atol=1e-4)
    assert "taken in" in capsys.readouterr().out
    assert (folder / "browser.onnx").is_file()


def test_latents_that_are_maps_keep_their_shape(tmp_path):
    vae = Vae("distribution", (2, 3, 1))
    folder = bring(vae.encode, vae.decode, torch.rand(2, 3, 32, 32), tmp_path / "mine", output_range=[-1, 1])
    told = json.loads((folder / "config.json").read_text())["model"]
    assert told["latent_shape"] == [2, 3, 1]
    assert told["output_range"] == [-1, 1]
    assert load_checkpoint(folder).decode(torch.zeros(3, 6)).shape == (3, 3, 32, 32)


@pytest.mark.parametrize(
    ("encoder", "example", "words"),
    [
        (lambda x: 1 / 0, torch.rand(2, 3, 32, 32), "cannot be run"),
        (lambda x: "nothing", torch.rand(2, 3, 32, 32), "returns no tensor"),
        (lambda x: x.flatten(1)[:, :6], torch.rand(3, 32, 32), "example must be pictures"),
        (lambda x: x.flatten(1)[:, :5], torch.rand(2, 3, 32, 32), "decoder cannot be run"),
    ],
)
def test_what_does_not_work_is_one_sentence_and_leaves_nothing(tmp_path, encoder, example, words):
    with pytest.raises(CheckpointError, match=words):
        bring(encoder, Vae().decode, example, tmp_path / "mine")
    assert not list(tmp_path.iterdir())
