"""A network with an energy that falls off its fixed points comes to rest: it cannot put out a periodic sequence.

If f and E are continuous and E(f(h)) < E(h) unless f(h) = h, then h(t+1) - h(t) → 0 along every bounded orbit. So no
bounded network (tanh) that has such an energy puts out a non-constant periodic sequence for ever. The energy of the
continuous memory model is none once V_d follows: with σ = id, Xi = diag(1, 2) and Phi = [[-1, 1/2], [1/2, -1]] the
weights S are the swap, and from (0, 1) to (1, 0) the energy rises from 0 to 3/8.
Idea: the drops along an orbit add up to E(0) - E(p). On an orbit of period p they add up to 0, and none is negative, so
each point is fixed. For bounded orbits that do not close, the limit points form an invariant set on which E is constant
(LaSalle), hence of fixed points.
"""

from hypothesis import strategies as st

from emtheory.judges.exact import exactly, eye, hstack, matrix, rational, unit, zeros
from emtheory.judges.floats import chain, close, run_bound
from emtheory.judges.symbolic import (
    at,
    at_least_zero,
    definition,
    family,
    identical,
    indices,
    letter,
    never_negative,
    nonnegative,
    sizes,
    total,
)
from emtheory.theorems.cases import invertible_matrices
from emtheory.theorems.theorem import Theorem
from emtheory.theory.gsemm import following_energy
from emtheory.verdict import all_of

p = sizes("p")
t, k, j = indices("t k j")
E, drop, least = family("E", 1, 1), family("D", 1, 1), letter("E_min", 1, 1)


def energy_falls(image, energy, xi, swap, state):
    """E(f(h)) < E(h) unless f(h) = h."""
    return exactly([energy[y] < energy[x] or y == x for x, y in enumerate(image)], [True] * len(image))


def weights_permute(image, energy, xi, swap, state):
    """The weights S permute the components, and S x is not x."""
    return exactly([swap.map(abs) @ swap.T.map(abs), swap @ state == state], [eye(len(swap)), False])


def derivation():
    falls = definition(drop(t), E(t) - E(t + 1), where=[t >= 0])
    drops = total(drop(t), (t, 0, k - 1))
    yield "the drops along an orbit add up", identical(drops, E(0) - E(k), [falls], where=[k >= 0])
    bounded = at_least_zero(energy_falls, E(k) - least, where=[k >= 0])
    yield (
        "on a bounded orbit their sum is at most E(0) - min E, so they go to 0",
        nonnegative(E(0) - least - drops, [(1, bounded.term)], [falls, bounded], where=[k >= 0]),
    )
    down = at_least_zero(energy_falls, E(t) - E(t + 1), where=[t >= 0])
    later = never_negative(
        j,
        0,
        E(k) - E(k + j),
        [],
        [(1, E(k) - E(k + j)), (1, E(k + j) - E(k + j + 1))],
        [at(down, {t: k + j})],
        where=[k >= 0],
    )
    yield "no later point has more energy", later
    closes = definition(E(p), E(0))  # what it is to have the period p
    yield (
        "on an orbit of period p no step lowers it: with E(p) = E(0), E(k+1) ≥ E(k)",
        nonnegative(
            E(k + 1) - E(k),
            [(1, E(k + 1) - E(p)), (1, E(0) - E(k))],
            [closes, at(later.bound(), {k: k + 1, j: p - k - 1}), at(later.bound(), {k: 0, j: k})],
            where=[k >= 0, k <= p - 1],
        ),
    )


def meaning(image, energy, xi, swap, state):
    """The orbit of 0 from where it repeats, so that it has a period."""
    path = [0]
    for _ in range(2 * len(image)):
        path.append(image[path[-1]])
    path = path[len(image) :]
    length = next(i for i in range(1, len(path)) if path[i] == path[0])

    def value(steps):
        return matrix([[energy[path[steps % length]]]])

    return {p: length, E: value, drop: lambda steps: value(steps) - value(steps + 1), least: matrix([[min(energy)]])}


def orbits_come_to_rest(image, energy, xi, swap, state):
    """Every orbit of the map ends in a fixed point."""
    ends = []
    for start in range(len(image)):
        point = start
        for _ in range(len(image)):
            point = image[point]
        ends.append(image[point] == point)
    return exactly(ends, [True] * len(image))


def model_energy_rises(image, energy, xi, swap, state):
    """Where S permutes, the energy of the memory model whose V_d follows does not fall at every step of the cycle."""
    phi, orbit = _interactions(xi, swap), _orbit(swap, state)
    levels = [following_energy(xi, phi, x) for x in orbit]
    falls = [b < a for a, b in zip(levels, levels[1:] + levels[:1], strict=True)]
    return exactly(len(orbit) > 1 and not all(falls), True)


def _interactions(xi, swap):
    """Phi with Xi (I + Phiᵀ) Xiᵀ = S."""
    inverse = xi.inv()
    return (inverse @ swap @ inverse.T).T - eye(len(swap))


def _orbit(swap, state):
    """x, S x, … until x comes back."""
    orbit = [state]
    while (later := swap @ orbit[-1]) != state:
        orbit.append(later)
    return orbit


def floats_come_round(image, energy, xi, swap, state):
    """In floats the model's weights Xi (I + Phiᵀ) Xiᵀ are S, and a run comes back, within the error bounds."""
    weights = chain(xi, eye(len(swap)) + _interactions(xi, swap).T, xi.T)
    orbit, none = _orbit(swap, state), zeros(len(swap), 1)
    run = run_bound(weights, none, zeros(1, 1), len(orbit), h0=state)
    return all_of(
        [close(weights.value, swap, weights.bound), close(run.value, hstack(orbit[1:] + orbit[:1]), run.bound)]
    )


@st.composite
def systems(draw):
    """A map of up to eight points with an energy that falls off its fixed points, and a network that permutes."""
    size = draw(st.integers(1, 8))
    image = [draw(st.integers(0, i)) for i in range(size)]  # to a point of less energy, or to itself
    steps = draw(st.lists(st.integers(1, 3), min_size=size, max_size=size))
    energy = [rational(sum(steps[: i + 1])) for i in range(size)]
    units = draw(st.integers(2, 4))
    order = draw(st.permutations(range(units)))
    shift = draw(st.integers(1, units - 1))
    cycle_of = {order[i]: order[(i + shift) % units] for i in range(units)}
    swap = hstack([unit(units, cycle_of[i]) for i in range(units)])
    return image, energy, draw(invertible_matrices(units)), swap, unit(units, 0) + unit(units, order[0]) * 2


ONE, SWAP = matrix([[1]]), matrix([[0, 1], [1, 0]])
WIDE = matrix([[1, 0], [0, 2]])
LOW, HIGH = rational(0), rational(1)
THEOREM = Theorem(
    hypotheses={
        energy_falls: ([1, 0], [LOW, HIGH], WIDE, SWAP, unit(2, 1)),
        weights_permute: ([0, 0], [LOW, HIGH], WIDE, eye(2), unit(2, 1)),
    },
    derivation=derivation,
    meaning=meaning,
    conclusions=(orbits_come_to_rest, model_energy_rises),
    numeric=(floats_come_round,),
    examples={"two points and the swap": ([0, 0], [LOW, HIGH], WIDE, SWAP, unit(2, 1))},
    cases=systems(),
    source="J. P. LaSalle, The Stability and Control of Discrete Processes, Springer 1986; the open notes of GSEMM",
)
