"""Networks that provably do a task: the linear circuit where there is one, else the saturating one.

Main function: `build(task) -> Built`. By `write-interference` a linear network can do the task iff C_jC_k = 0 for all j
and all k ≥ 2; then W = ΞΦ_CΞ†, U = Ψ_s, R = Ψ*_s. Else, for a signed selection with one entry ±1 in each row,
h(t) = tanh(γΦ_C h(t−1) + βE_s u(t)) does it for u ∈ {±1}, by `saturating-write`.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import ROUND_FLOOR, Context
from math import isqrt

import numpy as np
from flint import arb

from emtheory.judges.balls import precision
from emtheory.judges.exact import Matrix, eye, hstack, matrix, vstack, zeros
from emtheory.networks.elman import Network
from emtheory.system.limits import MAX_MEMORY, must_fit
from emtheory.theory.circuits import Circuit
from emtheory.theory.memories import MemoryBasis
from emtheory.theory.predict import predict
from emtheory.theory.saturating import critical_noise, margin
from emtheory.theory.tasks import Task

__all__ = ["BASES", "DRIVE", "GAIN", "Built", "build"]

GAIN, DRIVE = 2, 4
"""γ and β of the saturating circuit: the level is 0.957, and noise up to 0.532 in the argument of tanh is borne."""

BASES = ("neurons", "signed", "mixed")
"""Memory bases: the neurons themselves; the neurons in random order and sign; a random unimodular mixture."""

MIXING = 2  # row operations a neuron in a mixed basis; more makes Ξ worse conditioned
EXACT = 2**53  # integers up to it, and sums of them, are exact in float64
BITS = 64
ENTRY = 192  # bytes for an entry of W: as a rational in Ξ, Ξ†, W and a product, as a Python number and as a float


@dataclass(frozen=True, eq=False)
class Built:
    """A network, the task that it does, and the numbers of its guarantee."""

    task: Task
    network: Network
    basis: str
    exact: bool
    """Whether float64 computes the linear circuit without any rounding, for inputs ±1."""

    @property
    def saturating(self) -> bool:
        """Whether it is the tanh circuit."""
        return self.network.activation == "tanh"

    def sentences(self) -> Iterator[str]:
        """The guarantee, one sentence a line."""
        units, last = f"{self.network.n} units", f"t > {self.task.s}"
        if not self.saturating:
            yield f"{self.task.name}: a linear circuit of {units} in the basis '{self.basis}' does it."
            yield f"Guaranteed (write-interference): y(t) = x(t) for all {last} and all real inputs, but for rounding."
            if self.exact:
                yield "For inputs ±1 float64 computes every step without rounding, so this holds as it runs, for ever."
            else:
                yield "float64 rounds some steps; emtheory.judges.floats.run_bound bounds the errors of a run."
            return
        with precision(BITS):
            held, noise = margin(GAIN, DRIVE), critical_noise(GAIN)
        yield f"{self.task.name}: no linear network can do it; this is the saturating circuit of {units}."
        yield f"h(t) = tanh(W_hh h(t-1) + W_uh u(t)) with gain γ = {GAIN} and drive β = {DRIVE} (saturating-write)."
        yield (
            f"Guaranteed: sign y(t) = x(t) for all {last}, all 2^{self.task.s * self.task.kappa} inputs ±1 and every "
            f"h(0) in the cube; |y(t)| is at least {_down(held)}."
        )
        yield (
            f"It bears noise and weight errors: ν = noise + ‖ΔW_hh‖ + ‖ΔW_uh‖ (row sums) below {_down(noise)} changes "
            "no sign, at any time; float64 rounding is far below that."
        )

    def about(self) -> dict[str, str]:
        """What the file says of itself."""
        return {"task": self.task.name, "basis": self.basis, "guarantee": " ".join(self.sentences())}


def _down(ball: arb) -> str:
    """Three digits that are proved: rounded down."""
    return str(Context(prec=3, rounding=ROUND_FLOOR).create_decimal_from_float(float(ball.lower())))


def build(task: Task, *, basis: str = "neurons", hidden: int | None = None, seed: int = 0) -> Built:
    """A network of `hidden` units that does the task.

    Arguments:
        task: any task that a linear network can do, or a signed selection with one entry ±1 in each row.
        basis: one of `BASES`; "mixed" is for linear circuits, as tanh needs the neurons.
        hidden: the number of units, m = sκ if left out; more are idle in the basis "neurons".
        seed: of the random basis.

    Raises:
        ValueError: an unknown basis, hidden < sκ or too large for memory, a mixed basis for tanh, a task that neither
            circuit does.

    >>> built = build(Task.compose_copy(2))
    >>> built.network.activation, built.network.W_hh.shape
    ('tanh', (4, 4))
    """
    m = task.s * task.kappa
    n = m if hidden is None else hidden
    if basis not in BASES:
        raise ValueError(f"the basis must be one of {', '.join(BASES)}, but is '{basis}'")
    if n < m:
        raise ValueError(f"{task.name} stores s·k = {m} numbers and needs as many units, but hidden is {n}")
    units = isqrt(MAX_MEMORY // ENTRY)
    must_fit(ENTRY * n * n, f"an exact circuit of {n:,} units", f"at most {units:,} units are built")
    rng = np.random.default_rng(seed)
    if predict(task).linear_solvable:
        memories = _memories(basis, m, n, rng)
        circuit = Circuit(task, memories)
        network = Network(circuit.W.numpy(), circuit.U.numpy(), circuit.R.numpy(), activation="identity")
        return Built(task, network, basis, _exact(circuit))
    if task.selection is None or not (task.selection.sign != 0).all():
        raise ValueError(
            f"{task.name} interferes while it is written, so no linear network does it, and it is no signed selection "
            "with one entry in each row, so tanh does not either; emtheory.theory.gated_circuit has one with a gate"
        )
    if basis == "mixed":
        raise ValueError("the saturating circuit needs one neuron for each memory; choose the basis neurons or signed")
    circuit = Circuit(task, _memories(basis, m, n, rng))
    weights = GAIN * circuit.W.numpy(), DRIVE * circuit.U.numpy(), circuit.R.numpy()
    return Built(task, Network(*weights), basis, exact=False)


def _memories(basis: str, m: int, n: int, rng: np.random.Generator) -> MemoryBasis:
    """Ξ (n × m) with its dual."""
    plain = MemoryBasis(vstack([eye(m), zeros(n - m, m)]), hstack([eye(m), zeros(m, n - m)]))
    if basis == "neurons":
        return plain
    if basis == "signed":
        order, signs = rng.permutation(n), rng.choice((-1, 1), size=n)
        turn = matrix([[int(signs[i]) * int(order[i] == j) for j in range(n)] for i in range(n)])
        return MemoryBasis(turn @ plain.xi, plain.dual @ turn.T)
    forward, inverse = _unimodular(n, rng)
    return MemoryBasis(forward @ plain.xi, plain.dual @ inverse)


def _unimodular(n: int, rng: np.random.Generator) -> tuple[Matrix, Matrix]:
    """(P, P⁻¹) with integer entries: random row additions, undone in reverse."""
    forward, inverse = np.eye(n, dtype=object), np.eye(n, dtype=object)
    for _ in range(MIXING * n if n > 1 else 0):
        target, source = (int(i) for i in rng.choice(n, size=2, replace=False))
        factor = int(rng.choice((-1, 1)))
        forward[target] += factor * forward[source]
        inverse[:, source] -= factor * inverse[:, target]
    whole = np.vectorize(int, otypes=[object])
    return matrix(whole(forward).tolist()), matrix(whole(inverse).tolist())


def _exact(circuit: Circuit) -> bool:
    """Whether all sums of a run of a selection with inputs ±1 are integers below 2⁵³: |W||h| + |U| with |h| ≤ 2‖Ξ‖."""
    if circuit.task.selection is None:
        return False
    parts = (circuit.W, circuit.U, circuit.R)
    integral = all(entry.q == 1 for part in parts for row in part for entry in row)
    held = 2 * circuit.basis.xi.norm_inf()  # C_jC_k = 0: a memory holds an input, plus at most one that it heard
    return bool(integral and circuit.W.norm_inf() * held + circuit.U.norm_inf() < EXACT)
