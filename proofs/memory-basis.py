"""Memories that a dual reads back move by the powers of their interactions.

Phi (m x m) moves m memories, Xi (n x m) writes them into n neurons, Dual (m x n) reads them, W = Xi Phi Dual.
If Dual reads what Xi writes (Dual Xi = I), then W^k = Xi Phi^k Dual for every k ≥ 1: nothing is lost in the hidden
layer. Split into s variables of dimension kappa, Psi_k = Xi E_k and its dual Psi*_k = E_kᵀ Dual satisfy
Psi*_j Psi_k = δ_jk I: variables lie side by side without mixing (*segregation*).
Idea: in a product of copies of W each inner Dual Xi disappears; induction on the number of copies.
"""

from emtheory.judges.exact import cycle, exactly, eye, left_inverse, matrix, zeros
from emtheory.judges.floats import chain, close
from emtheory.judges.symbolic import delta, hypothesis, identical, identity, induction
from emtheory.theorems.cases import circuits, interactions
from emtheory.theorems.theorem import Theorem
from emtheory.theory.algebra import SELECT, STORED, Dual, E, Phi, W, Xi, j, k, kappa, m, ranged, s
from emtheory.theory.circuits import selector
from emtheory.verdict import all_of

POWERS = range(1, 6)


def reads_back(xi, dual, phi, variables):
    """The dual reads back what the basis writes: Dual Xi = I."""
    return exactly(dual @ xi, eye(len(phi)))


def derivation():
    duality = hypothesis(reads_back, Dual @ Xi, identity(m))
    yield (
        "k steps of the network are k steps of the memories",
        induction(k, 1, W**k, Xi @ Phi**k @ Dual, [duality, STORED]),
    )
    yield (
        "the dual of variable j reads variable k as δ_jk",
        identical(
            (E(j).T @ Dual) @ (Xi @ E(k)),
            delta(j, k) * identity(kappa),
            [duality, SELECT],
            where=[j >= 1, j <= s, k >= 1, k <= s],
        ),
    )


def meaning(xi, dual, phi, variables):
    dimension = len(phi) // variables
    blocks = ranged("E", 1, variables, lambda i: selector(variables, dimension, i))
    return {Xi: xi, Dual: dual, Phi: phi, W: xi @ phi @ dual, s: variables, kappa: dimension, E: blocks}


def powers_kept(xi, dual, phi, variables):
    """W^k = Xi Phi^k Dual for k = 1 … 5."""
    w = xi @ phi @ dual
    return exactly([w**power for power in POWERS], [xi @ phi**power @ dual for power in POWERS])


def segregated(xi, dual, phi, variables):
    """Psi*_j Psi_k = δ_jk I for all variables j, k."""
    dimension = len(phi) // variables
    columns = [selector(variables, dimension, i + 1) for i in range(variables)]
    return all_of(
        exactly((a.T @ dual) @ (xi @ b), eye(dimension) if a is b else zeros(dimension, dimension))
        for a in columns
        for b in columns
    )


def floats_agree(xi, dual, phi, variables):
    """Five float steps of W agree with Xi Phi^5 Dual, within the error bound of the product."""
    w = xi @ phi @ dual
    computed = chain(*[w] * len(POWERS))
    return close(computed.value, xi @ phi ** len(POWERS) @ dual, computed.bound)


def stored(circuit):
    """Any interactions in place of the circuit's own."""
    basis, variables = circuit.basis, circuit.task.s
    return interactions(basis.m).map(lambda phi: (basis.xi, basis.dual, phi, variables))


XI = matrix([[1, 1], [0, 1], [1, 0]])  # independent columns, not orthogonal
THEOREM = Theorem(
    hypotheses={reads_back: (matrix([[1, 1]]), matrix([["1/2"], ["1/2"]]), matrix([[1, 0], [0, 0]]), 2)},
    derivation=derivation,
    meaning=meaning,
    conclusions=(powers_kept, segregated),
    numeric=(floats_agree,),
    examples={
        "two memories, three neurons": (XI, left_inverse(XI), cycle(2), 2),
        "an oblique dual": (matrix([[1], [0]]), matrix([[1, 4]]), matrix([["1/2"]]), 1),
    },
    cases=circuits().flatmap(stored),
    source="Karuvally, DelMastro, Siegelmann, Episodic Memory Theory of RNNs, PMLR 221 (2023), section 3",
)
