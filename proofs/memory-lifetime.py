"""How long a linear memory lasts: exactly γ^t when W is scaled, for ever on the unit circle if it is semisimple there.

Given h(s), replacing W by γW scales what is read t steps later by γ^t. If γ acts during writing too, repeat copy reads
γ^(s⌈t/s⌉) u(((t-1) mod s)+1) at time s + t. The powers of Phi stay bounded if and only if every eigenvalue has |λ| ≤ 1
and those with |λ| = 1 are semisimple: Phi^t v = λ^t v on an eigenvector, and on a Jordan chain Phi w = λw + v of
length two Phi^t w = λ^t w + t λ^(t-1) v. For 0 < |λ| < 1, semisimple, the memory falls by 1/e in -1/log|λ| steps.
Idea: γ commutes with everything; the impulse response of repeat copy is I every s steps and 0 in between.
"""

from math import comb, isqrt

from hypothesis import strategies as st
from sympy import Symbol

from emtheory.judges.balls import arb, less, precision
from emtheory.judges.exact import blocks as blocks_of
from emtheory.judges.exact import direct_sum, exactly, eye, matrix, rational, zeros
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
from emtheory.networks.elman import linear_run
from emtheory.theorems.cases import invertible_matrices, rationals
from emtheory.theorems.theorem import Theorem
from emtheory.theory.circuits import companion, selector
from emtheory.theory.tasks import Task
from emtheory.verdict import all_of

n, m, kappa, s = sizes("n m kappa s")
t, a, r = indices("t a r")
gamma, lam = Symbol("γ", nonzero=True), Symbol("λ", nonzero=True)
W, G, R, h = letter("W", n, n), letter("W_γ", n, n), letter("R", kappa, n), letter("h", n, 1)
Phi, E, J = letter("Phi", m, m), letter("E", m, kappa), letter("Φ_J", n, n)
v, w = letter("v", n, 1), letter("w", n, 1)


def jordan_form(phi, blocks, basis, scale):
    """Phi = P J P⁻¹ with Jordan blocks J of the given eigenvalues a + ib (b ≠ 0: with a - ib, real form) and sizes."""
    return exactly([phi @ basis, basis.rank()], [basis @ _jordan(blocks), len(phi)])


def inside_the_disc(phi, blocks, basis, scale):
    """Every eigenvalue has |λ| ≤ 1."""
    return exactly(all(a_of**2 + b_of**2 <= 1 for (a_of, b_of), _ in blocks), True)


def semisimple_on_the_circle(phi, blocks, basis, scale):
    """The Jordan blocks of eigenvalues with |λ| = 1 have size 1."""
    return exactly(all(size == 1 for (a_of, b_of), size in blocks if a_of**2 + b_of**2 == 1), True)


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
        induction(t, 1, J**t @ w, lam**t * w + t * lam ** (t - 1) * v, [linked, eigen]),
    )


def meaning(phi, blocks, basis, scale):
    ((value, turning), size), count = blocks[0], len(phi)
    if turning:
        raise ValueError("the letters are real: a real block comes first")
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
    """J: λ on the diagonal and 1 above it; for λ = a + ib the 2 x 2 blocks of a rotation, and I above."""
    return _power(blocks, 1)


def _power(blocks, steps):
    """J^t in closed form: C(t, j) λ^(t-j) on superdiagonal j of each block."""
    return direct_sum(*(_block_power(value, size, steps) for value, size in blocks))


def _block_power(value, size, steps):
    width = 2 if value[1] else 1
    band = [comb(steps, j) * _turned(value, steps - j) if j <= steps else zeros(width, width) for j in range(size)]
    return blocks_of([[band[j - i] if j >= i else zeros(width, width) for j in range(size)] for i in range(size)])


def _turned(value, steps):
    """(a + ib)^t by the binomial theorem, as a matrix: [[Re, -Im], [Im, Re]], or [[a^t]]."""
    a_of, b_of = value
    if not b_of:
        return matrix([[a_of**steps]])
    terms = [comb(steps, k) * a_of ** (steps - k) * b_of**k for k in range(steps + 1)]
    real_part = sum((term * (-1) ** (k // 2) for k, term in enumerate(terms) if k % 2 == 0), rational(0))
    imaginary = sum((term * (-1) ** (k // 2) for k, term in enumerate(terms) if k % 2), rational(0))
    return matrix([[real_part, -imaginary], [imaginary, real_part]])


def _modulus(value):
    """√(a² + b²), which is rational in all cases here."""
    square = value[0] ** 2 + value[1] ** 2
    root = rational(isqrt(int(square.p))) / isqrt(int(square.q))
    if root * root != square:
        raise ValueError(f"the modulus of {value} is not rational")
    return root


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
    """‖Phi^t‖_∞ ≤ ‖P‖ ‖P⁻¹‖ Σ_j c/(1-|λ|)^(j+1) over the block, or c on the circle, for t = 1, 2, 4 … 2^12.

    c = 1 for real λ, 3/2 for a pair of complex ones, whose powers are rotations by some angle: |cos| + |sin| < 3/2.
    """
    most = max(_block_bound(_modulus(value), size) * (rational(3) / 2 if value[1] else 1) for value, size in blocks)
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
    fading = [x for value, _ in blocks if 0 < (x := _modulus(value)) < 1] + [rational(9) / 10]
    verdicts = []
    for modulus in fading:
        with precision(BITS):
            last = int((-1 / arb(modulus).log()).floor().unique_fmpz())
        verdicts.append(less(lambda: arb(-1).exp(), modulus**last, bits=BITS))
        verdicts.append(less(modulus ** (last + 1), lambda: arb(-1).exp(), bits=BITS))
    return all_of(verdicts)


def floats_follow_the_jordan_form(phi, blocks, basis, scale):
    """Repeated products in floats give P J^t P⁻¹, J^t in closed form, within their error bounds, t = 1 … 6."""
    back, computed = basis.inv(), [chain(*[phi] * steps) for steps in range(1, 7)]
    return all_of(close(c.value, basis @ _power(blocks, t_of) @ back, c.bound) for t_of, c in enumerate(computed, 1))


def real(value):
    """A real eigenvalue as a pair."""
    return rational(value), rational(0)


MODULI = (rational(1), rational(1) / 2, rational(2) / 3)
ANGLES = ((rational(3) / 5, rational(4) / 5), (rational(0), rational(1)), (rational(-5) / 13, rational(12) / 13))


@st.composite
def memories(draw):
    """Jordan blocks inside of the disc, of size 1 on the circle, a real one first, in a random basis; γ a rational."""
    values = [real(draw(st.sampled_from((rational(0), *MODULI, *(-x for x in MODULI)))))]
    for _ in range(draw(st.integers(0, 2))):
        modulus, (cosine, sine) = draw(st.sampled_from(MODULI)), draw(st.sampled_from((*ANGLES, real(1), real(-1))))
        values.append((modulus * cosine, modulus * sine))
    blocks = [(value, 1 if _modulus(value) == 1 else draw(st.integers(1, 2))) for value in values]
    jordan = _jordan(blocks)
    basis = draw(invertible_matrices(len(jordan)))
    return basis @ jordan @ basis.inv(), blocks, basis, rational(draw(rationals())) or rational(1) / 2


BITS = 128
ONE, TWO, HALF = matrix([[1]]), matrix([[2]]), rational(1) / 2
CHAIN = [(real(1), 2)]
CIRCUIT, ITS_BASIS = matrix([[0, 1], [-1, 2]]), matrix([[1, 0], [1, 1]])  # x(t) = 2 x(t-1) - x(t-2)
THEOREM = Theorem(
    hypotheses={
        jordan_form: (TWO, [(real(1), 1)], ONE, HALF),
        inside_the_disc: (TWO, [(real(2), 1)], ONE, HALF),
        semisimple_on_the_circle: (CIRCUIT, CHAIN, ITS_BASIS, HALF),
    },
    derivation=derivation,
    meaning=meaning,
    conclusions=(scaled_exactly, scaled_while_writing, powers_bounded, lifetime),
    numeric=(floats_follow_the_jordan_form,),
    examples={
        "a memory that halves": (matrix([["1/2"]]), [(real(HALF), 1)], ONE, HALF),
        "a memory that turns by the angle of 3/5 + 4i/5, beside one that is cleared": (
            direct_sum(matrix([[0]]), matrix([["3/5", "-4/5"], ["4/5", "3/5"]])),
            [(real(0), 1), ((rational(3) / 5, rational(4) / 5), 1)],
            eye(3),
            HALF,
        ),
        "a sign that alternates beside a chain that fades": (
            direct_sum(matrix([[-1]]), matrix([["1/2", 1], [0, "1/2"]])),
            [(real(-1), 1), (real(HALF), 2)],
            eye(3),
            rational(2) / 3,
        ),
    },
    cases=memories(),
    uses=("repeat-copy-spectrum",),
    source="R. A. Horn, C. R. Johnson, Matrix Analysis, 2nd ed., 3.2.5; Karuvally et al., arXiv:2310.02430",
)
