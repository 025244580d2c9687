"""The linearised network takes the slope of σ at the pre-activation z*, not at the state h* = σ(z*).

The notes print J(h*) where D = diag σ'(z*) belongs. For tanh and z* = ln 2 the state is h* = 3/5 and the slope is
1 - h*² = 16/25; at h* it would be 1 - tanh²(3/5), another number.
"""

from emtheory.judges.balls import agree
from emtheory.judges.exact import exactly, rational
from emtheory.theorems.cases import matrices, selections
from emtheory.theorems.theorem import Erratum
from emtheory.theory.gsemm import tanh_slope


def _state(base):
    """tanh(ln base) = (base² - 1)/(base² + 1)."""
    return (base * base - 1) / (base * base + 1)


def _slope(base):
    """d/dz tanh z at z = ln base, by tanh z = (e^2z - 1)/(e^2z + 1): 4 base²/(base² + 1)²."""
    return 4 * base * base / (base * base + 1) ** 2


def printed(base):
    """At z* = ln b the slope of tanh is tanh'(h*) = 1 - tanh²(h*)."""
    return agree(lambda: tanh_slope(_state(base)), _slope(base), bits=128)


def corrected(base):
    """At z* = ln b the slope of tanh is tanh'(z*) = 1 - h*²."""
    return exactly(1 - _state(base) ** 2, _slope(base))


def bases(task):
    """Rationals b > 1."""
    return matrices(1, 1).map(lambda drawn: (abs(drawn[0, 0]) + 1 + rational(task.s) / task.kappa,))


ERRATUM = Erratum(
    number=9,
    printed="the linearised equation has J at h*, and h(t+1) on both sides",
    why="with z* = ln 2 and h* = 3/5 the slope is 16/25 = 0.64; at h* it would be 0.71",
    corrected="δ(t+1) = D W δ(t) + D U u(t+1) + r with D = diag σ'(z*) at the pre-activation",
    claim=printed,
    counterexample=(rational(2),),
    correction=corrected,
    examples={"z* = ln 2": (rational(2),), "z* = ln 3": (rational(3),)},
    cases=selections().flatmap(bases),
    theorem="linearisation",
    source="the notes to Karuvally, DelMastro, Siegelmann, arXiv:2310.02430",
)
