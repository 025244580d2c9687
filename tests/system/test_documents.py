"""Protects results files: a reader never sees half of one, and a file that is none is one clear sentence."""

import pytest

from emtheory.system.documents import read, write


def test_what_is_written_is_read_and_nothing_else_is_left_behind(tmp_path):
    path = tmp_path / "results.json"
    write({"claim": "Ξ†Ξ = I"}, str(path))
    write({"claim": "W = ΞΦΞ†"}, str(path))
    assert read(str(path)) == {"claim": "W = ΞΦΞ†"}
    assert list(tmp_path.iterdir()) == [path]


def test_a_document_that_cannot_be_written_leaves_the_old_file(tmp_path):
    path = tmp_path / "results.json"
    write({"ratio": 0.5}, str(path))
    with pytest.raises(ValueError, match="Out of range"):
        write({"ratio": float("nan")}, str(path))
    assert read(str(path)) == {"ratio": 0.5}
    assert list(tmp_path.iterdir()) == [path]


def test_a_dash_is_standard_output(capsys):
    write({"claim": "Ψ"}, "-")
    assert capsys.readouterr().out == '{\n  "claim": "Ψ"\n}\n'


def test_a_folder_that_does_not_exist_is_named(tmp_path):
    with pytest.raises(ValueError, match=r"nowhere/results\.json cannot be written: No such file"):
        write({}, str(tmp_path / "nowhere" / "results.json"))


@pytest.mark.parametrize(
    ("content", "message"),
    [("{", "holds no JSON"), ("[]", "a JSON list, not an object"), ("\xff\xfe", "is not text in UTF-8")],
)
def test_a_file_that_holds_no_results_is_named(tmp_path, content, message):
    path = tmp_path / "results.json"
    path.write_bytes(content.encode("latin-1"))
    with pytest.raises(ValueError, match=message):
        read(str(path))
