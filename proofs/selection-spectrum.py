"""The spectrum of a signed selection is read off its cycles, exactly and without an eigensolver.

If each row of [C_1 … C_s] has at most one nonzero entry, and that is ±1, Phi_C is a signed partial functional graph on
s kappa nodes. A cycle of length l with sign product ε contributes x^l - ε to the characteristic polynomial, every other
node a factor x. Eigenvalues on the unit circle are semisimple, the operator norm of Phi_C on the maximum norm is at
most 1, and rank Phi_C^k is the number of nodes at which a path of length k ends: heights give the Jordan blocks at 0.
Idea: a node that nobody reads splits off a factor x; when none is left, the rest is a permutation, which is a disjoint
union of cycles; signs move along a cycle to one place, and what remains is the circuit of one variable.
"""

from sympy import Symbol

from emtheory.judges.exact import (
    charpoly,
    cycle,
    direct_sum,
    exactly,
    eye,
    matrix,
    minpoly,
    monomial,
    polynomial,
    rational,
)
from emtheory.judges.floats import Eigenvalues, half_gaps, roots_of_unity, spectrum_within
from emtheory.judges.symbolic import (
    DET_OF_PRODUCT,
    DET_OF_SCALAR,
    DET_OF_TRIANGULAR,
    FUNCTIONAL_GRAPH,
    block,
    cited,
    definition,
    det,
    identical,
    identity,
    letter,
    sizes,
    theorem,
    zero,
)
from emtheory.theorems.cases import selections
from emtheory.theorems.theorem import Theorem
from emtheory.theory.circuits import companion
from emtheory.theory.spectra import jordan_at_zero, predicted_spectrum
from emtheory.theory.tasks import Task

x, epsilon = Symbol("x"), Symbol("ε")
r, p, length = sizes("r p l")
A, B, P = letter("A", r, r), letter("B", p, p), letter("P", r, r)
reads = letter("a", 1, r)
Z, D, signed = letter("Z", length, length), letter("D", length, length), letter("S", length, length)


def one_entry_a_row(task):
    """Each row of [C_1 … C_s] has at most one nonzero entry."""
    return exactly(all(sum(x != 0 for x in row) <= 1 for row in _composition(task)), True)


def unit_entries(task):
    """The nonzero entries are ±1."""
    return exactly(all(x in (-1, 0, 1) for row in _composition(task) for x in row), True)


def derivation():
    triangular = [DET_OF_TRIANGULAR, DET_OF_SCALAR]
    leaf = block([[x * identity(1), -reads], [zero(r, 1), x * identity(r) - A]])
    yield (
        "a node that nobody reads splits off a factor x",
        identical(det(leaf), x * det(x * identity(r) - A), triangular),
    )
    union = block([[x * identity(r) - A, zero(r, p)], [zero(p, r), x * identity(p) - B]])
    yield (
        "the polynomial of a disjoint union is the product",
        identical(det(union), det(x * identity(r) - A) * det(x * identity(p) - B), [DET_OF_TRIANGULAR]),
    )
    ordered = cited(FUNCTIONAL_GRAPH, P.T @ P, identity(r))
    shuffled = (x * identity(r) - A) @ P.T
    around = identical(det(P @ shuffled), det(shuffled @ P), [DET_OF_PRODUCT])
    yield "det P (x - A) Pᵀ = det (x - A) Pᵀ P", around
    back = identical(det(shuffled @ P), det(x * identity(r) - A), [ordered])
    yield "which is det(x - A), P the order of the recurrent nodes along their cycles", back
    yield (
        "so cycles may be laid out one after the other",
        identical(det(P @ shuffled), det(x * identity(r) - A), [around, back]),
    )
    one_variable = theorem(
        "companion-spectrum", det(x * identity(length) - Z), det((x**length - epsilon) * identity(1))
    )
    plain = identical(det(x * identity(length) - Z), x**length - epsilon, [one_variable, DET_OF_SCALAR])
    yield "a cycle with its sign product ε in one place is the circuit of s = l numbers with C_1 = ε", plain
    gauge, moved = cited(FUNCTIONAL_GRAPH, D @ D, identity(length)), definition(signed, D @ Z @ D)
    turned = (x * identity(length) - Z) @ D
    swap = identical(det(D @ turned), det(turned @ D), [DET_OF_PRODUCT])
    yield "signs D = diag(±1) taken along the cycle from node to node change no determinant", swap
    left = identical(det(D @ turned), det(x * identity(length) - signed), [gauge, moved])
    yield "D (x - Z) D = x - S is the cycle with signs anywhere", left
    right = identical(det(turned @ D), det(x * identity(length) - Z), [gauge])
    yield "and (x - Z) D D = x - Z", right
    yield (
        "so every signed cycle contributes x^l - ε",
        identical(det(x * identity(length) - signed), x**length - epsilon, [swap, left, right, plain]),
    )


def meaning(task):
    phi = companion(task)
    size = task.s + 1
    sign = rational(-1 if task.kappa % 2 else 1)
    plain = direct_sum(eye(size - 1), matrix([[sign]])) @ cycle(size)
    signs = [(-1) ** (i * (i + 1) // 2) for i in range(size)]
    diagonal = matrix([[signs[i] if i == j else 0 for j in range(size)] for i in range(size)])
    return {
        A: phi,
        B: cycle(task.kappa),
        P: cycle(len(phi)),
        reads: phi[-1:, :],
        Z: plain,
        D: diagonal,
        signed: diagonal @ plain @ diagonal,
        epsilon: sign,
    }


def _composition(task):
    """The rows of [C_1 … C_s]."""
    return list(companion(task)[-task.kappa :, :])


def _walked_cycles(task):
    """(length, sign) of each cycle, by walking from every node along the first entry of its row."""
    step = []
    for row in companion(task):
        hit = next((column for column, entry in enumerate(row) if entry != 0), None)
        step.append(None if hit is None else (hit, 1 if row[hit] > 0 else -1))
    found, settled = [], set()
    for start in range(len(step)):
        path, node = {}, start
        while node is not None and node not in settled and node not in path:
            path[node] = len(path)
            node = step[node][0] if step[node] else None
        if node in path:
            members = list(path)[path[node] :]
            sign = 1
            for member in members:
                sign *= step[member][1]
            found.append((len(members), sign))
        settled.update(path)
    return found


def _factor(size, sign):
    return monomial(size) - polynomial([sign])


def cycles_give_the_polynomial(task):
    """det(x - Phi_C) = Π (x^l - ε) x^(nodes on no cycle), with the cycles found by walking through Phi_C."""
    cycles = _walked_cycles(task)
    expected = monomial(task.s * task.kappa - sum(size for size, _ in cycles))
    for size, sign in cycles:
        expected = expected * _factor(size, sign)
    return exactly(charpoly(companion(task)), expected)


def predicted_without_matrices(task):
    """The prediction from the selection alone, without Phi_C, is the same polynomial."""
    return exactly(predicted_spectrum(task).charpoly(), charpoly(companion(task)))


def semisimple_on_the_circle(task):
    """The minimal polynomial is x^h times the least common multiple of the x^l - ε: no double root but 0."""
    expected = monomial(0)
    for size, sign in _walked_cycles(task):
        factor = _factor(size, sign)
        expected = expected * factor // expected.gcd(factor)
    found, height = minpoly(companion(task)), 0
    while found[height] == 0:
        height += 1
    return exactly(found // monomial(height), expected * (1 / expected.leading_coefficient()))


def heights_give_the_jordan_blocks(task):
    """The number of Jordan blocks of size k at 0 is rank Phi^(k-1) - 2 rank Phi^k + rank Phi^(k+1), for every k."""
    phi, size = companion(task), task.s * task.kappa
    ranks, power = [size], phi
    while len(ranks) < 2 or ranks[-1] != ranks[-2]:
        ranks.append(power.rank())
        power = power @ phi
    ranks.append(ranks[-1])
    found = jordan_at_zero(task) if task.selection is not None else {}
    expected = {k: ranks[k - 1] - 2 * ranks[k] + ranks[k + 1] for k in range(1, len(ranks) - 1)}
    return exactly(str({k: v for k, v in sorted(found.items()) if v}), str({k: v for k, v in expected.items() if v}))


def norm_at_most_one(task):
    """‖Phi_C x‖ ≤ ‖x‖ in the maximum norm: no row sum of absolute entries exceeds 1."""
    return exactly(companion(task).norm_inf() <= 1, True)


def lapack_agrees(task):
    """In floats as many eigenvalues as predicted lie nearest to each root of the x^l - ε, and to 0.

    Nearest among all eigenvalues that signed selections of this size can have (`half_gaps`).
    """
    cycles = _walked_cycles(task)
    zeros = task.s * task.kappa - sum(size for size, _ in cycles)
    expected = Eigenvalues.of([(0, zeros)] if zeros else [])
    for size, sign in cycles:
        expected = expected + roots_of_unity(size, sign=sign)
    return spectrum_within(companion(task), expected, half_gaps(expected, 2 * task.s * task.kappa))


def alone(task):
    """The task as a case."""
    return (task,)


THEOREM = Theorem(
    hypotheses={
        one_entry_a_row: (Task.from_blocks([matrix([[1]]), matrix([[1]])]),),
        unit_entries: (Task.from_blocks([matrix([[2]])]),),
    },
    derivation=derivation,
    meaning=meaning,
    conclusions=(
        cycles_give_the_polynomial,
        predicted_without_matrices,
        semisimple_on_the_circle,
        heights_give_the_jordan_blocks,
        norm_at_most_one,
    ),
    numeric=(lapack_agrees,),
    examples={
        "compose copy of three: cycles of length 1, 2 and 3": (Task.compose_copy(3),),
        "a negative fixed point": (Task.from_blocks([matrix([[-1]])]),),
        "nothing is composed: one Jordan block": (Task.from_blocks([matrix([[0]]), matrix([[0]])]),),
    },
    cases=selections(max_m=30).map(alone),
    uses=("companion-spectrum",),
    source="Karuvally, DelMastro, Siegelmann, Episodic Memory Theory of RNNs, PMLR 221 (2023), generalised",
)
