"""Planted mistakes: mutmut changes the code of a folder a little, and the tests of that folder have to fail.

    python benchmarks/mutants.py --sample 40 --seed 0     # 40 mutants a folder
    python benchmarks/mutants.py                          # all

Prints a table in Markdown and what each survivor changes. What an earlier call tried and found is kept in `mutants/`,
and only what is left, or survived, or stands in a file that was changed, is tried; delete that folder when a test is
changed or goes. Exit status 1: more than 5 % survive in a folder.
"""

from __future__ import annotations

import argparse
import subprocess
import sys
import time
from hashlib import sha256
from pathlib import Path

from mutmut.configuration import config
from mutmut.mutation.data import SourceFileMutationData
from mutmut.mutation.diff_apply import get_diff_for_mutant
from mutmut.mutation.file_mutation import mutate_file_contents
from mutmut.stats import status_by_exit_code
from mutmut.utils.format_utils import get_mutant_name

FOLDERS = ["judges", "certificates", "recovery"]
ALLOWED = 0.05
FOUND = ("killed", "timeout")


def sources(folder: str) -> list[Path]:
    return [path for path in sorted(Path("emtheory", folder).rglob("*.py")) if config().should_mutate(path)]


def mutants(folder: str) -> list[str]:
    """The names of all mutants of a folder."""
    return [
        get_mutant_name(path, name)
        for path in sources(folder)
        for name in mutate_file_contents(str(path), path.read_text("utf-8")).mutant_names
    ]


def sample(names: list[str], size: int, seed: int) -> list[str]:
    """Drawn by name, so that an edit of one function does not change what is drawn of the others."""
    return sorted(names, key=lambda name: sha256(f"{seed} {name}".encode()).digest())[:size]


def outcomes() -> dict[str, str]:
    """What became of each mutant that was tried, also in earlier calls if its file has not changed since."""
    codes = {}
    for path in (path for folder in FOLDERS for path in sources(folder)):
        data = SourceFileMutationData(path=path)
        if data.meta_path.exists() and data.meta_path.stat().st_mtime > path.stat().st_mtime:
            data.load()
            codes.update(data.exit_code_by_key)
    return {name: status_by_exit_code[code] for name, code in codes.items()}


def run(names: list[str]) -> None:
    command = [sys.executable, "-m", "mutmut", "run", "--max-children", "1", *names]
    subprocess.run(command, check=True)


def report(drawn: dict[str, list[str]], total: dict[str, int]) -> bool:
    """Prints the table and the survivors; whether they are few enough."""
    found = outcomes()
    alive = {folder: [name for name in names if found[name] not in FOUND] for folder, names in drawn.items()}
    print("\n| folder | mutants | tried | found | survive |\n|---|---|---|---|---|")
    for folder, names in drawn.items():
        left = len(alive[folder])
        print(f"| {folder} | {total[folder]} | {len(names)} | {len(names) - left} | {left} ({left / len(names):.1%}) |")
    for name in (name for names in alive.values() for name in names):
        print(f"\n{name}: {found[name]}\n{get_diff_for_mutant(name)}")
    return all(len(alive[folder]) <= ALLOWED * len(names) for folder, names in drawn.items())


def main() -> int:
    words = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    words.add_argument("--sample", type=int, help="mutants a folder; all if not given")
    words.add_argument("--seed", type=int, default=0, help="draws the sample")
    chosen = words.parse_args()
    everything = {folder: mutants(folder) for folder in FOLDERS}
    total, drawn = {folder: len(names) for folder, names in everything.items()}, everything
    if chosen.sample is not None:
        drawn = {folder: sample(names, chosen.sample, chosen.seed) for folder, names in everything.items()}
    start, known = time.monotonic(), outcomes()
    if left := [name for names in drawn.values() for name in names if known.get(name) not in FOUND]:
        run(left)
    few = report(drawn, total)
    print(f"\n{len(left)} mutants in {time.monotonic() - start:.0f} s")
    return 0 if few else 1


if __name__ == "__main__":
    sys.exit(main())
