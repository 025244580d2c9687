"""False: σ is said to carry orbits of g to those of f."""

from dataclasses import replace

from emtheory.judges.symbolic import definition, hypothesis, identical, letter, sizes
from emtheory.theorems.files import bundled, load

TRUE = load(bundled() / "conjugacy.py").record
(one_after_the_other,) = TRUE.hypotheses
p, q = sizes("p q")
sigma, S = letter("σ", q, p), letter("S", p, q)
f, g = letter("f", p, p), letter("g", q, q)


def derivation():
    forth, back = hypothesis(one_after_the_other, f, S @ sigma), definition(g, sigma @ S)
    yield "the other way", identical(S @ g @ g, f @ S, [forth, back])  # wrong


THEOREM = replace(TRUE, derivation=derivation)
