"""Protects files of the user: what is read is bounded, what is written is whole."""

import os
import stat

import pytest

from emtheory.system import files


def test_a_write_that_fails_leaves_the_old_file_and_nothing_else(tmp_path):
    path = tmp_path / "results.json"
    files.write(path, "old")
    with pytest.raises(UnicodeEncodeError), files.replacing(path) as temporary:
        temporary.write_text("half of the \ud800", encoding="utf-8")
    assert path.read_text() == "old"
    assert os.listdir(tmp_path) == ["results.json"]


def test_a_file_keeps_its_permissions_and_a_new_one_follows_the_umask(tmp_path):
    old, new = tmp_path / "old", tmp_path / "new"
    old.write_text("")
    old.chmod(0o640)
    files.write(old, "x")
    files.write(new, b"x")
    mask = os.umask(0)
    os.umask(mask)
    assert stat.S_IMODE(old.stat().st_mode) == 0o640
    assert stat.S_IMODE(new.stat().st_mode) == 0o666 & ~mask


def test_a_link_stays_a_link_and_its_target_is_written(tmp_path):
    link, target = tmp_path / "link", tmp_path / "target"
    target.write_text("old")
    link.symlink_to(target)
    files.write(link, "new")
    assert link.is_symlink()
    assert target.read_text() == "new"


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="this system has no named pipes")
def test_a_pipe_is_refused_and_does_not_hang(tmp_path):
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    with pytest.raises(ValueError, match="is not a regular file; give a file"):
        files.read_bytes(pipe, next_step="give a file")


def test_a_folder_a_large_file_and_bytes_that_are_no_text_are_refused_in_words(tmp_path):
    (tmp_path / "large").write_bytes(b"\xff" * 11)
    with pytest.raises(ValueError, match="; give a file"):
        files.read_bytes(tmp_path, next_step="give a file")
    with pytest.raises(ValueError, match="is larger than 10 bytes"):
        files.read_bytes(tmp_path / "large", next_step="give a file", limit=10)
    with pytest.raises(ValueError, match=r"is not text in UTF-8 \(byte 0\)"):
        files.read_text(tmp_path / "large", next_step="give a file")


def test_a_folder_that_is_missing_is_said(tmp_path):
    with pytest.raises(ValueError, match="cannot be written: No such file or directory; name a file in a folder"):
        files.write(tmp_path / "absent" / "file", "")
