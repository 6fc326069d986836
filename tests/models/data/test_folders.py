"""Folders of pictures as people have them: what is taken in, under which number, and what is said of the rest."""

from __future__ import annotations

import shutil

import numpy as np
import pytest
from PIL import Image

from models.data.celeba import DataError, read_celeba, split_by_chance
from models.data.pictures import LAST_CELEBA, OWN_NUMBERS
from tests.conftest import write_celeba


def save(path, size=(178, 218)):
    path.parent.mkdir(parents=True, exist_ok=True)
    Image.new("RGB", size, "grey").save(path)
    return path


STRAYS = ("._000001.jpg", "contact_sheet.png", "000003 (1).jpg", "000002 copy.jpg", "\N{SUPERSCRIPT TWO}.jpg")


@pytest.mark.parametrize("stray", STRAYS)
def test_a_stray_among_celebas_pictures_renumbers_nobody(tmp_path, stray):
    root = write_celeba(tmp_path, 12)
    before = read_celeba(root)
    save(root / "img_align_celeba" / "x.png").rename(root / "img_align_celeba" / stray)
    folder = read_celeba(root)
    assert folder.numbers.tolist() == list(range(1, 13))
    assert [path.name for path in folder.paths] == [f"{number:06d}.jpg" for number in range(1, 13)]
    assert np.array_equal(folder.labels, before.labels)
    assert before.notes == ()
    hidden = stray.startswith(".")
    assert len(folder.notes) == (0 if hidden else 1)
    assert hidden or (folder.notes[0].startswith("1 file is left out") and stray in folder.notes[0])


def test_of_two_files_with_one_number_one_stays(tmp_path):
    root = write_celeba(tmp_path, 3)
    save(root / "img_align_celeba" / "000002.png")
    folder = read_celeba(root)
    assert [path.name for path in folder.paths] == ["000001.jpg", "000002.jpg", "000003.jpg"]
    assert "000002.png" in folder.notes[0]


LOOKALIKES = [
    ([f"{i}.jpg" for i in range(6)], [(1024, 1024)] * 6, "CelebA-HQ or FFHQ"),
    ([f"{i:05d}.png" for i in range(6)], [(1024, 1024)] * 6, "CelebA-HQ or FFHQ"),
    ([f"{i:06d}.jpg" for i in range(1, 7)], [(512, 512)] * 6, "CelebA-HQ or FFHQ"),
    ([f"{i:06d}.jpg" for i in range(1, 7)], [(409 + i, 687 - i) for i in range(6)], "in-the-wild"),
    ([f"{i:06d}.jpg" for i in range(1, 7)], [(64, 64)] * 6, "another size"),
]


@pytest.mark.parametrize(("names", "sizes", "said"), LOOKALIKES)
def test_what_only_looks_like_celeba_gets_none_of_its_numbers_and_labels(tmp_path, names, sizes, said):
    write_celeba(tmp_path, 6)
    shutil.rmtree(tmp_path / "img_align_celeba")
    for name, size in zip(names, sizes, strict=True):
        save(tmp_path / "pictures" / name, size)
    folder = read_celeba(tmp_path)
    assert [path.name for path in folder.paths] == names
    assert folder.origin != "celeba"
    assert folder.numbers.min() >= OWN_NUMBERS > LAST_CELEBA
    assert folder.labels is None
    assert said in folder.notes[0]
    assert "--align" in folder.notes[0]
    assert (folder.rows_of(np.arange(1, 7)) == -1).all()


def test_a_list_of_parts_that_is_about_other_pictures_is_none_of_theirs(tmp_path):
    write_celeba(tmp_path, 6)
    shutil.rmtree(tmp_path / "img_align_celeba")
    rows = "".join(f"{i:06d} 2\n" for i in range(1, 7))  # without .jpg, so that only known names tell where they stand
    (tmp_path / "list_eval_partition.txt").write_text(rows)
    for i in range(20):
        save(tmp_path / "faces" / f"{i:05d}.png", (256, 256))
    folder = read_celeba(tmp_path)
    assert set(folder.partition) == {0, 1, 2}
    assert any("split by chance" in note for note in folder.notes)


def place_official(root, kind):
    """The official download's three folders from the flat one."""
    flat = write_celeba(root / "flat", 12)
    for name, inner in (("list_attr_celeba.txt", "Anno"), ("list_eval_partition.txt", "Eval")):
        (root / inner).mkdir()
        (flat / name).rename(root / inner / name)
    (root / "Img").mkdir()
    (flat / "img_align_celeba").rename(root / "Img" / kind)
    flat.rmdir()


@pytest.mark.parametrize("kind", ["img_align_celeba", "img_align_celeba_png"])
@pytest.mark.parametrize("given", [".", "Img", "Img/{kind}", ".."])
def test_the_official_download_is_read_as_it_comes_and_a_level_too_high_or_low(tmp_path, kind, given):
    expected = read_celeba(write_celeba(tmp_path / "expected", 12))
    root = tmp_path / "above" / "celeba"
    root.mkdir(parents=True)
    place_official(root, kind)
    folder = read_celeba(root / given.format(kind=kind))
    assert folder.numbers.tolist() == expected.numbers.tolist()
    assert np.array_equal(folder.labels, expected.labels)
    assert np.array_equal(folder.partition, expected.partition)
    assert folder.notes == ()


@pytest.mark.parametrize(
    ("file", "said"),
    [
        ("Img/img_align_celeba.zip", "unpack it there"),
        ("Img/img_align_celeba_png.7z/img_align_celeba_png.7z.001", "unpack it there"),
        ("data/train-00000-of-00019.parquet", "python -m models.data.parquet"),
        ("cache/train-00000-of-00019.arrow", "Download the data set's .parquet"),
        ("IMG_0001.HEIC", "Add --align"),
        ("notes.doc", "Give the folder that holds img_align_celeba"),
    ],
)
def test_a_folder_without_pictures_says_which_step_would_do(tmp_path, file, said):
    (tmp_path / file).parent.mkdir(parents=True, exist_ok=True)
    (tmp_path / file).write_bytes(b"x")
    with pytest.raises(DataError, match="holds no") as refused:
        read_celeba(tmp_path)
    assert said in str(refused.value)


def test_lists_without_pictures_name_the_folder_above_and_an_archive_is_no_folder(tmp_path):
    place_official(tmp_path, "img_align_celeba")
    with pytest.raises(DataError) as refused:
        read_celeba(tmp_path / "Anno")
    assert str(refused.value).endswith(f"give {tmp_path}.")
    (tmp_path / "celeba.zip").write_bytes(b"PK")
    with pytest.raises(DataError, match="Unpack it"):
        read_celeba(tmp_path / "celeba.zip")


def test_several_folders_of_pictures_are_named_and_one_is_found(tmp_path):
    for name in ("ann", "bob"):
        save(tmp_path / name / "photo.jpg")
    save(tmp_path / "bob" / "photo2.jpg")
    with pytest.raises(DataError, match="Give one of them") as refused:
        read_celeba(tmp_path)
    assert f"{tmp_path / 'bob'} (2), {tmp_path / 'ann'} (1)" in str(refused.value)
    shutil.rmtree(tmp_path / "ann")
    assert len(read_celeba(tmp_path).paths) == 2


def test_without_a_partition_list_celebas_own_ranges_are_taken(tmp_path):
    for number in (1, 162_770, 162_771, 182_637, 182_638, 202_599):
        save(tmp_path / f"{number:06d}.jpg")
    folder = read_celeba(tmp_path)
    assert folder.partition.tolist() == [0, 0, 1, 1, 2, 2]
    assert "no list_eval_partition" in folder.notes[0]


OWN = ("20240911123456.jpg", "\N{SUPERSCRIPT TWO}.jpg", "Zoë.png", "000000.jpg", "999999.jpg", "a b.JPEG", "-1.jpg")


def test_any_name_will_do_and_keeps_its_number_when_others_come(tmp_path):
    for name in OWN:
        save(tmp_path / name)
    folder = read_celeba(tmp_path)
    assert sorted(path.name for path in folder.paths) == sorted(OWN)
    assert len(set(folder.numbers.tolist())) == len(OWN)
    before = {
        path.name: (number, part)
        for path, number, part in zip(folder.paths, folder.numbers, folder.partition, strict=True)
    }
    save(tmp_path / "and one more.jpg")
    folder = read_celeba(tmp_path)
    after = {path.name: number for path, number in zip(folder.paths, folder.numbers, strict=True)}
    assert {name: number for name, (number, _) in before.items()} == {name: after[name] for name in before}
    row = int(folder.rows_of(np.array([after["Zoë.png"]]))[0])
    assert folder.paths[row].name == "Zoë.png"


def test_a_name_that_is_no_utf_8_can_be_said(tmp_path):
    import os

    save(tmp_path / "x.jpg")
    os.rename(os.fsencode(tmp_path / "x.jpg"), os.fsencode(tmp_path) + b"/\xff.jpg")
    folder = read_celeba(tmp_path)
    assert len(folder.paths) == 1
    " ".join(folder.notes).encode()


def test_chance_gives_about_a_tenth_to_each_held_out_part_and_moves_nobody():
    names = [f"portrait {i}" for i in range(3000)]
    partition = split_by_chance(names)
    assert np.allclose(np.bincount(partition) / 3000, (0.8, 0.1, 0.1), atol=0.02)
    assert np.array_equal(split_by_chance(names[::2]), partition[::2])
    for count in range(3, 30):
        assert set(split_by_chance(names[:count])) == {0, 1, 2}
    assert len(split_by_chance(names[:2])) == 2
