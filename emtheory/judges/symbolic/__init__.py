"""The symbolic judge: derivations for all sizes, in noncommutative matrix algebra with declared relations.

`terms` writes matrix expressions, `claims` states what a derivation claims and may use, `check` decides every step,
symbolically and on concrete matrices. `lemmas` is the trusted base.
"""

from emtheory.judges.symbolic.checking import check
from emtheory.judges.symbolic.claims import (
    Claim,
    Relation,
    at,
    cancelled,
    cited,
    definition,
    hypothesis,
    identical,
    induction,
    strong_induction,
    theorem,
)
from emtheory.judges.symbolic.lemmas import (
    CANCELLATION,
    COMPLEMENT,
    DET_OF_PRODUCT,
    DET_OF_SCALAR,
    DET_OF_TRIANGULAR,
    FUNCTIONAL_GRAPH,
    SELECTORS,
    STRICTLY_TRIANGULAR,
    TRUSTED,
    Lemma,
)
from emtheory.judges.symbolic.terms import (
    block,
    delta,
    det,
    family,
    identity,
    indices,
    letter,
    sizes,
    total,
    zero,
)

__all__ = [
    "CANCELLATION",
    "COMPLEMENT",
    "DET_OF_PRODUCT",
    "DET_OF_SCALAR",
    "DET_OF_TRIANGULAR",
    "FUNCTIONAL_GRAPH",
    "SELECTORS",
    "STRICTLY_TRIANGULAR",
    "TRUSTED",
    "Claim",
    "Lemma",
    "Relation",
    "at",
    "block",
    "cancelled",
    "check",
    "cited",
    "definition",
    "delta",
    "det",
    "family",
    "hypothesis",
    "identical",
    "identity",
    "indices",
    "induction",
    "letter",
    "sizes",
    "strong_induction",
    "theorem",
    "total",
    "zero",
]
