import numpy as np
import pytest
from PIL import Image

from models.data.celeba import DataError, read_celeba, read_several
from models.data.dataset import load_faces
from tests.conftest import write_celeba


@pytest.mark.parametrize("csv", [False, True])
def test_official_and_kaggle_lists_say_the_same(tmp_path, csv, celeba_folder):
    folder = read_celeba(write_celeba(tmp_path / "it", 60, csv=csv))
    expected = read_celeba(celeba_folder)
    assert np.array_equal(folder.labels, expected.labels)
    assert np.array_equal(folder.partition, expected.partition)
    assert folder.numbers.tolist() == list(range(1, 61))
    assert len(folder.indices("train")) == 40
    assert set(np.unique(folder.labels)) == {0, 1}


def test_a_doubled_picture_folder_is_found(tmp_path):
    write_celeba(tmp_path / "img_align_celeba", 6, lists=False)
    assert len(read_celeba(tmp_path).paths) == 6


def test_lines_without_pictures_and_pictures_without_lines_are_no_error(tmp_path):
    root = write_celeba(tmp_path / "it", 12)
    (root / "img_align_celeba" / "000003.jpg").unlink()
    Image.new("RGB", (178, 218)).save(root / "img_align_celeba" / "000099.jpg")
    folder = read_celeba(root)
    assert folder.numbers.tolist() == [1, 2, *range(4, 13), 99]
    assert folder.partition[-1] == 255
    assert (folder.labels[-1] == -1).all()


def test_a_plain_folder_of_faces_has_no_labels_and_is_split_by_chance(tmp_path):
    for name in ("zoe.png", "adam.jpg", "eve.jpg"):
        Image.new("RGB", (178, 218)).save(tmp_path / name)
    folder = read_celeba(tmp_path)
    assert [path.name for path in folder.paths] == ["adam.jpg", "eve.jpg", "zoe.png"]
    assert folder.labels is None
    assert sorted(folder.partition) == [0, 1, 2]
    assert "split by chance (seed 0): 1 train, 1 valid, 1 test" in folder.notes[0]


@pytest.mark.parametrize("line", ["000001.jpg 1 1", "000001.jpg " + "x " * 40])
def test_a_damaged_list_is_refused_with_its_line(tmp_path, line):
    root = write_celeba(tmp_path / "it", 3)
    (root / "list_attr_celeba.txt").write_text(line + "\n")
    with pytest.raises(DataError, match=r"list_attr_celeba.txt, line 1"):
        read_celeba(root)


def test_a_missing_or_empty_folder_is_refused(tmp_path):
    with pytest.raises(DataError, match="not a folder"):
        read_celeba(tmp_path / "none")
    with pytest.raises(DataError, match="holds no"):
        read_celeba(tmp_path)


def test_decoded_faces_are_cached_and_leave_out_what_cannot_be_read(tmp_path, monkeypatch):
    root = write_celeba(tmp_path / "it", 12)
    monkeypatch.setenv("FACESPACE_CACHE", str(tmp_path / "cache"))
    (root / "img_align_celeba" / "000002.jpg").write_bytes(b"broken")
    folder = read_celeba(root)
    faces = load_faces(folder, 64, progress=False)
    assert faces.images.shape == (11, 64, 64, 3)
    assert faces.unreadable == 1
    assert np.array_equal(faces.labels, np.delete(folder.labels, 1, axis=0))
    before = sorted((tmp_path / "cache").iterdir())
    assert np.array_equal(load_faces(folder, 64, progress=False).images, faces.images)
    assert sorted((tmp_path / "cache").iterdir()) == before
    write_celeba(tmp_path / "other", 12, seed=5)
    other = load_faces(read_celeba(tmp_path / "other"), 64, progress=False)
    assert other.images.shape[0] == 12


def test_a_folder_of_nothing_readable_is_refused(tmp_path):
    (tmp_path / "000001.jpg").write_bytes(b"broken")
    with pytest.raises(DataError, match="none of the 1 pictures"):
        load_faces(read_celeba(tmp_path), 64, progress=False)


def test_pictures_and_labels_are_found_by_image_number(tmp_path):
    folder = read_celeba(write_celeba(tmp_path, 6))
    wanted = np.array([4, 99, 1, 0])
    assert folder.rows_of(wanted).tolist() == [3, -1, 0, -1]
    labels = folder.labels_of(wanted)
    assert np.array_equal(labels[[0, 2]], folder.labels[[3, 0]])
    assert (labels[[1, 3]] == -1).all()
    assert read_celeba(write_celeba(tmp_path / "bare", 3, lists=False)).labels_of(wanted) is None


def test_several_folders_are_read_as_one_each_with_its_own_lists(tmp_path):
    first, second = write_celeba(tmp_path / "a", 9), write_celeba(tmp_path / "b", 6, lists=False)
    both = read_several([first, second])
    assert [path.parents[1] for path in both.paths] == [first] * 9 + [second] * 6
    one = read_celeba(first)
    assert both.partition.tolist() == [*one.partition, *[0] * 6]  # as CelebA's own list has these numbers
    assert (both.labels[:9] == one.labels).all()
    assert (both.labels[9:] == -1).all()
    assert load_faces(both, 64, progress=False).images.shape == (15, 64, 64, 3)
    with pytest.raises(DataError, match="given twice"):
        read_several([first, first / "."])
