"""The least linear memory that goes on with a task is rank Phi_C^s numbers.

Over real inputs, x(t) for t > s depends on the inputs through R Phi, …, R Phi^s alone, and Phi_C^s is just these blocks
one below the other: two input sequences have the same future iff Phi_C^s does not tell them apart. So the least
dimension of a linear state that determines all x(t), t > s, is rank Phi_C^s. Repeat copy needs s kappa, compose copy
s(s+1)/2. The number of persistent eigenvalues, rank Phi_C^(s kappa), is at most that. It is also the rank of the Hankel
matrix [G_(a+b-1)], a, b = 1 … s, so that no linear network of fewer units has the circuit's impulse response.
Idea: row block k of Phi_C^s is E_kᵀ Phi^(s-k) Phi^k = E_sᵀ Phi^k, and the Hankel matrix is Phi_C^s times the
unit triangular [E_s, Phi E_s, …, Phi^(s-1) E_s].
"""

from emtheory.judges.exact import blocks, exactly, vstack, zeros
from emtheory.judges.floats import chain, close
from emtheory.judges.symbolic import definition, family, identical, induction
from emtheory.theorems.cases import tasks
from emtheory.theorems.theorem import Theorem
from emtheory.theory.algebra import COMPANION, SELECT, E, Phi, j, k, kappa, s, t, task_meaning
from emtheory.theory.circuits import companion, impulse, selector
from emtheory.theory.tasks import Task

G = family("G", kappa, kappa)


def derivation():
    row = identical(E(k).T @ Phi, E(k + 1).T, [COMPANION, SELECT], where=[k >= 1, k <= s - 1])
    yield "row k of Phi_C reads variable k + 1", row
    rows = induction(t, 0, E(k).T @ Phi**t, E(k + t).T, [row], where=[k >= 1, k <= s - t])
    yield "t steps read variable k + t", rows
    arrives = identical(E(k).T @ Phi ** (s - k), E(s).T, [rows], where=[k >= 1, k <= s])
    yield "so after s - k steps it is the last one, which is the output", arrives
    yield (
        "row block k of Phi_C^s is the output operator k steps later",
        identical(E(k).T @ Phi**s, E(s).T @ Phi**k, [arrives], where=[k >= 1, k <= s]),
    )
    response = definition(G(t), E(s).T @ Phi**t @ E(s), where=[t >= 0])
    yield (
        "and times Phi^(j-1) E_s it is block (k, j) of the Hankel matrix",
        identical(
            E(k).T @ Phi**s @ Phi ** (j - 1) @ E(s),
            G(k + j - 1),
            [arrives, response],
            where=[k >= 1, k <= s, j >= 1, j <= s],
        ),
    )


def meaning(task):
    return {**task_meaning(task), G: lambda time: impulse(task, time)}


def _future(task, steps):
    """R Phi, …, R Phi^steps, one below the other: what the inputs do to x(s+1) … x(s+steps)."""
    row, found = selector(task.s, task.kappa, task.s).T, []
    for _ in range(steps):
        row = row @ companion(task)
        found.append(row)
    return vstack(found)


def power_is_the_future(task):
    """Phi_C^s is [R Phi; …; R Phi^s], of the same rank as the future up to 3s: later outputs add nothing."""
    power = companion(task) ** task.s
    return exactly([power, power.rank()], [_future(task, task.s), _future(task, 3 * task.s).rank()])


def what_is_forgotten_never_matters(task):
    """Inputs in the kernel of Phi_C^s put out x(t) = 0 for s < t ≤ 3s, and no others do."""
    kernel = (companion(task) ** task.s).kernel()
    width, found = task.kappa, []
    for place in range(kernel.shape[1]):
        stacked = kernel[:, place : place + 1]
        inputs = blocks([[stacked[i * width : (i + 1) * width, :] for i in range(task.s)]])
        found.append(task.outputs(inputs, 3 * task.s)[:, task.s :].is_zero())
    others = _future(task, 3 * task.s).kernel().shape[1]
    return exactly([all(found), kernel.shape[1]], [True, others])


def persistent_at_most_that(task):
    """rank Phi_C^(s kappa) ≤ rank Phi_C^s."""
    phi = companion(task)
    return exactly((phi ** (task.s * task.kappa)).rank() <= (phi**task.s).rank(), True)


def hankel_rank(task):
    """The Hankel matrix [G_(a+b-1)], a, b = 1 … s, has the rank of Phi_C^s."""
    size = task.s
    response = [impulse(task, time) for time in range(2 * size)]
    hankel = blocks([[response[a + b + 1] for b in range(size)] for a in range(size)])
    return exactly(hankel.rank(), (companion(task) ** size).rank())


def floats_agree(task):
    """Float powers of Phi_C give the future, within the error bound of the products."""
    phi, power = companion(task), chain(companion(task))
    for _ in range(task.s - 1):
        power = chain(power, phi)
    return close(power.value, _future(task, task.s), power.bound)


def alone(task):
    """The task as a case."""
    return (task,)


THEOREM = Theorem(
    derivation=derivation,
    meaning=meaning,
    conclusions=(power_is_the_future, what_is_forgotten_never_matters, persistent_at_most_that, hankel_rank),
    numeric=(floats_agree,),
    examples={
        "repeat copy needs all": (Task.repeat_copy(2, 1),),
        "compose copy of two needs three of four": (Task.compose_copy(2),),
        "nothing is composed, nothing is needed": (Task.from_blocks([zeros(1, 1), zeros(1, 1)]),),
    },
    cases=tasks(max_m=20).map(alone),
    source="rank of the future: Kalman's Hankel realisation theory; for circuits, Karuvally et al., PMLR 221 (2023)",
)
