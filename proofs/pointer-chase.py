"""Any output of a signed selection, at any time, is one stored input with a sign, found by chasing pointers.

If each row of [C_1 … C_s] has at most one nonzero entry, ±1, then x_i(t) = ε_i x_j(t - p_i) for t > s with a lag
1 ≤ p_i ≤ s, so x_i(t) = ±u_j(τ) with 1 ≤ τ ≤ s, or 0. The pointers form a functional graph on κ nodes: after at most κ
of them the chase goes round a cycle, where q rounds of length l and sign ε take q l steps and multiply by ε^q. So the
time may be 10^18 or more, and the answer is exact.
Idea: the recursion read backwards; on a cycle, induction on the number of rounds.
"""

from sympy import Symbol

from emtheory.judges.exact import exactly, matrix, vstack, zeros
from emtheory.judges.floats import chain, close
from emtheory.judges.symbolic import at, definition, family, indices, induction, sizes
from emtheory.theorems.cases import input_sequences, selections
from emtheory.theorems.theorem import Theorem
from emtheory.theory.algebra import s, t
from emtheory.theory.circuits import companion
from emtheory.theory.pointers import PointerChase
from emtheory.theory.tasks import Task

q, length, epsilon = indices("q"), sizes("l"), Symbol("ε")
x = family("x", 1, 1)
HORIZON = 10**18


def one_entry_a_row(task, inputs):
    """Each row of [C_1 … C_s] has at most one nonzero entry."""
    return exactly(all(sum(entry != 0 for entry in row) <= 1 for row in _rows(task)), True)


def unit_entries(task, inputs):
    """The nonzero entries are ±1."""
    return exactly(all(entry in (-1, 0, 1) for row in _rows(task) for entry in row), True)


def derivation():
    once = definition(x(t), epsilon * x(t - length), where=[t >= s + 1])
    yield (
        "q rounds of a cycle multiply by ε^q, however large q is",
        induction(q, 0, x(t + q * length), epsilon**q * x(t), [at(once, {t: t + length})], where=[t >= s + 1]),
    )


def meaning(task, inputs):
    size, sign = task.kappa, -1 if task.s % 2 else 1
    return {
        s: task.s,
        length: size,
        epsilon: sign,
        x: lambda time: matrix([[sign ** ((time + size * 50) // size) * (1 + (time % size))]]),
    }


def _rows(task):
    """The rows of [C_1 … C_s]."""
    return list(companion(task)[-task.kappa :, :])


def _first_entries(task):
    """The signed selection of the first nonzero entry of each row."""
    hits = [next((column for column, entry in enumerate(row) if entry != 0), None) for row in _rows(task)]
    signs = [0 if hit is None else (1 if row[hit] > 0 else -1) for hit, row in zip(hits, _rows(task), strict=True)]
    return Task.from_selection(task.s, task.kappa, [hit or 0 for hit in hits], signs)


def _read(task, inputs, time):
    """x(time) as a κ x 1 matrix, by pointer chase."""
    sign, component, source = PointerChase(_first_entries(task)).read(range(task.kappa), time)
    return matrix(
        [[int(e) * inputs[int(j), int(tau) - 1] if e else 0] for e, j, tau in zip(sign, component, source, strict=True)]
    )


def agrees_with_the_recursion(task, inputs):
    """The chase gives x(t) for t = 1 … 3s + 2."""
    horizon = 3 * task.s + 2
    outputs = task.outputs(inputs, horizon)
    return exactly(
        [_read(task, inputs, time) for time in range(1, horizon + 1)],
        [outputs[:, time : time + 1] for time in range(horizon)],
    )


def agrees_for_ever(task, inputs):
    """At t = 10^18 + κ the chase agrees with the power Phi^(t-s), by repeated squaring."""
    time = HORIZON + task.kappa
    stacked = vstack(inputs[:, i : i + 1] for i in range(task.s))
    power, base, exponent = stacked, companion(task), time - task.s
    while exponent:
        if exponent & 1:
            power = base @ power
        base, exponent = base @ base, exponent >> 1
    return exactly(_read(task, inputs, time), power[-task.kappa :, :])


def floats_agree(task, inputs):
    """Float steps of Phi from the stored inputs give x(2s), within the error bound of the products."""
    state = chain(vstack(inputs[:, i : i + 1] for i in range(task.s)))
    for _ in range(task.s):
        state = chain(companion(task), state)
    return close(state.value[-task.kappa :], _read(task, inputs, 2 * task.s), state.bound[-task.kappa :])


def with_inputs(task):
    """Inputs for the task."""
    return input_sequences(task).map(lambda inputs: (task, inputs))


PAIR, PAIR_AND_ZERO = matrix([[1, 2]]), matrix([[0], [1], [2]])
THEOREM = Theorem(
    hypotheses={
        one_entry_a_row: (Task.from_blocks([matrix([[0, 1, 1], [0, 0, 0], [0, 0, 0]])]), PAIR_AND_ZERO),
        unit_entries: (Task.from_blocks([matrix([[0, 2], [0, 0]])]), PAIR.T),
    },
    derivation=derivation,
    meaning=meaning,
    conclusions=(agrees_with_the_recursion, agrees_for_ever),
    numeric=(floats_agree,),
    examples={
        "compose copy": (Task.compose_copy(2), matrix([[1, 2], [3, 4]])),
        "a sign on the way": (Task.from_blocks([matrix([[-1]]), zeros(1, 1)]), PAIR),
    },
    cases=selections(max_m=16).flatmap(with_inputs),
    source="Karuvally, DelMastro, Siegelmann, Episodic Memory Theory of RNNs, PMLR 221 (2023), for all times",
)
