"""Plain powers of W find the variable memories only where nothing is composed.

In a circuit Psi_k = W^(s-k) U for all k ≥ k_0 iff C_(k_0+1) = … = C_s = 0, and for all k iff C_2 = … = C_s = 0: each
step of W also adds Psi_s C_k to what it moves. The deflated powers of (I - U R) W have no such condition.
Idea: W Psi_k = Psi_(k-1) + Psi_s C_k, so W^(s-k) U collects the C of every memory on the way.
"""

from emtheory.judges.exact import exactly, eye, matrix, zeros
from emtheory.judges.floats import chain, close
from emtheory.judges.symbolic import hypothesis, identical, identity, induction, sizes, zero
from emtheory.theorems.cases import circuits, tasks
from emtheory.theorems.theorem import Theorem
from emtheory.theory.algebra import ACTION, STORED, C, Dual, E, W, Xi, basis_meaning, k, kappa, m, s, t
from emtheory.theory.circuits import Circuit, companion, selector
from emtheory.theory.memories import MemoryBasis
from emtheory.theory.tasks import Task
from emtheory.verdict import all_of, equivalent

first = sizes("k_0")


def reads_back(task, basis, start, other):
    """The dual reads back what the basis writes: Dual Xi = I."""
    return basis.duality()


def nothing_composed(task, basis, start, other):
    """C_k = 0 for k > k_0."""
    return exactly(all(block.is_zero() for block in task.blocks[start:]), True)


def derivation():
    duality = hypothesis(reads_back, Dual @ Xi, identity(m))
    silent = hypothesis(nothing_composed, C(k), zero(kappa, kappa), where=[k >= first + 1, k <= s])
    yield "Phi moves variable k to place k - 1 and adds C_k to the last one", ACTION
    step = identical(W @ Xi @ E(k), Xi @ E(k - 1) + Xi @ E(s) @ C(k), [STORED, duality, ACTION], where=[k >= 2, k <= s])
    yield "a step of W adds Psi_s C_k to what it moves", step
    clean = identical(W @ Xi @ E(k), Xi @ E(k - 1), [step, silent], where=[k >= first + 1, k <= s])
    yield "which is nothing for k > k_0", clean
    yield (
        "so W^(s-k) U = Psi_k as long as k ≥ k_0",
        induction(t, 0, W**t @ Xi @ E(s), Xi @ E(s - t), [clean], where=[t <= s - first]),
    )


def meaning(task, basis, start, other):
    return {**basis_meaning(task, basis.xi, basis.dual), first: start}


def powers_find_memories(task, basis, start, other):
    """W^(s-k) U = Psi_k for k = k_0 … s."""
    circuit = Circuit(task, basis)
    power, found = circuit.U, []
    for _ in range(start, task.s + 1):
        found.append(power)
        power = circuit.W @ power
    return exactly(found, [circuit.Psi(i) for i in range(task.s, start - 1, -1)])


def exactly_where_nothing_is_composed(task, basis, start, other):
    """For any other task and every k_0: its powers find the memories from k_0 on iff C_k = 0 for k > k_0."""
    phi, power = companion(other), selector(other.s, other.kappa, other.s)
    found, verdicts = True, []
    for place in range(other.s, 0, -1):
        found = found and power == selector(other.s, other.kappa, place)
        silent = all(block.is_zero() for block in other.blocks[place:])
        verdicts.append(equivalent(exactly(found, True), exactly(silent, True)))
        power = phi @ power
    return all_of(verdicts)


def floats_agree(task, basis, start, other):
    """Float powers of W on U give Psi_(k_0), within the error bound of the products."""
    circuit = Circuit(task, basis)
    power = chain(circuit.U)
    for _ in range(task.s - start):
        power = chain(circuit.W, power)
    return close(power.value, circuit.Psi(start), power.bound)


def beside_another(circuit):
    """The least k_0 of a circuit, and any other task."""
    silent = [i for i in range(1, circuit.task.s + 1) if all(b.is_zero() for b in circuit.task.blocks[i:])]
    return tasks(max_m=16).map(lambda other: (circuit.task, circuit.basis, silent[0], other))


LATE, COPY = Task.from_blocks([zeros(1, 1), eye(1)]), Task.repeat_copy(2, 1)
STANDARD = MemoryBasis(eye(2), eye(2))
TRANSPOSE = MemoryBasis(matrix([[1, 1], [0, 1]]), matrix([[1, 0], [1, 1]]))
THEOREM = Theorem(
    hypotheses={reads_back: (COPY, TRANSPOSE, 1, COPY), nothing_composed: (LATE, STANDARD, 1, COPY)},
    derivation=derivation,
    meaning=meaning,
    conclusions=(powers_find_memories, exactly_where_nothing_is_composed),
    numeric=(floats_agree,),
    examples={
        "repeat copy: powers do, beside the smallest task where they do not": (COPY, STANDARD, 1, LATE),
        "compose copy: only the last memory": (Task.compose_copy(2), MemoryBasis(eye(4), eye(4)), 2, COPY),
    },
    cases=circuits(max_n=24).flatmap(beside_another),
    source="Karuvally, DelMastro, Siegelmann, Episodic Memory Theory of RNNs, PMLR 221 (2023), section 5, corrected",
)
