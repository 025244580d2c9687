"""False: the first variable is said to stay where it is."""

from dataclasses import replace

from emtheory.judges.symbolic import hypothesis, identical, identity
from emtheory.theorems.files import bundled, load
from emtheory.theory.algebra import ACTION, C, E, Phi, kappa

TRUE = load(bundled() / "repeat-copy-spectrum.py").record

_, copies = TRUE.hypotheses


def derivation():
    yield "Phi moves variables", ACTION
    first = hypothesis(copies, C(1), identity(kappa))
    yield "the first variable stays", identical(Phi @ E(1), E(1), [ACTION, first])  # wrong


THEOREM = replace(TRUE, derivation=derivation)
