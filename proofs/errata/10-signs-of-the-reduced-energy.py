"""The energy of the model with V_h eliminated has minus signs: it is what the attraction of the memories lowers.

Inserting V_h = √α_s Ξᵀσ + α_c ΦᵀΞᵀV_d and L_h = ½ V_hᵀV_h into the energy leaves V_fᵀσ - L_f - ½ V_hᵀV_h, that is
-½ α_s σᵀΞΞᵀσ - √α_s α_c σᵀΞΦᵀΞᵀV_d - ½ α_c² V_dᵀΞΦΦᵀΞᵀV_d. One note copies these three terms with plus signs.
"""

from emtheory.judges.exact import exactly, matrix, rational
from emtheory.theorems.cases import interactions, matrices, selections
from emtheory.theorems.theorem import Erratum


def _interaction_energy(xi, phi, y, delayed, r, ac):
    """[V_hᵀσ_h - L_h] - √α_s yᵀΞσ_h - α_c V_dᵀΞΦσ_h at σ_h = V_h = √α_s Ξᵀy + α_c ΦᵀΞᵀV_d."""
    hidden = r * (xi.T @ y) + ac * (phi.T @ xi.T @ delayed)
    own = hidden.T @ hidden / 2
    return (own - r * (y.T @ xi @ hidden) - ac * (delayed.T @ xi @ phi @ hidden))[0, 0]


def _reduced(xi, phi, y, delayed, r, ac, sign):
    """sign·(½ α_s yᵀΞΞᵀy + √α_s α_c yᵀΞΦᵀΞᵀV_d + ½ α_c² V_dᵀΞΦΦᵀΞᵀV_d)."""
    plain, mixed = y.T @ xi @ xi.T @ y, y.T @ xi @ phi.T @ xi.T @ delayed
    later = delayed.T @ xi @ phi @ phi.T @ xi.T @ delayed
    half = rational(1) / 2
    return sign * (half * r * r * plain + r * ac * mixed + half * ac * ac * later)[0, 0]


def printed(xi, phi, y, delayed, r, ac):
    """The interaction energy is +½ α_s σᵀΞΞᵀσ + √α_s α_c σᵀΞΦᵀΞᵀV_d + ½ α_c² V_dᵀΞΦΦᵀΞᵀV_d."""
    return exactly(_interaction_energy(xi, phi, y, delayed, r, ac), _reduced(xi, phi, y, delayed, r, ac, 1))


def corrected(xi, phi, y, delayed, r, ac):
    """The interaction energy is -½ α_s σᵀΞΞᵀσ - √α_s α_c σᵀΞΦᵀΞᵀV_d - ½ α_c² V_dᵀΞΦΦᵀΞᵀV_d."""
    return exactly(_interaction_energy(xi, phi, y, delayed, r, ac), _reduced(xi, phi, y, delayed, r, ac, -1))


def models(task):
    """Memories, interactions, activities and constants of the size of a task."""
    return matrices(task.s, task.kappa + 2).flatmap(
        lambda drawn: interactions(task.kappa).map(
            lambda phi: (
                drawn[:, : task.kappa],
                phi,
                drawn[:, task.kappa : task.kappa + 1],
                drawn[:, task.kappa + 1 :],
                task.s,
                task.kappa,
            )
        )
    )


ONE, NONE = matrix([[1]]), matrix([[0]])
ERRATUM = Erratum(
    number=10,
    printed="the reduced energy has +½ α_s, +√α_s α_c and +½ α_c²",
    why="inserting V_h leaves -½ V_hᵀV_h: with one unit of everything and V_d = 0 it is -½, not +½",
    corrected="-½ α_s, -√α_s α_c and -½ α_c²",
    claim=printed,
    counterexample=(ONE, NONE, ONE, NONE, 1, 1),
    correction=corrected,
    examples={"one unit": (ONE, ONE, ONE, ONE, 1, 1), "a delayed state alone": (ONE, ONE, NONE, ONE, 1, 2)},
    cases=selections(max_s=6, max_kappa=5).flatmap(models),
    theorem="gsemm-energy",
    source="the notes to Karuvally, Sejnowski, Siegelmann, ICML 2023",
)
