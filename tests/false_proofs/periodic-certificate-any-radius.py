"""False: a tube is said to close whatever its radius, if only a step contracts."""

from dataclasses import replace

from emtheory.judges.exact import exactly, matrix, rational
from emtheory.theorems.files import bundled, load

TRUE = load(bundled() / "periodic-certificate.py").record


def tube_closes(weights, centers, radius, moved_by):
    """r > 0."""
    return exactly(radius > 0, True)


THIN = (matrix([[2]]), matrix([["9/10"]]), rational(1) / 100, matrix([[0]]))  # wrong
BROKEN = (matrix([[2]]), matrix([["9/10"]]), rational(-1), matrix([[0]]))
OTHERS = {h: case for h, case in TRUE.hypotheses.items() if h.__name__ != "tube_closes"}
THEOREM = replace(
    TRUE, hypotheses={tube_closes: BROKEN, **OTHERS}, examples={"thin": THIN}, derivation=None, meaning=None
)
