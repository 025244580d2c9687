"""Two spectra are compared by an optimal matching of angles, not by removing the nearest one again and again.

The printed comparison takes each eigenvalue in turn, pairs it with the nearest one that is left, and removes that. The
mean difference depends on the order: {0°, 40°} against {30°, -50°} gives 60° or 30°. The least mean difference over all
matchings does not, is symmetric, and is never larger.
"""

from itertools import permutations

from emtheory.judges.exact import exactly, matrix, rational
from emtheory.theorems.cases import matrices, selections
from emtheory.theorems.theorem import Erratum


def _apart(a, b):
    """The difference of two angles, given in full turns."""
    turn = (a - b) - (a - b).floor()
    return min(turn, 1 - turn)


def _greedy(first, second):
    """The mean difference when each angle in turn takes the nearest that is left."""
    left, total = list(second), rational(0)
    for angle in first:
        nearest = min(left, key=lambda other: _apart(angle, other))
        left.remove(nearest)
        total += _apart(angle, nearest)
    return total / len(second)


def _optimal(first, second):
    """The least mean difference over all matchings."""
    totals = (
        sum((_apart(a, b) for a, b in zip(first, order, strict=True)), rational(0)) for order in permutations(second)
    )
    return min(totals) / len(second)


def _angles(turns):
    return [row[0] for row in turns], [row[1] for row in turns]


def printed(turns):
    """Removing the nearest angle gives one distance, whatever the order of the eigenvalues."""
    first, second = _angles(turns)
    found = {_greedy(order, second) for order in permutations(first)}
    return exactly(len(found), 1)


def corrected(turns):
    """The optimal matching gives one distance in every order, both ways round, never above a greedy one."""
    first, second = _angles(turns)
    best = _optimal(first, second)
    orders = list(permutations(first))
    return exactly(
        [
            [_optimal(order, second) for order in orders],
            _optimal(second, first),
            best <= min(_greedy(o, second) for o in orders),
        ],
        [[best] * len(orders), best, True],
    )


def angles(task):
    """Two spectra of the same size, 1 to 4, as a matrix of two columns of angles in turns."""
    return matrices(1 + task.s % 4, 2).map(lambda drawn: (drawn / 7,))


ERRATUM = Erratum(
    number=13,
    printed="spectra are compared by greedily removing the nearest angle",
    why="it depends on the order: {0°, 40°} against {30°, -50°} gives 60° or 30°",
    corrected="the optimal assignment: order-independent, symmetric, and never larger",
    claim=printed,
    counterexample=(matrix([["0", "1/12"], ["1/9", "-5/36"]]),),
    correction=corrected,
    examples={
        "0° and 40° against 30° and -50°": (matrix([["0", "1/12"], ["1/9", "-5/36"]]),),
        "the third roots of unity against themselves": (matrix([["0", "0"], ["1/3", "1/3"], ["2/3", "2/3"]]),),
    },
    cases=selections(max_s=8, max_kappa=1).flatmap(angles),
    source="the code published with Karuvally, DelMastro, Siegelmann, arXiv:2310.02430",
)
