"""Formulas over typed letters: a statement once, of which everything else is a reading.

`letters` gives each symbol a shape and a meaning, `formula` builds statements, `theorem` ties them together. `values`
computes every letter from a case and the definitions, `deciding` reads a formula there (exactly, in balls, in floats),
`evidence` counts, and tries `edits` that the checks have to notice.
"""
