"""False: a task without interference is said to break the hypothesis."""

from dataclasses import replace

from emtheory.judges.exact import matrix
from emtheory.theorems.files import bundled, load
from emtheory.theory.tasks import Task

TRUE = load(bundled() / "write-interference.py").record

(no_interference,) = TRUE.hypotheses
PASSING = Task.from_blocks([matrix([[1, 0], [0, 0]]), matrix([[0, 0], [1, 0]])])

THEOREM = replace(TRUE, hypotheses={no_interference: (PASSING, matrix([[1, 1], [1, 1]]), PASSING)})  # wrong
