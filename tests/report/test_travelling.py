"""Pictures of travelling variables come in every format, show what was decoded, and the command fails in a sentence."""

from __future__ import annotations

import json
import re
import subprocess
import sys

import matplotlib as mpl
import numpy as np
import pytest
from PIL import Image

from emtheory.cli import main
from emtheory.networks.elman import Network
from emtheory.networks.weights import save
from emtheory.recovery.decoding import Decoded, decode
from emtheory.recovery.krylov import Operators
from emtheory.recovery.recover import recover
from emtheory.report.figures import travelling
from emtheory.report.figures.animation import ANIMATIONS, MOST_STEPS, animation
from emtheory.report.figures.spectrum import FORMATS, settings
from emtheory.theory.circuits import companion
from emtheory.theory.tasks import Task

MAGIC = {".png": b"\x89PNG\r\n", ".svg": b"<?xml", ".pdf": b"%PDF-", ".gif": b"GIF89a", ".html": b"<!doctype html>"}
ZOO = "zoo:repeat-copy-s8-k8-n128"


def circuit(task: Task) -> Network:
    eye = np.eye(task.s * task.kappa)[:, -task.kappa :]
    return Network(companion(task).numpy(), eye, eye.T, activation="identity")


def run_of(task: Task, steps: int, *, compared: bool = True, batch: int = 1, count: int | None = None) -> Decoded:
    network = circuit(task)
    inputs = np.random.default_rng(0).choice((-1.0, 1.0), size=(batch, task.s, task.kappa))
    states = network.run(inputs, steps).states
    given = (task, inputs) if compared else (None, None)
    return decode(recover(Operators(network.W_hh, network.W_uh, network.W_r), count=count), states, *given)


@pytest.fixture(scope="module")
def decoded() -> Decoded:
    return run_of(Task.repeat_copy(3, 2), 9, batch=2)


def drawn(decoded: Decoded):
    with mpl.rc_context(settings(mpl.rcParamsDefault)):
        return travelling.drawing(decoded, 0)


@pytest.mark.parametrize("suffix", FORMATS)
def test_figures_come_in_each_format_with_the_same_bytes_whatever_the_settings(tmp_path, decoded, suffix):
    travelling.heat_map(decoded, tmp_path / f"a{suffix}")
    with mpl.rc_context({"font.size": 30, "savefig.dpi": 50, "svg.hashsalt": "other"}):
        before = dict(mpl.rcParams)
        travelling.heat_map(decoded, str(tmp_path / f"b{suffix.upper()}"))
        assert dict(mpl.rcParams) == before
    first = (tmp_path / f"a{suffix}").read_bytes()
    assert first.startswith(MAGIC[suffix])
    assert first == (tmp_path / f"b{suffix.upper()}").read_bytes()


@pytest.mark.parametrize("suffix", ANIMATIONS)
def test_animations_come_in_each_format_with_the_same_bytes(tmp_path, decoded, suffix):
    animation(decoded, tmp_path / f"a{suffix}")
    animation(decoded, tmp_path / f"b{suffix}")
    first = (tmp_path / f"a{suffix}").read_bytes()
    assert first.startswith(MAGIC[suffix])
    assert first == (tmp_path / f"b{suffix}").read_bytes()


def test_the_map_shows_every_content_with_the_written_memory_on_top(decoded):
    top, bottom, _ = drawn(decoded).axes
    cells = top.collections[0].get_array().reshape(6, 9)
    np.testing.assert_array_equal(cells, decoded.contents[0][:, ::-1].reshape(9, 6).T)
    assert not np.ma.getmaskarray(cells).any()
    assert top.get_ylim() == (6, 0)
    assert [text.get_text() for text in top.get_yticklabels()] == ["1 (oldest)", "2", "3 (written)"]
    assert [text.get_text() for text in top.texts] == ["x(1)", "x(4)", "x(7)", "inputs", "outputs"]
    heights = bottom.get_lines()[0].get_ydata()
    np.testing.assert_array_equal(heights, np.maximum(np.abs(decoded.error[0]).max(axis=(1, 2)), 1e-16))


def test_wrong_signs_are_marked_in_the_error_panel():
    task = Task.repeat_copy(3, 2)
    right = run_of(task, 9)
    contents = right.contents.copy()
    contents[0, 4, 1, 0] *= -1
    _, bottom, _ = drawn(Decoded(contents, right.mixing, task, right.expected)).axes
    crosses = next(line for line in bottom.get_lines() if line.get_marker() == "X")
    assert crosses.get_xdata().tolist() == [5]


def test_contents_that_are_not_determined_are_hatched_and_say_so(tmp_path):
    gaps = run_of(Task.compose_copy(3), 9, count=6)
    top = drawn(gaps).axes[0]
    assert "hatched" in top.get_title("left")
    strips = [(patch.get_y(), patch.get_height()) for patch in top.patches]
    assert strips == [(5, 1), (7, 2)]
    animation(gaps, tmp_path / "a.html")
    page = (tmp_path / "a.html").read_text()
    assert page.count('fill="url(#gone)"') == 3
    assert "Hatched contents are not determined by the states." in page
    animation(gaps, tmp_path / "a.gif")


@pytest.mark.parametrize(("s", "kappa", "steps"), [(1, 1, 1), (1, 1, 4), (40, 1, 20), (2, 70, 200), (16, 16, 40)])
@pytest.mark.parametrize("compared", [True, False])
def test_small_large_and_unfinished_runs_are_drawn_without_complaint(tmp_path, s, kappa, steps, compared):
    decoded = run_of(Task.repeat_copy(s, kappa), steps, compared=compared)
    travelling.heat_map(decoded, tmp_path / "a.svg")
    animation(decoded, tmp_path / "a.html")
    assert max((tmp_path / name).stat().st_size for name in ("a.svg", "a.html")) < 2_000_000


def test_a_run_of_zeros_is_drawn(tmp_path):
    decoded = Decoded(np.zeros((1, 3, 2, 1)), np.zeros((2, 1)), None, None)
    travelling.heat_map(decoded, tmp_path / "a.png")
    animation(decoded, tmp_path / "a.gif")


def test_the_page_loads_nothing_and_holds_every_frame(tmp_path, decoded):
    animation(decoded, tmp_path / "a.html")
    page = (tmp_path / "a.html").read_text()
    assert not re.search(r"https?:|<link|<img|src=|import |fetch|\$", page)
    data = json.loads(re.search(r"const data=(.*), s=3,", page)[1])
    frames = np.array(data["frames"])
    assert frames.shape == (9, 6)
    np.testing.assert_allclose((frames - 100) / 75, decoded.contents[0].reshape(9, 6), atol=0.01)
    assert len(data["captions"]) == 9
    assert data["captions"][0] == "Step 1: the input u(1) is written into memory 3."
    assert data["captions"][3] == "Step 4: x(4) is composed into memory 3 and read as the output y(4)."
    assert page.count(" data-source") == 2
    assert page.count("<button") == 3


def test_the_name_of_a_task_is_no_markup(tmp_path):
    task = Task.from_blocks(np.eye(1)[None], name="<script>&")
    animation(run_of(task, 3), tmp_path / "a.html")
    page = (tmp_path / "a.html").read_text()
    assert "&lt;script&gt;&amp;" in page
    assert page.count("<script>") == 1


def test_an_animation_ends_after_its_most_steps(tmp_path):
    decoded = run_of(Task.repeat_copy(2, 1), 100)
    animation(decoded, tmp_path / "a.gif")
    with Image.open(tmp_path / "a.gif") as picture:
        length, frame = 0, 0
        while frame < picture.n_frames:  # equal frames are joined
            picture.seek(frame)
            length, frame = length + picture.info["duration"], frame + 1
    assert length == MOST_STEPS * 500


def test_neither_pyplot_nor_a_window_system_is_loaded(tmp_path):
    code = (
        "import sys, numpy as np; from emtheory.report.figures.animation import *; "
        "from emtheory.report.figures.travelling import *; "
        "from emtheory.recovery.decoding import *; "
        "d = Decoded(np.zeros((1, 3, 2, 1)), np.zeros((2, 1)), None, None); heat_map(d, sys.argv[1] + '/a.svg'); "
        "animation(d, sys.argv[1] + '/a.gif'); assert 'matplotlib.pyplot' not in sys.modules"
    )
    command = [sys.executable, "-c", code, str(tmp_path)]
    run = subprocess.run(command, env={"MPLBACKEND": "tkagg"}, capture_output=True, text=True, check=False)
    assert run.returncode == 0, run.stderr


@pytest.mark.parametrize(
    ("draw", "name", "message"),
    [
        (travelling.heat_map, "a.gif", r"\.png, \.svg, \.pdf"),
        (travelling.heat_map, "a", r"\.png, \.svg, \.pdf"),
        (animation, "a.svg", r"\.gif, \.html"),
        (travelling.heat_map, "absent/a.svg", "absent.* cannot be written"),
        (animation, "absent/a.gif", "absent.* cannot be written"),
        (animation, "absent/a.html", "absent.* cannot be written"),
    ],
)
def test_bad_names_and_folders_are_refused(tmp_path, decoded, draw, name, message):
    with pytest.raises(ValueError, match=message):
        draw(decoded, tmp_path / name)
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize("draw", [travelling.heat_map, animation])
def test_a_run_that_does_not_exist_is_refused(tmp_path, decoded, draw):
    name = "a.svg" if draw is travelling.heat_map else "a.gif"
    draw(decoded, tmp_path / name, run=1)
    for run in (-1, 2):
        with pytest.raises(ValueError, match=r"one of 0\.\.1"):
            draw(decoded, tmp_path / name, run=run)


def test_an_animation_that_is_too_large_is_refused(tmp_path, decoded, monkeypatch):
    monkeypatch.setattr("emtheory.report.figures.animation.MOST_BYTES", 1000)
    with pytest.raises(ValueError, match="decode fewer steps"):
        animation(decoded, tmp_path / "a.html")
    assert not list(tmp_path.iterdir())


# --- the command ------------------------------------------------------------------------------------------------------


@pytest.fixture
def command(capsys, monkeypatch):
    """Runs `emtheory decode` in this process: (exit status, standard output, standard error)."""

    def run(*words):
        monkeypatch.setattr("sys.argv", ["emtheory", "decode", *map(str, words)])
        with pytest.raises(SystemExit) as leaving:
            main()
        captured = capsys.readouterr()
        return leaving.value.code or 0, captured.out, captured.err

    return run


def test_the_command_decodes_draws_and_writes(command, tmp_path):
    files = [tmp_path / name for name in ("a.png", "a.html", "a.json")]
    status, out, err = command(ZOO, "--figure", files[0], "--animation", files[1], "--json", files[2])
    assert (status, err) == (0, "")
    assert "8 variables of dimension 8, so 64 contents" in out
    assert "Every sign is right." in out
    document = json.loads(files[2].read_text())
    assert np.array(document["contents"]).shape == (40, 8, 8)
    assert document["first_wrong"] is None
    assert 0.05 < max(document["largest_error"]) < 0.5
    assert all(path.stat().st_size for path in files)


def test_given_inputs_are_used_and_unread_contents_are_null(command, tmp_path):
    save(circuit(Task.repeat_copy(2, 1)), tmp_path / "w.safetensors")
    words = (tmp_path / "w.safetensors", "--input", "3; -2", "--steps", 3, "--json", "-")
    status, out, _ = command(*words)
    assert status == 0
    np.testing.assert_allclose(json.loads(out)["contents"], [[[0], [3]], [[3], [-2]], [[-2], [3]]], atol=1e-12)


def test_a_task_that_the_network_does_not_do_shows_wrong_signs(command, tmp_path):
    save(circuit(Task.repeat_copy(2, 1)), tmp_path / "w.safetensors")
    task = "selection:s=2,k=1,id=2/0/1"
    status, out, _ = command(tmp_path / "w.safetensors", "--task", task, "--input", "1; 1", "--steps", 4)
    assert status == 0
    assert "The first wrong sign is at step 3, in component 1 of memory 2; the last is at step 4" in out


def test_a_network_without_memories_is_refused_with_the_reason(command, tmp_path):
    rng = np.random.default_rng(0)
    save(Network(0.1 * rng.normal(size=(6, 6)), rng.normal(size=(6, 2)), rng.normal(size=(2, 6))), tmp_path / "w.st")
    status, out, err = command(tmp_path / "w.st", "--figure", tmp_path / "a.svg")
    assert (status, out) == (2, "")
    assert re.match(r"emtheory: error: .*w\.st has no memories to decode \(weights: .*; runs: .*\); 'emtheory", err)
    assert len(err) < 600
    assert err.count("\n") == 1
    assert not (tmp_path / "a.svg").exists()


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["missing.npz"], "missing.npz"),
        ([ZOO, "--task", "repeat-copy:s=8,k=4"], "dimension"),
        ([ZOO, "--input", "1,1"], "it must be 8 times 8 numbers"),
        ([ZOO, "--input", "missing.npy"], "missing.npy"),
        ([ZOO, "--steps", "-1"], "steps"),
        ([ZOO, "--figure", "a.gif"], "end its name in .png, .svg, .pdf"),
        ([ZOO, "--animation", "a.svg"], "end its name in .gif, .html"),
        ([ZOO, "--json", "no/such/folder.json"], "cannot be written"),
    ],
)
def test_wrong_use_is_one_sentence_and_status_2(command, words, message):
    status, out, err = command(*words)
    assert (status, out) == (2, "")
    assert err.startswith("emtheory: error: ")
    assert err.count("\n") == 1
    assert message in err
