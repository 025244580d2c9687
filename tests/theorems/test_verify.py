"""Protects `verify`: what is planted is found where it stands, nothing unfinished counts, and results replay."""

import json
import shlex
from importlib.resources import files

import jsonschema
import pytest

import emtheory.theorems.workers
from emtheory import Kind, LoadError, Outcome, verify
from emtheory.cli import main
from emtheory.theorems.results import digest

SCHEMA = json.loads((files("emtheory.report") / "schemas" / "findings.schema.json").read_text())

ERRATUM = '''"""The square of an even number is odd, it says."""

from hypothesis import strategies as st

from emtheory.judges.exact import exactly
from emtheory.theorems.theorem import Erratum


def odd_square(x):
    """x² is odd for every even x."""
    return exactly(x * x % 2, 1)


def even_square(x):
    """x² is even for every even x."""
    return exactly(x * x % 2, 0)


ERRATUM = Erratum(
    number=3,
    printed="x² is odd for every even x",
    why="4 is even",
    corrected="x² is even for every even x",
    claim=odd_square,
    counterexample=(2,),
    correction=even_square,
    examples={"four": (4,)},
    cases=st.tuples(st.integers(-99, 99).map(lambda x: 2 * x)),
)
'''


@pytest.fixture
def erratum(tmp_path):
    def write(edits=None):
        text = ERRATUM
        for old, new in (edits or {}).items():
            assert old in text
            text = text.replace(old, new)
        path = tmp_path / "03-even.py"
        path.write_text(text)
        return path

    return write


def line_of(path, text):
    return next(number for number, line in enumerate(path.read_text().splitlines(), 1) if text in line)


def checked(path, part="", **options):
    """The result for one file, and its findings that are not proved."""
    report = verify([f"{path}::{part}" if part else str(path)], **{"examples": 20, **options})
    assert report.errors == ()
    (result,) = report.results
    return result, [c for c in result.findings if c.outcome is not Outcome.PROVED]


def timeless(report):
    document = report.to_json()
    document["summary"].pop("seconds")
    document["summary"].pop("resumed")
    for finding in [f for theorem in document["theorems"] for f in theorem["findings"]]:
        finding.pop("seconds")
    return document


def test_a_true_theorem_is_proved_by_every_kind_of_evidence(planted):
    result, failed = checked(planted())
    assert result.outcome is Outcome.PROVED
    assert failed == []
    kinds = {c.finding.verdict.kind for c in result.findings}
    assert kinds == {Kind.DERIVED, Kind.EXACT, Kind.BOUNDED, Kind.SEARCHED, Kind.NECESSARY}
    assert result.scope.startswith("derived for all m, n; 1 named case; searched: 20 cases; x ≤ ")


# --- planted mistakes -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("edits", "outcome", "part", "line", "reason"),
    [
        (
            {"X @ A @ D @ X @ A @ D, X @ A @ A @ D": "X @ A @ D @ X @ A @ D, X @ A @ D"},
            Outcome.REFUTED,
            "derivation.1",
            "yield",
            "the claim is false",
        ),
        ({", given=[reads]": ""}, Outcome.UNDECIDED, "derivation.1", "yield", "remainder"),
        ({"    yield": "    return\n    yield"}, Outcome.UNDECIDED, "derivation", "def derivation", "yields no step"),
        ({"    yield": "    1 // 0\n    yield"}, Outcome.UNDECIDED, "derivation", "1 // 0", "ZeroDivisionError"),
        ({"X: x, D: d, A: a": "X: x, D: d, A: b"}, Outcome.UNDECIDED, "derivation", "return {X", "NameError"),
        ({"x @ a**2 @ d)\n": "x @ a @ d)\n"}, Outcome.REFUTED, "example:two memories", "def square_kept", ""),
        ({"x @ a**2 @ d)\n": "x @ a @ d)\n"}, Outcome.REFUTED, "search", "def square_kept", ""),
        ({"gap <= bound": "gap < 0"}, Outcome.REFUTED, "example:two memories", "def floats_agree", ""),
        ({"return exactly((x": "exactly((x"}, Outcome.UNDECIDED, "search", "def square_kept", "NoneType"),
        ({"left_inverse(XI), STEP)}": "XI.T, STEP)}"}, Outcome.REFUTED, "example:two memories", "def reads_back", ""),
        (
            {"XI.T, STEP": "left_inverse(XI), STEP"},
            Outcome.REFUTED,
            "necessary:reads_back",
            "def reads_back",
            "break it",
        ),
        (
            {"XI.T, STEP": "XI.T, STEP - STEP"},
            Outcome.REFUTED,
            "necessary:reads_back",
            "def reads_back",
            "every conclusion",
        ),
        ({"XI.T, STEP": "XI, STEP"}, Outcome.UNDECIDED, "necessary:reads_back", "def reads_back", "undecided"),
        ({"return x, left_inverse(x)": "return x, x.T"}, Outcome.UNDECIDED, "search", None, "do not satisfy"),
    ],
)
def test_a_planted_mistake_is_found_where_it_stands(planted, edits, outcome, part, line, reason):
    path = planted(edits=edits)
    result, failed = checked(path)
    assert result.outcome is not Outcome.PROVED
    own = [c for c in failed if c.node == f"square-kept::{part}"]
    assert own, [c.node for c in failed]
    evidence = own[0].finding.verdict.evidence
    assert own[0].outcome is outcome
    assert reason in evidence.get("reason", "") + evidence.get("remainder", "")
    assert evidence["file"] == str(path)
    if line:
        assert evidence["line"] == line_of(path, line)


def test_a_second_hypothesis_that_the_breaking_case_breaks_too_is_found(planted):
    body = '    """X is square."""\n    return exactly(len(x), len(a))'
    second = f"def square(x, d, a):\n{body}\n\n\ndef derivation"
    path = planted(
        edits={
            "def derivation": second,
            "{reads_back: (XI, XI.T, STEP)}": "{reads_back: (XI, XI.T, STEP), square: None}",
        }
    )
    result, failed = checked(path, "necessary:reads_back")
    assert failed[0].outcome is Outcome.REFUTED
    assert "breaks square too" in failed[0].finding.verdict.evidence["reason"]
    assert result.not_shown_necessary == ("X is square.",)


def test_a_theorem_without_derivation_never_speaks_of_all_sizes(planted):
    path = planted(edits={"    derivation=derivation,\n    meaning=meaning,\n": ""})
    result, _ = checked(path)
    assert result.outcome is Outcome.PROVED
    assert "all" not in result.scope
    assert Kind.DERIVED not in {c.finding.verdict.kind for c in result.findings}


# --- uses -------------------------------------------------------------------------------------------------------------


def test_a_theorem_stands_only_on_proved_theorems(planted, tmp_path):
    planted("base", {"x @ a**2 @ d)\n": "x @ a @ d)\n"})
    planted("middle", {'source="folklore"': 'uses=("base",)'})
    planted("top", {'source="folklore"': 'uses=("middle",)'})
    report = verify([str(tmp_path / "top.py"), str(tmp_path)], examples=5)
    outcomes = {result.file.name: result for result in report.theorems}
    assert outcomes["base"].outcome is Outcome.REFUTED
    assert outcomes["middle"].outcome is Outcome.UNDECIDED
    assert outcomes["middle"].reason == "it uses base, which is not proved"
    assert outcomes["top"].outcome is Outcome.UNDECIDED
    assert report.outcome is Outcome.REFUTED


def test_a_broken_file_is_an_error_and_the_others_are_decided(planted, tmp_path):
    planted()
    (tmp_path / "broken.py").write_text("1 / 0\n")
    report = verify([str(tmp_path)], examples=5)
    assert [t.outcome for t in report.theorems] == [Outcome.PROVED]
    assert len(report.errors) == 1


# --- errata -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("edits", "outcome"),
    [
        ({}, Outcome.PROVED),
        ({"counterexample=(2,)": "counterexample=(1,)"}, Outcome.REFUTED),
        ({'"four": (4,)': '"three": (3,)'}, Outcome.REFUTED),
        ({"lambda x: 2 * x": "lambda x: x"}, Outcome.REFUTED),
        ({"    return exactly(x * x % 2, 1)": "    return None"}, Outcome.UNDECIDED),
    ],
)
def test_an_erratum_is_proved_if_the_print_is_refuted_and_the_correction_proved(erratum, edits, outcome):
    result, _ = checked(erratum(edits))
    assert result.outcome is outcome
    assert result.number == 3


def test_an_erratum_rests_on_the_theorem_that_it_names(erratum, planted, tmp_path):
    planted("base", {"x @ a**2 @ d)\n": "x @ a @ d)\n"})
    erratum({"number=3,": 'number=3,\n    theorem="base",'})
    report = verify([str(tmp_path)], examples=5)
    assert report.errata[0].outcome is Outcome.UNDECIDED


# --- parts and replay -------------------------------------------------------------------------------------------------


def test_a_part_is_not_taken_for_the_whole(planted):
    report = verify([f"{planted()}::search"], examples=5)
    (result,) = report.theorems
    assert result.outcome is Outcome.UNDECIDED
    assert result.reason == "only a part was checked: search"
    assert report.outcome is Outcome.PROVED  # nothing wrong was found in what was asked for


def test_a_step_of_a_derivation_can_be_asked_for(planted):
    result, _ = checked(planted(), "derivation.1")
    assert [c.node for c in result.findings] == ["square-kept::derivation.1"]


@pytest.mark.parametrize("part", ["nonsense", "derivation.0", "derivation.x", "example:three", "necessary:"])
def test_a_part_that_does_not_exist_is_refused(planted, part):
    with pytest.raises(LoadError, match="has no part"):
        verify([f"{planted()}::{part}"])


def test_a_step_that_does_not_exist_is_an_error_and_the_rest_is_kept(planted):
    path = planted()
    report = verify([f"{path}::derivation.7", f"{path}::search"], examples=5)
    assert report.errors == ("square-kept has no part 'derivation.7'; its derivation ends with step 1",)
    assert {c.unit for c in report.theorems[0].findings} == {"square-kept::search"}


def test_the_replay_command_repeats_the_finding(planted, capsys, monkeypatch):
    result, _ = checked(planted("my theorem", {"x @ a**2 @ d)\n": "x @ a @ d)\n"}), seed=5)
    for finding in {c.finding.replay: c.finding for c in result.findings}.values():
        command = shlex.split(finding.replay)
        monkeypatch.setattr("sys.argv", [*command, "--jobs", "1", "--json", "-"])
        with pytest.raises(SystemExit):
            main()
        (theorem,) = json.loads(capsys.readouterr().out)["theorems"]
        same = [f for f in theorem["findings"] if f["claim"] == finding.claim]
        assert [(f["outcome"], f["evidence"]) for f in same] == [
            (finding.verdict.outcome.value, dict(finding.verdict.evidence))
        ]


# --- seeds, processes, interruptions ----------------------------------------------------------------------------------


def test_results_depend_on_the_seed_and_not_on_the_number_of_processes(planted, tmp_path):
    planted("one", {"gap / bound": "gap / bound + 1 / (1 + abs(float(a[0, 0])))"})
    planted("two", {"x @ a**2 @ d)\n": "x @ a @ d)\n"})
    alone, together = (timeless(verify([str(tmp_path)], examples=20, jobs=jobs)) for jobs in (1, 2))
    assert alone == together
    assert timeless(verify([str(tmp_path)], examples=20, seed=1))["theorems"] != alone["theorems"]


@pytest.mark.parametrize(
    ("crash", "reason"),
    [
        ("__import__('os')._exit(0)", "its process ended with exit status 0, twice"),
        ("__import__('os').kill(__import__('os').getpid(), 9)", "its process was ended by SIGKILL, twice"),
        ("[0 for _ in iter(int, 1)]", "it took longer than 2 s"),
    ],
)
@pytest.mark.parametrize("jobs", [1, 2])
def test_a_process_that_dies_or_takes_too_long_leaves_its_own_unit_undecided_alone(planted, crash, reason, jobs):
    path = planted(edits={"    yield": f"    {crash}\n    yield"})
    report = verify([str(path)], examples=5, jobs=jobs, timeout=2)
    assert report.outcome is Outcome.UNDECIDED
    found = {
        c.node: c.finding.verdict.evidence.get("reason")
        for c in report.theorems[0].findings
        if c.outcome is not Outcome.PROVED
    }
    assert found == {"square-kept::derivation": reason}


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("import os\nos._exit(0)\n", "it cannot be loaded, its process ended with exit status 0, twice"),
        ("while True:\n    pass\n", "it cannot be loaded, it took longer than 2 s"),
        ("raise KeyboardInterrupt\n", "loading it raised KeyboardInterrupt"),
        ("class Own(BaseException): pass\nraise Own('no')\n", "loading it raised Own: no"),
    ],
)
def test_a_file_that_ends_or_holds_its_process_is_an_error_and_the_others_are_decided(planted, tmp_path, text, reason):
    planted()
    (tmp_path / "bad.py").write_text(text)
    report = verify([str(tmp_path)], examples=5, timeout=2)
    (error,) = report.errors
    assert reason in error
    assert error.startswith(str(tmp_path / "bad.py"))
    assert [t.outcome for t in report.theorems] == [Outcome.PROVED]


BASE = "class Own(BaseException):\n    pass\n\n\ndef derivation"


@pytest.mark.parametrize("jobs", [1, 2])
def test_whatever_is_raised_decides_nothing(planted, tmp_path, jobs):
    places = ("    yield", "    return exactly((x", "    return {X", "    return x, left_inverse(x)")
    for number, place in enumerate(places):
        planted(f"raises-{number}", {"def derivation": BASE, place: f"    raise Own('planted')\n{place}"})
    results = verify([str(tmp_path)], examples=5, jobs=jobs).theorems
    assert [result.outcome for result in results] == [Outcome.UNDECIDED] * len(places)
    for result in results:
        reasons = [c.finding.verdict.evidence.get("reason", "") for c in result.findings]
        assert any("Own: planted" in reason for reason in reasons), result.file.name


def test_a_verdict_with_an_outcome_that_there_is_not_is_undecided(planted):
    odd = "    from emtheory.verdict import Kind, Verdict\n\n    return Verdict('proved', Kind.EXACT, 'all')\n"
    result, failed = checked(planted(edits={"    return exactly((x": f"{odd}    return exactly((x"}))
    assert result.outcome is Outcome.UNDECIDED
    assert "another outcome or kind" in failed[0].finding.verdict.evidence["reason"]


def test_a_case_that_cannot_be_shown_is_undecided(planted):
    hidden = "class Hidden(tuple):\n    def __repr__(self):\n        raise OSError('hidden')\n\n\ndef derivation"
    result, failed = checked(
        planted(
            edits={"def derivation": hidden, "{reads_back: (XI, XI.T, STEP)}": "{reads_back: Hidden((XI, XI.T, STEP))}"}
        )
    )
    assert result.outcome is Outcome.UNDECIDED
    assert [c.finding.verdict.evidence["reason"] for c in failed] == ["it raised OSError: hidden"]


def stop_after(units):
    def watch(report, done, total):
        if done >= units:
            raise KeyboardInterrupt

    return watch


@pytest.mark.parametrize("jobs", [1, 2])
def test_an_interrupted_run_keeps_what_it_has_and_calls_the_rest_undecided(planted, jobs):
    report = verify([str(planted())], examples=5, jobs=jobs, watch=stop_after(2))
    assert report.interrupted
    assert report.outcome is Outcome.UNDECIDED
    reasons = [c.finding.verdict.evidence.get("reason") for c in report.theorems[0].findings]
    assert reasons.count("the run was interrupted") == 2  # of four units
    assert report.resumed == 0
    jsonschema.validate(report.to_json(), SCHEMA)


def test_a_resumed_run_does_the_rest_checks_one_unit_again_and_ends_alike(planted, monkeypatch):
    target = [str(planted())]
    whole = verify(target, examples=5)
    half = json.loads(json.dumps(verify(target, examples=5, watch=stop_after(2)).to_json()))
    ran, run = [], emtheory.theorems.workers.run
    monkeypatch.setattr(emtheory.theorems.workers, "run", lambda file, unit: ran.append(unit.part) or run(file, unit))
    resumed = verify(target, examples=5, resume=half)
    assert ran == ["example:two memories", "necessary:reads_back", "search"]
    assert resumed.resumed == 1  # the derivation
    assert timeless(resumed) == timeless(whole)
    assert resumed.to_json()["digest"] == whole.to_json()["digest"]


def test_a_single_step_is_not_taken_for_the_derivation(planted):
    second = '    yield "again", identical(X @ A @ D, X @ A @ A @ D)\n\n\ndef meaning'
    path = planted(edits={"\n\ndef meaning": second})
    step = verify([f"{path}::derivation.1"], examples=5)
    assert step.outcome is Outcome.PROVED
    assert verify([str(path)], examples=5, resume=step.to_json()).outcome is Outcome.REFUTED


def test_an_edited_report_is_not_resumed(planted):
    path = planted(edits={"x @ a**2 @ d)\n": "x @ a @ d)\n"})
    report = verify([str(path)], examples=5).to_json()
    for finding in report["theorems"][0]["findings"]:
        finding["outcome"] = "proved"
    with pytest.raises(ValueError, match="were changed after they were written"):
        verify([str(path)], examples=5, resume=report)


def test_a_forged_report_is_contradicted_by_what_is_checked_again(planted):
    path = planted(edits={"x @ a**2 @ d)\n": "x @ a @ d)\n"})
    report = verify([str(path)], examples=5).to_json()
    for finding in report["theorems"][0]["findings"]:
        finding["outcome"], finding["seconds"] = "proved", float("::example" not in finding["node"])
    report["digest"] = digest(report)
    with pytest.raises(ValueError, match=r"say of square-kept::example:two memories that it is proved.*refuted"):
        verify([str(path)], examples=5, resume=report)


def test_a_file_that_changed_is_checked_again(planted):
    path = planted()
    earlier = verify([str(path)], examples=5).to_json()
    planted(edits={"x @ a**2 @ d)\n": "x @ a @ d)\n"})
    assert verify([str(path)], examples=5, resume=earlier).outcome is Outcome.REFUTED


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"seed": 9}, "made with seed 9, not 0"),
        ({"examples": 9}, "made with examples 9"),
        ({"numpy": "1.0"}, "made with numpy '1.0'"),
        ({"code": "0" * 64}, "made with code"),
    ],
)
def test_results_of_other_options_or_versions_are_not_resumed(planted, change, message):
    earlier = verify([str(planted())], examples=5).to_json()
    earlier["environment"] |= change
    with pytest.raises(ValueError, match=message):
        verify([str(planted())], examples=5, resume=earlier)


@pytest.mark.parametrize("document", [{}, {"schema": "emtheory.prediction/1"}, {"schema": "emtheory.findings/1"}])
def test_other_documents_are_not_resumed(planted, document):
    with pytest.raises(ValueError, match="the earlier results"):
        verify([str(planted())], examples=5, resume=document)


@pytest.mark.parametrize("missing", ["theorems", "errata"])
def test_an_incomplete_document_is_not_resumed(planted, missing):
    earlier = verify([str(planted())], examples=5).to_json()
    del earlier[missing]
    with pytest.raises(ValueError, match=f"not complete or not right: it has no '{missing}'"):
        verify([str(planted())], examples=5, resume=earlier)


@pytest.mark.parametrize("options", [{"examples": 0}, {"jobs": 0}, {"timeout": 0}])
def test_options_out_of_range_are_refused(planted, options):
    with pytest.raises(ValueError, match="must be"):
        verify([str(planted())], **options)


# --- JSON -------------------------------------------------------------------------------------------------------------


def test_the_json_follows_its_schema(planted, erratum, tmp_path):
    planted("good")
    planted("bad", {"x @ a**2 @ d)\n": "x @ a @ d)\n"})
    planted("odd", {"ratio=gap / bound": "ratio=float('nan'), matrix=a"})
    erratum()
    (tmp_path / "broken.py").write_text("1 / 0\n")
    document = json.loads(json.dumps(verify([str(tmp_path)], examples=5).to_json(), allow_nan=False))
    jsonschema.validate(document, SCHEMA)
    jsonschema.validate(verify([f"{tmp_path}/03-even.py::printed"], examples=5).to_json(), SCHEMA)


def test_the_digest_does_not_depend_on_times_and_shows_every_other_edit(planted):
    path = str(planted())
    first, second = (verify([path], examples=5).to_json() for _ in range(2))
    assert first["digest"] == second["digest"] == digest(first)
    first["theorems"][0]["findings"][0]["claim"] += "."
    assert digest(first) != first["digest"]


def test_the_schema_refuses_an_unknown_outcome(planted):
    document = verify([str(planted())], examples=5).to_json()
    document["theorems"][0]["outcome"] = "passed"
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate(document, SCHEMA)


def test_cited_lemmas_are_listed_with_their_spot_check():
    report = verify(["memory-basis::derivation"], examples=5)
    assert [lemma["name"] for lemma in report.trusted_base] == ["block-selectors"]
    assert report.trusted_base[0]["spot_check"] == "proved"
