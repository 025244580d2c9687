"""Squaring commutes with writing into a basis that is read back.

If D X = I then (X A D)² = X A² D. Idea: the middle D X cancels.
"""

import numpy as np
from hypothesis import strategies as st

from emtheory.judges.exact import exactly, eye, left_inverse, matrix, vstack
from emtheory.judges.symbolic import hypothesis, identical, identity, letter, sizes
from emtheory.theorems.theorem import Theorem
from emtheory.verdict import Kind, proved, refuted

n, m = sizes("n m")
X, D, A = letter("X", n, m), letter("D", m, n), letter("A", m, m)
XI = matrix([[1, 1], [0, 1], [1, 0]])
STEP = matrix([[0, 1], [1, 1]])


def reads_back(x, d, a):
    """D X is the identity."""
    return exactly(d @ x, eye(len(a)))


def derivation():
    reads = hypothesis(reads_back, D @ X, identity(m))
    yield "The square of X A D is X A² D", identical(X @ A @ D @ X @ A @ D, X @ A @ A @ D, given=[reads])


def meaning(x, d, a):
    return {X: x, D: d, A: a}


def square_kept(x, d, a):
    """The square of X A D is X A² D."""
    return exactly((x @ a @ d) ** 2, x @ a**2 @ d)


def floats_agree(x, d, a):
    """numpy finds the same, on small integers exactly."""
    w = x.numpy() @ a.numpy() @ d.numpy()
    gap = float(np.abs(w @ w - (x @ a**2 @ d).numpy()).max())
    size = float(np.abs(x.numpy()).sum() * np.abs(a.numpy()).sum() * np.abs(d.numpy()).sum()) ** 2
    bound = 100 * 2.0**-53 * (size + 1)
    decide = proved if gap <= bound else refuted
    return decide(Kind.BOUNDED, "float64", ratio=gap / bound)


@st.composite
def bases(draw):
    size, extra = draw(st.integers(1, 3)), draw(st.integers(0, 2))
    entries = st.integers(-3, 3)
    grid = [[draw(entries) for _ in range(size)] for _ in range(size + extra)]
    x = vstack([eye(size), matrix(grid[size:])]) if extra else eye(size)
    return x, left_inverse(x), matrix(grid[:size])


THEOREM = Theorem(
    hypotheses={reads_back: (XI, XI.T, STEP)},
    derivation=derivation,
    meaning=meaning,
    conclusions=(square_kept,),
    numeric=(floats_agree,),
    examples={"two memories": (XI, left_inverse(XI), STEP)},
    cases=bases(),
    source="folklore",
)
