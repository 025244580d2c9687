"""A true theorem in a file of its own, and variants of it with planted edits; BLAS on one thread; torch where it is."""

from importlib.util import find_spec
from pathlib import Path

import pytest

from emtheory.cli import main
from emtheory.system.threads import one_blas_thread

SQUARE_KEPT = Path(__file__).parent / "theorem_files" / "square-kept.py"

WITHOUT_TORCH = find_spec("torch") is None
collect_ignore_glob = ["with_torch*"] if WITHOUT_TORCH else []


def pytest_report_header() -> str | None:
    return "torch is not installed: tests/with_torch is left out" if WITHOUT_TORCH else None


@pytest.fixture(scope="session", autouse=True)
def one_thread():
    """The suite works on small matrices."""
    with one_blas_thread():
        yield


@pytest.fixture
def planted(tmp_path):
    """Writes square-kept.py to a folder under another name, with edits {old text: new text} that all have to apply."""

    def write(name="square-kept", edits=None, folder=tmp_path):
        text = SQUARE_KEPT.read_text()
        for old, new in (edits or {}).items():
            assert old in text, f"nothing to edit: {old!r}"
            text = text.replace(old, new)
        path = folder / f"{name}.py"
        path.write_text(text)
        return path

    return write


@pytest.fixture
def run(capsys, monkeypatch):
    """Runs the command line in this process: (exit status, standard output, standard error)."""

    def command(*words):
        monkeypatch.setattr("sys.argv", ["emtheory", *map(str, words)])
        with pytest.raises(SystemExit) as leaving:
            main()
        captured = capsys.readouterr()
        return leaving.value.code or 0, captured.out, captured.err

    return command
