"""What happens to long runs: no such device, a full disk, a second run in the same folder, a process that is killed."""

import os
import resource
import shutil
import subprocess
import sys
from contextlib import contextmanager
from pathlib import Path

import pytest
import torch
from safetensors.torch import load_file

import build_atlas
import train
from models.checkpoint_files import CheckpointError, open_files
from models.checkpoints import load_checkpoint, save_checkpoint
from models.config import ConfigError, ModelConfig
from models.training.hardware import usable_device
from models.training.lock import alone_in
from models.training.loop import Trainer
from models.training.options import TrainingOptions
from models.training.plan import Plan
from tests.conftest import tiny_network

ROOT = Path(__file__).parents[3]
OPTIONS = TrainingOptions(epochs=2, batch_size=8, learning_rate=5e-3, precision="float32")
CONFIG = ModelConfig("ae", latent_dim=4, width=2, beta=0.0)
TINY = ["--kind", "ae", "--width", "2", "--latent-dim", "4", "--batch-size", "8", "--precision", "float32"]


class Killed(BaseException):
    """The process ends here; nothing tidies up."""


def trainer(faces):
    return Trainer(Plan(CONFIG, OPTIONS), faces)


def stands(folder):
    """The name of the weights that a folder opens with; None where there are none yet."""
    if not (folder / "config.json").exists():
        return None
    load_checkpoint(folder)
    return open_files(folder).sha256


@pytest.mark.parametrize("name", ["cuda", "cuda:77", "mps", "gpu", "meta", ""])
def test_a_device_that_there_is_not_is_one_sentence(name, celeba_folder, tmp_path, capsys):
    if (name == "cuda" and torch.cuda.is_available()) or (name == "mps" and torch.backends.mps.is_available()):
        pytest.skip("this machine has it")
    with pytest.raises(ConfigError, match="it has cpu"):
        usable_device(name)
    out = tmp_path / "it"
    assert train.main([*TINY, "--data", str(celeba_folder), "--out", str(out), "--device", name]) == 2
    assert capsys.readouterr().err.count("\n") == 1
    assert not out.exists()


@pytest.mark.slow
def test_training_runs_on_a_device_without_64_bit_floats(celeba_folder, tmp_path):
    program = [sys.executable, "-m", "tests.models.training.coarse_device", str(celeba_folder), str(tmp_path)]
    done = subprocess.run(program, cwd=ROOT, capture_output=True, text=True, timeout=240, check=False)
    assert done.returncode == 0, done.stderr
    for name in ("vae", "ae", "taught"):
        assert load_checkpoint(tmp_path / name).config.latent_dim == 4


def test_files_have_the_mode_that_the_umask_leaves(faces, tmp_path):
    before = os.umask(0o027)
    try:
        running = trainer(faces)
        running.progress.history.append({"epoch": 1.0, "seconds": 0.0, **running.run_epoch()})
        running.save(tmp_path)
    finally:
        os.umask(before)
    modes = {path.name: path.stat().st_mode & 0o777 for path in tmp_path.iterdir()}
    assert set(modes) == {"model.safetensors", "config.json", "history.csv", "training.safetensors"}
    assert set(modes.values()) == {0o640}


@pytest.mark.parametrize("epoch", [1, 2])
def test_wherever_a_save_is_cut_off_the_folder_opens_and_the_run_goes_on(faces, tmp_path, monkeypatch, epoch):
    whole = trainer(faces)
    whole.run(tmp_path / "whole", progress=False)
    expected = load_file(tmp_path / "whole" / "model.safetensors")
    write, rename, seen = Path.write_bytes, os.replace, []
    for cut in range(8):  # before and in the middle of each of four files
        folder, calls = tmp_path / f"cut-{cut}", []

        def counted(calls=calls, cut=cut):
            calls.append(1)
            if len(calls) == cut + 1:
                raise Killed

        def dying_write(path, content, counted=counted):
            write(path, content[: len(content) // 2])
            counted()
            return write(path, content)

        def dying_rename(source, target, counted=counted):
            counted()
            rename(source, target)

        running = trainer(faces)
        for number in range(1, epoch + 1):
            running.progress.history.append({"epoch": float(number), "seconds": 0.0, **running.run_epoch()})
            if number < epoch:
                running.save(folder)
        before = stands(folder)
        with monkeypatch.context() as dying:
            dying.setattr(Path, "write_bytes", dying_write)
            dying.setattr(os, "replace", dying_rename)
            try:
                running.save(folder)
            except Killed:
                seen.append(cut)
        if before is not None:
            assert stands(folder) is not None
        again = trainer(faces)
        if (folder / "training.safetensors").exists():
            again.resume(folder)
        else:
            assert not (folder / "model.safetensors").exists()  # so that starting plainly is not refused
        again.run(folder, progress=False)
        kept = load_file(folder / "model.safetensors")
        assert all(torch.equal(kept[name], expected[name]) for name in expected)
        assert stands(folder) == stands(tmp_path / "whole")
    assert len(seen) == 8


def test_two_runs_do_not_share_a_folder(celeba_folder, tmp_path, capsys):
    arguments = [*TINY, "--data", str(celeba_folder), "--out", str(tmp_path / "it"), "--epochs", "1"]
    with alone_in(tmp_path / "it"):
        assert train.main(arguments) == 2
        assert "another run is writing to" in capsys.readouterr().err
        with pytest.raises(CheckpointError, match="another --out"), alone_in(tmp_path / "it"):
            pass
    assert not (tmp_path / "it").exists()  # nothing came of it
    assert train.main(arguments) == 0
    assert not (tmp_path / "it" / "training.lock").exists()


@contextmanager
def room_for(count):
    """Files may have so many bytes, and writing more fails, as on a full disk."""
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (count, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


def test_a_full_disk_is_one_sentence_and_the_run_goes_on_when_there_is_room(celeba_folder, faces, tmp_path, capsys):
    arguments = [*TINY, "--data", str(celeba_folder), "--learning-rate", "5e-3", "--epochs", "2"]
    assert train.main([*arguments, "--out", str(tmp_path / "whole")]) == 0
    running = trainer(faces)
    running.progress.history.append({"epoch": 1.0, "seconds": 0.0, **running.run_epoch(), **running.validate()})
    running.save(tmp_path / "it")
    files = {path.name: path.read_bytes() for path in (tmp_path / "it").iterdir()}
    capsys.readouterr()
    with room_for(2000):
        assert train.main([*arguments, "--out", str(tmp_path / "it"), "--resume"]) == 2
    said = [line for line in capsys.readouterr().err.splitlines() if line.startswith("train.py")]
    assert len(said) == 1
    assert "training.safetensors: File too large" in said[0]
    assert "continue with --resume" in said[0]
    assert {path.name: path.read_bytes() for path in (tmp_path / "it").iterdir()} == files
    assert train.main([*arguments, "--out", str(tmp_path / "it"), "--resume"]) == 0
    first, second = (load_file(tmp_path / name / "model.safetensors") for name in ("whole", "it"))
    assert all(torch.equal(first[name], second[name]) for name in first)


def test_a_full_disk_leaves_the_earlier_atlas_in_place(celeba_folder, tmp_path, capsys):
    save_checkpoint(tiny_network("vae", latent_dim=2), tmp_path / "two", {})
    classifier = ROOT / "checkpoints" / "classifier"
    arguments = [str(tmp_path / "two"), "--data", str(celeba_folder), "--classifier", str(classifier), "--part", "test"]
    assert build_atlas.main(arguments) == 0
    shutil.copy(tmp_path / "two" / "atlas.npz", tmp_path / "before.npz")
    capsys.readouterr()
    with room_for(1000):
        assert build_atlas.main([*arguments[:-1], "valid"]) == 2
    said = [line for line in capsys.readouterr().err.splitlines() if line.startswith("build_atlas.py")]
    assert said == [
        f"build_atlas.py: {tmp_path / 'two' / 'atlas.npz'}: File too large. "
        "Nothing was written; an earlier atlas is still in place."
    ]
    assert (tmp_path / "two" / "atlas.npz").read_bytes() == (tmp_path / "before.npz").read_bytes()
    assert not list((tmp_path / "two").glob("*.partial"))
