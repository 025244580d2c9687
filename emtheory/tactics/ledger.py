"""The zeros that a search writes down: each axiom of the kernel in the place where the search used it."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import count

from emtheory.kernel.substitution import Context
from emtheory.kernel.terms import Identity, Poly, Term, Var, poly
from emtheory.tactics.farkas import certificate
from emtheory.tactics.printing import application, axiom, scalar_text, term_text
from emtheory.tactics.words import ONE, Binder, Monom, UnsettledError, Word, base_term, ranges, word_term

__all__ = ["Ledger"]

TRIVIAL = ("()", "()")  # certificates that two sizes are ≥ 0


class Ledger:
    """Zeros of a rows x cols equation under a context. Invariant of a search: what it began with is the sum of the
    zeros and of what it still has."""

    def __init__(self, context: Context, rows: Poly, cols: Poly) -> None:
        self.context, self.rows, self.cols = context, rows, cols
        self.zeros: list[str] = []
        self.names = count(1)

    def known(self, binders: tuple[Binder, ...]) -> Context:
        """The integers ≥ 0 under these sums."""
        return self.context + ranges(binders)

    def need(self, goal: Poly, binders: tuple[Binder, ...]) -> str:
        """A certificate of goal ≥ 0 under these sums."""
        found = certificate(goal, self.known(binders))
        if found is None:
            raise UnsettledError(f"not shown: {goal} >= 0")
        return found

    def log(self, c: Poly, binders: tuple[Binder, ...], left: Term, equation: str, right: Term) -> None:
        """Write down a zero."""
        sums = (
            application("oriented" if b.oriented else "sum", b.var.name, scalar_text(b.lower), scalar_text(b.upper))
            for b in binders
        )
        ends = ["_" if isinstance(end, Identity) else term_text(end) for end in (left, right)]
        self.zeros.append(application("in", scalar_text(c), f"({' '.join(sums)})", ends[0], equation, ends[1]))

    def around(self, m: Monom, i: int, equation: str, c: Poly = ONE) -> None:
        """Write down an axiom on the i-th sum of a monomial."""
        self.log(c, m.binders[:i], Identity(self.rows), equation, Identity(self.cols))

    def in_word(self, m: Monom, start: int, equation: str, stop: int, sign: int = 1) -> None:
        """Write down an axiom in place of word[start:stop]."""
        left, right = word_term(m.word[:start], self.rows), word_term(m.word[stop:], self.cols)
        self.log(m.coefficient * sign, m.binders, left, equation, right)

    def scaled(self, binders: tuple[Binder, ...], c: Poly, word: Word, equation: str) -> None:
        """Write down an equation of numbers in front of a word."""
        whole = application("scaled", equation, term_text(word_term(word, self.rows)))
        self.log(c, binders, Identity(self.rows), whole, Identity(self.cols))

    def power(self, m: Monom, word: Word, i: int, sign: int) -> None:
        """Two neighbouring powers of one letter at place i of this word are one power."""
        (letter, t, e), f = word[i], word[i + 1][2]
        certificates = ["()", self.need(e, m.binders), self.need(f, m.binders)]
        base = base_term((letter, t, ONE))
        values = [scalar_text(letter.rows), term_text(base), scalar_text(e), scalar_text(f)]
        left, right = word_term(word[:i], self.rows), word_term(word[i + 2 :], self.cols)
        self.log(m.coefficient * sign, m.binders, left, axiom("power", values, certificates), right)

    # sums: `body` is what stands inside of the i-th sum, over its variable
    def on_sum(self, name: str, m: Monom, i: int, body: Term, values: Iterable[Poly], certificates: Iterable[str] = (),
               c: Poly = ONE) -> None:  # fmt: skip
        """Write down an axiom of families on the i-th sum."""
        family = f"(({m.binders[i].var.name}) {term_text(body)})"
        texts = [scalar_text(self.rows), scalar_text(self.cols), family, *map(scalar_text, values)]
        self.around(m, i, axiom(name, texts, [*TRIVIAL, *certificates]), c)

    def cut(self, m: Monom, i: int, body: Term, lower: Poly, at: Poly, upper: Poly) -> None:
        """Write down that a sum is cut behind `at`."""
        outer = m.binders[:i]
        certificates = [self.need(at + 1 - lower, outer), self.need(upper - at, outer)]
        self.on_sum("cut", m, i, body, (lower, at, upper), certificates)

    def swap(self, m: Monom, p: int) -> Monom:
        """The monomial with sums p and p + 1 swapped."""
        x, y = m.binders[p], m.binders[p + 1]
        inner = term_text(m.body(p + 2, self.rows))
        name = {(False, False): "swap", (True, True): "swap-oriented"}.get(
            (x.oriented, y.oriented), "swap-inner-oriented"
        )
        first, second, c = (y, x, -1) if x.oriented and not y.oriented else (x, y, 1)
        family = f"(({first.var.name} {second.var.name}) {inner})"
        ends = map(scalar_text, (first.lower, first.upper, second.lower, second.upper))
        texts = [scalar_text(self.rows), scalar_text(self.cols), family, *ends]
        self.around(m, p, axiom(name, texts, TRIVIAL), poly(c))
        return Monom(m.coefficient, (*m.binders[:p], y, x, *m.binders[p + 2 :]), m.word)

    def entry(self, m: Monom, place: int, left: Word, right: Word, sign: int, transposed: bool = False) -> None:
        """Write down that the item at a place, a number, is its entry, between these words."""
        text = axiom("entry", [term_text(word_term(m.word[place : place + 1], self.rows))])
        text = application("transpose", text) if transposed else text
        self.log(m.coefficient * sign, m.binders, word_term(left, self.rows), text, word_term(right, self.cols))

    def turned(self, m: Monom) -> None:
        """Write down that a word, a number, is its transpose: both are its entry."""
        text, one = axiom("entry", [term_text(word_term(m.word, self.rows))]), Identity(self.rows)
        self.log(m.coefficient, m.binders, one, text, one)
        self.log(m.coefficient * -1, m.binders, one, application("transpose", text), one)

    def fresh(self) -> Var:
        """A new name for an index."""
        return Var(f"b.{next(self.names)}", "int")
