"""False: inputs are answered one step too early."""

from dataclasses import replace

from emtheory.judges.symbolic import hypothesis, identical, indices, letter
from emtheory.theorems.files import bundled, load
from emtheory.theory.algebra import E, Phi, W, kappa, n, s, t

TRUE = load(bundled() / "lti-impossibility.py").record

reproduces = next(h for h in TRUE.hypotheses if h.__name__ == "reproduces")
i, U, R = indices("i"), letter("U", n, kappa), letter("R", kappa, n)


def derivation():
    age = [t >= s + 1, i >= 1, i <= s]
    answers = hypothesis(reproduces, E(s).T @ Phi ** (t - s) @ E(i), R @ W ** (t - i) @ U, where=age)
    yield (
        "Markov parameters",
        identical(E(s).T @ Phi**t @ E(s), R @ W ** (t - 1) @ U, [answers], where=[t >= 1]),
    )  # wrong


THEOREM = replace(TRUE, derivation=derivation)
