"""False: the counterexample is solved."""

from dataclasses import replace

from emtheory.theorems.files import bundled, load
from emtheory.theory.tasks import Task

TRUE = load(bundled() / "errata" / "07-compose-copy-is-not-linear.py").record

ERRATUM = replace(TRUE, counterexample=(Task.repeat_copy(2, 2),))  # wrong
