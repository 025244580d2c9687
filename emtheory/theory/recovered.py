"""The algorithm of a network, read off float weights: number of variables, memories, composition, and how sure that is.

Main function: `recover(Operators(W, U, R)) -> Recovery`. Transients are projected away at the largest gap of the moduli
(`transient-projection`), the deflated recursion gives memories and composition (`deflated-krylov`), and the number of
variables is the first at which its residual ‖A^kU‖ falls to a half or less of the step before and the composition
rounds to a task; or, where none does, that at which it falls most. `nearest` rounds the composition to a task, and
bounds, rounding included, how far the stored weights are from exactly that circuit.

References: theorems `deflated-krylov`, `privileged-basis-unique`, `transient-projection`, `spectral-stability`.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np

from emtheory.judges.floats import chain, norm2_bound
from emtheory.theory.circuits import companion
from emtheory.theory.recovery import composition, deflated
from emtheory.theory.spectra import predicted_spectrum
from emtheory.theory.splitting import Split, split
from emtheory.theory.tasks import Task

__all__ = ["Nearest", "Operators", "Recovery", "nearest", "recover", "recoveries"]

Floats = np.ndarray[Any, np.dtype[np.float64]]


@dataclass(frozen=True, eq=False)
class Operators:
    """What moves, writes and reads states: W (n × n), U (n × κ), R (κ × n), and where they come from.

    Raises:
        ValueError: shapes that do not fit.
    """

    W: Floats
    U: Floats
    R: Floats
    source: str = "weights"

    def __post_init__(self) -> None:
        n, kappa = self.U.shape
        if self.W.shape != (n, n) or self.R.shape != (kappa, n):
            raise ValueError(
                f"operators need W n x n, U n x k and R k x n, but have shapes {self.W.shape}, {self.U.shape}, "
                f"{self.R.shape}; a network reads and writes numbers of one dimension"
            )


@dataclass(frozen=True, eq=False)
class Recovery:
    """What the operators store and how they compose it.

    Attributes:
        operators: what it was read from.
        split: the projector P on the persistent part, and the gap.
        s: the number of variables, after which the recursion ends: ‖A^sU'‖_F is small against ‖A^{s−1}U'‖_F.
        residuals: ‖A^kU'‖_F, k = 0, 1, … with A = (I − U'R')W', U' = PU, R' = (RPU)⁻¹RP, W' = PW.
        write_read_error: max |RPU − I|.
        psi: memories Ψ_1 … Ψ_s side by side (n × sκ).
        composition: Ĉ_1 … Ĉ_s (s × κ × κ).
    """

    operators: Operators
    split: Split
    s: int
    residuals: tuple[float, ...]
    write_read_error: float
    psi: Floats
    composition: Floats

    @property
    def kappa(self) -> int:
        """The dimension κ of one variable."""
        return int(self.operators.U.shape[1])

    @property
    def memories(self) -> int:
        """sκ, how many numbers the memories are meant to hold."""
        return self.s * self.kappa

    @property
    def end_ratio(self) -> float:
        """‖A^sU'‖ / ‖A^{s−1}U'‖: 0 for a circuit, near 1 where nothing ends."""
        return self.residuals[self.s] / self.residuals[self.s - 1]

    @cached_property
    def rank(self) -> int:
        """The rank of the memories, to rounding."""
        return int(np.linalg.matrix_rank(self.psi))

    @cached_property
    def dual(self) -> Floats:
        """Ψ⁺P (sκ × n): what reads the memories of a state, blind to transients; oblique."""
        dual: Floats = np.linalg.pinv(self.psi) @ self.split.projector
        return dual

    @cached_property
    def leakage(self) -> Floats:
        """Ψ⁺Ψ − I (sκ × sκ): how much of one memory is read in another; 0 if they are independent."""
        leakage: Floats = self.dual @ self.psi - np.eye(self.memories)
        return leakage

    def decoding_error(self, *, runs: int = 1000, seed: int = 0) -> float:
        """The share of wrong signs when random ±1 contents are read back through the overlap of the memories."""
        contents = np.random.default_rng(seed).choice((-1.0, 1.0), size=(self.memories, runs))
        read = contents + self.leakage @ contents
        return float((np.sign(read) != contents).mean())


def recover(operators: Operators, *, count: int | None = None) -> Recovery:
    """Memories, number of variables and composition from operators alone.

    Arguments:
        operators: of a network, or estimated from its runs.
        count: how many eigenvalues persist; the largest gap of the moduli decides, if left out.

    Raises:
        ValueError: entries that are not finite; a spectrum that cannot be split; R reads nothing of what U writes and
            W keeps (RPU is singular).

    >>> from emtheory.theory.tasks import Task
    >>> W, U, R = np.array([[0.0, 1.0], [1.0, 0.0]]), np.array([[0.0], [1.0]]), np.array([[0.0, 1.0]])
    >>> recovery = recover(Operators(W, U, R))
    >>> recovery.s, recovery.composition.ravel().tolist()
    (2, [1.0, 0.0])
    """
    if not (np.isfinite(operators.U).all() and np.isfinite(operators.R).all()):
        raise ValueError("U and R must be finite, but have NaN or infinite entries")
    parts = split(operators.W, count=count)
    found = [recoveries(operators, parts)]
    if count is None and parts.count < len(operators.W):  # a nilpotent part that R sees must not be discarded
        found.append(recoveries(operators, split(operators.W, count=len(operators.W))))
    readable = [recovery for recoveries in found for recovery in recoveries]
    if not readable:
        kappa = operators.U.shape[1]
        raise ValueError(
            f"what U writes and W keeps of {len(operators.W)} units is not read: RPU has rank below k = {kappa}; "
            "the readout may belong to another network"
        )
    for recovery in sorted(readable, key=lambda recovery: recovery.s):
        if recovery.end_ratio < 1 / 2 and nearest(recovery).justified:
            return recovery
    return min(readable, key=lambda recovery: recovery.end_ratio)


def recoveries(operators: Operators, parts: Split) -> list[Recovery]:
    """The recursion on the kept part, ended after each number of steps that it halves at, or after the best one.

    Empty if R does not read what U writes, or where numbers overflow.
    """
    with np.errstate(over="ignore", invalid="ignore"):
        moved, written = parts.basis.T @ operators.W @ parts.basis, parts.coordinates @ operators.U
        seen = operators.R @ parts.basis
        read_back = seen @ written
    kappa = len(read_back)
    if not all(np.isfinite(part).all() for part in (moved, written, read_back)):
        return []
    error = float(np.abs(read_back - np.eye(kappa)).max())
    if np.linalg.matrix_rank(read_back) < kappa:
        return []
    reader = np.linalg.solve(read_back, seen)
    krylov, residuals = _powers(deflated(moved, written, reader), written, len(operators.W) // kappa)
    if len(residuals) < 2:
        return []
    ratios = np.array(residuals[1:]) / residuals[:-1]
    ends = sorted({*(np.flatnonzero(ratios < 1 / 2) + 1).tolist(), int(ratios.argmin()) + 1})

    def ended(s: int) -> Recovery:
        psi = krylov[:s][::-1]
        blocks = np.array(composition(moved, reader, psi))
        return Recovery(operators, parts, s, tuple(residuals), error, parts.basis @ np.hstack(psi), blocks)

    return [ended(s) for s in ends]


def _powers(A: Floats, U: Floats, most: int) -> tuple[list[Floats], list[float]]:
    """U, AU, …, A^kU and their Frobenius norms, until the powers end to rounding or k = most."""
    found, norms = [U], [float(np.linalg.norm(U))]
    smallest = np.finfo(np.float64).eps * norms[0]
    while len(found) <= max(1, most) and norms[-1] > smallest:
        with np.errstate(over="ignore", invalid="ignore"):
            later = A @ found[-1]
            norm = float(np.linalg.norm(later))
        if not np.isfinite(norm):
            break
        found.append(later)
        norms.append(norm)
    return found, norms


@dataclass(frozen=True)
class Nearest:
    """The nearest task, and how far the operators are from exactly its circuit.

    Attributes:
        task: the recovered composition, rounded to integers.
        error: max |Ĉ − C|, after division by the decay.
        decay: the mean modulus of the persistent eigenvalues, by which a signed selection fades a step; else 1.
        defect: a proved bound of ‖L(WΨ − ΨΦ_C)‖₂, L the float pseudoinverse of Ψ: read by L, a step of W on the
            memories is one of Φ_C plus an error of that size.
        margin: half the least distance of eigenvalues of Φ_C on the unit circle from each other and from 0, which the
            defect is held against.
        expected: how many eigenvalues of Φ_C have modulus above 1/2, half way between lasting and gone.
        found: how many of the kept ones of W do.
    """

    task: Task
    error: float
    decay: float
    defect: float
    margin: float
    expected: int
    found: int

    @property
    def justified(self) -> bool:
        """Whether the defect leaves neighbouring eigenvalues apart, and as many persist as the task needs, not none."""
        return self.defect < self.margin and self.found == self.expected > 0


def nearest(recovery: Recovery) -> Nearest:
    """The task with the rounded composition.

    A signed selection keeps its persistent eigenvalues on the unit circle, so their mean modulus γ is decay, and
    Ĉ_k / γ^{s+1−k} is what is rounded (`memory-lifetime`).
    """
    lasting = _lasting(recovery.split.moduli[: recovery.split.count])
    decay = float(np.exp(np.log(lasting).mean())) if len(lasting) else 1.0
    blocks = recovery.composition / (decay ** np.arange(recovery.s, 0, -1.0))[:, None, None]
    task = Task.from_blocks(np.rint(blocks))
    if task.selection is None:
        decay, blocks = 1.0, recovery.composition
        task = Task.from_blocks(np.rint(blocks))
    error = float(np.abs(blocks - task.array()).max())
    psi, phi = recovery.psi, companion(task).numpy()
    pull = np.linalg.pinv(psi)
    moved, wanted = chain(pull, recovery.operators.W / decay, psi), chain(pull, psi, phi)
    defect = norm2_bound((moved.value - wanted.value, moved.bound + wanted.bound))
    predicted = [(value, times) for value, times in predicted_spectrum(task).multiplicities() if abs(value) > 1 / 2]
    expected = sum(times for _, times in predicted)
    margin = _margin(np.angle([value for value, _ in predicted]))
    return Nearest(task, error, decay, defect, margin, expected, len(lasting))


def _lasting(moduli: Floats) -> Floats:
    """Those above 1/2."""
    return moduli[moduli > 1 / 2]


def _margin(arguments: Floats) -> float:
    """sin(δ/2), δ the least distance of two arguments: half that of the eigenvalues there; 1/2 at most, for 0."""
    angles = np.sort(arguments)
    if len(angles) < 2:
        return 1 / 2
    gaps = np.diff(np.append(angles, angles[0] + 2 * np.pi))
    return min(float(np.sin(gaps.min() / 2)), 1 / 2)
