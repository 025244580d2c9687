"""Protects loading: each broken theorem file is one clear sentence that names it, and the others are kept."""

import sys

import pytest

from emtheory.theorems.files import LoadError, bundled, find, load, select

TITLE = '"""A title."""\n'


def names(selection):
    return [file.name for file in selection.files]


def test_a_loaded_file_has_its_name_title_statement_and_record(planted):
    file = load(planted())
    assert file.name == "square-kept"
    assert file.title == "Squaring commutes with writing into a basis that is read back."
    assert file.statement.startswith("If D X = I")
    assert file.record.source == "folklore"
    assert not file.is_erratum


def test_loading_leaves_no_module_and_no_file_behind(planted, tmp_path):
    path = planted()
    modules = set(sys.modules)
    load(path)
    assert set(sys.modules) == modules
    assert list(tmp_path.iterdir()) == [path]


def test_a_theorem_file_may_define_dataclasses_with_postponed_annotations(planted):
    record = "@dataclass\nclass Pair:\n    left: int\n\n\nTHEOREM = Theorem("
    head = "from __future__ import annotations\n\nfrom dataclasses import dataclass\n\nimport numpy as np"
    assert load(planted(edits={"import numpy as np": head, "THEOREM = Theorem(": record})).name == "square-kept"


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (TITLE + "\n\nraise RuntimeError('no luck')\n", r"bad.py:4: loading it raised RuntimeError: no luck"),
        (TITLE + "import sys\nsys.exit(0)\n", r"bad.py:3: loading it raised SystemExit: 0"),
        (TITLE + "def f(:\n", r"bad.py:2: loading it raised SyntaxError"),
        (TITLE + "x = 1\n", r"bad.py: a theorem file defines one of THEOREM and ERRATUM, this one defines 0"),
        (TITLE + "THEOREM = ERRATUM = 1\n", r"bad.py: a theorem file defines one of .* defines 2"),
        (TITLE + "THEOREM = 1\n", r"bad.py: THEOREM must be a Theorem, ERRATUM an Erratum, got int"),
        ("\0", r"bad.py: loading it raised (SyntaxError|ValueError)"),
    ],
)
def test_a_broken_file_is_one_sentence_that_names_file_and_line(tmp_path, text, message):
    path = tmp_path / "bad.py"
    path.write_text(text)
    with pytest.raises(LoadError, match=message) as caught:
        load(path)
    assert "\n" not in str(caught.value)


def test_a_record_that_is_refused_names_the_file(planted):
    path = planted(edits={"conclusions=(square_kept,)": "conclusions=()"})
    with pytest.raises(LoadError, match=r"square-kept.py:\d+: .*conclusions is empty"):
        load(path)


def test_a_file_without_docstring_is_refused(planted):
    path = planted(edits={'"""Squaring': 'TEXT = """Squaring'})
    with pytest.raises(LoadError, match="has no docstring"):
        load(path)


def test_a_missing_file_is_refused(tmp_path):
    with pytest.raises(LoadError, match=r"missing.py: the file cannot be read"):
        load(tmp_path / "missing.py")


def test_a_folder_is_searched_recursively_without_private_and_hidden_files(planted, tmp_path):
    for folder in ("deep/er", ".hidden", "_private"):
        (tmp_path / folder).mkdir(parents=True)
    planted("one")
    planted("two", folder=tmp_path / "deep" / "er")
    planted("_three")
    planted("four", folder=tmp_path / ".hidden")
    planted("five", folder=tmp_path / "_private")
    assert sorted(names(select([str(tmp_path)]))) == ["one", "two"]


def test_a_broken_file_in_a_folder_keeps_the_others(planted, tmp_path):
    planted("good")
    (tmp_path / "bad.py").write_text("THEOREM = 1 / 0\n")
    selection = select([str(tmp_path)])
    assert names(selection) == ["good"]
    assert len(selection.errors) == 1
    assert "ZeroDivisionError" in str(selection.errors[0])


def with_uses(*used):
    return {'source="folklore"': f"uses={used!r}"}


def test_used_theorems_come_first_and_bundled_ones_may_be_used(planted, tmp_path):
    planted("top", with_uses("middle"))
    planted("middle", with_uses("memory-basis"))
    assert names(select([str(tmp_path)])) == ["memory-basis", "middle", "top"]


def test_a_circle_of_uses_is_reported_and_the_others_are_kept(planted, tmp_path):
    planted("a", with_uses("b"))
    planted("b", with_uses("c"))
    planted("c", with_uses("a"))
    planted("d", with_uses("a"))
    planted("e")
    selection = select([str(tmp_path)])
    assert sorted(names(selection)) == ["d", "e"]
    assert len(selection.errors) == 1
    rotations = ("a uses b uses c uses a", "b uses c uses a uses b", "c uses a uses b uses c")
    assert any(f"run in a circle, {rotation}" in str(selection.errors[0]) for rotation in rotations)


def test_two_circles_are_both_reported(planted, tmp_path):
    planted("a", with_uses("a"))
    planted("b", with_uses("b"))
    selection = select([str(tmp_path)])
    assert names(selection) == []
    assert {str(error).rpartition(", ")[2] for error in selection.errors} == {"a uses a", "b uses b"}


def test_an_unknown_used_name_is_reported(planted, tmp_path):
    planted("a", with_uses("nowhere"))
    selection = select([str(tmp_path)])
    assert names(selection) == []
    assert "it uses 'nowhere'" in str(selection.errors[0])


def test_two_files_of_one_name_are_reported(planted, tmp_path):
    (tmp_path / "sub").mkdir()
    planted("same")
    planted("same", folder=tmp_path / "sub")
    selection = select([str(tmp_path)])
    assert names(selection) == ["same"]
    assert "has the same name" in str(selection.errors[0])


def test_no_file_takes_the_place_of_the_bundled_one_of_its_name(planted, tmp_path):
    path = planted("memory-basis")
    planted("other", with_uses("memory-basis"))
    for target in (path, tmp_path):
        selection = select([str(target)])
        assert [str(error) for error in selection.errors] == [
            f"{path}: a bundled theorem has the name memory-basis; rename your file"
        ]
        assert path not in [file.path for file in selection.files]
    assert names(selection) == ["memory-basis", "other"]


def test_a_copy_of_a_bundled_file_is_no_other_theorem(tmp_path):
    copy = tmp_path / "memory-basis.py"
    copy.write_bytes((bundled() / "memory-basis.py").read_bytes())
    assert names(select([str(copy)])) == ["memory-basis"]


def test_no_bundled_file_is_executed_that_nobody_asks_for_or_uses(planted, tmp_path, monkeypatch):
    for folder in ("library", "mine"):
        (tmp_path / folder).mkdir()
    library, mine = tmp_path / "library", tmp_path / "mine"
    monkeypatch.setattr("emtheory.theorems.files.bundled", lambda: library)
    planted("top", with_uses("base"), folder=library)
    planted("base", folder=library)
    raises = {"def derivation": "raise RuntimeError('executed')\n\n\ndef derivation"}
    planted("broken", raises, folder=library)
    planted("on-broken", with_uses("broken"), folder=library)
    planted("broken", folder=mine)
    for target, found in (("top", ["base", "top"]), ("top::search", ["top"]), ("on-broken::search", ["on-broken"])):
        selection = select([target])
        assert (names(selection), selection.errors) == (found, ())
    assert find("base").name == "base"
    (error,) = select([str(mine)]).errors
    assert "a bundled theorem has the name broken" in str(error)
    for target, said in (("broken", "executed"), ("on-broken", "it uses 'broken', which is no theorem")):
        selection = select([target])
        assert names(selection) == []
        assert said in str(selection.errors[0])


def test_what_a_file_prints_is_no_result(planted, capsys):
    load(planted(edits={"def derivation": "print('loud')\n\n\ndef derivation"}))
    assert capsys.readouterr() == ("", "loud\n")


def test_words_select_by_name_and_title(planted, tmp_path):
    planted("one", {"Squaring": "Cubing"})
    planted("two")
    assert names(select([str(tmp_path)], word="CUBING")) == ["one"]
    assert names(select([str(tmp_path)], word="tw")) == ["two"]
    with pytest.raises(LoadError, match="no theorem has 'quartic'"):
        select([str(tmp_path)], word="quartic")


def test_parts_are_kept_and_bring_no_used_theorems_along(planted):
    path = planted("a", with_uses("memory-basis"))
    selection = select([f"{path}::search", f"{path}::derivation.2"])
    assert names(selection) == ["a"]
    assert selection.parts == {"a": {"search", "derivation.2"}}
    whole = select([f"{path}::search", str(path)])
    assert whole.parts == {}
    assert names(whole) == ["memory-basis", "a"]


def test_a_target_that_names_nothing_is_refused_with_what_there_is(tmp_path):
    with pytest.raises(
        LoadError,
        match=r"\A'memry-bases' is neither a theorem nor a file or folder; of .* the nearest are: memory-basis, ",
    ):
        select(["memry-bases"])
    with pytest.raises(LoadError, match=r"\A.{1,599}\Z"):
        select(["x" * 250])
    with pytest.raises(LoadError, match="holds no theorem files"):
        select([str(tmp_path)])


def test_parts_of_a_folder_are_refused(planted, tmp_path):
    planted("a")
    planted("b")
    with pytest.raises(LoadError, match="must name one theorem before '::'"):
        select([f"{tmp_path}::search"])


def test_find_wants_exactly_one_theorem(planted, tmp_path):
    planted("a")
    assert find(str(tmp_path)).name == "a"
    planted("b")
    with pytest.raises(LoadError, match="holds 2 theorems; name one of: a, b"):
        find(str(tmp_path))


def test_every_bundled_theorem_loads_and_its_file_name_is_its_name():
    selection = select([])
    assert selection.errors == ()
    assert sorted(names(selection)) == sorted(path.stem for path in bundled().rglob("*.py"))
