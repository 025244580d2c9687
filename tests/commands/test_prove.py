"""Protects `emtheory prove`: what it prints says what was shown, its exit status too, and bad input is one sentence."""

import json
from importlib.resources import files

import jsonschema
import pytest

OWN = '''"""{title}"""

from emtheory.formulas import Theorem, case, equal
from emtheory.letters import Phi, identity, m, s
from hypothesis import strategies as st

told = equal({formula})


def proof(prove):
    prove(told).by_rewriting()


THEOREM = Theorem(
    given=(Phi, s),
    conclusions=(told,),
    proof=proof,
    examples={{"one": case(Phi=[[1]], s=1)}},
    cases=st.integers(-40, 40).map(lambda x: case(Phi=[[x]], s=1)),
)
'''


def prove(run, *words):
    return run("prove", "--jobs", 1, "--timeout", 0, *words)


def test_a_bundled_statement_is_proved_and_its_json_fits_the_schema(run, tmp_path):
    status, out, err = prove(run, "memory-basis", "--examples", "20", "--json", str(tmp_path / "proofs.json"))
    assert (status, err) == (0, "")
    assert "2 conclusions of 1 statement: 2 proved" in out
    schema = json.loads((files("emtheory.report") / "schemas" / "proofs.schema.json").read_text("utf-8"))
    document = json.loads((tmp_path / "proofs.json").read_text())
    jsonschema.validate(document, schema)
    assert [c["ground"] for c in document["statements"][0]["conclusions"]] == ["proved", "proved"]


@pytest.mark.parametrize(
    ("formula", "status", "word"),
    [
        ("Phi @ Phi.T, (Phi @ Phi.T).T", 0, "1 proved"),
        ("Phi @ Phi, Phi.T @ Phi", 1, "1 refuted"),
        ("(Phi @ Phi) @ identity(m), 1 * (Phi @ Phi)", 0, "1 proved"),
    ],
)
def test_the_status_is_that_of_the_worst_conclusion(run, tmp_path, formula, status, word):
    (tmp_path / "own.py").write_text(OWN.format(title="A statement.", formula=formula))
    found, out, _ = prove(run, tmp_path / "own.py")
    assert found == status, out
    assert word in out


def test_a_case_that_shows_only_symmetric_matrices_is_not_enough_for_generic_ones(run, tmp_path):
    """The file's own cases are 1 x 1, where every matrix is symmetric; cases that nobody chose are not."""
    (tmp_path / "own.py").write_text(OWN.format(title="Every matrix is symmetric.", formula="Phi, Phi.T"))
    assert prove(run, tmp_path / "own.py")[0] == 1


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["memory-bases"], "there is no statement 'memory-bases'; did you mean memory-basis?"),
        (["memory-basis", "--examples", "0"], "examples"),
        (["--trace", "absent"], "there is no statement 'absent'"),
    ],
)
def test_wrong_use_is_one_sentence_and_status_2(run, words, message):
    status, _, err = prove(run, *words)
    assert status == 2
    assert message in " ".join(err.split())
    assert "Traceback" not in err


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("THEOREM = 1", "holds neither THEOREM"),
        ('"""t"""\n1 / 0', "ZeroDivisionError"),
        (OWN.format(title="", formula="Phi, Phi"), "has no docstring"),
        (OWN.format(title="t", formula="Phi, Phi @ identity(s)"), "inner sizes of a product must agree"),
    ],
)
def test_a_file_that_says_nothing_is_undecided_with_its_reason(run, tmp_path, text, message):
    (tmp_path / "own.py").write_text(text)
    status, out, err = prove(run, tmp_path / "own.py")
    assert (status, err) == (3, "")
    assert message in out


def test_a_trace_is_what_the_kernel_accepts(run):
    from emtheory.kernel import Accepted, check

    status, out, _ = prove(run, "--trace", "memory-basis")
    statement, proof = out.strip().split("\n\n")
    assert status == 0
    assert isinstance(check(statement, proof), Accepted)
