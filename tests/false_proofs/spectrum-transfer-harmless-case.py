"""False: the breaking case breaks nothing."""

from dataclasses import replace

from emtheory.judges.exact import matrix
from emtheory.theorems.files import bundled, load
from emtheory.theory.tasks import Task

TRUE = load(bundled() / "spectrum-transfer.py").record

(reads_back,) = TRUE.hypotheses
ONE = matrix([[1]])


THEOREM = replace(TRUE, hypotheses={reads_back: (ONE, ONE, ONE, Task.repeat_copy(1, 1))})  # wrong
