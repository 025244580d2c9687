"""Protects the kit: right implementations pass, mistakes are told with code that repeats them, ledgers are strict."""

import json
import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace
from xml.etree import ElementTree

import numpy as np
import pytest

from emtheory.conform import FUNCTIONS, VERSION, load, own, properties, run
from emtheory.conform.bounds import pseudo_inverse_bound
from emtheory.conform.plugin import assert_circuit, assert_dual
from emtheory.conform.reporting import junit, known_failures, verdict
from emtheory.conform.trial import Trial, UndecidedError, ViolationError
from emtheory.conform.truth import circuit

HERE = Path(__file__).parent
CORRECT = load(str(HERE / "correct.py"))
EXAMPLE = HERE.parent.parent / "docs" / "conform_example"


def not_passed(target, **options):
    return [(r.property.id, r.message, r.code) for r in run(target, **options) if r.outcome != "passed"]


def test_our_own_implementations_pass_everything():
    assert not_passed(own) == []


def test_a_correct_numpy_implementation_passes_everything():
    assert not_passed(CORRECT) == []


@pytest.mark.slow
@pytest.mark.parametrize("target", [own, CORRECT], ids=["own", "numpy"])
def test_no_seed_gives_a_false_alarm_in_either_precision(target):
    for seed in range(20):
        assert not_passed(target, seed=1000 + seed) == []


def test_every_function_has_a_version_of_every_common_property_and_a_sentence():
    names = {claim.id for claim in properties()}
    assert len(names) == len(properties())
    assert all(f"{function}.{name}" in names for function in FUNCTIONS for name in ("deterministic", "float32"))
    assert all(claim.sentence.endswith(".") for claim in properties())


def test_no_bound_is_so_wide_that_an_error_of_a_millionth_hides_in_it():
    def moved(part):
        return part * (1 + 1e-6) + 1e-9

    def off(function):
        def changed(*arguments):
            answer = function(*arguments)
            return tuple(map(moved, answer)) if type(answer) is tuple else moved(answer)

        return changed

    numeric = [name for name in FUNCTIONS if name != "is_stable"]
    results = run(SimpleNamespace(**{name: off(getattr(CORRECT, name)) for name in numeric}))
    for name in numeric:
        own_claims = [r for r in results if r.property.function == name]
        assert sum(r.outcome == "failed" for r in own_claims) >= len(own_claims) / 2, name


def test_the_same_seed_gives_the_same_results_and_another_one_other_cases():
    target = load(str(HERE / "wrong_targets" / "greedy_matching.py"))
    first, again, other = ([(r.worst, r.failures, r.code) for r in run(target, seed=seed)] for seed in (0, 0, 1))
    assert first == again != other


def test_what_is_missing_is_not_covered_and_so_is_what_raises_not_implemented():
    def only_rnn(network, h):
        if network["kind"] != "rnn":
            raise NotImplementedError(network["kind"])
        return CORRECT.jacobian(network, h)

    results = {r.property.id: r for r in run(SimpleNamespace(jacobian=only_rnn))}
    assert results["jacobian.lstm"].outcome == results["simulate.outputs"].outcome == "not covered"
    assert results["jacobian.bias"].outcome == "passed"
    assert "no simulate" in results["simulate.outputs"].message


@pytest.mark.parametrize("answer", [None, "text", [[1.0], [1.0, 2.0]], np.nan, 1j, np.zeros((2, 2, 2))])
def test_answers_of_the_wrong_kind_are_failures_not_crashes(answer):
    target = SimpleNamespace(**{name: lambda *_: answer for name in FUNCTIONS})
    outcomes = {r.property.id: r.outcome for r in run(target, examples=4)}
    for name in ("compare_spectra.symmetry", "memory_basis.duality", "fixed_points.complete", "simulate.outputs"):
        assert outcomes[name] == "failed"


def test_a_crash_and_an_exit_are_failures():
    def leave(W):
        sys.exit(0)

    results = {r.property.id: r for r in run(SimpleNamespace(is_stable=leave))}
    assert results["is_stable.inside"].outcome == "failed"
    assert "SystemExit" in results["is_stable.inside"].message


def test_the_code_of_a_failure_repeats_it():
    target = load(str(HERE / "wrong_targets" / "jacobian_transposed.py"))
    result = next(r for r in run(target) if r.property.id == "jacobian.convention")
    got = eval(result.code, {"np": np, "target": target})
    right = eval(result.code, {"np": np, "target": CORRECT})
    assert not np.allclose(got, right)
    assert np.allclose(got, right.T)


def test_known_failures_are_no_errors_until_they_pass(run, tmp_path):
    wrong, ledger, report = HERE / "wrong_targets" / "no_margin.py", tmp_path / "known.json", tmp_path / "r.json"
    assert run("conform", wrong, "--json", report)[0] == 1
    failed = [r["property"] for r in json.loads(report.read_text())["results"] if r["verdict"] == "failed"]
    ledger.write_text(json.dumps({"properties": VERSION, "known": dict.fromkeys(failed, "no margin yet")}))
    assert run("conform", wrong, "--known", ledger)[0] == 0
    failed.append("is_stable.inside")
    ledger.write_text(json.dumps({"properties": VERSION, "known": dict.fromkeys(failed, "no margin yet")}))
    status, out, _ = run("conform", wrong, "--known", ledger)
    assert status == 1
    assert "is_stable.inside passes, but is listed as a known failure" in out


@pytest.mark.parametrize(
    ("ledger", "message"),
    [
        ({"properties": VERSION, "known": {"is_stable.no-such": "x"}}, "'is_stable.no-such'"),
        ({"properties": "0", "known": {}}, "is for '0'"),
        ({"properties": VERSION, "known": ["is_stable.inside"]}, "maps properties to reasons"),
    ],
)
def test_a_ledger_that_fits_nothing_is_refused(ledger, message):
    with pytest.raises(ValueError, match=message):
        known_failures(ledger, "known.json")


def test_recovery_of_what_persists_leaves_out_slots_that_nothing_uses():
    results = {r.property.id: r for r in run(load(str(HERE / "persistent_recovery.py")))}
    assert (
        verdict(results["recover_composition.live-slots"], {"recover_composition.live-slots": "by design"}) == "known"
    )
    assert results["recover_composition.one-unit"].outcome == "passed"


def test_junit_has_failures_with_messages_and_skips_what_is_not_covered(tmp_path, run):
    path = tmp_path / "report.xml"
    status, _, _ = run("conform", HERE / "wrong_targets" / "no_margin.py", "--junit", path)
    suite = ElementTree.parse(path).getroot()
    failures = suite.findall("testcase/failure")
    assert status == 1
    assert len(failures) == int(suite.get("failures")) > 0
    assert "expected False or None" in failures[0].get("message")
    assert len(suite.findall("testcase/skipped")) == int(suite.get("skipped")) > 100
    assert int(suite.get("tests")) == len(properties())


def test_junit_survives_messages_that_xml_has_no_place_for():
    def shout(W):
        raise RuntimeError("\x00\x1b[31m<&>")

    ElementTree.fromstring(junit(run(SimpleNamespace(is_stable=shout), examples=1), {}, target="t").encode())


@pytest.mark.parametrize(
    ("target", "message"),
    [
        ("no_such.py", "does not"),
        ("no_such_module", "there is no module"),
        ("emtheory.conform:nothing", "has no 'nothing'"),
        ("json", "has none"),
    ],
)
def test_a_target_that_is_none_is_refused_in_one_sentence(target, message, run):
    status, _, err = run("conform", target)
    assert status == 2
    assert message in err
    assert err.count("\n") == 1


def test_an_object_of_a_module_is_a_target(tmp_path, monkeypatch):
    (tmp_path / "holder_of_targets.py").write_text("class Mine:\n    is_stable = staticmethod(lambda W: None)\n")
    monkeypatch.syspath_prepend(tmp_path)
    assert load("holder_of_targets:Mine").is_stable(np.eye(1)) is None


def test_the_example_fails_and_its_mended_form_passes(run):
    status, out, _ = run("conform", EXAMPLE / "analysis.py")
    assert status == 1
    told = (EXAMPLE / "README.md").read_text()
    for name in ("sensitivity", "crossing", "rank-mismatch"):
        assert f"`compare_spectra.{name}`" in told
        assert f"compare_spectra.{name}: " in out
    assert "got 0.5, expected ValueError, as the lengths are 1 and 2" in out
    status, out, _ = run("conform", EXAMPLE / "mended.py")
    assert status == 0
    assert "0 failed" not in out
    assert len((EXAMPLE / "analysis.py").read_text().splitlines()) <= 25


def test_help_tells_the_contract(run):
    _, out, _ = run("conform", "--help")
    for name in FUNCTIONS:
        assert f"{name}(" in out


def test_registering_the_command_imports_no_numpy():
    code = "import sys, emtheory.commands.conform; assert 'numpy' not in sys.modules"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


def test_a_target_that_treats_nothing_was_not_tested(run, tmp_path):
    (tmp_path / "idle.py").write_text("def is_stable(W):\n    raise NotImplementedError\n")
    status, out, _ = run("conform", tmp_path / "idle.py")
    assert status == 3
    assert "Nothing was tested: " in out


def test_a_misspelt_function_is_noticed(run, tmp_path):
    path = tmp_path / "misspelt.py"
    path.write_text("def is_stabel(W):\n    return None\n")
    status, _, err = run("conform", path)
    assert status == 2
    assert "did you mean is_stable by is_stabel?" in err
    path.write_text("def is_stabel(W):\n    return None\n\ndef pseudo_inverse(A):\n    raise NotImplementedError\n")
    status, _, err = run("conform", path)
    assert status == 3
    assert "is_stabel is no function of the contract and is not tested; did you mean is_stable?" in err


def test_what_the_target_prints_stands_in_no_json(run, tmp_path):
    (tmp_path / "loud.py").write_text("print('loaded')\ndef is_stable(W):\n    print('called')\n    return None\n")
    _, out, err = run("conform", tmp_path / "loud.py", "--examples", 1, "--json", "-")
    assert json.loads(out)["schema"] == "emtheory.conform/1"
    assert "called" in err


def test_a_cut_off_that_takes_small_singular_values_for_noise_fails_however_small_it_is():
    for cutoff in (3e-6, 1e-8, 1e-10):
        results = run(SimpleNamespace(pseudo_inverse=lambda A, c=cutoff: np.linalg.pinv(np.asarray(A, float), rcond=c)))
        outcomes = {r.property.id: r.outcome for r in results}
        assert outcomes["pseudo_inverse.small-singular-values"] == "failed", cutoff


def test_a_comparison_that_is_right_for_few_eigenvalues_only_fails():
    def compare_spectra(a, b):
        if len(a) < 8:
            return CORRECT.compare_spectra(a, b)
        return float(np.abs(np.sort_complex(a) - np.sort_complex(b)).max())

    results = {r.property.id: r.outcome for r in run(SimpleNamespace(compare_spectra=compare_spectra))}
    assert results["compare_spectra.many"] == "failed"
    assert results["compare_spectra.optimal"] == "passed"


def test_a_bound_that_is_not_below_half_of_the_answer_does_not_pass():
    trial = Trial({}, np.random.default_rng(0), 1)
    trial.near(1.0, 1.0, 0.25, "x")
    for bound in (0.5, 1.0, np.inf):
        with pytest.raises(UndecidedError, match=r"must be below 0\.5"):
            trial.near(1.0, 1.0, bound, "x")
    with pytest.raises(ViolationError):
        trial.near(3.0, 1.0, 1.0, "x")
    with pytest.raises(ViolationError, match="which is no number"):
        trial.near(np.nan, np.nan, 1.0, "x")


def test_an_error_of_the_target_is_told_with_its_last_words():
    def crash(W):
        raise RuntimeError("begins " + "x" * 500 + " and ends")

    results = {r.property.id: r for r in run(SimpleNamespace(is_stable=crash), examples=1)}
    message = results["is_stable.inside"].message
    assert "begins" in message
    assert message.endswith("and ends, expected an answer")
    assert len(message) < 600


@pytest.mark.parametrize("target", [own, load(str(EXAMPLE / "mended.py"))], ids=["own", "mended"])
@pytest.mark.parametrize("dtype", [np.int64, np.int8, np.float32, np.float64, np.complex64, np.complex128])
def test_integer_and_complex_matrices_are_treated_right(target, dtype):
    rng = np.random.default_rng(0)
    for p, q in ((3, 2), (2, 4), (3, 3)):
        A = rng.integers(-5, 6, (p, q)) + (1j * rng.integers(-5, 6, (p, q)) if np.dtype(dtype).kind == "c" else 0)
        expected = np.linalg.pinv(A.astype(np.complex128))
        eps = np.finfo(np.result_type(dtype, np.float32) if np.dtype(dtype).kind in "fc" else np.float64).eps
        bound = pseudo_inverse_bound(A, expected, float(eps))
        assert bound < np.linalg.norm(expected) / 2
        assert np.abs(target.pseudo_inverse(A.astype(dtype)) - expected).max() <= bound
    i = 1j if np.dtype(dtype).kind == "c" else 0
    assert target.is_stable(np.zeros((2, 2), dtype)) is True
    assert target.is_stable(np.array([[2 + 2 * i, 1], [0, 2]], dtype)) is False
    assert target.compare_spectra(np.array([1 + i, 2], dtype), np.array([2, 1 + i], dtype)) == 0


def test_complex_circuits_are_recovered_by_our_own_implementation():
    truth = circuit(3, 3, 2, hidden=1)
    phases = np.diag(np.exp(1j * np.arange(truth.n)))
    W, U, R = phases @ truth.W @ phases.conj(), phases @ truth.U, truth.R @ phases.conj()
    assert_circuit(W, U, R, own.recover_composition(W, U, R))
    assert_dual(*own.memory_basis(W, U, R, 3))
    W, U, R = (x.astype(np.int64) for x in (2 * truth.W, truth.U, truth.R))
    assert_circuit(W, U, R, own.recover_composition(W, U, R))
