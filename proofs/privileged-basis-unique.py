"""Weights that pass the deflated recursion are a circuit, and only one.

Let W, U, R be any weights with R U = I and A = (I - U R) W. If A^s U = 0 and the columns of Psi_k = A^(s-k) U are
independent, then with Xi = [Psi_1 … Psi_s] and C_k = R W Psi_k: W Xi = Xi Phi_C and R Xi = E_sᵀ. So the span of Xi is
an invariant subspace on which (W, U, R) *is* the circuit of C, and Psi and C are determined by the weights alone. What
W does outside of that subspace is free, so the dual is unique only on it.
Idea: A moves Psi_k to Psi_(k-1), R A = 0, and W = A + U R W.
"""

from emtheory.judges.exact import charpoly, exactly, eye, hstack, matrix
from emtheory.judges.floats import chain, close
from emtheory.judges.symbolic import definition, family, hypothesis, identical, identity, letter, zero
from emtheory.recovery.deflated import composition, deflated, memories
from emtheory.theorems.cases import circuits, matrices
from emtheory.theorems.theorem import Theorem
from emtheory.theory.algebra import W, k, kappa, n, ranged, s
from emtheory.theory.circuits import companion, selector
from emtheory.theory.tasks import Task
from emtheory.verdict import all_of

U, R, A = letter("U", n, kappa), letter("R", kappa, n), letter("A", n, n)
Psi, C = family("Psi", n, kappa), family("C", kappa, kappa)


def writes_what_it_reads(w, write, read, variables):
    """R U = I."""
    return exactly(read @ write, eye(read.shape[0]))


def powers_end(w, write, read, variables):
    """A^s U = 0."""
    return exactly(deflated(w, write, read) ** variables @ write, 0 * write)


def memories_independent(w, write, read, variables):
    """The columns of [Psi_1 … Psi_s] are independent."""
    xi = _memories(w, write, read, variables)
    return exactly(xi.rank(), xi.shape[1])


def derivation():
    projected = definition(A, W - U @ R @ W)
    memory = definition(Psi(k), A ** (s - k) @ U, where=[k >= 1, k <= s])
    composed = definition(C(k), R @ W @ Psi(k), where=[k >= 1, k <= s])
    read_back = hypothesis(writes_what_it_reads, R @ U, identity(kappa))
    ended = hypothesis(powers_end, A**s @ U, zero(n, kappa))
    yield "A moves Psi_k to Psi_(k-1)", identical(A @ Psi(k), Psi(k - 1), [memory], where=[k >= 2, k <= s])
    yield "and Psi_1 to 0, where the powers end", identical(A @ Psi(1), zero(n, kappa), [memory, ended])
    unread = identical(R @ A, zero(kappa, n), [projected, read_back])
    yield "what A leaves is not read: R A = 0", unread
    yield (
        "Psi_s is what is written, and is read: R Psi_s = I",
        identical(R @ Psi(s), identity(kappa), [memory, read_back]),
    )
    yield (
        "no other memory is read",
        identical(R @ Psi(k), zero(kappa, kappa), [memory, unread], where=[k >= 1, k <= s - 1]),
    )
    yield (
        "W Psi_k is A Psi_k and what C_k writes into U = Psi_s",
        identical(A @ Psi(k), W @ Psi(k) - U @ C(k), [projected, composed], where=[k >= 1, k <= s]),
    )
    yield "U = Psi_s", identical(Psi(s), U, [memory])


def _memories(w, write, read, variables):
    """[Psi_1 … Psi_s]."""
    return hstack(memories(w, write, read, variables))


def _composition(w, write, read, variables):
    """C_1 … C_s."""
    return composition(w, read, memories(w, write, read, variables))


def meaning(w, write, read, variables):
    psi, blocks = memories(w, write, read, variables), _composition(w, write, read, variables)
    return {
        W: w,
        U: write,
        R: read,
        A: deflated(w, write, read),
        s: variables,
        Psi: ranged("Psi", 1, variables, lambda i: psi[i - 1]),
        C: ranged("C", 1, variables, lambda i: blocks[i - 1]),
    }


def is_the_circuit(w, write, read, variables):
    """W Xi = Xi Phi_C and R Xi = E_sᵀ, for the C that is read off."""
    xi, task = _memories(w, write, read, variables), Task.from_blocks(_composition(w, write, read, variables))
    return exactly([w @ xi, read @ xi], [xi @ companion(task), selector(variables, write.shape[1], variables).T])


def spectrum_is_contained(w, write, read, variables):
    """The characteristic polynomial of Phi_C divides that of W: the circuit acts on an invariant subspace."""
    phi = companion(Task.from_blocks(_composition(w, write, read, variables)))
    return exactly(charpoly(w) % charpoly(phi), 0 * charpoly(w))


def floats_agree(w, write, read, variables):
    """In floats R W Psi_k is C_k, within the error bound of the products."""
    a, krylov, verdicts = deflated(w, write, read), chain(write), []
    for block in reversed(_composition(w, write, read, variables)):
        found = chain(read @ w, krylov)
        verdicts.append(close(found.value, block, found.bound))
        krylov = chain(a, krylov)
    return all_of(verdicts)


def with_rest(circuit):
    """A circuit whose weights do anything outside of its memories: W + X (I - Xi Dual)."""
    basis, task = circuit.basis, circuit.task
    outside = eye(basis.n) - basis.xi @ basis.dual
    return matrices(basis.n, basis.n).map(
        lambda rest: (circuit.W + rest @ outside, circuit.U, circuit.R + rest[: task.kappa, :] @ outside, task.s)
    )


ONE, NONE = matrix([[1]]), matrix([[0]])
E1, E2 = matrix([[1], [0]]), matrix([[0], [1]])
THEOREM = Theorem(
    hypotheses={
        writes_what_it_reads: (NONE, matrix([[2]]), ONE, 1),
        powers_end: (matrix([[0, 1], [0, 1]]), E2, E2.T, 1),
        memories_independent: (NONE, ONE, ONE, 2),
    },
    derivation=derivation,
    meaning=meaning,
    conclusions=(is_the_circuit, spectrum_is_contained),
    numeric=(floats_agree,),
    examples={
        "x(t) = x(t-1), two memories": (matrix([[0, 1], [0, 1]]), E2, E2.T, 2),
        "a third neuron that goes its own way": (
            matrix([[0, 1, 5], [1, 0, 7], [0, 0, 3]]),
            matrix([[0], [1], [0]]),
            matrix([[0, 1, 2]]),
            2,
        ),
    },
    cases=circuits(max_n=16).flatmap(with_rest),
    uses=("deflated-krylov",),
    source="Karuvally, DelMastro, Siegelmann, Episodic Memory Theory of RNNs, PMLR 221 (2023), section 5, sharpened",
)
