"""False: R W is said to vanish."""

from dataclasses import replace

from emtheory.judges.symbolic import definition, hypothesis, identical, identity, letter, zero
from emtheory.theorems.files import bundled, load
from emtheory.theory.algebra import ACTION, SELECT, STORED, Dual, E, W, Xi, kappa, m, n, s

TRUE = load(bundled() / "deflated-krylov.py").record

reads_back, _ = TRUE.hypotheses
R = letter("R", kappa, n)


def derivation():
    duality = hypothesis(reads_back, Dual @ Xi, identity(m))
    read = definition(R, E(s).T @ Dual)
    yield "Phi moves variables", ACTION
    yield (
        "nothing is read",
        identical(R @ W @ Xi @ E(s), zero(kappa, kappa), [read, STORED, duality, ACTION, SELECT]),
    )  # wrong


THEOREM = replace(TRUE, derivation=derivation)
