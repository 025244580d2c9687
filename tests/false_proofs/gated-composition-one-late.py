"""False: the outputs are read one step early."""

from dataclasses import replace

from emtheory.judges.exact import exactly
from emtheory.theorems.files import bundled, load
from emtheory.theory.circuits import Circuit

TRUE = load(bundled() / "gated-composition.py").record


def solves_every_task(task, basis, inputs, start, open_while_writing):
    """Holding the inputs, the network puts out u(1) at once."""
    circuit = Circuit(task, basis)
    held = circuit.Psi(task.s) @ inputs[:, -1:]
    return exactly(circuit.R @ held, inputs[:, :1])  # wrong


THEOREM = replace(TRUE, conclusions=(solves_every_task,))
