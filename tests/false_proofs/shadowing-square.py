"""False: the error of a step is said to be a tenth of the cube."""

from dataclasses import replace

from emtheory.judges.balls import at_most, precision
from emtheory.judges.exact import matrix
from emtheory.theorems.files import bundled, load
from emtheory.theory.saturating import tanh_run

TRUE = load(bundled() / "shadowing.py").record


def componentwise(weights, drive, start, linear_start):
    """|h(1) - l(1)| ≤ |l(1)|³/10."""
    linear = weights @ start + drive[:, :1]
    with precision(128):
        (state,) = tanh_run(weights, [drive[:, :1]], start, 1)
        far = (state - linear.flint).entries()[0]
    return at_most(abs(far), matrix([[abs(linear[0, 0]) ** 3 / 10]])[0, 0], bits=128)  # wrong


THEOREM = replace(TRUE, conclusions=(componentwise,))
