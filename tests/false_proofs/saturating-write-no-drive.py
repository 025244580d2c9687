"""False: β > 0 is said to do for every task, not only for repeat copy."""

from dataclasses import replace

from emtheory.judges.exact import exactly
from emtheory.theorems.files import bundled, load

TRUE = load(bundled() / "saturating-write.py").record


def inputs_win(task, gains, levels, turn, start):
    """β > 0."""
    return exactly(gains[1] > 0, True)  # wrong


WEAK = next(case for h, case in TRUE.hypotheses.items() if h.__name__ == "inputs_win")
HYPOTHESES = {inputs_win if h.__name__ == "inputs_win" else h: case for h, case in TRUE.hypotheses.items()}
THEOREM = replace(TRUE, hypotheses=HYPOTHESES)
