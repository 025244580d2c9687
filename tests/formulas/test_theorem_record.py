"""Protects what a theorem means: letters have one meaning, definitions are sound, no conclusion is assumed."""

import pytest
import sympy

from emtheory.formulas.case import case
from emtheory.formulas.formula import Formula, at_most, define, equal, less, opaque
from emtheory.formulas.letters import letter, scalar
from emtheory.formulas.theorem import Theorem
from emtheory.letters import Dual, E, Phi, W, Xi, h, identity, k, m, n, s, t, u, zero

DUALITY = equal(Dual @ Xi, identity(m))
POWERS = equal(W**k, Xi @ Phi**k @ Dual, k >= 1)
STORED = define(W, Xi @ Phi @ Dual)
EXAMPLE = {"one": case(Xi=[[1]], Dual=[[1]], Phi=[[1]], s=1)}


def theorem(**changed):
    parts = {
        "given": (Xi, Dual, Phi, s),
        "conclusions": (POWERS,),
        "definitions": (STORED,),
        "examples": EXAMPLE,
        "cases": None,
    }
    return Theorem(**{**parts, **changed})


def test_the_plain_theorem_is_accepted():
    assert str(theorem().letters[0]) == "Xi (n x kappa*s) holds the memories, one a column"


@pytest.mark.parametrize(
    ("changed", "message"),
    [
        ({"definitions": ()}, "W is neither given nor defined"),
        ({"definitions": (STORED, STORED)}, "W has a meaning already"),
        ({"definitions": (define(Phi, 0 * Phi), STORED)}, "Phi has a meaning already; only a fresh letter"),
        ({"definitions": (define(W, W @ W),)}, "W is defined by W, which has no meaning before it"),
        ({"definitions": (STORED, define(h(t), W @ h(t), t >= 0))}, "index is not known to be smaller"),
        ({"definitions": (STORED, define(h(t + 1), W @ h(t + 2), t >= 0))}, "index is not known to be smaller"),
        ({"definitions": (STORED, define(h(2 * t), W @ zero(n, 1), t >= 0))}, "plus or minus the rest"),
        ({"definitions": (define(h(0), zero(n, 1)), STORED, define(h(t + 1), W @ h(t), t >= 0))}, "the family before"),
        ({"given": (letter("E", m, 1, "is another"), Xi, Dual, Phi, s)}, "E is a constant, the columns of an identity"),
        ({"given": (Xi, Xi, Dual, Phi, s)}, "Xi is given twice"),
        ({"hypotheses": {POWERS: None}}, "is a hypothesis, so nothing is concluded"),
        ({"hypotheses": {equal(W**t, Xi @ Phi**t @ Dual, t >= 1): None}}, "is a hypothesis, so nothing is concluded"),
        ({"conclusions": ()}, "without conclusions says nothing"),
        ({"examples": {}}, "without examples says nothing"),
        ({"conclusions": (less(0, sympy.Symbol("g", positive=True)),)}, "g is no letter of the theorem"),
        ({"conclusions": (less(0, sympy.Symbol("s", real=True)),)}, "s is no letter of the theorem"),
        ({"given": (letter("Xi", n, n, "is another").symbol, Dual, Phi, s)}, "is no letter of emtheory.letters"),
        ({"given": (sympy.Symbol("g", real=True), Xi, Dual, Phi, s)}, "g is no letter of emtheory.letters"),
    ],
)
def test_a_record_that_means_nothing_is_refused(changed, message):
    with pytest.raises(ValueError, match=message):
        theorem(**changed)


def test_a_letter_has_one_shape():
    other = letter("Phi", n, n, "is another").symbol
    with pytest.raises(ValueError, match=r"Phi is n x n here, and kappa\*s x kappa\*s where it is introduced"):
        theorem(conclusions=(equal(other @ other, zero(n, n)),))


def test_a_formula_of_somebodys_own_type_is_refused():
    class Lie(Formula):
        def renamed(self):
            return POWERS.renamed()

    with pytest.raises(ValueError, match="is no formula; build it with"):
        theorem(conclusions=(Lie(W, "=", W),))


def test_an_own_letter_is_explained_by_the_theorem():
    gain = scalar("gain", "is a number")
    assert "gain is a number" in [str(x) for x in theorem(given=(Xi, Dual, Phi, s, gain)).letters]


def test_sides_of_two_shapes_and_conditions_that_never_hold_are_refused():
    with pytest.raises(ValueError, match="a relation needs one shape"):
        equal(Xi, Dual)
    with pytest.raises(ValueError, match="false for all values"):
        at_most(E(1), E(1), sympy.false)
    with pytest.raises(ValueError, match="only a letter can be defined"):
        define(W @ W, W)


def test_an_opaque_predicate_needs_a_sentence():
    with pytest.raises(ValueError, match="needs a docstring"):
        opaque(lambda **letters: True)


def test_formulas_that_differ_in_the_names_of_indices_are_the_same():
    assert equal(u(k), u(k), k >= 1).renamed() == equal(u(t), u(t), t >= 1).renamed()
    assert equal(u(k), u(k), k >= 1).renamed() != equal(u(k), u(k), k >= 2).renamed()
