"""False: row block k is said to be the output k - 1 steps later."""

from dataclasses import replace

from emtheory.judges.symbolic import identical, induction
from emtheory.theorems.files import bundled, load
from emtheory.theory.algebra import COMPANION, SELECT, E, Phi, k, s, t

TRUE = load(bundled() / "minimal-memory.py").record


def derivation():
    row = identical(E(k).T @ Phi, E(k + 1).T, [COMPANION, SELECT], where=[k >= 1, k <= s - 1])
    yield "rows shift", row
    rows = induction(t, 0, E(k).T @ Phi**t, E(k + t).T, [row], where=[k >= 1, k <= s - t])
    yield "t steps", rows
    arrives = identical(E(k).T @ Phi ** (s - k), E(s).T, [rows], where=[k >= 1, k <= s])
    yield "to the output", arrives
    yield "early", identical(E(k).T @ Phi**s, E(s).T @ Phi ** (k - 1), [arrives], where=[k >= 1, k <= s])  # wrong


THEOREM = replace(TRUE, derivation=derivation)
