"""False: memory k is said to hold the next value already."""

from dataclasses import replace

from emtheory.judges.symbolic import definition, family, hypothesis, identity, induction, total
from emtheory.theorems.files import bundled, load
from emtheory.theory.algebra import ACTION, STORED, C, Dual, E, W, Xi, k, kappa, m, n, s, t

TRUE = load(bundled() / "loaded-composition.py").record

reads_back, loaded, *_ = TRUE.hypotheses
x, h = family("x", kappa, 1), family("h", n, 1)


def derivation():
    duality = hypothesis(reads_back, Dual @ Xi, identity(m))
    held = hypothesis(loaded, Dual @ h(s), total(E(k) @ x(k), (k, 1, s)))
    step = definition(h(t + 1), W @ h(t), where=[t >= s])
    composed = definition(x(t), total(C(k) @ x(t - s - 1 + k), (k, 1, s)), where=[t >= s + 1])
    yield "Phi moves variables", ACTION
    given = [held, step, composed, STORED, duality, ACTION]
    yield "one ahead", induction(t, s, Dual @ h(t), total(E(k) @ x(t - s + k + 1), (k, 1, s)), given)  # wrong


THEOREM = replace(TRUE, derivation=derivation)
