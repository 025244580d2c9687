"""False: the float run is said to put out every input one step late."""

from dataclasses import replace

from emtheory.judges.exact import hstack
from emtheory.judges.floats import chain, close, run_bound
from emtheory.theorems.files import bundled, load
from emtheory.theory.circuits import Circuit

TRUE = load(bundled() / "repeat-copy-retrieval.py").record


def floats_return(task, basis, inputs):
    """y(s+1+t) = u(((t-1) mod s)+1), within the error bound of the run."""
    circuit, size = Circuit(task, basis), task.s
    output = chain(circuit.R, run_bound(circuit.W, circuit.U, inputs, 3 * size + 1))
    return close(output.value[:, size + 1 :], hstack([inputs, inputs]), output.bound[:, size + 1 :])  # wrong


THEOREM = replace(TRUE, numeric=(floats_return,))
