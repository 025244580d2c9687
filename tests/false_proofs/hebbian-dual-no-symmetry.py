"""False: the projector need not be symmetric."""

from dataclasses import replace

from emtheory.loader import bundled, load

TRUE = load(bundled() / "hebbian-dual.py").record

reproduces, _ = TRUE.hypotheses


THEOREM = replace(TRUE, hypotheses={reproduces: TRUE.hypotheses[reproduces]})  # wrong
