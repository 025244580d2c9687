"""The letters of the theory: name, shape and meaning of each in one place.

n neurons hold m = s kappa memories: s variables of dimension kappa each. Theorem files import the symbols from here and
combine them to formulas; `VOCABULARY` has the meaning of each, which reports print. E, e and e_n are constants: the
block columns of the identity of size m, the columns of those of size kappa and n; e_m the columns of that of size m.
"""

from __future__ import annotations

from sympy import S, oo

from emtheory.formulas.letters import Letter, Selectors, letter, letters, scalar, size
from emtheory.judges.symbolic.terms import block, delta, identity, indices, total, zero

__all__ = [
    "VOCABULARY",
    "A",
    "C",
    "Dual",
    "E",
    "G",
    "M",
    "Phi",
    "Psi",
    "R",
    "T",
    "U",
    "W",
    "Xi",
    "beta",
    "block",
    "d",
    "delta",
    "e",
    "e_m",
    "e_n",
    "gamma",
    "h",
    "i",
    "identity",
    "j",
    "k",
    "kappa",
    "m",
    "n",
    "q",
    "r",
    "s",
    "t",
    "total",
    "u",
    "x",
    "y",
    "z",
    "zero",
]

_SIZES = (
    size("n", "is the number of neurons"),
    size("s", "is the number of variables, and of input steps"),
    size("kappa", "is the dimension of one variable"),
    size("T", "is the number of outputs that are compared"),
)
n, s, kappa, T = (given.symbol for given in _SIZES)
m = s * kappa
i, j, k, q, r, t = indices("i j k q r t")
E, e = Selectors("E", s, kappa), Selectors("e", kappa, S.One)
e_n, e_m = Selectors("e_n", n, S.One), Selectors("e_m", m, S.One)

_NUMBERS = (
    scalar("gamma", "is the gain of the recurrence"),
    scalar("beta", "is the gain of the input"),
)
gamma, beta = (given.symbol for given in _NUMBERS)

_MATRICES = (
    letter("Xi", n, m, "holds the memories, one a column"),
    letter("Dual", m, n, "reads the memories"),
    letter("Phi", m, m, "moves the memories in one step"),
    letter("W", n, n, "is the hidden matrix"),
    letter("A", n, n, "is the deflated hidden matrix"),
    letter("U", n, kappa, "writes an input into the neurons"),
    letter("R", kappa, n, "reads the output"),
)
Xi, Dual, Phi, W, A, U, R = (given.symbol for given in _MATRICES)

_FAMILIES = (
    letters("C", kappa, kappa, first=1, last=s, phrase="composes the next variable of the earlier ones"),
    letters("u", kappa, 1, first=1, last=s, phrase="are the inputs"),
    letters("h", n, 1, first=0, last=oo, phrase="is the hidden state"),
    letters("y", kappa, 1, first=1, last=oo, phrase="is the output"),
    letters("x", kappa, 1, first=1, last=oo, phrase="is what the task asks for"),
    letters("z", m, 1, first=0, last=oo, phrase="is the state in the memory basis"),
    letters("G", kappa, kappa, first=0, last=oo, phrase="is the impulse response of the circuit"),
    letters("d", m, kappa, first=1, last=s, phrase="is what an input leaves over beside its variable"),
    letters("Psi", n, kappa, first=1, last=s, phrase="is the memory of one variable"),
    letters("M", kappa, kappa, first=0, last=oo, phrase="are Markov parameters", padded=True),
)
C, u, h, y, x, z, G, d, Psi, M = (given.symbol for given in _FAMILIES)

VOCABULARY: dict[str, Letter] = {given.name: given for given in (*_SIZES, *_NUMBERS, *_MATRICES, *_FAMILIES)}
