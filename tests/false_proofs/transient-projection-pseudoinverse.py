"""False: a state is said to be read by the dual of the memories without the projector."""

from dataclasses import replace

from emtheory.judges.exact import exactly, left_inverse
from emtheory.theorems.files import bundled, load

TRUE = load(bundled() / "transient-projection.py").record


def states_are_read(task, w, write, read, xi, kept, states):
    """Ψ† h = z."""
    z, rest = states[: xi.shape[1], :], states[xi.shape[1] :, :]
    return exactly(left_inverse(xi) @ (xi @ z + rest - kept @ rest), z)  # wrong


THEOREM = replace(TRUE, conclusions=(states_are_read,))
