"""False: the drops are summed one step too far."""

from dataclasses import replace

from emtheory.judges.symbolic import definition, family, identical, indices, total
from emtheory.theorems.files import bundled, load

TRUE = load(bundled() / "no-lyapunov.py").record
t, k = indices("t k")
E, D = family("E", 1, 1), family("D", 1, 1)


def derivation():
    falls = definition(D(t), E(t) - E(t + 1), where=[t >= 0])
    yield "telescoping", identical(total(D(t), (t, 0, k)), E(0) - E(k), [falls], where=[k >= 0])  # wrong


THEOREM = replace(TRUE, derivation=derivation)
