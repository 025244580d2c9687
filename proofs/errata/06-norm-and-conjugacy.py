"""A norm bound does not make the two forms of a network conjugate on the whole space, and is not needed.

Printed: ‖S‖ ≤ 1, S = Xi (I + Phiᵀ) Xiᵀ, makes f = S∘σ and g = σ∘S conjugate on ℝⁿ. With σ = tanh and S of rank one,
S = a bᵀ, a = (1, 3), b = (2, -1)/10: g² vanishes where bᵀ tanh(a c) = 0, c = bᵀx, which is tanh 3c = 2 tanh c. With
τ = tanh c that is τ (5τ² - 1) = 0: three values of c, so three lines. f² vanishes where the same holds for
c = bᵀ tanh x; but |c| ≤ 3/10, and tanh(3/10) < 1/√5: only c = 0, one curve. A conjugacy maps one set onto the other.
Right: on σ(ℝⁿ) for injective σ, and on ℝⁿ for every σ if S is invertible, whatever its norm: S∘g = f∘S.
"""

from emtheory.judges.balls import arb, precision
from emtheory.judges.exact import exactly, eye, matrix, polynomial, rational
from emtheory.theorems.cases import invertible_matrices, matrices, tasks
from emtheory.theorems.theorem import Erratum
from emtheory.theory.gsemm import POTENTIALS

BITS = 128
SIGMA = POTENTIALS["relu"][1]


def _zeros_of(gain, reach):
    """How many c with |c| ≤ reach solve tanh(gain c) = 2 tanh c, gain = 3: the roots τ of τ (5τ² - 1) in the range.

    tanh 3c = (3τ + τ³)/(1 + 3τ²), so the equation is (3τ + τ³) - 2τ (1 + 3τ²) = τ - 5τ³ = 0.
    """
    if gain != 3:
        raise ValueError("the triple-angle form needs the gain 3")
    cubic = polynomial([0, 3, 0, 1]) - 2 * polynomial([0, 1]) * polynomial([1, 0, 3])
    with precision(BITS):
        most = arb(reach).tanh() if reach is not None else arb(1)
        return sum(int(abs(root.real) < most) for root, _ in cubic.complex_roots())


def printed(weights, state):
    """‖S‖ ≤ 1, and so (f²)⁻¹(0) has as many branches as (g²)⁻¹(0), S = a bᵀ with a_2 = 3 a_1 and tanh."""
    first, second = weights[0, 0], weights[0, 1]
    branches_of_g = _zeros_of(weights[1, 0] / first, None)
    branches_of_f = _zeros_of(weights[1, 0] / first, abs(first) + abs(second))
    small = weights.norm_inf() <= 1
    return exactly([small, branches_of_f], [True, branches_of_g])


def corrected(weights, state):
    """For an invertible S of any norm f = S∘g∘S⁻¹, here with ReLU, exactly."""
    back = weights.inv() @ state
    return exactly(weights @ state.map(SIGMA), weights @ (weights @ back).map(SIGMA))


def networks(task):
    """Invertible weights and a state."""
    return invertible_matrices(task.s).flatmap(lambda s: matrices(task.s, 1).map(lambda x: (s, x)))


RANK_ONE = matrix([["1/5", "-1/10"], ["3/5", "-3/10"]])
ERRATUM = Erratum(
    number=6,
    printed="‖Xi (I + Phiᵀ) Xiᵀ‖ ≤ 1 makes f and g conjugate on ℝⁿ",
    why="neither needed nor enough: tanh, S = [[2, -1], [6, -3]]/10: (g²)⁻¹(0) is three lines, (f²)⁻¹(0) one curve",
    corrected="conjugate on σ(ℝⁿ) if σ is continuous and injective; on ℝⁿ if S is invertible, whatever its norm",
    claim=printed,
    counterexample=(RANK_ONE, matrix([[1], [1]])),
    correction=corrected,
    examples={
        "a large invertible S": (matrix([[10, 3], [0, -7]]), matrix([[1], [-2]])),
        "the identity": (eye(2), matrix([[rational(1) / 2], [-1]])),
    },
    cases=tasks(max_s=5, max_kappa=1).flatmap(networks),
    theorem="conjugacy",
    source="the notes to Karuvally, DelMastro, Siegelmann, arXiv:2310.02430, on the two forms of an RNN",
)
