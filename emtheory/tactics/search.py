"""The search that brings a difference of terms to zero by rewriting, and writes down the zeros of the proof."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from fractions import Fraction

from emtheory.kernel.monomials import Key, Parts, add, expand, shape
from emtheory.kernel.substitution import Context, free, put
from emtheory.kernel.terms import Delta, Fn, Letter, Plus, Poly, SPow, Term, Transposed, Var, Zero, poly, spow
from emtheory.tactics.farkas import certificate
from emtheory.tactics.functions import simplified
from emtheory.tactics.ledger import Ledger
from emtheory.tactics.printing import application, axiom, scalar_text, term_text
from emtheory.tactics.sums import canonical, glued, prefixed
from emtheory.tactics.words import (
    NIL,
    ONE,
    Binder,
    Monom,
    Rule,
    UnsettledError,
    Word,
    from_key,
    merged,
    one_by_one,
    ranges,
    solved,
    word_term,
)

__all__ = ["Search"]

MOST_STEPS, MOST_ROUNDS, MOST_SUMS = 3_000, 12, 3
Fit = tuple[dict[Var, Poly], Word, Word, tuple[str, ...]]


class Search:
    """Rewrites monomials by rules under a context; `ledger.zeros` is the proof.

    >>> from emtheory.kernel.text import fact
    >>> from emtheory.kernel.statements import read
    >>> from emtheory.tactics.words import rules_from
    >>> given = read("(statement 1 (given (size n 1) (letter A n n)) (hypothesis h (= (* A A) A))"
    ...              "(conclusion c (= (* A A A) A)))")
    >>> goal = given.conclusions["c"].fact
    >>> Search(rules_from("h", given.premises["h"]), given.context, goal.lhs - goal.rhs).zeros()
    '(in 1 () _ h A) (in 1 () _ h _)'
    """

    def __init__(
        self, rules: list[Rule], context: Context, term: Term, inverses: Mapping[Fn, str] | None = None
    ) -> None:
        self.rules, self.term, self.inverses = rules, term, inverses or {}
        self.ledger = Ledger(context, *shape(term))

    def zeros(self) -> str:
        """The zeros whose sum the term is.

        Raises:
            UnsettledError: something is left.
        """
        left = self._turned(self.remainder())
        if left:
            raise UnsettledError("left: " + "; ".join(f"{c} {key}" for key, c in left.items())[:300])
        return " ".join(self.ledger.zeros)

    def _turned(self, left: Parts) -> Parts:
        """A word that is a number is its transpose: of the two the one that comes first."""
        if (self.ledger.rows, self.ledger.cols) != (ONE, ONE):
            return left
        out: Parts = {}
        for key, c in left.items():
            word = tuple(replace(f, transposed=not f.transposed) for f in reversed(key.word))
            if not key.binders and str(word) < str(key.word):
                self.ledger.turned(from_key(key, c, self.ledger.names))
                key = replace(key, word=word)
            add(out, [(key, c)])
        return out

    def normal(self) -> Term:
        """The normal form as a term; the term minus it is the sum of the zeros."""
        grouped: dict[Key, Poly] = {}
        for key, c in self.remainder().items():
            rest = replace(key, scalars=())
            grouped[rest] = grouped.get(rest, NIL) + Poly({key.scalars: c})
        out = []
        for key, coefficient in sorted(grouped.items(), key=str):
            out.append(from_key(key, coefficient, self.ledger.names).body(0, self.ledger.rows))
        return Zero(self.ledger.rows, self.ledger.cols) if not out else out[0] if len(out) == 1 else Plus(tuple(out))

    def remainder(self) -> Parts:
        """What is left of the term after rewriting, with its sums in one form."""
        pending = [glued(self.ledger, from_key(k, c, self.ledger.names)) for k, c in expand(self.term).items()]
        left: Parts = {}
        for _ in range(MOST_ROUNDS):
            if not pending:
                return left
            settled, pending = self._run(pending), []
            for m in settled:
                done, more = prefixed(self.ledger, canonical(self.ledger, m))
                pending += more
                for d in done:
                    add(left, expand(d.body(0, self.ledger.rows)).items())
        raise UnsettledError("sums go on splitting")

    def _run(self, pending: list[Monom]) -> list[Monom]:
        settled: list[Monom] = []
        for _ in range(MOST_STEPS):
            if not pending:
                return settled
            m = pending.pop()
            pieces = self._emptied(m)
            if pieces is None and len(m.binders) > MOST_SUMS:
                raise UnsettledError("too many nested sums")
            for move in (self._contracted, self._powered, self._numbers, self._applied, self._split):
                pieces = move(m) if pieces is None else pieces
            if pieces is None:
                settled.append(m)
            else:
                pending.extend(pieces)
        raise UnsettledError("the relations do not come to rest")

    def _follows(self, goal: Poly, binders: tuple[Binder, ...]) -> bool:
        return certificate(goal, self.ledger.known(binders)) is not None

    def _emptied(self, m: Monom) -> list[Monom] | None:
        for i, b in enumerate(m.binders):
            if not b.oriented and self._follows(b.lower - b.upper - 1, m.binders[:i]):
                found = self.ledger.need(b.lower - b.upper - 1, m.binders[:i])
                self.ledger.on_sum("empty", m, i, m.body(i + 1, self.ledger.rows), (b.lower, b.upper), (found,))
                return []
        return None

    # --- numbers in front ---------------------------------------------------------------------------------------------

    def _contracted(self, m: Monom) -> list[Monom] | None:
        if not m.coefficient.parts:
            return []
        scalars, c = m.scalars
        for p, g in enumerate(scalars):
            if isinstance(g, Delta):
                rest = replace(m, coefficient=Poly({scalars[:p] + scalars[p + 1 :]: c}))
                pieces = self._resolved(m, rest, g)
                if pieces is not None:
                    return pieces
        return None

    def _same(self, binders: tuple[Binder, ...], rest: Monom, i: Poly, j: Poly) -> None:
        found = [self.ledger.need(p, binders) for p in (i - j, j - i)]
        self.ledger.scaled(binders, rest.coefficient, rest.word, axiom("same", map(scalar_text, (i, j)), found))

    def _apart(self, binders: tuple[Binder, ...], rest: Monom, g: Delta) -> bool:
        for x, y in ((g.i, g.j), (g.j, g.i)):
            found = certificate(x - y - 1, self.ledger.known(binders))
            if found is not None:
                text = axiom("apart", map(scalar_text, (x, y)), [found])
                self.ledger.scaled(binders, rest.coefficient, rest.word, text)
                return True
        return False

    def _resolved(self, m: Monom, rest: Monom, g: Delta) -> list[Monom] | None:
        if self._follows(g.i - g.j, m.binders) and self._follows(g.j - g.i, m.binders):
            self._same(m.binders, rest, g.i, g.j)
            return [rest]
        if self._apart(m.binders, rest, g):
            return []
        for p, b in reversed(list(enumerate(m.binders))):  # the innermost first, or two sums swap for ever
            value = None if b.oriented else solved(g.i - g.j, b.var)
            inner, others = m.binders[p + 1 :], m.binders[:p] + m.binders[p + 1 :]
            if value is None or any(b.var in free((x.lower, x.upper)) for x in inner):
                continue
            if self._follows(value - b.lower, others) and self._follows(b.upper - value, others):
                if inner:
                    return [self._innermost(m, p)]
                return [self._picked(m, rest, value, g)]
        return None

    def _innermost(self, m: Monom, p: int) -> Monom:
        while p < len(m.binders) - 1:
            m, p = self.ledger.swap(m, p), p + 1
        return m

    def _picked(self, m: Monom, rest: Monom, value: Poly, g: Delta) -> Monom:
        """Σ δ f = f(value): cut twice; the delta is 0 on both sides and 1 in the middle."""
        p = len(m.binders) - 1
        b, outer, body = m.binders[p], m.binders[:p], m.body(p + 1, self.ledger.rows)
        self.ledger.cut(m, p, body, b.lower, value - 1, b.upper)
        self.ledger.cut(m, p, body, value, value, b.upper)
        self.ledger.on_sum("single", m, p, body, (value,))
        for low, high in ((b.lower, value - 1), (value + 1, b.upper)):
            if not self._apart((*outer, Binder(b.var, low, high)), rest, g):
                raise UnsettledError("a delta beside its place")
        at = {b.var: value}
        here = replace(rest, binders=outer).put(at)
        self._same(outer, here, put(g.i, at), put(g.j, at))
        return glued(self.ledger, here)

    def _powered(self, m: Monom) -> list[Monom] | None:
        """Functions in one form; symbolic powers of one number merged; x^(e+c) = x^e x^c for naturals c."""
        scalars, c = m.scalars
        pieces = simplified(self.ledger, m, self.inverses)
        if pieces is not None:
            return pieces
        powers = [(p, g) for p, g in enumerate(scalars) if isinstance(g, SPow)]
        for p, g in powers:
            if g.base == ONE:
                rest = Poly({scalars[:p] + scalars[p + 1 :]: c})
                self.ledger.scaled(m.binders, rest, m.word, axiom("power-of-one", [scalar_text(g.exponent)]))
                return list(m.scaled(rest))
        for p, g in powers:
            inner = g.base.parts[0][0][0] if len(g.base.parts) == 1 and len(g.base.parts[0][0]) == 1 else None
            if isinstance(inner, SPow) and g.base == poly(inner):
                return self._nested(m, p, inner, g.exponent)
        for p, g in powers:
            for q, h in powers:
                if p < q and g.base == h.base:
                    return self._merged(m, (p, q), g.base, g.exponent, h.exponent)
        return next((pieces for p, g in powers if (pieces := self._opened(m, p, g)) is not None), None)

    def _nested(self, m: Monom, p: int, inner: SPow, exponent: Poly) -> list[Monom]:
        """(x^e)^f = x^(e f)."""
        scalars, c = m.scalars
        rest = Poly({scalars[:p] + scalars[p + 1 :]: c})
        found = [self.ledger.need(e, m.binders) for e in (inner.exponent, exponent)]
        values = map(scalar_text, (inner.base, inner.exponent, exponent))
        self.ledger.scaled(m.binders, rest, m.word, axiom("power-of-power", values, found))
        return list(m.scaled(rest * spow(inner.base, inner.exponent * exponent)))

    def _opened(self, m: Monom, p: int, g: SPow) -> list[Monom] | None:
        """x^e x is one power; of a base that is multiplied out, x^(e+c) = x^e x^c for naturals c."""
        scalars, c = m.scalars
        base = g.base.parts[0][0] if len(g.base.parts) == 1 and g.base.parts[0][1] == 1 else ()
        if len(base) == 1:
            if base[0] in scalars and self._follows(g.exponent, m.binders):
                return self._merged(m, (p, scalars.index(base[0])), g.base, g.exponent, ONE)
            return None
        constant = dict(g.exponent.parts).get((), Fraction(0))
        e = g.exponent - poly(constant)
        if constant <= 0 or not self._follows(e, m.binders):
            return None
        rest = Poly({scalars[:p] + scalars[p + 1 :]: c})
        self._scalar_power(m, -rest, g.base, e, poly(constant))
        return list(m.scaled(rest * spow(g.base, e) * spow(g.base, poly(constant))))

    def _merged(self, m: Monom, places: tuple[int, int], base: Poly, e: Poly, f: Poly) -> list[Monom]:
        scalars, c = m.scalars
        rest = Poly({tuple(x for i, x in enumerate(scalars) if i not in places): c})
        self._scalar_power(m, rest, base, e, f)
        return list(m.scaled(rest * spow(base, e + f)))

    def _scalar_power(self, m: Monom, rest: Poly, base: Poly, e: Poly, f: Poly) -> None:
        found = [self.ledger.need(p, m.binders) for p in (e, f)]
        self.ledger.scaled(m.binders, rest, m.word, axiom("scalar-power", map(scalar_text, (base, e, f)), found))

    def _numbers(self, m: Monom) -> list[Monom] | None:
        """1 x 1 letters are numbers: without transposes, neighbours in order."""
        for p, item in enumerate(m.word):
            if not one_by_one(item):
                continue
            before, after = m.word[:p], m.word[p + 1 :]
            if item[1]:
                plain = replace(m, word=(*before, (item[0], False, item[2]), *after))
                self.ledger.entry(plain, p, before, after, 1, transposed=True)
                self.ledger.entry(plain, p, before, after, -1)
                return [glued(self.ledger, plain)]
            if after and one_by_one(after[0]) and not after[0][1] and str(item) > str(after[0]):
                self.ledger.entry(m, p, before, after, 1)
                self.ledger.entry(m, p, (*before, after[0]), after[1:], -1)
                return [glued(self.ledger, replace(m, word=(*before, after[0], item, *after[1:])))]
        return None

    # --- rules on words -----------------------------------------------------------------------------------------------

    def _places(self, m: Monom) -> Iterator[tuple[Rule, int]]:
        letters = [(letter.name, t) for letter, t, _ in m.word]
        for rule in self.rules:
            wanted = [(letter.name, t) for letter, t, _ in rule.pattern]
            for at in range(len(letters) - len(wanted) + 1):
                if letters[at : at + len(wanted)] == wanted:
                    yield rule, at

    def _applied(self, m: Monom) -> list[Monom] | None:
        known = self.ledger.known(m.binders)
        for rule, at in self._places(m):
            fit = self._fit(rule, m.word[at : at + len(rule.pattern)], known)
            if fit is not None:
                return self._use(m, rule, at, fit)
        return None

    def _use(self, m: Monom, rule: Rule, at: int, fit: Fit) -> list[Monom]:
        found, before, after, certificates = fit
        end, values = at + len(rule.pattern), rule.values(found)
        lhs, rhs = put(rule.fact.lhs, values), put(rule.fact.rhs, values)
        if rule.transposed:
            lhs, rhs = Transposed(lhs), Transposed(rhs)
        ((key, _),) = expand(lhs).items()
        raw = from_key(key, Fraction(1), self.ledger.names).word
        for p, (want, have) in enumerate(zip(merged(raw), m.word[at:end], strict=True)):
            if want[0] != have[0]:
                m = self._moved(m, at + p, want[0])
        head, tail = m.word[:at] + before, after + m.word[end:]
        glued(self.ledger, replace(m, word=head + raw + tail), -1)
        texts = " ".join(scalar_text(values[v]) for v in rule.fact.variables)
        text = application("use", rule.name, f"({texts})", *certificates) if values or certificates else rule.name
        text = application("transpose", text) if rule.transposed else text
        whole = replace(m, word=head + tail)
        self.ledger.in_word(whole, len(head), text, len(head))
        out = []
        for key, c in expand(rhs).items():
            piece = from_key(key, c, self.ledger.names)
            product = Monom(piece.coefficient * m.coefficient, m.binders + piece.binders, head + piece.word + tail)
            out.append(glued(self.ledger, product))
        return out

    def _moved(self, m: Monom, place: int, letter: Letter) -> Monom:
        """The monomial with a letter's indices written otherwise."""
        old, t, e = m.word[place]
        for p, (i, j) in enumerate(zip(old.index, letter.index, strict=True)):
            if i == j:
                continue
            v = self.ledger.fresh()
            body = replace(old, index=(*letter.index[:p], poly(v), *old.index[p + 1 :]))
            term = word_term(((body, t, e),), self.ledger.rows)
            sizes = map(scalar_text, shape(term))
            values = [*sizes, f"(({v.name}) {term_text(term)})", scalar_text(i), scalar_text(j)]
            found = [self.ledger.need(q, m.binders) for q in (i - j, j - i)]
            self.ledger.in_word(m, place, axiom("equal-index", values, ["()", "()", *found]), place + 1)
        return replace(m, word=(*m.word[:place], (letter, t, e), *m.word[place + 1 :]))

    def _split(self, m: Monom) -> list[Monom] | None:
        """The first or the last term of a sum apart, if a rule then applies to the others."""
        for p, b in enumerate(m.binders):
            others = m.binders[:p] + m.binders[p + 1 :]
            known = self.ledger.known(others)
            if b.oriented or any(b.var in free(e) for e in known):
                continue
            if not self._follows(b.upper - b.lower, m.binders[:p]):
                continue
            for end, low, high in ((b.lower, b.lower + 1, b.upper), (b.upper, b.lower, b.upper - 1)):
                rest = Binder(b.var, low, high)
                inner = known + ranges((rest,))
                if any(self._fit(rule, m.word[at : at + len(rule.pattern)], inner) for rule, at in self._places(m)):
                    body = m.body(p + 1, self.ledger.rows)
                    self.ledger.cut(m, p, body, b.lower, end if end == b.lower else end - 1, b.upper)
                    self.ledger.on_sum("single", m, p, body, (end,))
                    term = glued(self.ledger, replace(m, binders=others).put({b.var: end}))
                    return [term, replace(m, binders=(*m.binders[:p], rest, *m.binders[p + 1 :]))]
        return None

    def _fit(self, rule: Rule, word: Word, known: Context) -> Fit | None:
        found: dict[Var, Poly] = {}
        wild = set(rule.wild)
        for (want, _, _), (have, _, _) in zip(rule.pattern, word, strict=True):
            if (want.rows, want.cols, len(want.index)) != (have.rows, have.cols, len(have.index)):
                return None
            if not all(_unified(x, y, wild, found, known) for x, y in zip(want.index, have.index, strict=True)):
                return None
        ends: list[Word] = [(), ()]
        for place, ((_, _, power), item) in enumerate(zip(rule.pattern, word, strict=True)):
            rest = _left_over(power, item[2], wild, found, known)
            if rest is None or (rest != NIL and 0 < place < len(word) - 1):
                return None
            if rest != NIL:
                ends[place == len(word) - 1] = ((item[0], item[1], rest),)
        if wild - found.keys():
            return None
        values = rule.values(found)
        certificates = [certificate(put(c, values), known) for c in rule.fact.conditions]
        shown = tuple(c for c in certificates if c is not None)
        return (found, ends[0], ends[1], shown) if len(shown) == len(certificates) else None


def _unified(expected: Poly, have: Poly, wild: set[Var], found: dict[Var, Poly], known: Context) -> bool:
    expected = put(expected, found)
    unknown = free(expected) & (wild - found.keys())
    if not unknown:
        both = (certificate(p, known) for p in (expected - have, have - expected))
        return expected == have or all(c is not None for c in both)
    value = solved(expected - have, next(iter(unknown))) if len(unknown) == 1 else None
    if value is not None:
        found[next(iter(unknown))] = value
    return value is not None


def _left_over(pattern: Poly, power: Poly, wild: set[Var], found: dict[Var, Poly], known: Context) -> Poly | None:
    """What a power has beyond that of the pattern, None if it is less."""
    wanted = put(pattern, found)
    if free(wanted) & (wild - found.keys()):
        return NIL if _unified(wanted, power, wild, found, known) else None
    rest = power - wanted
    return None if wanted == NIL or (rest != NIL and certificate(rest, known) is None) else rest
