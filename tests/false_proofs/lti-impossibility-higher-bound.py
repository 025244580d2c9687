"""False: every linear network is said to err by at least T/(T+1)."""

from dataclasses import replace

from emtheory.judges.exact import exactly, hstack, matrix, rational
from emtheory.theorems.files import bundled, load
from emtheory.theory.circuits import companion, selector
from emtheory.theory.tasks import Task

TRUE = load(bundled() / "lti-impossibility.py").record


def errs(task, network, network_of_two, selection):
    """The network that fades linearly errs by at least T/(T+1) over T outputs on compose copy, s = 2."""
    outputs, phi, row, worst = selection.s, companion(Task.compose_copy(2)), selector(2, 2, 2).T, rational(0)
    fading = [matrix([[int(a % 2 == 0), 0], [0, 1 - rational(a - 1) / outputs]]) for a in range(outputs + 2)]
    for time in range(3, outputs + 3):
        row = row @ phi
        worst = max(worst, (hstack([fading[time - 1], fading[time - 2]]) - row).norm_inf())
    return exactly(worst >= rational(outputs) / (outputs + 1), True)  # wrong


THEOREM = replace(TRUE, conclusions=(*TRUE.conclusions, errs))
