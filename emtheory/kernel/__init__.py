"""The kernel: replays proofs that are text. What is proved is what `check` accepts, whoever wrote the proof.

It imports nothing but Python's standard library. A statement and a proof are lists of words:

    (statement 1
      (given (size n 1) (int r) (real a) (letter Xi n m) (letter E n m (1 s) (0 *)))
      (where (>= r 1) …)                            integer conditions on what is given
      (hypothesis NAME FACT)
      (definition (letter W n n) (NAME FACT) …)     a new letter; a family by pieces, which look back only
      (conclusion NAME (assuming NAME FACT) … FACT))

    (proof 1 (goals CERTIFICATE …) (step NAME FACT RULE) … (conclusion NAME (step …) … RULE) …)

    FACT      (= A B), (>= a b), or (for ((int k) (real x) …) ((>= k 1) …) (= A B))
    RULE      (identity ZERO …), (blocks ((ZERO …) …) …), (nonnegative (PART …) ZERO …), (cases p RULE RULE),
              (induction k start NAME RULE RULE), (strong-induction k start NAME RULE), (integration z RULE RULE),
              (cancellation x n RULE)
    ZERO      EQUATION, or (in c ((sum i a b) …) LEFT EQUATION RIGHT), where _ is no factor
    EQUATION  (use SOURCE (value …) CERTIFICATE …), SOURCE, (transpose EQUATION), (scaled EQUATION A)
    SOURCE    NAME, (condition i), (axiom NAME (value …) (CERTIFICATE …) RULE …),
              (theorem NAME CONCLUSION (value …) (CERTIFICATE …) RULE …)
    PART      (FACTOR …), a FACTOR (rational c), (square v), (integer p CERTIFICATE), or what is used
    CERTIFICATE  (LINE …), a LINE (+ row weight …) or (* row row); for real conditions (real (PART …) ZERO …)

`text` has the words for numbers and terms, `rules` what each rule does, `axioms` the axioms and lemmas, as data.
"""

from emtheory.kernel.checking import Accepted, Refused, check

__all__ = ["Accepted", "Refused", "check"]
