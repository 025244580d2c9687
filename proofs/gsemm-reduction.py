"""With fast hidden and delayed states the episodic memory model is a leaky network, and its Euler step a discrete one.

T_h, T_d → 0 and σ_h = id give V_h = √α_s Ξᵀσ_f + α_c ΦᵀΞᵀV_d, V_d = σ_f(V_f), and T_f V̇ = S σ_f(V) - V with
S = Ξ (α_s I + √α_s α_c Φᵀ) Ξᵀ. Its Euler step with a = Δt/T_f is f_a(V) = (1-a) V + a S σ(V), the rate form
g_a(h) = (1-a) h + a σ(S h) satisfies S∘g_a = f_a∘S. All a > 0 share their fixed points, and where the linearisation of
V ↦ S σ(V) has the eigenvalue μ, that of f_a has 1 - a + a μ: smaller steps are more stable.
Idea: eliminate V_h and V_d; (1-a) I + a M is a shift and a multiple of M.
"""

from sympy import Symbol

from emtheory.judges.exact import charpoly, exactly, eye, matrix, rational
from emtheory.judges.floats import chain, close
from emtheory.judges.symbolic import (
    DET_OF_PRODUCT,
    DET_OF_SCALAR,
    definition,
    det,
    hypothesis,
    identical,
    identity,
    letter,
    sizes,
)
from emtheory.theorems.cases import interactions, matrices, memory_bases, selections
from emtheory.theorems.theorem import Theorem

n, m = sizes("n m")
Xi, Phi, S, M = letter("Xi", n, m), letter("Phi", m, m), letter("S", n, n), letter("M", n, n)
V, y, rates = letter("V", n, 1), letter("σ(V)", n, 1), letter("T V̇", n, 1)
hidden, read, delayed = letter("V_h", m, 1), letter("σ_h(V_h)", m, 1), letter("V_d", n, 1)
h, moved = letter("h", n, 1), letter("σ(Sh)", n, 1)
root, coupling, a, mu = Symbol("r"), Symbol("α_c"), Symbol("a"), Symbol("μ")  # r = √α_s


def identity_readout(xi, phi, slopes, state, constants, gain):
    """σ_h is the identity."""
    return exactly(gain, 1)


def positive_step(xi, phi, slopes, state, constants, gain):
    """The step is a > 0."""
    return exactly(rational(constants[2]) > 0, True)


def derivation():
    weights = definition(S, Xi @ (root**2 * identity(m) + root * coupling * Phi.T) @ Xi.T)
    fast = definition(hidden, root * (Xi.T @ y) + coupling * (Phi.T @ Xi.T @ delayed))
    plain = hypothesis(identity_readout, read, hidden)
    yield (
        "with V_h and V_d eliminated, T_f V̇ = S σ(V) - V",
        identical(root * (Xi @ read) - V, S @ y - V, [plain, fast, definition(delayed, y), weights]),
    )
    rate_form = (1 - a) * h + a * moved
    yield (
        "S carries the rate form to the potential form, for every a",
        identical(S @ rate_form, (1 - a) * (S @ h) + a * (S @ moved)),
    )
    step = (1 - a) * identity(n) + a * M
    factored = identical(
        det((a * identity(n)) @ (mu * identity(n) - M)),
        a**n * det(mu * identity(n) - M),
        [DET_OF_PRODUCT, DET_OF_SCALAR],
    )
    yield "a common factor leaves the determinant as aⁿ", factored
    yield (
        "so μ is an eigenvalue of M iff 1 - a + a μ is one of the step",
        identical(det((1 - a + a * mu) * identity(n) - step), a**n * det(mu * identity(n) - M), [factored]),
    )


def meaning(xi, phi, slopes, state, constants, gain):
    r, ac, rate = constants
    y_of = slopes @ state
    fast = r * (xi.T @ y_of) + ac * (phi.T @ xi.T @ y_of)
    weights = _weights(xi, phi, constants)
    return {
        Xi: xi,
        Phi: phi,
        S: weights,
        M: weights @ slopes,
        V: state,
        y: y_of,
        hidden: fast,
        read: gain * fast,
        delayed: y_of,
        h: state + y_of,
        moved: slopes @ weights @ (state + y_of),
        root: r,
        coupling: ac,
        a: rate,
    }


def _weights(xi, phi, constants):
    r, ac, _ = constants
    return xi @ (r * r * eye(len(phi)) + r * ac * phi.T) @ xi.T


def dynamics_reduce(xi, phi, slopes, state, constants, gain):
    """√α_s Ξ σ_h(V_h) - V = S σ(V) - V at V_h, V_d in their fast equilibrium."""
    values = meaning(xi, phi, slopes, state, constants, gain)
    return exactly(constants[0] * (xi @ values[read]) - state, values[S] @ values[y] - state)


def fixed_points_shared(xi, phi, slopes, state, constants, gain):
    """V ↦ S D V and its leaky step (1-a) V + a S D V have the same fixed points: one kernel."""
    step, plain = _step(xi, phi, slopes, constants), _weights(xi, phi, constants) @ slopes
    one = eye(len(plain))
    return exactly((step - one).kernel(), (plain - one).kernel())


def eigenvalues_shift(xi, phi, slopes, state, constants, gain):
    """det(1 - a + a μ - f_a') = aⁿ det(μ - S D) at n + 1 points μ, hence as polynomials."""
    step, plain = _step(xi, phi, slopes, constants), _weights(xi, phi, constants) @ slopes
    rate, points = rational(constants[2]), [rational(p) for p in range(len(plain) + 1)]
    found, expected = charpoly(step), charpoly(plain)
    return exactly([found(1 - rate + rate * p) for p in points], [rate ** len(plain) * expected(p) for p in points])


def _step(xi, phi, slopes, constants):
    rate = rational(constants[2])
    plain = _weights(xi, phi, constants) @ slopes
    return (1 - rate) * eye(len(plain)) + rate * plain


def floats_agree(xi, phi, slopes, state, constants, gain):
    """In floats the weights are Ξ (α_s I + √α_s α_c Φᵀ) Ξᵀ, within the error bound of the products."""
    r, ac, _ = constants
    computed = chain(xi, r * r * eye(len(phi)) + r * ac * phi.T, xi.T)
    return close(computed.value, _weights(xi, phi, constants), computed.bound)


def models(task):
    """A model with diagonal slopes, a state and constants; the step is a = 1/1 … 1/κ."""
    size = task.s

    def case(basis, phi, drawn):
        slopes = matrix([[abs(drawn[i, 0]) if i == j else 0 for j in range(basis.n)] for i in range(basis.n)])
        return basis.xi, phi, slopes, drawn[:, 1:], (2, task.kappa, rational(1) / task.kappa), 1

    return memory_bases(m=size, max_n=12).flatmap(
        lambda basis: interactions(size).flatmap(
            lambda phi: matrices(basis.n, 2).map(lambda drawn: case(basis, phi, drawn))
        )
    )


ONE = matrix([[1]])
THEOREM = Theorem(
    hypotheses={
        identity_readout: (ONE, ONE, ONE, ONE, (1, 1, 1), 2),
        positive_step: (ONE, ONE, ONE, ONE, (1, 1, 0), 1),
    },
    derivation=derivation,
    meaning=meaning,
    conclusions=(dynamics_reduce, fixed_points_shared, eigenvalues_shift),
    numeric=(floats_agree,),
    examples={
        "one neuron, half a step": (ONE, ONE, ONE, ONE, (1, 1, rational(1) / 2), 1),
        "μ = -2 is stable for a < 2/3 only: a = 1/3": (ONE, matrix([[-3]]), ONE, ONE, (1, 1, rational(1) / 3), 1),
    },
    cases=selections(max_s=5, max_kappa=4).flatmap(models),
    source="Karuvally, Sejnowski, Siegelmann, General Sequential Episodic Memory Model, ICML 2023, PMLR 202",
)
