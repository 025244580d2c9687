"""False: the output lags behind."""

from dataclasses import replace

from emtheory.judges.exact import exactly, hstack
from emtheory.theorems.files import bundled, load
from emtheory.theory.circuits import Circuit

TRUE = load(bundled() / "loaded-composition.py").record


def outputs_follow(task, basis, inputs, state, bias, late):
    """y(t) = x(t-1)."""
    circuit, states = Circuit(task, basis), [state]
    for _ in range(2 * task.s):
        states.append(circuit.W @ states[-1] + bias)
    outputs = task.outputs(inputs, 3 * task.s)
    return exactly(hstack([circuit.R @ h for h in states[1:]]), outputs[:, task.s - 1 : -1])  # wrong


THEOREM = replace(TRUE, conclusions=(outputs_follow,))
