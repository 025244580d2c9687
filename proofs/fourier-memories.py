"""The eigenvectors of repeat copy read the discrete Fourier transform of the stored sequence.

With ω = e^(2πi/s), the rows Σ_k ω^(-qk) ⟨psi^(k,i)| = Σ_k ω^(-qk) E_kᵀ Dual are left eigenvectors of W with the
eigenvalue ω^q. On the state h(s) they read Σ_k ω^(-qk) u_i(k), Fourier coefficient q of component i of the stored
sequence; each step multiplies it by ω^q, so its modulus is conserved.
Idea: W shifts the summation index by one, and ω^(-qs) = 1 closes the circle.
Exactly: the s x s cyclic shift P has all s-th roots of unity for eigenvalues, so an identity in P is one in each ω.
"""

from sympy import I, exp, pi

from emtheory.judges.exact import blocks, cycle, exactly, eye, matrix, vstack, zeros
from emtheory.judges.floats import chain, close, roots_of_unity
from emtheory.judges.symbolic import definition, family, hypothesis, identical, identity, indices, total, zero
from emtheory.theorems.cases import input_sequences, memory_bases, selections
from emtheory.theorems.theorem import Theorem
from emtheory.theory.algebra import (
    COMPANION,
    SELECT,
    STORED,
    C,
    Dual,
    E,
    Phi,
    W,
    Xi,
    basis_meaning,
    k,
    kappa,
    m,
    n,
    ranged,
    s,
    t,
)
from emtheory.theory.circuits import Circuit
from emtheory.theory.memories import MemoryBasis
from emtheory.theory.tasks import Task
from emtheory.verdict import all_of

q = indices("q")
u, h = family("u", kappa, 1), family("h", n, 1)


def omega(power):
    """e^(2πi power/s)."""
    return exp(2 * pi * I * power / s)


def reads_back(task, basis, inputs):
    """The dual reads back what the basis writes: Dual Xi = I."""
    return basis.duality()


def copies(task, basis, inputs):
    """The task is repeat copy: C_1 = I and C_2 = … = C_s = 0."""
    return exactly(list(task.blocks), [eye(task.kappa)] + [zeros(task.kappa, task.kappa)] * (task.s - 1))


def derivation():
    duality = hypothesis(reads_back, Dual @ Xi, identity(m))
    first = hypothesis(copies, C(1), identity(kappa))
    rest = hypothesis(copies, C(k), zero(kappa, kappa), where=[k >= 2, k <= s])
    row = identical(E(k).T @ Phi, E(k + 1).T, [COMPANION, SELECT], where=[k >= 1, k <= s - 1])
    yield "row k of Phi reads variable k + 1", row
    last = identical(E(s).T @ Phi, E(1).T, [COMPANION, SELECT, first, rest])
    yield "and the last row reads the first one", last
    rows = total(omega(-q * k) * (E(k).T @ Dual), (k, 1, s))
    turned = identical(rows @ W, omega(q) * rows, [STORED, duality, row, last])
    yield "the sum of the rows ω^(-qk) E_kᵀ Dual is multiplied by ω^q", turned
    held = definition(h(0), total(Xi @ E(k) @ u(k), (k, 1, s)))
    spectrum = total(omega(-q * k) * u(k), (k, 1, s))
    read = identical(rows @ h(0), spectrum, [held, duality, SELECT])
    yield "on the stored sequence Σ_k Psi_k u(k) they read Fourier coefficient q", read
    step = definition(h(t + 1), W @ h(t), where=[t >= 0])
    shifted = total(omega(-q * (k - 1)) * (E(k).T @ Dual), (k, 1, s))
    yield (
        "and each step multiplies what they read by ω^q",
        identical(rows @ h(t + 1), shifted @ h(t), [step, STORED, duality, row, last], where=[t >= 0]),
    )


def meaning(task, basis, inputs):
    circuit = Circuit(task, basis)
    stored = basis.xi @ _stacked(inputs)
    return {
        **basis_meaning(task, basis.xi, basis.dual),
        u: ranged("u", 1, task.s, lambda i: inputs[:, i - 1 : i]),
        h: lambda time: circuit.W**time @ stored,
    }


def _stacked(inputs):
    """The columns u(1) … u(s), one below the other."""
    return vstack(inputs[:, i : i + 1] for i in range(inputs.shape[1]))


def _kron(a, b):
    """The Kronecker product."""
    return blocks([[x * b for x in row] for row in a])


def _turns(task):
    """P^(-k) for k = 1 … s, P the cyclic shift."""
    back = cycle(task.s).T
    return [back**i for i in range(1, task.s + 1)]


def _rows(task, basis):
    """Σ_k P^(-k) ⊗ E_kᵀ Dual."""
    width = task.kappa
    parts = [_kron(turn, basis.dual[i * width : (i + 1) * width, :]) for i, turn in enumerate(_turns(task))]
    found = parts[0]
    for part in parts[1:]:
        found = found + part
    return found


def rows_are_eigenvectors(task, basis, inputs):
    """The rows L = Σ_k P^(-k) ⊗ E_kᵀ Dual satisfy L (I ⊗ W) = (P ⊗ I) L: the statement for every root at once."""
    rows, w = _rows(task, basis), Circuit(task, basis).W
    return exactly(rows @ _kron(eye(task.s), w), _kron(cycle(task.s), eye(task.kappa)) @ rows)


def coefficients_are_read(task, basis, inputs):
    """On the stored sequence the rows read Σ_k P^(-k) ⊗ u(k), and t steps later P^t times that, for t = 0, 1, s."""
    rows, w = _rows(task, basis), Circuit(task, basis).W
    state, found, expected = basis.xi @ _stacked(inputs), [], []
    spectrum = zeros(task.s * task.kappa, task.s)
    for i, turn in enumerate(_turns(task)):
        spectrum = spectrum + _kron(turn, inputs[:, i : i + 1])
    for time in (0, 1, task.s):
        found.append(rows @ _kron(eye(task.s), w**time @ state))
        expected.append(_kron(cycle(task.s) ** time, eye(task.kappa)) @ spectrum)
    return exactly(found, expected)


def floats_read_the_transform(task, basis, inputs):
    """In floats, coefficient q of W times the stored state is ω^q times that of the state, within the error bounds."""
    w, state, roots = Circuit(task, basis).W, basis.xi @ _stacked(inputs), roots_of_unity(task.s)
    verdicts = []
    for q in range(task.s):
        weights = roots.blocks([(-q * i) % task.s for i in range(1, task.s + 1)], task.kappa)
        rows, turn = chain(weights, basis.dual), roots.blocks([q], task.kappa)
        later, turned = chain(rows, w, state), chain(turn, chain(rows, state))
        verdicts.append(close(later.value, turned.value, later.bound + turned.bound))
    return all_of(verdicts)


def in_a_basis(task):
    """Repeat copy of the sizes of a task, with inputs, in a random basis."""
    copy = Task.repeat_copy(task.s, task.kappa)
    return memory_bases(m=task.s * task.kappa, max_n=16).flatmap(
        lambda basis: input_sequences(copy).map(lambda inputs: (copy, basis, inputs))
    )


ONE = MemoryBasis(eye(1), eye(1))
TRANSPOSE = MemoryBasis(matrix([[1, 1], [0, 1]]), matrix([[1, 0], [1, 1]]))
THEOREM = Theorem(
    hypotheses={
        reads_back: (Task.repeat_copy(2, 1), TRANSPOSE, matrix([[1, 0]])),
        copies: (Task.from_blocks([matrix([[-1]])]), ONE, matrix([[1]])),
    },
    derivation=derivation,
    meaning=meaning,
    conclusions=(rows_are_eigenvectors, coefficients_are_read),
    numeric=(floats_read_the_transform,),
    examples={
        "two numbers: their sum and difference": (
            Task.repeat_copy(2, 1),
            MemoryBasis(eye(2), eye(2)),
            matrix([[3, 5]]),
        ),
        "three numbers: the cube roots of unity": (
            Task.repeat_copy(3, 1),
            MemoryBasis(eye(3), eye(3)),
            matrix([[1, 2, 4]]),
        ),
    },
    cases=selections(max_s=12, max_m=12).flatmap(in_a_basis),
    source="Karuvally, DelMastro, Siegelmann, Episodic Memory Theory of RNNs, PMLR 221 (2023), section 5",
)
