"""False: what is left over shrinks by C_i."""

from dataclasses import replace

from emtheory.judges.symbolic import definition, family, identical, indices
from emtheory.theorems.files import bundled, load
from emtheory.theory.algebra import ACTION, C, E, Phi, k, kappa, m, s

TRUE = load(bundled() / "write-interference.py").record

i, d = indices("i"), family("d", m, kappa)


def derivation():
    left_over = definition(d(i), Phi ** (s - i) @ E(s) - E(i), where=[i >= 1, i <= s])
    yield "Phi moves variables", ACTION
    forward = identical(Phi @ E(k), E(k - 1) + E(s) @ C(k), [ACTION], where=[k >= 2, k <= s])
    yield "for k ≥ 2", forward
    given = [left_over, forward]
    yield "left over", identical(d(i - 1), Phi @ d(i) - E(s) @ C(i), given, where=[i >= 2, i <= s])  # wrong


THEOREM = replace(TRUE, derivation=derivation)
