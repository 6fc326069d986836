import hashlib
import json
from dataclasses import replace

import numpy as np
import pytest
from safetensors.numpy import load_file, save_file

from latent.atlas import save_atlas
from latent.prior_file import CONFIG_FILE, WEIGHTS_FILE, read_prior, stamped, write_prior
from latent.velocity import PriorError
from tests.latent.test_flow import SMALL, trainer_of, two_groups

OWN = "a" * 64


@pytest.fixture
def folder(tmp_path):
    write_prior(trainer_of(two_groups(dimensions=6), **SMALL).prior({"seed": 3}), tmp_path)
    return tmp_path


def rewrite(folder, change) -> None:
    """Change the tensors and state the new hash, so that only the content is wrong."""
    tensors = load_file(folder / WEIGHTS_FILE)
    change(tensors)
    save_file(tensors, folder / WEIGHTS_FILE)
    values = json.loads((folder / CONFIG_FILE).read_text())
    values["weights_sha256"] = hashlib.sha256((folder / WEIGHTS_FILE).read_bytes()).hexdigest()
    (folder / CONFIG_FILE).write_text(json.dumps(values))


def test_what_is_written_comes_back_to_eight_bits_a_row(folder):
    prior, again = trainer_of(two_groups(dimensions=6), **SMALL).prior({"seed": 3}), read_prior(folder, OWN)
    assert again.config == prior.config
    assert again.training == {"seed": 3}
    assert np.array_equal(again.root, prior.root)
    for name, value in prior.parameters.items():
        step = np.abs(value).max(-1, keepdims=True) / 127 if value.ndim > 1 else 0
        assert (np.abs(again.parameters[name] - value) <= step / 2 + 1e-6).all(), name


def test_the_folder_itself_says_whose_prior_it_must_be(folder):
    with pytest.raises(PriorError, match="weights' hash nowhere"):
        read_prior(folder)
    save_atlas(two_groups(dimensions=6), folder / "atlas.npz")
    assert read_prior(folder).checkpoint_sha256 == OWN
    (folder / "config.json").write_text(json.dumps({"weights_sha256": "b" * 64}))
    with pytest.raises(PriorError, match=r"other weights \(aaaaaaaa, not bbbbbbbb\).*--stamp"):
        read_prior(folder)


def test_a_missing_or_torn_file_is_named(folder):
    content = (folder / WEIGHTS_FILE).read_bytes()
    (folder / WEIGHTS_FILE).write_bytes(content[: len(content) // 2])
    with pytest.raises(PriorError, match=r"prior.safetensors is damaged.*train_prior.py"):
        read_prior(folder, OWN)
    (folder / WEIGHTS_FILE).unlink()
    with pytest.raises(PriorError, match=r"prior.safetensors cannot be read"):
        read_prior(folder, OWN)
    (folder / CONFIG_FILE).unlink()
    with pytest.raises(PriorError, match="has no learned prior"):
        read_prior(folder, OWN)


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (lambda t: t["mean"].__setitem__(0, np.nan), "mean holds values that are not finite"),
        (lambda t: t.__setitem__("mean", np.zeros(5, np.float32)), r"mean has shape \[5\].*asks for \[6\]"),
        (lambda t: t.pop("output.bias"), "'output.bias' does not match"),
        (lambda t: t.__setitem__("input.weight.scale", np.ones((3, 1), np.float32)), "no scale of a matrix"),
        (lambda t: t.__setitem__("profiles", np.zeros((4, 3), np.uint8)), r"profiles has shape \[4, 3\]"),
        (lambda t: t.__setitem__("profiles", np.zeros((0, 2), np.uint8)), r"profiles has shape \[0, 2\]"),
        (lambda t: t.__setitem__("root", np.zeros((6, 6), np.float32)), "cannot be inverted"),
    ],
)
def test_what_does_not_fit_or_is_no_number_is_refused(folder, change, said):
    rewrite(folder, change)
    with pytest.raises(PriorError, match=said):
        read_prior(folder, OWN)


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"format": "facespace-prior-9"}, "does not say"),
        ({"model": {"latent_dim": "six"}}, "latent_dim must be"),
        ({"model": {"latent_dim": 6, "speed": 1}}, "unknown keys"),
        ({"model": {"latent_dim": 6, "attributes": "Smiling"}}, "list of names"),
        ({"model": {"latent_dim": 7, "width": 16, "blocks": 1}}, "does not match|has shape"),
        ({"weights_sha256": 5}, "does not state"),
    ],
)
def test_a_configuration_that_breaks_a_rule_is_refused(folder, change, said):
    values = json.loads((folder / CONFIG_FILE).read_text())
    (folder / CONFIG_FILE).write_text(json.dumps({**values, **change}))
    with pytest.raises(PriorError, match=said):
        read_prior(folder, OWN)
    (folder / CONFIG_FILE).write_text("[" * 100_000)
    with pytest.raises(PriorError, match="not valid JSON"):
        read_prior(folder, OWN)


def test_a_prior_is_stamped_for_other_weights_only_where_the_codes_stayed(folder):
    atlas, prior = two_groups(dimensions=6), read_prior(folder, OWN)
    other = replace(atlas, checkpoint_sha256="c" * 64)
    assert stamped(prior, other).checkpoint_sha256 == "c" * 64
    with pytest.raises(PriorError, match="codes moved by up to"):
        stamped(prior, replace(other, mu=(atlas.mu + np.float16(0.5)).astype(np.float16)))
    with pytest.raises(PriorError, match="other pictures"):
        stamped(prior, replace(other, image=atlas.image + 5000))
