import re
import shlex
from dataclasses import fields
from pathlib import Path

import pytest

from build_atlas import AtlasRequest
from command_line import read, run_door
from evaluate import EvaluationRequest
from import_checkpoint import ImportRequest
from models.config import ConfigError, ModelConfig
from models.training.options import TrainingOptions
from train import TrainingRequest

ROOT = Path(__file__).parents[1]
REQUESTS = {
    "train.py": TrainingRequest,
    "build_atlas.py": AtlasRequest,
    "evaluate.py": EvaluationRequest,
    "import_checkpoint.py": ImportRequest,
}


def written_commands():
    """Each call of a door in the README and in the cards of shipped checkpoints."""
    pages = [ROOT / "README.md", *sorted((ROOT / "checkpoints").glob("*/README.md"))]
    for page in pages:
        for line in page.read_text(encoding="utf-8").splitlines():
            found = re.match(r"(?:python|torchrun .*?) ?(\w+\.py) ([^#]*)", line)
            if found and found[1] in REQUESTS and "..." not in found[2]:
                yield pytest.param(found[1], found[2], id=f"{page.parent.name}: {line[:60]}")


@pytest.mark.parametrize(("door", "options"), list(written_commands()))
def test_every_command_that_is_written_down_is_understood(door, options):
    assert read(door, None, REQUESTS[door], shlex.split(options)) is not None


@pytest.mark.parametrize("door", REQUESTS)
def test_help_says_what_each_option_is_for(door, capsys):
    assert read(door, "About it.", REQUESTS[door], ["--help"]) is None
    said = capsys.readouterr().out
    names = {field.name for field in fields(REQUESTS[door])} - {"model", "training"}
    if door == "train.py":
        names |= {field.name for kind in (ModelConfig, TrainingOptions) for field in fields(kind)}
    for name in names:
        assert f"--{name.replace('_', '-')}" in said, name
        assert re.search(rf"^\s+{name}: \w", REQUESTS[door].__doc__ or "", re.M) or name not in vars(REQUESTS[door])


def test_options_go_where_they_belong_and_the_folder_may_be_given_several_times(monkeypatch):
    monkeypatch.setenv("FACESPACE_CELEBA", "elsewhere")
    asked = read("train.py", None, TrainingRequest, shlex.split("--kind vae --out it --width=8 --epochs 3 --eight-bit"))
    assert (asked.model, asked.out) == (ModelConfig("vae", width=8), Path("it"))
    assert asked.training == TrainingOptions(epochs=3, eight_bit=True)
    assert asked.data == ("elsewhere",)
    asked = read("train.py", None, TrainingRequest, shlex.split("--kind ae --out it --data a --data b --beta 3"))
    assert asked.data == ("a", "b")
    assert asked.config.beta == 0


@pytest.mark.parametrize(
    ("options", "sentence"),
    [
        ("--kind vae", "--out requires an argument"),
        ("--kind face --out it", 'Choose from: "ae", "vae", "classifier".'),
        ("--kind vae --out it --widht 3", "Did you mean --width?"),
        ("--kind vae --out it --width wide", 'unable to convert "wide" into int'),
        ("--kind vae --out it --width 0", "width must be a whole number from 1"),
        ("--kind vae --out it --crop-jitter 99", "--crop-jitter must be from 0 to 10"),
        ("--kind vae --out it --epochs 0", "--epochs must be at least 1"),
        ("--kind vae --out it more", "more"),
    ],
)
def test_a_fault_in_a_command_line_is_one_sentence(options, sentence, capsys):
    assert run_door("train.py", None, TrainingRequest, lambda _: 0, shlex.split(options)) == 2
    said = capsys.readouterr().err
    assert said.startswith("train.py: ")
    assert said.count("\n") == 1
    assert sentence in said


@pytest.mark.parametrize(
    ("fault", "code", "sentence"),
    [
        (ConfigError("beta must be one."), 2, "evaluate.py: beta must be one.\n"),
        (OSError(28, "No space left on device", "it/x"), 2, "it/x: No space left on device. No new figures"),
        (OSError(28, "No space left on device"), 2, "evaluate.py: No space left on device. No new figures"),
        (KeyboardInterrupt(), 130, "Stopped. No new figures were written.\n"),
    ],
)
def test_what_goes_wrong_at_work_is_one_sentence_and_an_exit_code(fault, code, sentence, capsys):
    def work(_):
        raise fault

    assert run_door("evaluate.py", None, EvaluationRequest, work, []) == code
    assert sentence in capsys.readouterr().err


def test_a_fault_of_the_program_itself_is_not_hidden():
    with pytest.raises(ZeroDivisionError):
        run_door("evaluate.py", None, EvaluationRequest, lambda _: 1 // 0, [])
