"""The deflated recursion on float operators: memories and composition for each number of variables that is possible.

Main function: `recoveries(Operators(W, U, R), split(W)) -> [Recovery, …]`, on the part of W that the split keeps
(`transient-projection`): Ψ_k = A^{s−k}U with A = (I − UR)W, and Ĉ_k = RWΨ_k (`deflated-krylov`).

References: theorems `deflated-krylov`, `privileged-basis-unique`, `transient-projection`.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from emtheory.recovery.deflated import composition, deflated
from emtheory.recovery.projector import Split
from emtheory.system.array_types import Floats

__all__ = ["Operators", "Recovery", "recoveries"]


@dataclass(frozen=True, eq=False)
class Operators:
    """What moves, writes and reads states: W (n × n), U (n × κ), R (κ × n), and where they come from.

    `slack` (n × n) bounds the rounding errors of the entries of W; None if W is exact.

    Raises:
        ValueError: shapes that do not fit.
    """

    W: Floats
    U: Floats
    R: Floats
    source: str = "weights"
    slack: Floats | None = None

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
        s: the number of variables: ‖A^sU'‖_F is small against ‖A^{s−1}U'‖_F.
        residuals: ‖A^kU'‖_F, k = 0, 1, … with A = (I − U'R')W', U' = PU, R' = (RPU)⁻¹RP, W' = PW.
        write_read: RPU (κ × κ), what is read of an input just after it was written: I in a circuit.
        psi: memories Ψ_1 … Ψ_s side by side (n × sκ).
        composition: Ĉ_1 … Ĉ_s (s × κ × κ).
    """

    operators: Operators
    split: Split
    s: int
    residuals: tuple[float, ...]
    write_read: Floats
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

    @property
    def write_read_error(self) -> float:
        """max |RPU − I|."""
        return float(np.abs(self.write_read - np.eye(self.kappa)).max())

    @property
    def cross_talk(self) -> float:
        """The largest Σ_{j≠i} |T_ij| / T_ii over the rows of T = RPU; infinite if a T_ii is not positive.

        Tx has the signs of x for all x ∈ {−1, 1}^κ if and only if it is below 1. So a readout in other units, T_ii ≠ 1,
        is no obstacle, and one that puts out −x is.
        """
        own = np.diag(self.write_read)
        if not (own > 0).all():
            return float("inf")
        return float(((np.abs(self.write_read).sum(axis=1) - own) / own).max())

    @cached_property
    def rank(self) -> int:
        """The rank of the memories, to rounding."""
        return int(np.linalg.matrix_rank(self.psi))

    @cached_property
    def dual(self) -> Floats:
        """Ψ⁺P (sκ × n): reads the memories of a state and no transients; oblique."""
        dual: Floats = np.linalg.pinv(self.psi) @ self.split.projector
        return dual

    @cached_property
    def leakage(self) -> Floats:
        """The overlap Ψ⁺Ψ − I (sκ × sκ): what is read of one content because of another; 0 for independent memories."""
        leakage: Floats = self.dual @ self.psi - np.eye(self.memories)
        return leakage

    def decoding_error(self, *, runs: int = 1000, seed: int = 0) -> float:
        """The share of wrong signs when random ±1 contents are read back through the overlap of the memories."""
        contents = np.random.default_rng(seed).choice((-1.0, 1.0), size=(self.memories, runs))
        read = contents + self.leakage @ contents
        return float((np.sign(read) != contents).mean())


def recoveries(operators: Operators, parts: Split) -> list[Recovery]:
    """One recovery for each s at which the residual at least halves, and one for the s at which it falls most.

    Empty if R does not read what U writes, or where numbers overflow.
    """
    with np.errstate(over="ignore", invalid="ignore"):
        moved, written = parts.basis.T @ operators.W @ parts.basis, parts.coordinates @ operators.U
        seen = operators.R @ parts.basis
        read_back = seen @ written
    kappa = len(read_back)
    if not all(np.isfinite(part).all() for part in (moved, written, read_back)):
        return []
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
        return Recovery(operators, parts, s, tuple(residuals), read_back, parts.basis @ np.hstack(psi), blocks)

    return [ended(s) for s in ends]


def _powers(A: Floats, U: Floats, most: int) -> tuple[list[Floats], list[float]]:
    """U, AU, …, A^kU and their Frobenius norms; k = most, or less if A^kU is 0 to rounding before."""
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
