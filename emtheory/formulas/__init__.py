"""Formulas over typed letters: a statement once, of which everything else is a reading.

`letters` gives each symbol a shape and a meaning, `formula` builds statements, `theorem` ties them together. `values`
computes every letter from a case and the definitions, `deciding` reads a formula there (exactly, in balls, in floats),
`evidence` counts, and tries `edits` that the checks have to notice. `stated` prints a theorem for the kernel, `script`
is what a proof says, `proving` lets the kernel replay it.

A theorem file imports its words from here, and the theory's letters from `emtheory.letters`.
"""

from emtheory.formulas.case import Case, case
from emtheory.formulas.erratum import Erratum
from emtheory.formulas.formula import at_most, define, equal, iff, implies, less, opaque, unequal, within
from emtheory.formulas.letters import letter, letters, scalar, size
from emtheory.formulas.script import at, backwards, by_theorem, lemma, times
from emtheory.formulas.siblings import sibling
from emtheory.formulas.terms import Variable, det, entrywise, norm_inf, rank, tanh
from emtheory.formulas.theorem import Theorem

__all__ = [
    "Case",
    "Erratum",
    "Theorem",
    "Variable",
    "at",
    "at_most",
    "backwards",
    "by_theorem",
    "case",
    "define",
    "det",
    "entrywise",
    "equal",
    "iff",
    "implies",
    "lemma",
    "less",
    "letter",
    "letters",
    "norm_inf",
    "opaque",
    "rank",
    "scalar",
    "sibling",
    "size",
    "tanh",
    "times",
    "unequal",
    "within",
]
