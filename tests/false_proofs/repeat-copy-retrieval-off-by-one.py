"""False: every variable is one memory too far."""

from dataclasses import replace

from emtheory.judges.exact import exactly, zeros
from emtheory.networks.elman import linear_run
from emtheory.theorems.files import bundled, load
from emtheory.theory.circuits import Circuit

TRUE = load(bundled() / "repeat-copy-retrieval.py").record


def states_rotate(task, basis, inputs):
    """h(s) = Σ_k Psi_((k mod s)+1) u(k)."""
    circuit, expected = Circuit(task, basis), zeros(basis.n, 1)
    for k in range(1, task.s + 1):
        expected = expected + circuit.Psi(k % task.s + 1) @ inputs[:, k - 1 : k]  # wrong
    return exactly(linear_run(circuit.W, circuit.U, circuit.R, inputs, task.s).states[:, -1:], expected)


THEOREM = replace(TRUE, conclusions=(states_rotate,))
