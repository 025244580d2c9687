"""What a trained network remembers: its persistent eigenvalues, enclosed, against what its task predicts.

Main function: `analyze(network, task) -> Analysis`. An eigenvalue of W_hh is *persistent* if its modulus is above a
threshold, which is reported with the gap of moduli around it. Where eigenvalue discs exist, what is said about counts,
about the unit circle and about the sectors of the predicted arguments is proved for the stored weights, rounding
included (`ENCLOSED`); argument errors, distance and accuracy are measured (`OBSERVED`).

References: Karuvally, DelMastro, Siegelmann, "Episodic Memory Theory of Recurrent Neural Networks" (2023).
"""

from __future__ import annotations

import shlex
from collections.abc import Iterator
from dataclasses import asdict, dataclass, replace
from decimal import ROUND_CEILING, Context
from time import perf_counter
from typing import Any

import numpy as np
from numpy.typing import NDArray

from emtheory.analysis.enclosure import Location, Sectors, count_in_sectors, locate, outside, sectors
from emtheory.certificates.certificate import Answer
from emtheory.certificates.certify import certify
from emtheory.judges.exact import Matrix, dyadic, eye
from emtheory.judges.floats import Discs, Enclosable, eigenvalue_discs, enclose
from emtheory.networks.accuracy import HORIZON, INPUTS, Accuracy, measured
from emtheory.networks.elman import Network
from emtheory.networks.equation import equation, facts
from emtheory.recovery.reader import Reading, read
from emtheory.system.array_types import Floats
from emtheory.system.threads import one_blas_thread
from emtheory.theory.matching import persistent_eigenvalues, spectrum_distance
from emtheory.theory.spectra import predicted_spectrum
from emtheory.theory.tasks import Task
from emtheory.verdict import Finding, Kind, Verdict, proved, refuted, undecided

__all__ = ["DEFAULT_THRESHOLD", "HORIZON", "INPUTS", "Accuracy", "Analysis", "Comparison", "analyze"]

Complex = NDArray[np.complex128]

DEFAULT_THRESHOLD = 0.8
"""The modulus above which an eigenvalue counts as persistent."""

_ROUNDING = 2.0**-48  # predicted moduli come within an ulp or two


@dataclass(frozen=True, eq=False)
class Comparison:
    """The persistent eigenvalues against those that the task predicts."""

    task: Task
    predicted: Complex
    """The predicted persistent eigenvalues, with multiplicity."""
    matched: Complex | None
    """The prediction assigned to each persistent eigenvalue, by least total argument error; None if counts differ."""
    errors: Floats | None
    """The argument error of each persistent eigenvalue in rad, in [0, π]."""
    distance: float
    """The distance of the spectrum of W_hh from the predicted one, padded with zeros."""
    accuracy: Accuracy | None
    """None where the task's outputs have no signs to compare: all are 0, or they leave the range of float64."""


@dataclass(frozen=True)
class Enclosed:
    """Where all n eigenvalues lie from the circle |λ| = threshold, and the persistent ones from the unit circle.

    `radius` is the largest radius of the discs of those that provably are persistent, 0 if there are none.
    """

    threshold: Location
    unit_circle: Location
    radius: float


@dataclass(frozen=True, eq=False)
class Analysis:
    """What was found about one network; `findings` holds what was decided, the rest is measured or enclosed."""

    name: str
    network: Network
    threshold: float
    eigenvalues: Complex
    """All n eigenvalues of W_hh as LAPACK gives them, by falling modulus."""
    discs: Discs
    """Where the eigenvalues provably lie; refused if W_hh is defective or nearly so."""
    comparison: Comparison | None
    reading: Reading | None
    """Memories and algorithm; None if the network reads and writes numbers of different dimensions."""
    memory: tuple[Answer, ...]
    """For how long single patterns are kept, proved; empty if that was not asked for."""
    findings: tuple[Finding, ...]

    @property
    def persistent(self) -> Complex:
        """The eigenvalues with modulus above the threshold."""
        return persistent_eigenvalues(self.eigenvalues, threshold=self.threshold)

    @property
    def gap(self) -> tuple[float, float | None]:
        """The moduli next to the threshold: the largest at most equal to it (0 if none), the smallest above it."""
        moduli, count = _moduli(self.eigenvalues), len(self.persistent)
        return float(moduli[count:].max(initial=0.0)), float(moduli[count - 1]) if count else None

    @property
    def enclosed(self) -> Enclosed | None:
        """What the discs prove; None if there are none."""
        return None if self.discs.refused else _enclose(self.discs, self.threshold)

    def to_json(self) -> dict[str, Any]:
        """The analysis in the form of the schema `emtheory.analysis/1`."""
        compared = self.comparison
        errors = compared.errors if compared else None
        task = compared.task if compared else None
        return {
            "schema": "emtheory.analysis/1",
            "network": {"name": self.name, **_network_facts(self.network)},
            "task": {"name": task.name, "s": task.s, "kappa": task.kappa} if task else None,
            "spectrum": {
                "threshold": self.threshold,
                "gap": list(self.gap),
                "persistent": len(self.persistent),
                "predicted_persistent": len(compared.predicted) if compared else None,
                "argument_error_mean": float(errors.mean()) if errors is not None and errors.size else None,
                "argument_error_max": float(errors.max()) if errors is not None and errors.size else None,
                "distance": compared.distance if compared else None,
                "eigenvalues": [[value.real, value.imag] for value in self.eigenvalues.tolist()],
                "enclosed": asdict(self.enclosed) if self.enclosed else None,
            },
            "recovery": self.reading.to_json() if self.reading else None,
            "accuracy": compared.accuracy.to_json() if compared and compared.accuracy else None,
            "memory": [answer.to_json() for answer in self.memory],
            "findings": [finding.to_json() for finding in self.findings],
        }

    def lines(self) -> Iterator[str]:
        """The analysis in sentences, one a line."""
        facts = _network_facts(self.network)
        units = f"{facts['n']} {facts['activation']} units, {facts['kappa']} inputs, {facts['precision']} weights"
        yield f"{self.name or 'The network'}: {units}."
        yield f"{equation(self.network)}."
        below, above = self.gap
        edge = f"no modulus between {below:.4f} and {above:.4f}" if above else f"the largest modulus is {below:.4f}"
        yield f"{len(self.persistent)} persistent eigenvalues, of modulus above {self.threshold:g} ({edge})."
        if enclosed := self.enclosed:
            place = enclosed.unit_circle
            yield (
                f"Proved: {place.outside} of these lie outside of the unit circle, {place.inside} inside; "
                f"{place.undecided} are too close to it to tell (discs of radius {_rounded_up(enclosed.radius)})."
            )
        if self.comparison:
            yield from _comparison_lines(self.comparison)
        if self.memory:
            yield _memory_line(self.memory)
        if self.reading:
            yield from self.reading.lines()
        for finding in self.findings:
            verdict = finding.verdict
            reason = f" ({verdict.evidence['reason']})" if "reason" in verdict.evidence else ""
            reach = (
                f" (errors at most {_rounded_up(verdict.evidence['reach'])} rad)" if "reach" in verdict.evidence else ""
            )
            yield f"{verdict.outcome.value}, {verdict.kind.value}: {finding.claim}{reason}{reach}"


def _rounded_up(bound: float) -> str:
    """A proved bound with three digits, none of them below it.

    >>> _rounded_up(0.0015201)
    '1.53e-03'
    """
    return f"{float(Context(prec=3, rounding=ROUND_CEILING).create_decimal_from_float(bound)):.2e}"


def _network_facts(network: Network) -> dict[str, Any]:
    return {**facts(network), "precision": _precision(network)}


def _precision(network: Network) -> str:
    """The narrowest float format that holds all weights exactly: that of the file, since reading rounds nothing."""
    given = (network.W_hh, network.W_uh, network.W_r, network.bias, network.readout_bias)
    parts = [part for part in given if part is not None]
    with np.errstate(over="ignore"):
        for narrow in (np.float16, np.float32):
            if all(np.array_equal(part.astype(narrow), part) for part in parts):
                return np.dtype(narrow).name
    return "float64"


def _comparison_lines(compared: Comparison) -> Iterator[str]:
    yield f"{compared.task.name} predicts {len(compared.predicted)} persistent eigenvalues."
    if compared.errors is not None and compared.errors.size:
        yield f"Argument error: mean {compared.errors.mean():.2e}, maximal {compared.errors.max():.2e} rad."
    yield f"Distance of the whole spectrum from the predicted one: {compared.distance:.3g}."
    if accuracy := compared.accuracy:
        wrong = f"first wrong at step {accuracy.first_wrong}" if accuracy.first_wrong else "none wrong"
        yield (
            f"Accuracy: {accuracy.share:.4%} of the output signs over {accuracy.horizon} steps on {accuracy.inputs} "
            f"random inputs (seed {accuracy.seed}), {wrong}."
        )


def _memory_line(answers: tuple[Answer, ...]) -> str:
    """How many patterns are proved kept for ever, and how many proved lost."""
    lost = sorted(answer.steps for answer in answers if answer.holds == "until" and answer.steps is not None)
    kept = sum(answer.holds == "forever" for answer in answers)
    when = f" (first wrong at step {lost[0]} to {lost[-1]})" if lost else ""
    rest = len(answers) - kept - len(lost)
    return (
        f"Memory: of {len(answers)} random patterns {kept} are proved kept for ever, {len(lost)} proved lost{when}, "
        f"{rest} neither."
    )


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
            is not positive and finite.

    References: Karuvally, DelMastro, Siegelmann (2023), spectra of trained networks.

    >>> analysis = analyze(Network([[0.0, 1.0], [1.0, 0.0]], [[0.0], [1.0]], [[0.0, 1.0]]), Task.repeat_copy(2, 1))
    >>> {finding.verdict.outcome.value for finding in analysis.findings}
    {'proved'}
    """
    if not (np.isfinite(threshold) and threshold > 0):
        raise ValueError(f"the threshold must be positive and finite, but is {threshold}; 0.8 suits trained networks")
    if task is not None:
        _must_fit(network, task)
    start = perf_counter()
    moves = _slope(network)
    discs = eigenvalue_discs(moves)
    values = np.linalg.eigvals(enclose(moves).value).astype(np.complex128) if discs.refused else discs.centers
    values = values[np.argsort(-_moduli(values), kind="stable")]
    comparison = None if task is None else _compare(network, task, values, threshold, seed)
    square = network.W_uh.shape[1] == len(network.W_r)
    reading = read(network, task, seed=seed) if square else None
    memory: tuple[Answer, ...] = ()
    if task is not None and patterns and network.activation == "tanh" and network.leak == 1:
        memory = tuple(certify(network, task, patterns=patterns, seed=seed))
    analysis = Analysis(name, network, threshold, values, discs, comparison, reading, memory, findings=())
    return replace(analysis, findings=tuple(_findings(analysis, _replay(name, network, task, threshold), start)))


def _slope(network: Network) -> Enclosable:
    """What the network does to small states, (1 - a) I + a W_hh, exactly; W_hh itself without a leak.

    Raises:
        ValueError: an activation whose slope at 0 is not 1.
    """
    if network.activation not in ("tanh", "identity"):
        raise ValueError(
            f"the linear picture needs an activation of slope 1 at 0 (tanh, identity), but it is {network.activation}; "
            "'emtheory fixed-points' linearises any network where it rests"
        )
    if network.leak == 1:
        return network.W_hh
    leak = dyadic([[network.leak]])[0, 0]
    moves: Matrix = (1 - leak) * eye(network.n) + leak * dyadic(network.W_hh)
    return moves


def _findings(analysis: Analysis, replay: str, start: float) -> Iterator[Finding]:
    for claim, verdict in _decide(analysis):
        now = perf_counter()
        yield Finding(claim, verdict, now - start, replay)
        start = now


def _moduli(values: Complex) -> Floats:
    return np.hypot(values.real, values.imag)


def _replay(name: str, network: Network, task: Task | None, threshold: float) -> str:
    words = ["emtheory", "analyze", name or "WEIGHTS"]
    if not name.startswith("zoo:"):  # a file may not name them
        words += ["--activation", network.activation]
        words += ["--leak", repr(network.leak)] if network.leak != 1 else []
    words += ["--task", task.name] if task else []
    words += ["--threshold", str(threshold)] if threshold != DEFAULT_THRESHOLD else []
    return shlex.join(words)


def _must_fit(network: Network, task: Task) -> None:
    n, kappa = network.W_uh.shape
    if task.kappa != kappa:
        raise ValueError(
            f"task {task.name} has variables of dimension {task.kappa}, but W_uh of shape {(n, kappa)} reads inputs of "
            f"dimension {kappa}; name the task that the network was trained on"
        )
    if task.s * kappa > n:
        raise ValueError(
            f"task {task.name} needs s·k = {task.s * kappa} memories, but a network with {n} units has at most {n}; "
            "name the task that the network was trained on"
        )


def _enclose(discs: Discs, threshold: float) -> Enclosed:
    persistent = outside(discs, threshold)
    radius = float(discs.radii[persistent[discs.components]].max(initial=0.0))
    return Enclosed(locate(discs, threshold), locate(discs, 1.0, among=persistent), radius)


def _compare(network: Network, task: Task, values: Complex, threshold: float, seed: int) -> Comparison:
    spectrum = predicted_spectrum(task).eigenvalues()
    persistent = persistent_eigenvalues(values, threshold=threshold)
    predicted = persistent_eigenvalues(spectrum, threshold=threshold)
    distance = spectrum_distance(values, np.append(spectrum, np.zeros(network.n - len(spectrum))))
    accuracy = measured(network, task, seed)
    if len(persistent) != len(predicted):
        return Comparison(task, predicted, None, None, distance, accuracy)
    matched, errors = _assign(persistent, predicted)
    return Comparison(task, predicted, matched, errors, distance, accuracy)


def _assign(learned: Complex, predicted: Complex) -> tuple[Complex, Floats]:
    """For each learned eigenvalue its prediction, and the argument error, under the assignment of least total error."""
    from scipy.optimize import linear_sum_assignment

    gaps = np.abs(np.angle(learned)[:, np.newaxis] - np.angle(predicted))
    gaps = np.minimum(gaps, 2 * np.pi - gaps)
    rows, columns = linear_sum_assignment(gaps)
    return predicted[columns], gaps[rows, columns]


def _decide(analysis: Analysis) -> Iterator[tuple[str, Verdict]]:
    """The claims about W_hh that the discs decide."""
    discs, threshold, compared = analysis.discs, analysis.threshold, analysis.comparison
    persistent = len(analysis.persistent)
    yield f"{persistent} eigenvalues have modulus above {threshold:g}", _has(discs, persistent, threshold)
    if compared is None:
        yield from analysis.reading.findings() if analysis.reading else ()
        return
    multiplicities = predicted_spectrum(compared.task).multiplicities()
    unclear = any(abs(abs(value) - threshold) <= _ROUNDING * threshold for value, _ in multiplicities)
    expected, cut = len(compared.predicted), sectors((v, count) for v, count in multiplicities if abs(v) > threshold)
    claim = f"as many eigenvalues are persistent as the task predicts, {expected}"
    yield claim, _at_threshold() if unclear else _has(discs, expected, threshold)
    if expected:
        claim = "in the sector around each predicted argument lie as many persistent eigenvalues as predicted"
        yield claim, _at_threshold() if unclear else _sectors_hold(discs, cut, threshold)
    if analysis.reading:
        yield from analysis.reading.findings()
    if compared.accuracy and compared.accuracy.share <= 0.5:
        # a measurement cannot prove, so it is a finding only where it refutes
        scope = f"{INPUTS} random inputs, {HORIZON} steps"
        yield "most output signs are right", refuted(Kind.OBSERVED, scope, share=compared.accuracy.share)


def _has(discs: Discs, expected: int, threshold: float) -> Verdict:
    """Whether exactly `expected` eigenvalues have modulus above the threshold."""
    if discs.refused:
        return undecided(Kind.ENCLOSED, "the stored weights", reason=discs.refused)
    scope, place = f"the stored {len(discs.centers)} x {len(discs.centers)} weights", locate(discs, threshold)
    evidence = {**asdict(place), "threshold": threshold, "radius": float(discs.radii.max())}
    if not place.outside <= expected <= place.outside + place.undecided:
        return refuted(Kind.ENCLOSED, scope, **evidence)
    return undecided(Kind.ENCLOSED, scope, **evidence) if place.undecided else proved(Kind.ENCLOSED, scope, **evidence)


def _at_threshold() -> Verdict:
    reason = "a predicted modulus equals the threshold up to rounding, so it is not clear what counts as persistent"
    return undecided(Kind.ENCLOSED, "the stored weights", reason=reason)


def _sectors_hold(discs: Discs, cut: Sectors, threshold: float) -> Verdict:
    """Whether each sector provably holds its number of persistent eigenvalues.

    `reach` in the evidence is a proved bound on every argument error, to be compared with `half_gap`.
    """
    scope = "the stored weights"
    if discs.refused:
        return undecided(Kind.ENCLOSED, scope, reason=discs.refused)
    if locate(discs, threshold).undecided:
        return undecided(Kind.ENCLOSED, scope, reason="an eigenvalue is too close to the threshold to tell its side")
    held = count_in_sectors(discs, cut, among=outside(discs, threshold))
    evidence = {"arguments": len(cut.arguments), "half_gap": cut.half_gap}
    if held is None:
        return undecided(Kind.ENCLOSED, scope, reason="a disc reaches into two sectors", **evidence)
    found, reach = held
    if (found == cut.counts).all():
        return proved(Kind.ENCLOSED, scope, **evidence, reach=reach, ratio=reach / cut.half_gap)
    worst = int(np.flatnonzero(found != cut.counts)[0])
    where = {"argument": float(cut.arguments[worst]), "found": int(found[worst]), "predicted": int(cut.counts[worst])}
    return refuted(Kind.ENCLOSED, scope, **evidence, **where)
