import numpy as np
import pytest

from emtheory.theory.tasks import Task


@pytest.mark.parametrize(
    ("word", "task"),
    [
        ("repeat-copy:s=3,k=2", Task.repeat_copy(3, 2)),
        ("repeat-copy:k=2,s=3", Task.repeat_copy(3, 2)),
        ("compose-copy:4", Task.compose_copy(4)),
        ("compose-copy:s=4", Task.compose_copy(4)),
        ("selection:s=2,k=3,id=50/5/2", Task.from_selection(2, 3, [5, 1, 4], [1, -1, 1])),
    ],
)
def test_words_name_tasks_and_a_parsed_task_is_named_by_its_word(word, task):
    parsed = Task.parse(word)
    assert parsed == task
    assert Task.parse(parsed.name) == task


def test_an_array_file_holds_the_blocks_exactly(tmp_path):
    path = tmp_path / "blocks.npy"
    array = np.array([[[0.1, 0], [0, 1]], [[0, 2], [0, 0]]], dtype=np.float32)
    np.save(path, array)
    task = Task.parse(str(path))
    assert task == Task.from_blocks(array)
    assert np.array_equal(task.array(), array.astype(np.float64))
    assert task.name == str(path)


@pytest.mark.parametrize(
    ("word", "message"),
    [
        ("", "names no task"),
        ("repeat-copy", "names no task"),
        ("copy:8", "names no task"),
        ("repeat-copy:", "must give exactly s=…, k=…"),
        ("repeat-copy:8,8", "must give exactly"),
        ("repeat-copy:s=8", "must give exactly"),
        ("repeat-copy:s=8,k=8,k=8", "must give exactly"),
        ("repeat-copy:s=8,k=-1", "k must be a whole number, but is '-1'"),
        ("repeat-copy:s=8,k=1.5", "k must be a whole number"),
        ("repeat-copy:s=0,k=8", "needs s >= 1"),
        ("repeat-copy:s=8,k=0", "k >= 1"),
        ("compose-copy:", "s must be a whole number"),
        ("compose-copy:x", "s must be a whole number, but is 'x'"),
        ("selection:s=8,k=8,id=255", "three numbers ID1/ID2/ID3"),
        ("selection:s=8,k=8,id=254/0/0", "task id 254 must have exactly k=8 ones to choose 8 positions, but has 7"),
        ("selection:s=8,k=8,id=" + "9" * 5000 + "/0/0", "more than the 4000"),
        ("nowhere.npy", "No such file"),
    ],
)
def test_wrong_words_are_refused_in_one_sentence(word, message):
    with pytest.raises(ValueError, match=message) as error:
        Task.parse(word)
    assert "\n" not in str(error.value)


def huge(path):
    with path.open("wb") as file:
        header = {"descr": "<f8", "fortran_order": False, "shape": (10**9, 10**3, 10**3)}
        np.lib.format.write_array_header_1_0(file, header)


@pytest.mark.parametrize(
    ("write", "message"),
    [
        (lambda path: path.write_bytes(b""), "is empty"),
        (lambda path: path.write_bytes(b"not an array"), "no .npy file"),
        (lambda path: path.write_bytes(b"\x93NUMPY\x01\x00\x10\x00(((((((((((((((("), "no readable .npy header"),
        (lambda path: path.mkdir(), "cannot be read"),
        (lambda path: np.save(path, np.array([{}], dtype=object), allow_pickle=True), "pickles"),
        (huge, "but 0 follow"),
        (lambda path: np.save(path, np.zeros((2, 2))), r"shape \(s, k, k\)"),
        (lambda path: np.save(path, np.full((1, 1, 1), np.nan)), "finite"),
        (lambda path: np.save(path, np.zeros((1, 2, 3))), "C_1 has shape"),
    ],
    ids=["empty", "text", "broken header", "folder", "pickle", "truncated", "matrix", "NaN", "not square"],
)
def test_files_that_hold_no_task_are_refused_and_pickles_are_never_loaded(tmp_path, write, message):
    path = tmp_path / "task.npy"
    write(path)
    with pytest.raises(ValueError, match=message) as error:
        Task.parse(str(path))
    assert "\n" not in str(error.value)
    assert str(path) in str(error.value)


def test_an_archive_is_no_task_file(tmp_path):
    path = tmp_path / "task.npz"
    np.savez(path, a=np.zeros(1))
    path = path.rename(tmp_path / "task.npy")
    with pytest.raises(ValueError, match="is an archive"):
        Task.parse(str(path))
