"""The command lines: train, build_atlas, evaluate, end to end on a tiny folder, and what they say to bad input."""

from __future__ import annotations

import json
import shutil
from dataclasses import replace

import numpy as np
import pytest
import torch

import build_atlas
import evaluate
import train
from app.checkpoints.opening import open_model
from app.checkpoints.probes import probes
from app.checkpoints.samplers import draw
from latent import attribute_map
from latent.atlas import load_atlas, save_atlas
from latent.map_file import load_maps
from latent.map_settings import SETTINGS, Setting
from latent.mixture_file import load_mixture
from latent.own_columns import read_own_columns
from models.checkpoint_files import open_files
from models.checkpoints import checkpoint_hash, load_checkpoint, save_checkpoint
from models.images import read_crops, to_tensor, to_uint8
from tests.conftest import tiny_network, write_celeba

TINY = ["--width", "2", "--epochs", "1", "--batch-size", "8"]


@pytest.fixture(scope="module")
def workshop(celeba_folder, tmp_path_factory):
    """A trained and mapped AE, VAE and classifier, each tiny."""
    root = tmp_path_factory.mktemp("workshop")
    data = ["--data", str(celeba_folder)]
    for kind in ("ae", "vae"):
        assert train.main([*data, "--kind", kind, "--out", str(root / kind), "--latent-dim", "5", *TINY]) == 0
    assert train.main([*data, "--kind", "classifier", "--out", str(root / "classifier"), *TINY]) == 0
    classifier = ["--classifier", str(root / "classifier")]
    assert build_atlas.main([str(root / "ae"), *data, *classifier]) == 0
    assert build_atlas.main([str(root / "vae"), *data, *classifier, "--start-from", str(root / "ae")]) == 0
    return root


def test_both_atlases_list_the_same_pictures_in_the_same_order(workshop):
    ae, vae = (load_atlas(workshop / name / "atlas.npz", checkpoint_hash(workshop / name)) for name in ("ae", "vae"))
    assert np.array_equal(ae.image, vae.image)
    assert ae.image.tolist() == list(range(1, 61))
    assert np.array_equal(ae.scores, vae.scores)
    assert ae.logvar is None
    assert vae.logvar is not None
    assert vae.facts["start"] == "another atlas"
    assert vae.facts["seed"] == 0


def test_the_atlas_holds_what_the_checkpoint_encodes(workshop, celeba_folder):
    atlas = load_atlas(workshop / "vae" / "atlas.npz")
    paths = [celeba_folder / "img_align_celeba" / f"{number:06d}.jpg" for number in atlas.image[:5]]
    ((_, crops, _),) = read_crops(paths, 64)
    mu, logvar = load_checkpoint(workshop / "vae").posterior(to_tensor(crops))
    assert np.allclose(atlas.mu[:5], mu, atol=2e-3)
    span = np.ptp(atlas.logvar, axis=0) / 255 + 1e-3
    assert (np.abs(atlas.logvar[:5] - logvar.numpy()) <= span + 2e-3).all()


def test_an_atlas_can_be_made_of_faces_that_another_checkpoint_decodes(workshop, celeba_folder, tmp_path):
    shutil.copytree(workshop / "ae", tmp_path / "ae", ignore=shutil.ignore_patterns("atlas.npz"))
    assert build_atlas.main([str(tmp_path / "ae"), "--decoded", str(workshop / "vae"), "--part", "test"]) == 0
    vae, atlas = load_atlas(workshop / "vae" / "atlas.npz"), load_atlas(tmp_path / "ae" / "atlas.npz")
    assert atlas.image.tolist() == vae.image[vae.partition == 2].tolist()
    assert np.array_equal(atlas.scores, vae.scores[vae.partition == 2])
    assert atlas.facts["decoded_by"] == "vae"
    network, source = load_checkpoint(tmp_path / "ae"), load_checkpoint(workshop / "vae")
    faces = to_uint8(source.decode(torch.from_numpy(vae.mu[vae.partition == 2].astype(np.float32))))
    assert np.allclose(atlas.mu, network.encode(to_tensor(faces)).detach(), atol=2e-3)
    shutil.copytree(workshop / "classifier", tmp_path / "classifier")
    assert build_atlas.main([str(tmp_path / "ae"), "--decoded", str(tmp_path / "classifier")]) == 2


def test_a_decoder_taught_behind_the_same_encoder_takes_over_its_latents(workshop, celeba_folder, tmp_path, capsys):
    for name in ("vae", "other"):
        shutil.copytree(workshop / "vae", tmp_path / name)
    assert build_atlas.main([str(tmp_path / "vae"), "--maps"]) == 0
    network = load_checkpoint(tmp_path / "other")
    network.decoder.linear = None
    network.decoder.stem[0].weight.mul_(0.5)
    save_checkpoint(network, tmp_path / "other", {})
    arguments = [str(tmp_path / "other"), "--latents-of", str(tmp_path / "vae")]
    assert build_atlas.main(arguments) == 0
    before, after = load_atlas(tmp_path / "vae" / "atlas.npz"), load_atlas(tmp_path / "other" / "atlas.npz")
    assert after.checkpoint_sha256 == checkpoint_hash(tmp_path / "other") != before.checkpoint_sha256
    assert np.array_equal(after.mu, before.mu)
    assert np.array_equal(after.xy, before.xy)
    assert not np.allclose(after.effect, before.effect)
    assert len(load_maps(tmp_path / "other" / "maps.npz", after)) == len(SETTINGS)
    network.encoder.head.weight.mul_(0.5)
    save_checkpoint(network, tmp_path / "other", {})
    capsys.readouterr()
    assert build_atlas.main(arguments) == 2
    assert "Leave out --latents-of" in capsys.readouterr().err


def test_a_map_by_attributes_is_made_of_an_atlas_that_is_there(workshop, tmp_path, monkeypatch, capsys):
    folder = tmp_path / "ae"
    shutil.copytree(workshop / "ae", folder)
    monkeypatch.setattr(attribute_map, "embed", lambda points, init: (points[:, :2], {}))
    assert build_atlas.main([str(folder), "--by-attributes"]) == 0
    assert "the plain map: Quality" in capsys.readouterr().out
    atlas = load_atlas(folder / "atlas.npz")
    assert len(attribute_map.load_attribute_map(folder / attribute_map.FILE, atlas).xy) == len(atlas)


def test_ten_gaussians_are_fitted_to_an_atlas_that_is_there(workshop, tmp_path, capsys):
    folder = tmp_path / "ae"
    shutil.copytree(workshop / "ae", folder)
    few = load_atlas(folder / "atlas.npz")
    rows = np.tile(np.flatnonzero(few.partition == 0), 30)[:60]
    noise = np.random.default_rng(0).normal(0, 0.1, (60, few.mu.shape[1])).astype(np.float16)
    many = replace(
        few,
        image=np.arange(60, dtype=np.int32),
        partition=few.partition[rows],
        scores=few.scores[rows],
        mu=few.mu[rows] + noise,
        xy=few.xy[rows],
    )
    save_atlas(many, folder / "atlas.npz")
    assert build_atlas.main([str(folder), "--mixture"]) == 0
    assert len(load_mixture(folder / "mixture.npz", many).weights) == 10
    save_atlas(
        replace(many, **{name: getattr(many, name)[:9] for name in ("image", "partition", "scores", "mu", "xy")}),
        folder / "atlas.npz",
    )
    capsys.readouterr()
    assert build_atlas.main([str(folder), "--mixture"]) == 2
    assert "too few faces" in capsys.readouterr().err


def test_the_errors_of_an_atlas_are_measured_for_the_map_s_filter(workshop, celeba_folder, tmp_path, capsys):
    folder, data = tmp_path / "ae", ["--errors", "--data", str(celeba_folder)]
    shutil.copytree(workshop / "ae", folder)
    assert build_atlas.main([str(folder), *data]) == 0
    assert build_atlas.main([str(folder), *data]) == 0  # its own table is measured anew
    own = read_own_columns((folder / "columns.csv").read_bytes(), "columns.csv")
    atlas = load_atlas(folder / "atlas.npz")
    assert (own.image == atlas.image).all()
    row = 7
    ((_, crops, _),) = read_crops([celeba_folder / "img_align_celeba" / f"{atlas.image[row]:06d}.jpg"], 64)
    with torch.inference_mode():
        code = torch.from_numpy(atlas.mu[row : row + 1].astype(np.float32))
        back = to_uint8(load_checkpoint(folder).decode(code)).astype(float)
    assert own.columns[0].values[row] == pytest.approx(np.sqrt(((back - crops) ** 2).mean()), abs=0.01)
    (folder / "columns.csv").write_text("image,age\n1,2\n")
    capsys.readouterr()
    assert build_atlas.main([str(folder), *data]) == 2
    assert "Move it away first" in capsys.readouterr().err


def test_the_maps_for_the_lesson_are_made_of_an_atlas_that_is_there(workshop, tmp_path, capsys):
    shutil.copytree(workshop / "ae", tmp_path / "ae")
    assert build_atlas.main([str(tmp_path / "ae"), "--maps"]) == 0
    atlas = load_atlas(tmp_path / "ae" / "atlas.npz")
    maps = load_maps(tmp_path / "ae" / "maps.npz", atlas)
    assert set(maps) == set(SETTINGS)
    assert {xy.shape for xy in maps.values()} == {((atlas.partition == 2).sum(), 2)}
    assert not np.allclose(maps[Setting(seed=1)], maps[Setting(seed=2)])
    (tmp_path / "ae" / "atlas.npz").unlink()
    assert build_atlas.main([str(tmp_path / "ae"), "--maps"]) == 2
    assert "atlas.npz is missing" in capsys.readouterr().err


def test_a_small_atlas_holds_one_part_and_serves_all_the_same(workshop, celeba_folder, tmp_path):
    shutil.copytree(workshop / "vae", tmp_path / "vae")
    whole = load_atlas(tmp_path / "vae" / "atlas.npz")
    arguments = [str(tmp_path / "vae"), "--data", str(celeba_folder), "--classifier", str(workshop / "classifier")]
    started = ["--start-from", str(workshop / "ae")]  # whose map has these pictures and others
    assert build_atlas.main([*arguments, "--part", "test", *started]) == 0
    small = load_atlas(tmp_path / "vae" / "atlas.npz")
    assert small.facts["part"] == "test"
    assert (small.partition == 2).all()
    rows = [whole.row_of(image) for image in small.image]
    assert np.array_equal(whole.image[whole.partition == 2], small.image)
    assert np.array_equal(whole.mu[rows], small.mu)
    assert np.array_equal(whole.scores[rows], small.scores)
    model = open_model(open_files(tmp_path / "vae"))
    assert model.atlas_problem is None
    assert set(model.banks[0].directions[0].vector.shape) == {5}
    for sampler in ("standard", "scaled", "gaussian", "jitter"):
        assert np.isfinite(draw(model, sampler, 3, 0, 1.0)).all()
    assert probes(model).weights.shape == (40, 5)
    data = ["--data", str(celeba_folder), "--measure", str(workshop / "classifier"), "--samples", "30"]
    (tmp_path / "vae" / "leakage.json").unlink(missing_ok=True)
    assert evaluate.main([str(tmp_path / "vae"), *data]) == 0
    assert not (tmp_path / "vae" / "leakage.json").exists()  # directions come from the training part


def test_a_model_of_two_dimensions_is_its_own_map(workshop, celeba_folder, tmp_path):
    save_checkpoint(tiny_network("vae", latent_dim=2), tmp_path / "two", {})
    arguments = [str(tmp_path / "two"), "--data", str(celeba_folder), "--classifier", str(workshop / "classifier")]
    assert build_atlas.main([*arguments, "--part", "valid"]) == 0
    atlas = load_atlas(tmp_path / "two" / "atlas.npz")
    assert np.array_equal(atlas.xy, atlas.mu.astype(np.float32))
    assert (atlas.partition == 1).all()
    assert open_model(open_files(tmp_path / "two")).atlas_problem is None


@pytest.mark.parametrize("name", ["ae", "vae", "classifier"])
def test_evaluate_writes_the_figures_of_these_weights_and_again_the_same(workshop, celeba_folder, name):
    folder = workshop / name
    arguments = [
        str(folder),
        "--data",
        str(celeba_folder),
        "--measure",
        str(workshop / "classifier"),
        "--samples",
        "30",
    ]
    assert evaluate.main(arguments) == 0
    metrics = json.loads((folder / "metrics.json").read_text())
    assert metrics["checkpoint_sha256"] == checkpoint_hash(folder)
    assert metrics["images"] == 10
    assert ("kl_nats" in metrics) == (name == "vae")
    if name == "classifier":
        assert 0 <= metrics["mean_calibration_error"] <= 1
        assert "validation part" in json.loads((folder / "config.json").read_text())["training"]["calibration"]
        return
    assert metrics["pca_psnr_db"] > metrics["psnr_db"] > 0  # PCA has an easy time with discs
    assert len(metrics["psnr_percentiles"]) == 101
    assert metrics["psnr_percentiles"] == sorted(metrics["psnr_percentiles"])
    other = "scaled_normal" if name == "vae" else "raw_normal"
    made = {"standard_normal", other, "gaussian", "mixture", "jitter"}
    assert set(metrics["generation"]["samplers"]) == made
    assert metrics["generation"]["ceiling"]["frechet"] >= 0
    leakage = json.loads((folder / "leakage.json").read_text())
    for part in ("change", "low", "high"):
        assert len(leakage[part]) == len(leakage["moved"])
        assert all(len(row) == 40 for row in leakage[part])
    reach = (folder / "reach.json").read_text()
    assert json.loads(reach)["checkpoint_sha256"] == metrics["checkpoint_sha256"]
    (folder / "reach.json").unlink()
    assert evaluate.main([str(folder), "--reach", "--measure", str(workshop / "classifier")]) == 0
    assert (folder / "reach.json").read_text() == reach
    evaluate.main(arguments)
    again = json.loads((folder / "metrics.json").read_text())
    timed = {"seconds", "decode_ms_one_core", "encode_ms_one_core"}
    first, second = (dict(numbers({k: v for k, v in m.items() if k not in timed})) for m in (metrics, again))
    assert first.keys() == second.keys()
    assert list(second.values()) == pytest.approx(list(first.values()), rel=0.005, abs=0.002)


def numbers(figures, path=""):
    """Every number in nested figures, with its place."""
    for key, value in figures.items() if isinstance(figures, dict) else enumerate(figures):
        if isinstance(value, dict | list):
            yield from numbers(value, f"{path}/{key}")
        elif isinstance(value, int | float):
            yield f"{path}/{key}", value


def test_the_tables_have_a_line_for_each_measured_checkpoint_old_or_new(workshop, celeba_folder, tmp_path):
    for name in ("ae", "classifier"):
        shutil.copytree(workshop / name, tmp_path / name)
        data = ["--data", str(celeba_folder), "--measure", str(workshop / "classifier"), "--samples", "30"]
        assert evaluate.main([str(tmp_path / name), *data]) == 0
    (tmp_path / "older").mkdir()
    (tmp_path / "older" / "metrics.json").write_text('{"psnr_db": 22.1, "pca_psnr_db": 21.9, "pca_components": 128}')
    text = evaluate.tables(evaluate.read_metrics(tmp_path))
    # Reconstruction, information and effort; no group of ten pictures is large enough for the hardest groups.
    assert text.count("| `ae` |") == 3 + len(("floor", "reconstructions", "ceiling")) + 5  # samplers
    assert "| `ae` | N(0, I) as it is |" in text
    assert "| `classifier` |" in text
    assert "| `older` | 22.10 dB (21.90 dB) | - |" in text


def test_a_classifier_does_not_judge_what_was_trained_to_please_it(workshop, celeba_folder, tmp_path, capsys):
    shutil.copytree(workshop / "vae", tmp_path / "vae")
    config = json.loads((tmp_path / "vae" / "config.json").read_text())
    config["training"]["perceptual_classifier"] = checkpoint_hash(workshop / "classifier")
    (tmp_path / "vae" / "config.json").write_text(json.dumps(config))
    data = ["--data", str(celeba_folder), "--measure", str(workshop / "classifier")]
    assert evaluate.main([str(tmp_path / "vae"), *data]) == 2
    assert "cannot judge it" in capsys.readouterr().err


def test_unreadable_pictures_are_left_out_of_the_atlas(workshop, tmp_path, capsys):
    data = write_celeba(tmp_path / "faces", 8, lists=False)
    (data / "img_align_celeba" / "000004.jpg").write_bytes(b"broken")
    shutil.copytree(workshop / "ae", tmp_path / "ae")
    arguments = [str(tmp_path / "ae"), "--data", str(data), "--classifier", str(workshop / "classifier")]
    assert build_atlas.main(arguments) == 0
    atlas = load_atlas(tmp_path / "ae" / "atlas.npz")
    assert atlas.image.tolist() == [1, 2, 3, 5, 6, 7, 8]
    assert (atlas.partition == 0).all()  # as CelebA's own list has these numbers
    assert "1 pictures cannot be read" in capsys.readouterr().err


def test_bad_input_gets_one_sentence_and_exit_code_2(workshop, celeba_folder, tmp_path, capsys, monkeypatch):
    monkeypatch.delenv("FACESPACE_CELEBA", raising=False)
    data = ["--data", str(celeba_folder)]
    classifier = ["--classifier", str(workshop / "classifier")]
    empty = tmp_path / "empty"
    empty.mkdir()
    shutil.copytree(workshop / "vae", tmp_path / "torn")
    (tmp_path / "torn" / "model.safetensors").write_bytes(b"torn")
    other = write_celeba(tmp_path / "other", 90, seed=1)
    unlisted = write_celeba(tmp_path / "unlisted", 9, lists=False)
    vae, out = str(workshop / "vae"), str(tmp_path / "new")
    cases = [
        (train, ["--kind", "vae", "--out", out], "FACESPACE_CELEBA"),
        (train, ["--kind", "vae", "--out", out, "--data", str(empty)], "holds no"),
        (train, ["--kind", "vae", "--out", vae, *data], "already holds a checkpoint"),
        (train, ["--kind", "vae", "--out", out, "--image-size", "65", *data], "image_size"),
        (train, ["--kind", "vae", "--out", out, "--resume", *TINY, *data], "no unfinished run"),
        (build_atlas, [str(empty), *data, *classifier], "config.json is missing"),
        (build_atlas, [str(tmp_path / "torn"), *data, *classifier], "damaged"),
        (build_atlas, [str(workshop / "classifier"), *data, *classifier], "attribute classifier"),
        (build_atlas, [vae, "--data", str(other), *classifier, "--start-from", str(workshop / "ae")], "other pictures"),
        (build_atlas, [vae, *data, "--classifier", vae], "holds an autoencoder"),
        (build_atlas, [vae, "--data", str(unlisted), *classifier, "--part", "test"], "no picture of the test part"),
        (evaluate, [str(tmp_path / "torn"), *data], "damaged"),
        (evaluate, [vae, "--data", str(empty)], "holds no"),
        (evaluate, [], "name a checkpoint folder"),
        (evaluate, [vae, *data, "--samples", "1"], "--samples must be"),
        (evaluate, [vae, *data, "--measure", vae], "holds an autoencoder"),
    ]
    for door, arguments, words in cases:
        assert door.main(arguments) == 2, arguments
        message = capsys.readouterr().err.strip().splitlines()
        assert words in message[-1]
        assert not any("Traceback" in line for line in message)


def test_a_dry_run_writes_no_checkpoint(celeba_folder, tmp_path, capsys):
    arguments = ["--data", str(celeba_folder), "--kind", "vae", "--out", str(tmp_path / "it"), "--dry-run", *TINY]
    assert train.main(arguments) == 0
    assert "40 training and 10 validation pictures" in capsys.readouterr().out
    assert not (tmp_path / "it").exists()


@pytest.mark.parametrize("fast", ["float32", "bfloat16"])
def test_a_precision_that_is_slow_on_this_machine_is_said_to_be(celeba_folder, tmp_path, capsys, monkeypatch, fast):
    monkeypatch.setattr(train, "best_precision", lambda device: fast)
    arguments = ["--data", str(celeba_folder), "--kind", "ae", "--out", str(tmp_path / "it"), "--dry-run", *TINY]
    assert train.main([*arguments, "--precision", "bfloat16"]) == 0
    assert ("Leave out --precision" in capsys.readouterr().err) == (fast == "float32")


def test_ctrl_c_keeps_the_finished_epochs_and_says_how_to_go_on(celeba_folder, tmp_path, capsys, monkeypatch):
    from models.training.loop import Trainer

    run_epoch = Trainer.run_epoch

    def second_is_interrupted(self, bar=None):
        if self.progress.epoch == 1:
            raise KeyboardInterrupt
        return run_epoch(self, bar)

    monkeypatch.setattr(Trainer, "run_epoch", second_is_interrupted)
    arguments = ["--data", str(celeba_folder), "--kind", "ae", "--out", str(tmp_path / "it"), "--width", "2",
                 "--latent-dim", "5", "--batch-size", "8", "--epochs", "2"]  # fmt: skip
    assert train.main(arguments) == 130
    assert "--resume" in capsys.readouterr().err
    monkeypatch.setattr(Trainer, "run_epoch", run_epoch)
    assert train.main([*arguments, "--resume"]) == 0
    assert len((tmp_path / "it" / "history.csv").read_text().splitlines()) == 3


def test_where_attributes_show_is_asked_of_no_classifier(workshop, capsys):
    assert evaluate.main([str(workshop / "classifier"), "--reach"]) == 2
    assert "has no sliders. Name an AE or a VAE" in capsys.readouterr().err
