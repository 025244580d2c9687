"""The explicit Euler step of T_f V̇ = F(V) is V' = V + (Δt/T_f) F(V).

The notes print T_f (V(t+1) - V(t)) = F, with T_f = Δt in one place and T_f = 1 in another. The factor 1/Δt is missing:
the two agree only for Δt = 1. With a = Δt/T_f, the potential form V' = S σ(V) is the step a = 1.
"""

from emtheory.judges.exact import exactly, matrix, rational
from emtheory.theorems.cases import matrices, tasks
from emtheory.theorems.theorem import Erratum


def _quadratic_error(state, slope, curvature, time_constant, step, rate):
    """How far V + rate·F is from the solution of T V̇ = slope + curvature t, without its term of second order."""
    euler = state + rate * slope
    exact = state + step / time_constant * slope + step**2 / (2 * time_constant) * curvature
    return exact - euler - step**2 / (2 * time_constant) * curvature


def printed(state, slope, curvature, time_constant, step):
    """V + F/T_f agrees with the solution after Δt up to the term of second order."""
    constant, width = rational(time_constant), rational(step)
    return exactly(_quadratic_error(state, slope, curvature, constant, width, 1 / constant), 0 * state)


def corrected(state, slope, curvature, time_constant, step):
    """V + (Δt/T_f) F agrees with the solution after Δt up to the term of second order."""
    constant, width = rational(time_constant), rational(step)
    return exactly(_quadratic_error(state, slope, curvature, constant, width, width / constant), 0 * state)


def motions(task):
    """A state, a slope and a curvature, with a time constant and a step."""
    return matrices(task.kappa, 3).map(
        lambda m: (m[:, :1], m[:, 1:2], m[:, 2:], task.s, rational(task.kappa) / (1 + task.s))
    )


ONE = matrix([[1]])
ERRATUM = Erratum(
    number=15,
    printed="T_f (V(t+1) - V(t)) = F(V(t)) is the Euler step",
    why="the factor 1/Δt is missing: with T_f = 1 and Δt = 1/2 it goes twice as far",
    corrected="T_f (V(t+1) - V(t)) / Δt = F, that is a = Δt/T_f",
    claim=printed,
    counterexample=(ONE, ONE, 0 * ONE, 1, rational(1) / 2),
    correction=corrected,
    examples={"half a step": (ONE, ONE, ONE, 1, rational(1) / 2), "a slow unit": (ONE, 2 * ONE, ONE, 3, 1)},
    cases=tasks(max_s=6, max_kappa=4).flatmap(motions),
    source="the notes to Karuvally, Sejnowski, Siegelmann, ICML 2023",
)
