"""The energy of the episodic memory model never rises while its delayed state is frozen.

States V_f (n), V_h (m), V_d (n), activations σ_f = ∇L_f, σ_h = ∇L_h with Jacobians J_f, J_h, T_f, T_h > 0, and
T_f V̇_f = √α_s Ξ σ_h - V_f,  T_h V̇_h = √α_s Ξᵀσ_f + α_c ΦᵀΞᵀV_d - V_h. For
E = [V_fᵀσ_f - L_f] + [V_hᵀσ_h - L_h] - √α_s σ_fᵀΞσ_h - α_c V_dᵀΞΦσ_h and *any* path V_d(t),
dE/dt = -T_f V̇_fᵀJ_f V̇_f - T_h V̇_hᵀJ_h V̇_h - α_c V̇_dᵀΞΦσ_h. So E never rises if V_d is frozen and J_f, J_h ⪰ 0.
Idea: the chain rule, then V_f and V_h are eliminated by the first two equations.
"""

from hypothesis import strategies as st
from sympy import Symbol

from emtheory.judges.balls import less
from emtheory.judges.exact import exactly, matrix, rational, zeros
from emtheory.judges.symbolic import (
    CHAIN_RULE,
    at_least_zero,
    cited,
    definition,
    hypothesis,
    identical,
    letter,
    nonnegative,
    sizes,
    zero,
)
from emtheory.theorems.cases import interactions, invertible_matrices, matrices, rationals, tasks
from emtheory.theorems.theorem import Theorem
from emtheory.theory.gsemm import tanh_energy_rate

n, m = sizes("n m")
Xi, Phi = letter("Xi", n, m), letter("Phi", m, m)
Vf, Vh, Vd = letter("V_f", n, 1), letter("V_h", m, 1), letter("V_d", n, 1)
f, h, d = letter("V̇_f", n, 1), letter("V̇_h", m, 1), letter("V̇_d", n, 1)
sf, sh = letter("σ_f", n, 1), letter("σ_h", m, 1)
Jf, Jh, rate = letter("J_f", n, n), letter("J_h", m, m), letter("Ė", 1, 1)
Tf, Th = (Symbol(name, positive=True) for name in ("T_f", "T_h"))  # by `forward_f` and `forward_h`
root, coupling = Symbol("r", nonnegative=True), Symbol("α_c", real=True)  # r = √α_s


def curved_f(xi, phi, qf, qh, states, drift, constants):
    """J_f is positive semidefinite along the motion: V̇_fᵀJ_f V̇_f ≥ 0."""
    values = meaning(xi, phi, qf, qh, states, drift, constants)
    return exactly((values[f].T @ qf @ values[f])[0, 0] >= 0, True)


def curved_h(xi, phi, qf, qh, states, drift, constants):
    """J_h is positive semidefinite along the motion: V̇_hᵀJ_h V̇_h ≥ 0."""
    values = meaning(xi, phi, qf, qh, states, drift, constants)
    return exactly((values[h].T @ qh @ values[h])[0, 0] >= 0, True)


def forward_f(xi, phi, qf, qh, states, drift, constants):
    """T_f > 0."""
    return exactly(constants[0] > 0, True)


def forward_h(xi, phi, qf, qh, states, drift, constants):
    """T_h > 0."""
    return exactly(constants[1] > 0, True)


def frozen(xi, phi, qf, qh, states, drift, constants):
    """The delayed state does not move: V̇_d = 0."""
    return exactly(drift, 0 * drift)


def derivation():
    product = Vf.T @ Jf @ f + Vh.T @ Jh @ h
    chain_rule = cited(
        CHAIN_RULE,
        rate,
        product
        - root * (f.T @ Jf.T @ Xi @ sh + sf.T @ Xi @ Jh @ h)
        - coupling * (d.T @ Xi @ Phi @ sh + Vd.T @ Xi @ Phi @ Jh @ h),
    )
    first = definition(Vf, root * (Xi @ sh) - Tf * f)
    second = definition(Vh, root * (Xi.T @ sf) + coupling * (Phi.T @ Xi.T @ Vd) - Th * h)
    known = identical(
        rate,
        -Tf * (f.T @ Jf @ f) - Th * (h.T @ Jh @ h) - coupling * (d.T @ Xi @ Phi @ sh),
        [chain_rule, first, second],
    )
    yield "the energy changes by two quadratic forms and by the motion of V_d", known
    still = hypothesis(frozen, d, zero(n, 1))
    bounds = [at_least_zero(curved_f, f.T @ Jf @ f), at_least_zero(curved_h, h.T @ Jh @ h)]
    yield (
        "so it never rises while V_d is frozen",
        nonnegative(-1 * rate, [(Tf, f.T @ Jf @ f), (Th, h.T @ Jh @ h)], [known, still, *bounds]),
    )


def meaning(xi, phi, qf, qh, states, drift, constants):
    at_f, at_h, at_d = states
    tf, th, r, ac = constants
    moved_f = (r * (xi @ qh @ at_h) - at_f) / tf
    moved_h = (r * (xi.T @ qf @ at_f) + ac * (phi.T @ xi.T @ at_d) - at_h) / th
    ends = [
        _energy(xi, phi, qf, qh, (at_f + t * moved_f, at_h + t * moved_h, at_d + t * drift), constants) for t in (1, -1)
    ]
    return {
        Xi: xi,
        Phi: phi,
        Vf: at_f,
        Vh: at_h,
        Vd: at_d,
        f: moved_f,
        h: moved_h,
        d: drift,
        sf: qf @ at_f,
        sh: qh @ at_h,
        Jf: qf,
        Jh: qh,
        rate: (ends[0] - ends[1]) / 2,  # E is quadratic along a line, so this is its derivative
        Tf: tf,
        Th: th,
        root: r,
        coupling: ac,
    }


def _energy(xi, phi, qf, qh, states, constants):
    """E for L_f = ½ V_fᵀQ_f V_f and L_h = ½ V_hᵀQ_h V_h, as a 1 x 1 matrix."""
    at_f, at_h, at_d = states
    _, _, r, ac = constants
    own = (at_f.T @ qf @ at_f + at_h.T @ qh @ at_h) / 2
    return own - r * (at_f.T @ qf @ xi @ qh @ at_h) - ac * (at_d.T @ xi @ phi @ qh @ at_h)


def never_rises(xi, phi, qf, qh, states, drift, constants):
    """dE/dt ≤ 0."""
    return exactly(meaning(xi, phi, qf, qh, states, drift, constants)[rate][0, 0] <= 0, True)


def tanh_rate(xi, phi, qf, qh, states, drift, constants):
    """For tanh on both layers the Taylor coefficient of E along the motion is below 0, enclosed."""
    moving = states[0].map(lambda entry: entry or rational(1))  # no rational but 0 rests under tanh
    return less(lambda: tanh_energy_rate(xi, phi, (moving, *states[1:]), constants), rational(0), bits=200)


@st.composite
def models(draw, task):
    """A model of n = s and m = κ units with quadratic potentials, states and constants."""
    n_of, m_of = task.s, task.kappa
    wide, phi = draw(matrices(n_of, m_of + 2)), draw(interactions(m_of))
    xi, at_f, at_d = wide[:, :m_of], wide[:, m_of : m_of + 1], wide[:, m_of + 1 :]
    at_h = phi[:, :1] + (wide.T @ wide)[:m_of, :1]
    pf, ph = draw(invertible_matrices(n_of)), draw(invertible_matrices(m_of))
    slow, strong = st.sampled_from((1, 3, rational(1) / 2)), st.sampled_from((2, 1, 0, rational(1) / 3))
    constants = draw(st.tuples(slow, slow, strong, rationals()))
    constants = tuple(rational(value) for value in constants)
    return xi, phi, pf @ pf.T, ph @ ph.T, (at_f, at_h, at_d), zeros(n_of, 1), constants


ONE, NONE, MINUS = matrix([[1]]), matrix([[0]]), matrix([[-1]])
UNITS = (1, 1, 1, 1)
THEOREM = Theorem(
    hypotheses={
        curved_f: (ONE, NONE, MINUS, ONE, (ONE, MINUS, NONE), NONE, UNITS),
        curved_h: (ONE, NONE, ONE, MINUS, (MINUS, ONE, NONE), NONE, UNITS),
        forward_f: (ONE, ONE, ONE, ONE, (ONE, matrix([[2]]), ONE), NONE, (-1, 1, 1, 1)),
        forward_h: (ONE, ONE, ONE, ONE, (ONE, ONE, ONE), NONE, (1, -1, 1, 1)),
        frozen: (ONE, MINUS, ONE, ONE, (ONE, ONE, NONE), ONE, UNITS),
    },
    derivation=derivation,
    meaning=meaning,
    conclusions=(never_rises,),
    numeric=(tanh_rate,),
    examples={"one unit in each layer": (ONE, MINUS, ONE, ONE, (ONE, matrix([[2]]), ONE), NONE, UNITS)},
    cases=tasks(max_s=6, max_kappa=4).flatmap(models),
    source="Karuvally, Sejnowski, Siegelmann, General Sequential Episodic Memory Model, ICML 2023, PMLR 202",
)
