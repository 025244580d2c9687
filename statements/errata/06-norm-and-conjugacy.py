"""A norm bound does not make the two forms of a network conjugate on the whole space, and is not needed.

Printed: ‖S‖ ≤ 1, S = Xi (I + Phiᵀ) Xiᵀ, makes f = S∘σ and g = σ∘S conjugate on ℝⁿ. With σ = tanh and S of rank one,
S = a bᵀ, a = (1, 3), b = (2, -1)/10: g² vanishes where bᵀ tanh(a c) = 0, c = bᵀx, which is tanh 3c = 2 tanh c. With
τ = tanh c, tanh 3c = (3τ + τ³)/(1 + 3τ²), that is τ (1 - 5τ²) = 0: three values of c, so three lines. f² vanishes where
the same holds for c = bᵀ tanh x; but |c| ≤ 3/10, and tanh(3/10) < 1/√5: only c = 0, one curve. A conjugacy maps one
set onto the other. Right: if S has an inverse T, g^k = T f^k S for every σ, whatever the norm (conjugacy, where maps
are matrices of zeros and ones).
"""

from emtheory.formulas import Erratum, case, equal, implies, opaque, sibling, times
from emtheory.judges.balls import arb, precision
from emtheory.judges.exact import polynomial

conjugacy = sibling(__file__, "conjugacy")
CUBIC = polynomial([0, 1, 0, -5])  # τ (1 - 5τ²)


@opaque
def norm_makes_conjugate(S, **_):
    """For tanh and S = a bᵀ, a_2 = 3 a_1, b_2 = -b_1/2: if ‖S‖ ≤ 1, f² and g² vanish on equally many branches."""
    first, second = S[0, 0], S[0, 1]
    if S[1, :] != 3 * S[0, :] or first != -2 * second or first <= 0:
        raise ValueError("the triple angle needs S = a bᵀ with a_2 = 3 a_1 and b_2 = -b_1/2")
    with precision(128):
        reach = arb(first - second).tanh()  # |c| < |b_1| + |b_2|, as |tanh| < 1
        beyond = [abs(root.real) > reach for root, _ in CUBIC.complex_roots()]
    return S.norm_inf() > 1 or not any(beyond)


def proof(prove):
    once = prove(equal(conjugacy.S @ conjugacy.g, conjugacy.f @ conjugacy.S), "both are S sigma S").by_rewriting(
        conjugacy.forth, conjugacy.back
    )
    prove(conjugacy.under).by_induction(conjugacy.k, once)
    with prove.assuming(conjugacy.faithful):
        carried = times(conjugacy.under, left=conjugacy.T)
        prove(conjugacy.carried).by_combining(carried, times(conjugacy.faithful, right=conjugacy.g**conjugacy.k))


def alone(c):
    return case(**{name: c[name] for name in ("p", "q", "sigma", "S", "T")})


KEPT = ("sigma", "S", "T")
RANK_ONE = case(p=2, q=2, sigma=[[1, 0], [0, 1]], S=[["1/5", "-1/10"], ["3/5", "-3/10"]], T=[[0, 0], [0, 0]])
ERRATUM = Erratum(
    number=6,
    printed="‖Xi (I + Phiᵀ) Xiᵀ‖ ≤ 1 makes f and g conjugate on ℝⁿ",
    why="neither needed nor enough: tanh, S = [[2, -1], [6, -3]]/10: (g²)⁻¹(0) is three lines, (f²)⁻¹(0) one curve",
    corrected="conjugate on σ(ℝⁿ) if σ is continuous and injective; on ℝⁿ if S is invertible, whatever its norm",
    given=(*conjugacy.SIZES[:2], *(given for given in conjugacy.LETTERS if given.name in KEPT)),
    definitions=(conjugacy.forth, conjugacy.back),
    claim=norm_makes_conjugate,
    counterexample=RANK_ONE,
    correction=implies(conjugacy.faithful, conjugacy.carried),
    examples={
        "a large invertible S": case(
            p=2, q=2, sigma=[[1, 0], [1, 0]], S=[[10, 0], [0, -7]], T=[["1/10", 0], [0, "-1/7"]]
        ),
        "sigma undoes S, and T does not": case(p=1, q=1, sigma=[["1/2"]], S=[[2]], T=[[3]]),
    },
    cases=conjugacy.THEOREM.cases.map(alone),
    proof=proof,
    theorem="conjugacy",
    source="the notes to Karuvally, DelMastro, Siegelmann, arXiv:2310.02430, on the two forms of an RNN",
)
