"""Two spectra are compared by an optimal matching of angles, not by removing the nearest one again and again.

The printed comparison takes each eigenvalue in turn, pairs it with the nearest one that is left, and removes that. The
mean difference depends on the order: {0°, 40°} against {30°, -50°} gives 60° or 30°. The least mean difference over all
matchings does not; it is never larger, and a metric of the sets of angles: symmetric, 0 for equal sets alone, and with
the triangle inequality.
"""

from itertools import permutations

from hypothesis import strategies as st

from emtheory.formulas import Erratum, case, letter, opaque, size
from emtheory.judges.exact import rational
from emtheory.theorems.cases import matrices

COUNT = size("n", "is the number of eigenvalues")
ANGLES = letter("A", COUNT.symbol, 3, "has the angles of three spectra for columns, in turns")


def apart(a, b):
    """The difference of two angles, given in full turns."""
    turn = (a - b) - (a - b).floor()
    return min(turn, 1 - turn)


def greedy(first, second):
    """The mean difference when each angle in turn takes the nearest that is left."""
    left, total = list(second), rational(0)
    for angle in first:
        nearest = min(left, key=lambda other: apart(angle, other))
        left.remove(nearest)
        total += apart(angle, nearest)
    return total / len(second)


def optimal(first, second):
    """The least mean difference over all matchings."""
    totals = (
        sum((apart(a, b) for a, b in zip(first, order, strict=True)), rational(0)) for order in permutations(second)
    )
    return min(totals) / len(second)


@opaque
def one_distance(A, **_):
    """Removing the nearest angle gives one distance, whatever the order of the eigenvalues."""
    first, second, _ = zip(*A, strict=True)
    return len({greedy(order, second) for order in permutations(first)}) == 1


@opaque
def metric(A, **_):
    """The optimal matching is a metric in every order, and never above a greedy one."""
    first, second, third = zip(*A, strict=True)
    best, orders = optimal(first, second), list(permutations(first))
    alike = sorted(x - x.floor() for x in first) == sorted(x - x.floor() for x in second)
    return (
        all(optimal(order, second) == best <= greedy(order, second) for order in orders)
        and optimal(second, first) == best
        and (best == 0) == alike
        and optimal(first, third) <= best + optimal(second, third)
    )


TWO = case(A=[["0", "1/12", "0"], ["1/9", "-5/36", "0"]])
ERRATUM = Erratum(
    number=13,
    printed="spectra are compared by greedily removing the nearest angle",
    why="it depends on the order: {0°, 40°} against {30°, -50°} gives 60° or 30°",
    corrected="the optimal assignment: order-independent, never larger, and a metric",
    given=(ANGLES,),
    claim=one_distance,
    counterexample=TWO,
    correction=metric,
    examples={
        "0° and 40° against 30° and -50°": TWO,
        "the third roots of unity against themselves": case(A=[[0, "1/3", 0], ["1/3", "2/3", 0], ["2/3", 0, 0]]),
    },
    cases=st.integers(1, 4).flatmap(lambda size: matrices(size, 3)).map(lambda drawn: case(A=drawn / 7)),
    source="the code published with Karuvally, DelMastro, Siegelmann, arXiv:2310.02430",
)
