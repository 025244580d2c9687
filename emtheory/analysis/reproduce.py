"""The published comparison, recomputed: argument error and accuracy of trained networks, task by hidden size.

Main functions: `table(networks) -> list[Row]`, `train_all(folder)`. All figures are measured (`OBSERVED`). The
published argument error is the mean distance of the arguments of the persistent eigenvalues of W_hh from the predicted
ones. Beside it stand the number of persistent eigenvalues with the least number of memories (`minimal-memory`), and the
largest error of the recovered composition: from the weights if they show a circuit, else from runs.

References: Karuvally, DelMastro, Siegelmann, arXiv:2310.02430, its table of spectra.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from types import MappingProxyType
from typing import Any

import numpy as np

from emtheory.analysis.analyze import Analysis, analyze
from emtheory.networks import zoo
from emtheory.networks.elman import Network
from emtheory.networks.train import Progress, Protocol, facts, train
from emtheory.networks.weights import load, save
from emtheory.system.threads import one_blas_thread
from emtheory.theory.matching import argument_errors
from emtheory.theory.spectra import power_rank
from emtheory.theory.tasks import Task
from emtheory.verdict import Kind

__all__ = ["HIDDEN", "PUBLISHED", "SEEDS", "TASKS", "Row", "row", "table", "train_all", "zoo_networks"]

TASKS = MappingProxyType(
    {
        "T1": "repeat-copy:s=8,k=8",
        "T2": "selection:s=8,k=8,id=9241421688590303745/262676/189",
        "T3": "compose-copy:8",
        "T4": "selection:s=8,k=8,id=9241421688590303745/38637/145",
    }
)
"""The four published tasks: repeat copy, compose copy (T3) and two signed permutations of it."""

HIDDEN, SEEDS = (64, 128), (0, 1, 2)
Key = tuple[str, int, int | None]
"""Task, hidden size and seed."""

PUBLISHED = MappingProxyType(
    {
        ("T1", 128): "0.0005",
        ("T3", 64): "0.0075",
        ("T3", 128): "0.0055",
        ("T2", 64): "0.0026-0.0112",
        ("T4", 64): "0.0026-0.0112",
        ("T2", 128): "0.0022-0.0031",
        ("T4", 128): "0.0022-0.0031",
    }
)
"""Published argument errors in rad; for the two signed permutations the range of both."""


@dataclass(frozen=True)
class Row:
    """One network against its task; argument errors in rad, shares in [0, 1]; None where nothing can be measured.

    Attributes:
        task, hidden, seed: what was trained.
        published: the published argument error, as printed.
        argument_error: mean over the persistent eigenvalues of W_hh.
        argument_error_runs: the same for the operator estimated from runs.
        accuracy: share of right output signs over 200 steps.
        persistent, minimal_memory: eigenvalues of W_hh of modulus above 0.8, and what the task needs.
        composition_error: max |Ĉ − C| of the recovered composition.
        source: "weights" or "runs", from which it was recovered, or "no circuit".
    """

    task: str
    hidden: int
    seed: int | None
    published: str | None
    argument_error: float | None
    argument_error_runs: float | None
    accuracy: float | None
    persistent: int
    minimal_memory: int
    composition_error: float | None
    source: str

    def to_json(self) -> dict[str, Any]:
        """The row, marked as measured."""
        return {"kind": Kind.OBSERVED.value, **asdict(self)}


@one_blas_thread()
def row(name: str, network: Network, *, seed: int | None) -> Row:
    """The figures of one network that was trained on the task with this name in `TASKS`.

    Raises:
        ValueError: no such task, or a network of another dimension.
    """
    if name not in TASKS:
        raise ValueError(f"the published tasks are {', '.join(TASKS)}, but the name is '{name}'")
    task = Task.parse(TASKS[name])
    analysis = analyze(network, task)
    compared = analysis.comparison
    assert compared is not None
    errors = None if compared.errors is None else float(compared.errors.mean())
    error, source = _composition_error(analysis, task)
    return Row(
        task=name,
        hidden=network.n,
        seed=seed,
        published=PUBLISHED.get((name, network.n)),
        argument_error=errors,
        argument_error_runs=_error_from_runs(analysis, compared.predicted),
        accuracy=None if compared.accuracy is None else compared.accuracy.share,
        persistent=len(analysis.persistent),
        minimal_memory=power_rank(task, task.s),
        composition_error=error,
        source=source,
    )


def _composition_error(analysis: Analysis, task: Task) -> tuple[float | None, str]:
    """max |Ĉ − C| of the reading, and whether it is from the weights or from runs; None if no circuit is claimed."""
    reading = analysis.reading
    if reading is None or reading.best is None or reading.near is None or not reading.claimed:
        return None, "no circuit"
    found, source = reading.best, "weights" if reading.from_weights else "runs"
    if found.s != task.s:
        return None, source
    powers = reading.near.decay ** np.arange(found.s, 0, -1.0)
    return float(np.abs(found.composition / powers[:, None, None] - task.array()).max()), source


def _error_from_runs(analysis: Analysis, predicted: Any) -> float | None:
    reading = analysis.reading
    if reading is None or reading.estimate is None:
        return None
    found = reading.estimate.recovery
    values = np.linalg.eigvals(found.operators.W)
    values = values[np.argsort(-np.abs(values))][: found.split.count]
    return argument_errors(values, predicted, threshold=0.0).mean if len(values) == len(predicted) else None


def table(networks: Mapping[Key, Network], *, watch: Callable[[int, int], None] = lambda i, n: None) -> list[Row]:
    """One row a network, by task, hidden size and seed.

    Arguments:
        networks: by (task, hidden, seed).
        watch: is told how many rows of how many are done.
    """
    rows = []
    for done, (name, hidden, seed) in enumerate(sorted(networks, key=str), start=1):
        rows.append(row(name, networks[name, hidden, seed], seed=seed))
        watch(done, len(networks))
    return rows


def zoo_networks() -> dict[Key, Network]:
    """The shipped networks of the published tasks: for each task and hidden size the best of three seeds."""
    cards = [zoo.card(name) for name in zoo.names()]
    return {(c["table"], c["n"], c["seed"]): load(f"zoo:{c['name']}") for c in cards if "table" in c}


def train_all(
    folder: Path, *, protocol: Protocol | None = None, watch: Callable[[int, int], None] = lambda i, n: None
) -> dict[Key, Network]:
    """Train every task, hidden size and seed of the table, or read what the folder has already.

    Arguments:
        folder: gets T1-n64-seed0.safetensors …, and a checkpoint beside the one in work.
        protocol: the published one, if left out.
        watch: is told how many steps of how many are done, over all trainings.

    Raises:
        ImportError: torch is missing.
    """
    protocol = protocol or Protocol()
    keys = [(name, hidden, seed) for hidden in HIDDEN for name in TASKS for seed in SEEDS]
    folder.mkdir(parents=True, exist_ok=True)
    found: dict[Key, Network] = {}
    for done, (name, hidden, seed) in enumerate(keys):
        path = folder / f"{name}-n{hidden}-seed{seed}.safetensors"
        if not path.exists():
            before, task = done * protocol.steps, Task.parse(TASKS[name])

            def step(at: Progress, before: int = before) -> None:
                watch(before + at.step, len(keys) * protocol.steps)

            network = train(
                task, hidden=hidden, seed=seed, protocol=protocol, checkpoint=f"{path}.checkpoint", watch=step
            )
            save(network, path, facts(network, task, hidden=hidden, seed=seed, protocol=protocol))
            Path(f"{path}.checkpoint").unlink(missing_ok=True)
        found[name, hidden, seed] = load(path)
    return found
