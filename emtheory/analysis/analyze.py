"""What a trained network remembers: its persistent eigenvalues, enclosed, against what its task predicts.

Main function: `analyze(network, task) -> Analysis`. An eigenvalue of W_hh is *persistent* if its modulus is above a
threshold, which is reported with the gap of moduli around it. Where eigenvalue discs exist, what is said about counts,
about the unit circle and about the sectors of the predicted arguments is proved for the stored weights, rounding
included (`ENCLOSED`); argument errors, distance and accuracy are measured (`OBSERVED`). In words:
`emtheory.report.sentences.analysis`.

References: Karuvally, DelMastro, Siegelmann, "Episodic Memory Theory of Recurrent Neural Networks" (2023).
"""

from __future__ import annotations

import shlex
from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass
from time import perf_counter
from typing import Any

import numpy as np
from numpy.typing import NDArray

from emtheory.analysis.comparison import Comparison, compare, must_suit
from emtheory.analysis.deciding import decided
from emtheory.analysis.learned import Places, learned_spectrum
from emtheory.certificates.certificate import Answer
from emtheory.certificates.certify import certify
from emtheory.judges.floats import Discs
from emtheory.networks.accuracy import HORIZON, INPUTS, Accuracy
from emtheory.networks.elman import Network
from emtheory.networks.facts import facts
from emtheory.recovery.reader import Reading, read
from emtheory.system.threads import one_blas_thread
from emtheory.theory.tasks import Task
from emtheory.verdict import Finding, Verdict

__all__ = ["DEFAULT_THRESHOLD", "HORIZON", "INPUTS", "Accuracy", "Analysis", "Comparison", "analyze"]

Complex = NDArray[np.complex128]

DEFAULT_THRESHOLD = 0.8
"""The modulus above which an eigenvalue counts as persistent."""


@dataclass(frozen=True, eq=False)
class Analysis:
    """What was found about one network; `findings` holds what was decided, the rest is measured or enclosed.

    Attributes:
        name: what reports and replay commands call the network.
        network: what was analyzed.
        threshold, eigenvalues, persistent, gap, discs, enclosed: its spectrum, see `LearnedSpectrum`.
        comparison: the network against its task; None without a task.
        reading: memories and composition; None if the network reads and writes numbers of different dimensions.
        memory: for how long single patterns are kept, proved; empty if that was not asked for.
        findings: each claim with its verdict.
    """

    name: str
    network: Network
    threshold: float
    eigenvalues: Complex
    persistent: Complex
    gap: tuple[float, float | None]
    discs: Discs
    enclosed: Places | None
    comparison: Comparison | None
    reading: Reading | None
    memory: tuple[Answer, ...]
    findings: tuple[Finding, ...]

    @property
    def precision(self) -> str:
        """The narrowest float format that holds all weights exactly: that of the file, since reading rounds nothing."""
        network = self.network
        given = (network.W_hh, network.W_uh, network.W_r, network.bias, network.readout_bias)
        parts = [part for part in given if part is not None]
        with np.errstate(over="ignore"):
            for narrow in (np.float16, np.float32):
                if all(np.array_equal(part.astype(narrow), part) for part in parts):
                    return np.dtype(narrow).name
        return "float64"

    def to_json(self) -> dict[str, Any]:
        """The analysis in the form of the schema `emtheory.analysis/1`."""
        compared = self.comparison
        task = compared.task if compared else None
        return {
            "schema": "emtheory.analysis/1",
            "network": {"name": self.name, **facts(self.network), "precision": self.precision},
            "task": {"name": task.name, "s": task.s, "kappa": task.kappa} if task else None,
            "spectrum": self._spectrum_json(),
            "recovery": self.reading.to_json() if self.reading else None,
            "accuracy": compared.accuracy.to_json() if compared and compared.accuracy else None,
            "memory": [answer.to_json() for answer in self.memory],
            "findings": [finding.to_json() for finding in self.findings],
        }

    def _spectrum_json(self) -> dict[str, Any]:
        compared = self.comparison
        errors = compared.errors if compared and compared.errors is not None and compared.errors.size else None
        return {
            "threshold": self.threshold,
            "gap": list(self.gap),
            "persistent": len(self.persistent),
            "predicted_persistent": len(compared.predicted) if compared else None,
            "argument_error_mean": None if errors is None else float(errors.mean()),
            "argument_error_max": None if errors is None else float(errors.max()),
            "distance": compared.distance if compared else None,
            "eigenvalues": [[value.real, value.imag] for value in self.eigenvalues.tolist()],
            "enclosed": asdict(self.enclosed) if self.enclosed else None,
        }


@one_blas_thread()
def analyze(
    network: Network,
    task: Task | None = None,
    *,
    threshold: float = DEFAULT_THRESHOLD,
    name: str = "",
    seed: int = 0,
    patterns: int = 0,
) -> Analysis:
    """The persistent eigenvalues {λ : |λ| > threshold} of W_hh, or of (1 - a) I + a W_hh with a leak a, against Φ_C.

    Arguments:
        network: W_hh (n x n), W_uh (n x kappa), W_r (kappa x n).
        task: what it was trained on; without one nothing is predicted.
        threshold: the modulus above which an eigenvalue counts as persistent, > 0.
        name: what reports and replay commands call the network.
        seed: of the random inputs on which accuracy is measured.
        patterns: how many random inputs of a tanh network are certified, see `emtheory.certificates.certify`.

    Raises:
        ValueError: a task of another dimension, or with more memories sκ than the network has units; a threshold that
            is not positive and finite; an activation whose slope at 0 is not 1.

    References: Karuvally, DelMastro, Siegelmann (2023), spectra of trained networks.

    >>> analysis = analyze(Network([[0.0, 1.0], [1.0, 0.0]], [[0.0], [1.0]], [[0.0, 1.0]]), Task.repeat_copy(2, 1))
    >>> {finding.verdict.outcome.value for finding in analysis.findings}
    {'proved'}
    """
    if not (np.isfinite(threshold) and threshold > 0):
        raise ValueError(f"the threshold must be positive and finite, but is {threshold}; 0.8 suits trained networks")
    if task is not None:
        must_suit(network, task)
    start = perf_counter()
    learned = learned_spectrum(network, threshold=threshold)
    comparison = None if task is None else compare(network, task, learned, seed=seed)
    reading = read(network, task, seed=seed) if network.W_uh.shape[1] == len(network.W_r) else None
    memory: tuple[Answer, ...] = ()
    if task is not None and patterns and network.activation == "tanh" and network.leak == 1:
        memory = tuple(certify(network, task, patterns=patterns, seed=seed))
    claims = decided(learned, comparison, reading)
    return Analysis(
        name=name,
        network=network,
        threshold=threshold,
        eigenvalues=learned.eigenvalues,
        persistent=learned.persistent,
        gap=learned.gap,
        discs=learned.discs,
        enclosed=learned.enclosed,
        comparison=comparison,
        reading=reading,
        memory=memory,
        findings=tuple(_findings(claims, _replay(name, network, task, threshold), start)),
    )


def _findings(claims: Iterable[tuple[str, Verdict]], replay: str, start: float) -> Iterator[Finding]:
    for claim, verdict in claims:
        now = perf_counter()
        yield Finding(claim, verdict, now - start, replay)
        start = now


def _replay(name: str, network: Network, task: Task | None, threshold: float) -> str:
    words = ["emtheory", "analyze", name or "WEIGHTS"]
    if not name.startswith("zoo:"):  # a file may not name them
        words += ["--activation", network.activation]
        words += ["--leak", repr(network.leak)] if network.leak != 1 else []
    words += ["--task", task.name] if task else []
    words += ["--threshold", str(threshold)] if threshold != DEFAULT_THRESHOLD else []
    return shlex.join(words)
