"""False: an entry -1 is given for one that is not ±1."""

from dataclasses import replace

from emtheory.judges.exact import matrix
from emtheory.theorems.files import bundled, load
from emtheory.theory.tasks import Task

TRUE = load(bundled() / "selection-spectrum.py").record

_, unit_entries = TRUE.hypotheses


THEOREM = replace(TRUE, hypotheses={**TRUE.hypotheses, unit_entries: (Task.from_blocks([matrix([[-1]])]),)})  # wrong
