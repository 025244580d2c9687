"""A true theorem in a file of its own, and variants of it with planted edits."""

from pathlib import Path

import pytest

SQUARE_KEPT = Path(__file__).parent / "theorem_files" / "square-kept.py"


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
