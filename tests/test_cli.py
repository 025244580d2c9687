"""Protects the command line: exit statuses, one sentence for each error, plain output when piped, runs that go on."""

import json
import os
import random
import signal
import subprocess
import sys
import time
from contextlib import suppress
from importlib.resources import files
from pathlib import Path

import jsonschema
import pytest

import emtheory

WRONG = {"x @ a**2 @ d)\n": "x @ a @ d)\n"}
UNSURE = {"return exactly((x": "exactly((x"}
SLOW = {"    w = x.numpy()": "    import time\n\n    time.sleep(0.02)\n    w = x.numpy()"}
HELD = (
    "    import os\n    import time\n\n    while os.path.exists({hold!r}):\n        time.sleep(0.01)\n    w = x.numpy()"
)
COMMAND = [sys.executable, "-m", "emtheory"]


def schema(name):
    return json.loads((files("emtheory.report") / "schemas" / f"{name}.schema.json").read_text())


def process(*words, **options):
    return subprocess.run([*COMMAND, *map(str, words)], capture_output=True, text=True, timeout=60, **options)


# --- verify -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("edits", "status", "word"), [({}, 0, "proved"), (WRONG, 1, "refuted"), (UNSURE, 3, "undecided")]
)
def test_the_exit_status_says_what_was_found(run, planted, edits, status, word):
    code, out, err = run("verify", planted(edits=edits), "--examples", 5, "--jobs", 1)
    assert code == status
    assert word in out
    assert err == ""


def test_a_refuted_theorem_is_shown_with_line_case_and_replay_command(run, planted):
    path = planted(edits=WRONG)
    _, out, _ = run("verify", path, "--examples", 5, "--jobs", 1)
    number = path.read_text().splitlines().index("def square_kept(x, d, a):") + 1
    assert f"at {path}:{number}" in out
    assert "case: (matrix([[" in out
    assert f"again: emtheory verify {path}::search --seed 0 --examples 5" in out


def test_a_broken_file_is_wrong_use_but_the_other_results_are_printed(run, planted, tmp_path):
    planted()
    (tmp_path / "broken.py").write_text("1 / 0\n")
    code, out, err = run("verify", tmp_path, "--examples", 5, "--jobs", 1)
    assert code == 2
    assert "square-kept  proved" in out
    assert err.startswith("emtheory: error: ")
    assert err.count("\n") == 1
    assert "ZeroDivisionError" in err


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["verify", "nonsense"], "'nonsense' is neither a theorem nor a file or folder"),
        (["verify", "memory-basis::nonsense"], "memory-basis has no part 'nonsense'; its parts are: derivation"),
        (["verify", "-k", "nonsense"], "no theorem has 'nonsense'"),
        (["verify", "missing.py"], "missing.py: the file cannot be read"),
        (["verify", "--resume", "missing.json"], "missing.json cannot be read"),
        (["verify", "memory-basis::search", "--json", "no/such/folder/x.json"], "cannot be written"),
        (["show", "nonsense"], "'nonsense' is neither a theorem nor a file or folder"),
        (["predict", "nonsense"], "nonsense"),
        (["predict", "repeat-copy:s=0,k=8"], "0"),
        (["analyze", "missing.npz"], "missing.npz"),
        (["analyze", "zoo:repeat-copy-s8-k8-n128", "--task", "repeat-copy:s=8,k=7"], "7"),
        (["analyze", "zoo:repeat-copy-s8-k8-n128", "--threshold", "-1"], "threshold"),
    ],
)
def test_wrong_use_is_one_sentence_and_status_2(run, words, message):
    code, out, err = run(*words)
    assert code == 2
    assert out == ""
    assert err.startswith("emtheory: error: ")
    assert err.count("\n") == 1
    assert message in err


@pytest.mark.parametrize("words", [["nonsense"], ["verify", "--examples", "0"], ["verify", "--seed", "x"], ["show"]])
def test_words_that_are_no_command_line_are_status_2(run, words):
    code, _, err = run(*words)
    assert code == 2
    assert err.startswith("emtheory: error: ")
    assert err.endswith("; see 'emtheory --help'\n")
    assert err.count("\n") == 1


def test_a_defect_of_emtheory_itself_is_not_taken_for_a_refutation(run, monkeypatch):
    def defect(*args, **options):
        raise AttributeError("planted")

    monkeypatch.setattr("emtheory.theorems.verify.verify", defect)
    code, _, err = run("verify")
    assert code == 2
    assert "please report it" in err


def test_json_goes_to_standard_output_alone(run, planted):
    code, out, _ = run("verify", planted(), "--examples", 5, "--jobs", 1, "--json", "-")
    assert code == 0
    jsonschema.validate(json.loads(out), schema("findings"))


def test_piped_output_is_plain_text_and_lines_are_not_broken(planted):
    path = planted("a" * 60, WRONG)
    done = process("verify", path, "--examples", "5", "--jobs", "1")
    assert done.returncode == 1
    assert "\x1b" not in done.stdout
    assert done.stderr == ""
    assert f"again: emtheory verify {path}::search --seed 0 --examples 5\n" in done.stdout


def test_output_survives_a_terminal_without_greek_letters(planted):
    done = process("verify", planted(), "--examples", "5", env={**os.environ, "PYTHONIOENCODING": "ascii"})
    assert done.returncode == 0


def test_a_reader_that_stops_reading_sees_no_traceback(planted):
    reader = f"{' '.join(COMMAND)} show memory-basis | head -n 1"
    done = subprocess.run(["bash", "-c", reader], capture_output=True, text=True, timeout=60)
    assert done.stdout.startswith("memory-basis: ")
    assert "Traceback" not in done.stderr


# --- runs that are ended and go on ------------------------------------------------------------------------------------


def held(folder):
    """Edits with which units wait for as long as the folder holds a file of this name, and the file."""
    hold = folder / "hold"
    hold.touch()
    return {"    w = x.numpy()": HELD.format(hold=str(hold))}, hold


def ended(path, results, how, jobs):
    """Starts a run of which most units wait, ends it after its first one; its exit status and output."""
    words = ["verify", path, "--examples", "5", "--json", results, "--jobs", jobs]
    running = subprocess.Popen(
        [*COMMAND, *map(str, words)],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        # A suite that a script started with & inherits an ignored Ctrl-C, which Python would keep.
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),
    )
    give_up = time.monotonic() + 30
    while time.monotonic() < give_up and not (results.exists() and '"outcome": "proved"' in results.read_text()):
        time.sleep(0.02)
    running.send_signal(how)
    out, err = running.communicate(timeout=30)
    return running.returncode, out, err


@pytest.mark.parametrize(("how", "jobs"), [(signal.SIGINT, 1), (signal.SIGINT, 2), (signal.SIGTERM, 2)])
def test_who_is_asked_to_stop_prints_what_there_is_and_the_run_goes_on_later(planted, tmp_path, how, jobs):
    edits, hold = held(tmp_path)
    path, results = planted(edits=edits), tmp_path / "results.json"
    status, out, err = ended(path, results, how, jobs)
    assert status == 3
    assert "interrupted" in out
    assert err == ""
    kept = json.loads(results.read_text())
    jsonschema.validate(kept, schema("findings"))
    assert kept["summary"]["interrupted"] is True
    hold.unlink()
    done = process("verify", path, "--examples", "5", "--resume", results, "--json", results, "--jobs", "1")
    assert done.returncode == 0, done.stderr


def test_a_run_that_is_killed_goes_on_later(planted, tmp_path):
    edits, hold = held(tmp_path)
    path, results = planted(edits=edits), tmp_path / "results.json"
    assert ended(path, results, signal.SIGKILL, 1)[0] == -signal.SIGKILL
    kept = json.loads(results.read_text())
    jsonschema.validate(kept, schema("findings"))
    assert kept["summary"]["interrupted"] is True
    hold.unlink()
    done = process("verify", path, "--examples", "5", "--resume", results, "--json", results, "--jobs", "1")
    assert done.returncode == 0, done.stderr
    assert kept["theorems"][0]["findings"][0] == json.loads(results.read_text())["theorems"][0]["findings"][0]


@pytest.mark.slow
@pytest.mark.skipif(sys.platform != "linux", reason="reads /proc")
def test_nothing_is_lost_and_nothing_left_behind_by_kill_at_any_moment(planted, tmp_path):
    path, results, chance = planted(edits=SLOW), tmp_path / "results.json", random.Random(0)
    words = ["verify", path, "--examples", "30", "--json", results, "--jobs", "2"]
    for _ in range(10):
        before = finished(results)
        resume = ["--resume", results] if results.exists() else []
        running = subprocess.Popen(
            [*COMMAND, *map(str, [*words, *resume])], stdout=-3, stderr=-3, start_new_session=True
        )
        time.sleep(chance.uniform(0.2, 4))
        running.kill()
        running.wait()
        assert before <= finished(results)
        patience = time.monotonic() + 60
        while session(running.pid) and time.monotonic() < patience:
            time.sleep(0.05)
        assert session(running.pid) == []
    done = process(*words, *(["--resume", results] if results.exists() else []))
    assert done.returncode == 0, done.stderr


def finished(results):
    """The units that the file has; it is whole at every moment."""
    if not results.exists():
        return set()
    (theorem,) = json.loads(results.read_text())["theorems"]
    return {finding["node"] for finding in theorem["findings"] if not finding["evidence"].get("unfinished")}


def session(leader):
    """The processes that run in the session of the one that led it."""
    found = []
    for stat in Path("/proc").glob("[0-9]*/stat"):
        with suppress(OSError):  # it has just ended
            state, _, _, own, *_ = stat.read_text().rpartition(")")[2].split()
            found += [stat.parent.name] if own == str(leader) and state != "Z" else []
    return found


def test_closed_and_full_standard_output_are_no_traceback(planted):
    words = f"{' '.join(COMMAND)} verify {planted()} --examples 5"
    closed = subprocess.run(["bash", "-c", f"{words} >&-"], capture_output=True, text=True, timeout=60)
    assert (closed.returncode, closed.stderr) == (0, "")
    full = subprocess.run(["bash", "-c", f"{words} > /dev/full"], capture_output=True, text=True, timeout=60)
    assert (full.returncode, full.stderr) == (2, "emtheory: error: [Errno 28] No space left on device\n")


@pytest.mark.parametrize("command", ["verify", "show"])
def test_a_file_that_ends_its_process_is_no_success(run, tmp_path, command):
    path = tmp_path / "leaves.py"
    path.write_text("import os\nos._exit(0)\n")
    assert run(command, path) == (
        2, "", f"emtheory: error: {path}: it cannot be loaded, its process ended with exit status 0, twice\n"
    )  # fmt: skip


def test_a_conclusion_that_leaves_by_another_way_decides_nothing(run, planted):
    own = "    class Own(BaseException):\n        pass\n\n    raise Own('planted')\n"
    code, out, err = run(
        "verify", planted(edits={"    return exactly((x": f"{own}    return exactly((x"}), "--examples", 5
    )
    assert (code, err) == (3, "")
    assert "square_kept raised Own: planted" in out


def test_a_unit_over_the_time_limit_is_undecided_and_the_others_go_on(run, planted):
    path = planted(edits={"    yield": "    while True:\n        pass\n    yield"})
    code, out, err = run("verify", path, "--examples", 5, "--jobs", 1, "--timeout", 8)
    assert (code, err) == (3, "")
    assert "it took longer than 8 s" in out
    assert run("verify", path, "--timeout", 0)[::2] == (
        2, "emtheory: error: timeout must be more than 0 seconds, got 0.0\n"
    )  # fmt: skip


def test_what_was_not_checked_again_is_said(run, planted, tmp_path):
    path, results = planted(), tmp_path / "results.json"
    assert run("verify", path, "--examples", 5, "--json", results)[0] == 0
    code, _, err = run("verify", path, "--examples", 5, "--resume", results)
    assert (code, err) == (0, f"emtheory: 3 units are as in {results} and were not checked again\n")


# --- show, predict, analyze -------------------------------------------------------------------------------------------


def test_show_prints_statement_hypotheses_derivation_and_conclusions(run, planted):
    code, out, _ = run("show", planted())
    assert code == 0
    for part in (
        "square-kept: Squaring commutes",
        "If D X = I then",
        "D X is the identity.",
        "for instance on (matrix([[1, 1], [0, 1], [1, 0]])",
        "1. The square of X A D is X A² D",
        "X A D X A D = X A A D",
        "using D X = I   (hypothesis reads_back)",
        "two memories",
        "Source: folklore",
    ):
        assert part in out


def test_the_oracle_reads_far_ahead_and_names_the_inputs(run):
    status, out, err = run("oracle", "compose-copy:2", "--at", "10**18", "--input", "1,-1; 3,5")
    assert (status, err) == (0, "")
    assert out.splitlines()[1:] == [
        "  y = u_1(2) = 3, u_2(2) = 5",
        "and its variable memories hold",
        "  1: u_1(1) = 1, u_2(2) = 5",
        "  2: u_1(2) = 3, u_2(2) = 5",
    ]


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (("--at", "soon"), "a time is a whole number such as 840 or 10**18, got 'soon'"),
        (("--at", "10**99999"), "more than 1,000 digits"),
        (("--at", "1"), "the time must be at least s=2"),
        (("--at", "9", "--input", "1,2"), "it must be 2 times 2 numbers"),
        (("--at", "9", "--input", "a,b; c,d"), "cannot be read"),
    ],
)
def test_the_oracle_refuses_in_one_sentence(run, words, message):
    status, out, err = run("oracle", "compose-copy:2", *words)
    assert (status, out) == (2, "")
    assert message in err
    assert err.count("\n") == 1


def test_errata_prints_both_forms_the_counterexample_and_both_verdicts(run):
    status, out, err = run("errata", "--examples", 5)
    assert (status, err) == (0, "")
    assert "Erratum 7. The circuit with U = Ψ_s does not solve compose copy" in out
    assert out.count("The printed form is refuted; the right form is proved") == out.count("Counterexample: ") >= 4


def test_show_survives_a_derivation_that_raises(run, planted):
    code, out, _ = run("show", planted(edits={"    yield": "    1 // 0\n    yield"}))
    assert code == 0
    assert "derivation raised ZeroDivisionError" in out


@pytest.mark.parametrize("task", ["repeat-copy:s=3,k=2", "compose-copy:4"])
def test_predict_speaks_and_its_json_follows_the_schema(run, task):
    code, out, _ = run("predict", task)
    assert code == 0
    assert "persistent eigenvalue" in out
    code, out, _ = run("predict", task, "--json", "-")
    assert code == 0
    jsonschema.validate(json.loads(out), schema("prediction"))


def test_predict_of_a_task_that_is_no_selection_follows_the_schema(run, tmp_path):
    import numpy as np

    np.save(tmp_path / "task.npy", np.array([[[1, 1], [0, 1]], [[2, 0], [0, 0]]]))
    code, out, _ = run("predict", tmp_path / "task.npy", "--json", "-")
    assert code == 0
    jsonschema.validate(json.loads(out), schema("prediction"))


def test_analyze_reads_the_shipped_network_and_draws_it(run, tmp_path):
    figure = tmp_path / "spectrum.png"
    words = ["zoo:repeat-copy-s8-k8-n128", "--task", "repeat-copy:s=8,k=8"]
    code, out, _ = run("analyze", *words, "--json", tmp_path / "a.json", "--figure", figure)
    assert code == 0
    assert "64 persistent eigenvalues" in out
    assert figure.read_bytes().startswith(b"\x89PNG")
    spectrum = json.loads((tmp_path / "a.json").read_text())["spectrum"]
    assert spectrum["persistent"] == spectrum["predicted_persistent"] == 64


# --- starting up ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("module", ["emtheory", "emtheory.cli"])
def test_starting_up_imports_no_heavy_library(module):
    heavy = "numpy scipy sympy flint hypothesis matplotlib jinja2 rich.console safetensors"
    code = f"import sys, {module}; print(*[name for name in '{heavy}'.split() if name in sys.modules])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == ""


def test_help_teaches_with_examples_and_the_version_is_printed(run):
    code, out, _ = run("verify", "--help")
    assert code == 0
    assert "emtheory verify my/proofs" in out
    assert run("--version") == (0, f"emtheory {emtheory.__version__}\n", "")


def test_every_public_name_can_be_imported_and_nothing_else():
    for name in emtheory.__all__:
        assert getattr(emtheory, name).__name__ == name
    assert set(emtheory.__all__) <= set(dir(emtheory))
    with pytest.raises(AttributeError, match="no attribute 'nonsense'"):
        _ = emtheory.nonsense
