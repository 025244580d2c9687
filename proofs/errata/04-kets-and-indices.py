"""Three formulas of the memory basis are ill-formed: a bra for a ket, two indices for one, targets out of range.

Printed: |h⟩ = ⟨ε^j|h⟩ |e_i⟩, summed over j, with i and j unequal; and Ψ*_i = Σ_μ |e_μ⟩⟨ψ*_μ| over the columns μ of
variable i, (i-1)κ < μ ≤ iκ, with targets e_μ in ℝ^κ, which ends at e_κ. Right: one index, |h⟩ = Σ_i ⟨ε^i|h⟩ |e_i⟩,
memories are kets, and the targets are e_(μ-(i-1)κ).
"""

from emtheory.judges.exact import exactly, eye, hstack, matrix, unit, zeros
from emtheory.theorems.cases import memory_bases, tasks
from emtheory.theorems.theorem import Erratum
from emtheory.theory.circuits import selector
from emtheory.theory.tasks import Task


def _expanded(state, target):
    """Σ_j ⟨ε^j|h⟩ |e_target(j)⟩, ε^j the dual of the standard basis."""
    size = len(state)
    total = zeros(size, 1)
    for place in range(size):
        total = total + state[place, 0] * unit(size, target(place))
    return total


def _read_variable(task, dual, variable, target):
    """Σ_μ |e_target(μ)⟩⟨ψ*_μ| over the columns of a variable; None if a target is no vector of ℝ^κ."""
    columns = range((variable - 1) * task.kappa, variable * task.kappa)
    targets = [target(column) for column in columns]
    if not all(0 <= place < task.kappa for place in targets):
        return None
    places = hstack([unit(task.kappa, place) for place in targets])
    return places @ dual[columns[0] : columns[-1] + 1, :]


def printed(task, dual, state):
    """h is what its coefficients give back on one fixed e_i, and each Ψ*_i has targets e_μ in ℝ^κ."""
    readers = [_read_variable(task, dual, variable, lambda column: column) for variable in range(1, task.s + 1)]
    return exactly([_expanded(state, lambda place: 0), all(r is not None for r in readers)], [state, True])


def corrected(task, dual, state):
    """h = Σ_i ⟨ε^i|h⟩ |e_i⟩, and Ψ*_i with targets e_(μ-(i-1)κ) is E_iᵀ Dual."""
    variables = range(1, task.s + 1)
    readers = [_read_variable(task, dual, i, lambda column, i=i: column - (i - 1) * task.kappa) for i in variables]
    wanted = [selector(task.s, task.kappa, i).T @ dual for i in variables]
    return exactly([_expanded(state, lambda place: place), *readers], [state, *wanted])


def networks(task):
    """A dual of s κ memories, and a state: one of the memories."""
    return memory_bases(m=task.s * task.kappa, max_n=12).map(lambda basis: (task, basis.dual, basis.xi[:, :1]))


TASK = Task.repeat_copy(2, 1)
ERRATUM = Erratum(
    number=4,
    printed="|h⟩ = ⟨ε^j|h⟩ |e_i⟩, the basis a bra; Ψ*_i = Σ_μ |e_μ⟩⟨ψ*_μ| for (i-1)κ < μ ≤ iκ",
    why="ill-formed: two indices where one is summed, and for i = 2, κ = 1 the target e_2 is no vector of ℝ¹",
    corrected="|h⟩ = Σ_i ⟨ε^i|h⟩ |e_i⟩, memories are kets; Ψ*_i has the targets e_(μ-(i-1)κ)",
    claim=printed,
    counterexample=(TASK, eye(2), matrix([[1], [2]])),
    correction=corrected,
    examples={"two variables of one number": (TASK, eye(2), matrix([[1], [2]]))},
    cases=tasks(max_s=4, max_kappa=3).flatmap(networks),
    theorem="memory-basis",
    source="Karuvally, DelMastro, Siegelmann, arXiv:2310.02430, the definitions of the memory basis",
)
