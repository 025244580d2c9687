"""Figures show every eigenvalue, come out the same each time, and leave matplotlib as they found it."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import matplotlib as mpl
import numpy as np
import pytest

from emtheory.analysis.analyze import Analysis, analyze
from emtheory.networks import zoo
from emtheory.networks.elman import Network
from emtheory.report.figures import spectrum as figures
from emtheory.theory.circuits import companion
from emtheory.theory.tasks import Task

MAGIC = {".png": b"\x89PNG\r\n", ".svg": b"<?xml", ".pdf": b"%PDF-"}


@pytest.fixture(scope="module")
def analysis() -> Analysis:
    return analyze(zoo.load("repeat-copy-s8-k8-n128"), Task.repeat_copy(8, 8))


def small(matrix: list[list[float]], task: Task | None) -> Analysis:
    n = len(matrix)
    return analyze(Network(matrix, np.ones((n, 1)), np.ones((1, n))), task)


def drawn(analysis: Analysis):
    """The figure, drawn in its own style."""
    with mpl.rc_context(figures.settings(mpl.rcParamsDefault)):
        return figures.drawing(analysis)


def points(axes, marker: str, color: str) -> int:
    lines = [line for line in axes.get_lines() if line.get_marker() == marker and line.get_markeredgecolor() == color]
    return sum(len(line.get_xdata()) for line in lines)


@pytest.mark.parametrize("suffix", figures.FORMATS)
def test_the_suffix_chooses_the_format_and_the_bytes_are_the_same_each_time(tmp_path, analysis, suffix):
    figures.spectrum_figure(analysis, tmp_path / f"a{suffix}")
    with mpl.rc_context({"font.size": 30, "savefig.dpi": 50, "svg.hashsalt": "other", "axes.grid": True}):
        figures.spectrum_figure(analysis, str(tmp_path / f"b{suffix.upper()}"))
    first = (tmp_path / f"a{suffix}").read_bytes()
    assert first.startswith(MAGIC[suffix])
    assert first == (tmp_path / f"b{suffix.upper()}").read_bytes()


def test_matplotlib_is_left_as_it_was(tmp_path, analysis):
    with mpl.rc_context({"font.size": 17}):
        before = dict(mpl.rcParams)
        figures.spectrum_figure(analysis, tmp_path / "a.png")
        assert dict(mpl.rcParams) == before


def test_neither_pyplot_nor_a_window_system_is_loaded(tmp_path):
    code = (
        "import sys; from emtheory.report.figures.spectrum import readme_figure; readme_figure(sys.argv[1]); "
        "assert 'matplotlib.pyplot' not in sys.modules"
    )
    command = [sys.executable, "-c", code, str(tmp_path / "r.svg")]
    run = subprocess.run(command, env={"MPLBACKEND": "tkagg"}, capture_output=True, text=True, check=False)
    assert run.returncode == 0, run.stderr
    assert (tmp_path / "r.svg").stat().st_size > 10_000


def test_every_eigenvalue_is_drawn_once_and_every_error_too(analysis):
    figure = drawn(analysis)
    circle, argument, modulus = figure.axes
    learned, transient, ring = (points(circle, "o", c) for c in (figures.LEARNED, figures.TRANSIENT, figures.PREDICTED))
    assert (learned, transient, ring) == (64, 64, 8)
    assert [text.get_text() for text in circle.texts] == ["×8"] * 8
    seen, grounded = points(argument, "o", figures.LEARNED), points(argument, "v", figures.LEARNED)
    assert (seen + grounded, points(modulus, "o", figures.LEARNED)) == (64, 64)
    assert grounded == int((analysis.comparison.errors <= figures.REAL).sum())
    assert "5.48" in argument.get_title(loc="right")
    assert "1.52" in argument.get_title(loc="right")


def test_the_errors_drawn_are_the_errors_found(analysis):
    _, argument, modulus = drawn(analysis).axes
    dots = next(line for line in argument.get_lines() if line.get_marker() == "o")
    errors = analysis.comparison.errors
    assert sorted(dots.get_ydata()) == sorted(errors[errors > figures.REAL])
    dots = next(line for line in modulus.get_lines() if line.get_marker() == "o")
    assert sorted(dots.get_ydata()) == sorted(np.abs(analysis.persistent) - np.abs(analysis.comparison.matched))


def test_without_a_task_or_with_unequal_counts_the_circle_stands_alone():
    bare, unequal = small([[1.0, 0.0], [0.0, 0.5]], None), small([[1.0, 0.0], [0.0, 0.5]], Task.repeat_copy(2, 1))
    for analysis, rings in ((bare, 0), (unequal, 2)):
        (circle,) = drawn(analysis).axes
        assert points(circle, "o", figures.LEARNED) == 1
        assert points(circle, "o", figures.PREDICTED) == rings


@pytest.mark.parametrize("task", [Task.repeat_copy(3, 1), Task.repeat_copy(1, 1), Task.from_selection(2, 1, [0], [-1])])
def test_perfect_networks_and_large_eigenvalues_are_drawn_without_complaint(tmp_path, task):
    figures.spectrum_figure(small(companion(task).numpy().tolist(), task), tmp_path / "perfect.svg")
    figures.spectrum_figure(small([[1e30, 0.0], [0.0, -1e30]], Task.repeat_copy(2, 1)), tmp_path / "large.svg")
    figures.spectrum_figure(small([[0.0]], Task.repeat_copy(1, 1)), tmp_path / "none.svg")
    figures.spectrum_figure(small([[0.0]], None), tmp_path / "zero.svg")


def test_labels_of_multiplicity_are_left_out_where_they_would_overlap():
    task = Task.repeat_copy(64, 2)
    network = Network(companion(task).numpy(), np.ones((128, 2)), np.ones((2, 128)))
    circle = drawn(analyze(network, task)).axes[0]
    assert points(circle, "o", figures.PREDICTED) == 64
    assert not circle.texts


def test_dots_with_one_prediction_stand_side_by_side_in_their_own_strip():
    arguments, errors = np.array([0, 0, 0, 1, 1, -2.0]), np.array([3.0, 1, 2, 5, 4, 1])
    places = figures.side_by_side(arguments, errors)
    assert len(set(places)) == 6
    assert places[1] < places[2] < places[0]
    assert np.abs(places - arguments).max() < 0.5


@pytest.mark.parametrize("name", ["figure.gif", "figure", "figure.png.txt"])
def test_an_unknown_suffix_is_refused_and_the_allowed_ones_are_named(tmp_path, analysis, name):
    with pytest.raises(ValueError, match=r"\.png, \.svg, \.pdf"):
        figures.spectrum_figure(analysis, tmp_path / name)
    assert not (tmp_path / name).exists()


def test_a_folder_that_does_not_exist_is_named(tmp_path, analysis):
    with pytest.raises(ValueError, match=r"absent.* cannot be written"):
        figures.spectrum_figure(analysis, tmp_path / "absent" / "a.svg")


def test_a_figure_that_cannot_be_finished_leaves_the_old_one(tmp_path):
    from matplotlib.figure import Figure

    class Torn(Figure):
        def savefig(self, target, **options):
            Path(target).write_bytes(b"half")
            raise OSError(28, "No space left on device")

    path = tmp_path / "old.png"
    path.write_bytes(b"whole")
    with pytest.raises(ValueError, match="No space left on device"):
        figures.saved(path, Torn)
    assert path.read_bytes() == b"whole"
    assert [entry.name for entry in tmp_path.iterdir()] == ["old.png"]
