"""A true theorem in a file of its own, and variants of it with planted edits; JSON that was changed; the command line;
BLAS on one thread; torch where it is."""

import copy
from importlib.util import find_spec
from pathlib import Path

import pytest

from emtheory.cli import main
from emtheory.system.threads import one_blas_thread

SQUARE_KEPT = Path(__file__).parent / "theorem_files" / "square-kept.py"

ODD = [
    None,
    True,
    -1,
    0,
    2.5,
    1e308,
    float("nan"),
    "",
    "maybe",
    "proved",
    "x" * 5000,
    "a\nb\u0000",
    "\ud800",
    [],
    {},
    [[]],
]

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


def places(value, place=()):
    """Where the document holds anything."""
    yield place
    inside = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, entry in inside:
        yield from places(entry, (*place, key))


@pytest.fixture
def mutated():
    """Makes a document with one to three changes, chosen by a `random.Random`."""

    def change(original, chance):
        changed = copy.deepcopy(original)
        for _ in range(chance.randint(1, 3)):
            inside = [place for place in places(changed) if place]
            if not inside:
                break
            *inner, last = chance.choice(inside)
            holder = changed
            for key in inner:
                holder = holder[key]
            match chance.randrange(4):
                case 0:
                    del holder[last]
                case 1:
                    holder[last] = copy.deepcopy(chance.choice(ODD))
                case 2:
                    holder[last] = {"unknown": holder[last]}
                case 3 if isinstance(holder, list):
                    holder.append(copy.deepcopy(holder[last]))
                case 3:
                    key = chance.choice(["outcome", "only", "a\nb", "x" * 3000])
                    holder[key] = copy.deepcopy(chance.choice(ODD))
        return changed

    return change
