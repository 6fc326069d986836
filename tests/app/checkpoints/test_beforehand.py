import os
from dataclasses import replace

import numpy as np
import pytest

from app.checkpoints import beforehand as module
from app.checkpoints.beforehand import beforehand, tidy, writing
from models.checkpoint_files import open_files


def work_out():
    return {"numbers": [1.5, 2.5], "count": 3, "names": ["a", "bc"], "nothing": None}


def work_out_again():
    pytest.fail("worked out again")


@pytest.fixture
def files(shelf):
    return open_files(shelf / "two" / "zoe")


def read(files, told=(b"face", 4)):
    return beforehand(files, "thing", told, work_out_again)


def test_what_was_written_is_read_and_not_worked_out_again(files):
    with writing() as written:
        first = beforehand(files, "thing", (b"face", 4), work_out)
    assert {path.parent for path in written} == {files.folder / "beforehand"}
    second = read(files)
    assert set(first) == set(second) == {"numbers", "count", "names"}
    for name in first:
        assert type(first[name]) is type(second[name])
        np.testing.assert_array_equal(first[name], second[name])


def test_nothing_is_written_for_what_visitors_ask(files):
    beforehand(files, "thing", (b"face", 4), work_out)
    assert not (files.folder / "beforehand").exists()


@pytest.mark.parametrize("change", ["what is asked", "the checkpoint", "the code", "the file"])
def test_what_was_made_from_something_else_is_worked_out_again(files, monkeypatch, change):
    told = (b"face", 4)
    with writing() as written:
        beforehand(files, "thing", told, work_out)
    if change == "what is asked":
        told = (b"face", 5)
    elif change == "the checkpoint":
        files = replace(files, identity="another", values={**files.values, "faithful": {"sha256": "0"}})
    elif change == "the code":
        monkeypatch.setattr(module, "_packages", lambda: "new")
        module._code.cache_clear()
    else:
        written.pop().write_bytes(b"torn")
    try:
        assert beforehand(files, "thing", told, lambda: {"count": 7}) == {"count": 7}
    finally:
        module._code.cache_clear()


def test_a_copy_is_the_same_checkpoint(files):
    with writing():
        first = beforehand(files, "thing", (b"face", 4), work_out)
    for path in files.weights_paths:
        os.utime(path, (1, 1))
    copied = open_files(files.folder)
    assert copied.identity != files.identity
    assert read(copied)["count"] == first["count"]


def test_only_what_is_asked_for_now_stays(files):
    with writing() as old:
        beforehand(files, "old", (), work_out)
    with writing() as new:
        beforehand(files, "new", (), work_out)
    tidy(new)
    assert not any(path.exists() for path in old)
    assert all(path.exists() for path in new)
