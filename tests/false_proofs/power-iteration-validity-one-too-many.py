"""False: one memory more is said to be found."""

from dataclasses import replace

from emtheory.judges.exact import exactly
from emtheory.theorems.files import bundled, load
from emtheory.theory.circuits import Circuit

TRUE = load(bundled() / "power-iteration-validity.py").record


def powers_find_memories(task, basis, start, other):
    """W^(s-k_0+1) U = Psi_(k_0-1), or Psi_s."""
    circuit = Circuit(task, basis)
    return exactly(circuit.W ** (task.s - start + 1) @ circuit.U, circuit.Psi(start - 1 or task.s))  # wrong


THEOREM = replace(TRUE, conclusions=(powers_find_memories,))
