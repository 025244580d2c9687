"""How long a linear memory lasts: exactly γ^t when W is scaled, for ever on the unit circle if it is semisimple there.

Given h(s), replacing W by γW scales what is read t steps later by γ^t. If γ acts during writing too, repeat copy reads
γ^(s⌈t/s⌉) u(((t-1) mod s)+1) at time s + t. The powers of Phi stay bounded if and only if every eigenvalue has |λ| ≤ 1
and those with |λ| = 1 are semisimple: Phi^t v = λ^t v on an eigenvector, and on a Jordan chain Phi w = λw + v of
length two Phi^t w = λ^t w + t λ^(t-1) v. For 0 < |λ| < 1, semisimple, the memory falls by 1/e in -1/log|λ| steps.
Idea: γ commutes with everything; the impulse response of repeat copy is I every s steps and 0 in between.
"""

from hypothesis import strategies as st
from sympy import Symbol

from emtheory.cases import invertible_matrices, rationals
from emtheory.judges.balls import arb, less, precision
from emtheory.judges.exact import direct_sum, exactly, eye, matrix, rational
from emtheory.judges.floats import chain, close
from emtheory.judges.symbolic import (
    definition,
    hypothesis,
    identical,
    identity,
    indices,
    induction,
    letter,
    sizes,
    theorem,
)
from emtheory.theorem import Theorem
from emtheory.theory.circuits import companion, selector
from emtheory.theory.networks import linear_run
from emtheory.theory.tasks import Task
from emtheory.verdict import all_of

n, m, kappa, s = sizes("n m kappa s")
t, a, r = indices("t a r")
gamma, lam = Symbol("γ", nonzero=True), Symbol("λ", nonzero=True)
W, G, R, h = letter("W", n, n), letter("W_γ", n, n), letter("R", kappa, n), letter("h", n, 1)
Phi, E, J = letter("Phi", m, m), letter("E", m, kappa), letter("Φ_J", n, n)
v, w = letter("v", n, 1), letter("w", n, 1)


def jordan_form(phi, blocks, basis, scale):
    """Phi = P J P⁻¹ with Jordan blocks J of the given eigenvalues and sizes."""
    return exactly([phi @ basis, basis.rank()], [basis @ _jordan(blocks), len(phi)])


def inside_the_disc(phi, blocks, basis, scale):
    """Every eigenvalue has |λ| ≤ 1."""
    return exactly(all(abs(value) <= 1 for value, _ in blocks), True)


def semisimple_on_the_circle(phi, blocks, basis, scale):
    """The Jordan blocks of eigenvalues with |λ| = 1 have size 1."""
    return exactly(all(size == 1 for value, size in blocks if abs(value) == 1), True)


def derivation():
    scaled = definition(G, gamma * W)
    powers = induction(t, 0, G**t, gamma**t * W**t, [scaled])
    yield "the powers of γW are γ^t W^t", powers
    yield (
        "so what is read t steps later is scaled by γ^t",
        identical(R @ G**t @ h, gamma**t * (R @ W**t @ h), [powers], where=[t >= 0]),
    )
    around = theorem("repeat-copy-spectrum", Phi**s, identity(m))
    yield (
        "repeat copy comes round every s steps, so an input is heard at the steps a s, with γ^(a s), and not between",
        induction(a, 0, Phi ** (a * s + r) @ E, Phi**r @ E, [around], where=[r >= 0]),
    )
    eigen = hypothesis(jordan_form, J @ v, lam * v)
    yield "on an eigenvector Phi^t is λ^t", induction(t, 0, J**t @ v, lam**t * v, [eigen])
    linked = hypothesis(jordan_form, J @ w, lam * w + v)
    yield (
        "on a chain of length two t λ^(t-1) is added, which is unbounded for |λ| ≥ 1",
        induction(t, 0, J**t @ w, lam**t * w + t * lam ** (t - 1) * v, [linked, eigen]),
    )


def meaning(phi, blocks, basis, scale):
    (value, size), count = blocks[0], len(phi)
    task = Task.repeat_copy(count, 1)
    first = basis[:, :1]
    return {
        W: phi,
        G: scale * phi,
        R: matrix([[1] * count]),
        h: matrix([[i + 1] for i in range(count)]),
        s: count,
        Phi: companion(task),
        E: selector(count, 1, count),
        J: phi + 2 * eye(count),  # the same chain, its eigenvalue not 0
        v: first if size > 1 else 0 * first,
        w: basis[:, 1:2] if size > 1 else first,
        gamma: scale,
        lam: value + 2,
    }


def _jordan(blocks):
    return direct_sum(
        *(matrix([[x if i == j else int(j == i + 1) for j in range(k)] for i in range(k)]) for x, k in blocks)
    )


def scaled_exactly(phi, blocks, basis, scale):
    """Every component of (γW)^t h is γ^t times that of W^t h, for t up to 8."""
    state = basis @ matrix([[i + 1] for i in range(len(phi))])
    return exactly(
        [(scale * phi) ** steps @ state for steps in range(9)],
        [scale**steps * phi**steps @ state for steps in range(9)],
    )


def scaled_while_writing(phi, blocks, basis, scale):
    """If γ acts from the start, repeat copy of n variables reads γ^(s⌈t/s⌉) u(((t-1) mod s)+1)."""
    count = len(phi)
    task, inputs = Task.repeat_copy(count, 1), basis[:1, :]
    last = selector(count, 1, count)
    heard = linear_run(scale * companion(task), last, last.T, inputs, 3 * count).outputs[:, count:]
    wanted = [[scale ** (count * (1 + i // count)) * inputs[0, i % count] for i in range(2 * count)]]
    return exactly(heard, matrix(wanted))


def powers_bounded(phi, blocks, basis, scale):
    """‖Phi^t‖_∞ ≤ ‖P‖ ‖P⁻¹‖ Σ_j 1/(1-|λ|)^(j+1) over the block, or 1 on the circle, for t = 1, 2, 4 … 2^12."""
    most = max(_block_bound(abs(value), size) for value, size in blocks)
    bound, power, held = basis.norm_inf() * basis.inv().norm_inf() * most, phi, []
    for _ in range(13):
        held.append(power.norm_inf() <= bound)
        power = power @ power
    return exactly(held, [True] * 13)


def _block_bound(modulus, size):
    """Σ_t C(t, j) x^(t-j) = 1/(1-x)^(j+1) bounds each of its terms."""
    if modulus >= 1:
        return rational(1)
    return sum((1 / (1 - modulus) ** (j + 1) for j in range(size)), rational(0))


def lifetime(phi, blocks, basis, scale):
    """|λ|^t is at least 1/e for t ≤ -1/log|λ|, and below it one step later; for all 0 < |λ| < 1 and for 9/10."""
    fading = [abs(value) for value, _ in blocks if 0 < abs(value) < 1] + [rational(9) / 10]
    verdicts = []
    for modulus in fading:
        with precision(BITS):
            last = int((-1 / arb(modulus).log()).floor().unique_fmpz())
        verdicts.append(less(lambda: arb(-1).exp(), modulus**last, bits=BITS))
        verdicts.append(less(modulus ** (last + 1), lambda: arb(-1).exp(), bits=BITS))
    return all_of(verdicts)


def floats_agree(phi, blocks, basis, scale):
    """In floats Phi^3 agrees with the exact power, within the error bound of the product."""
    computed = chain(phi, phi, phi)
    return close(computed.value, phi**3, computed.bound)


@st.composite
def memories(draw):
    """Jordan blocks inside of the disc, of size 1 on the circle, in a random basis; γ a small rational."""
    values = draw(st.lists(st.sampled_from(("1", "-1", "0", "1/2", "-1/3", "2/3")), min_size=1, max_size=3))
    blocks = []
    for text in values:
        value = matrix([[text]])[0, 0]
        blocks.append((value, 1 if abs(value) == 1 else draw(st.integers(1, 2))))
    basis = draw(invertible_matrices(sum(size for _, size in blocks)))
    return basis @ _jordan(blocks) @ basis.inv(), blocks, basis, rational(draw(rationals())) or rational(1) / 2


BITS = 128
ONE, TWO, HALF = matrix([[1]]), matrix([[2]]), rational(1) / 2
CHAIN = [(rational(1), 2)]
CIRCUIT, ITS_BASIS = matrix([[0, 1], [-1, 2]]), matrix([[1, 0], [1, 1]])  # x(t) = 2 x(t-1) - x(t-2)
THEOREM = Theorem(
    hypotheses={
        jordan_form: (TWO, [(rational(1), 1)], ONE, HALF),
        inside_the_disc: (TWO, [(rational(2), 1)], ONE, HALF),
        semisimple_on_the_circle: (CIRCUIT, CHAIN, ITS_BASIS, HALF),
    },
    derivation=derivation,
    meaning=meaning,
    conclusions=(scaled_exactly, scaled_while_writing, powers_bounded, lifetime),
    numeric=(floats_agree,),
    examples={
        "a memory that halves": (matrix([["1/2"]]), [(HALF, 1)], ONE, HALF),
        "a sign that alternates beside a chain that fades": (
            direct_sum(matrix([[-1]]), matrix([["1/2", 1], [0, "1/2"]])),
            [(rational(-1), 1), (HALF, 2)],
            eye(3),
            rational(2) / 3,
        ),
    },
    cases=memories(),
    uses=("repeat-copy-spectrum",),
    source="R. A. Horn, C. R. Johnson, Matrix Analysis, 2nd ed., 3.2.5; Karuvally et al., arXiv:2310.02430",
)
