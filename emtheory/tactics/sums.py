"""Sums brought to one form: indices shifted, sums in one order, ranges as oriented sums from 1 to a base."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction

from emtheory.kernel.substitution import free
from emtheory.kernel.terms import Poly, Term, Var, poly
from emtheory.tactics.farkas import certificate
from emtheory.tactics.ledger import Ledger
from emtheory.tactics.printing import application, axiom, term_text
from emtheory.tactics.words import (
    NIL,
    ONE,
    Binder,
    Monom,
    UnsettledError,
    Word,
    one_by_one,
    word_term,
)

__all__ = ["canonical", "glued", "prefixed"]

LONGEST_BORDER = 64  # terms between two ends of a sum that are split off


def glued(ledger: Ledger, m: Monom, sign: int = 1) -> Monom:
    """The monomial with neighbouring powers merged; the ledger holds sign · (it - the merged one)."""
    word, i = list(m.word), 0
    while i < len(word):
        if word[i][2] == NIL:
            del word[i]
            i = max(i - 1, 0)
        elif i + 1 < len(word) and word[i][:2] == word[i + 1][:2]:
            e, f = word[i][2], word[i + 1][2]
            if e.constant is None or f.constant is None:
                ledger.power(m, tuple(word), i, sign)
            word[i : i + 2] = [(word[i][0], word[i][1], e + f)]
        else:
            i += 1
    return replace(m, word=tuple(word))


def canonical(ledger: Ledger, m: Monom) -> Monom:
    """The monomial with each index alone at its first place, and the sums in the order of these places."""
    m = _flipped_number(ledger, m)
    for v in [b.var for b in m.binders]:
        m = _shifted(ledger, m, v)
    exprs = [e for letter, _, x in m.word for e in (*letter.index, x)]
    rank = {b.var: next((i for i, e in enumerate(exprs) if b.var in free(e)), len(exprs)) for b in m.binders}
    changed = True
    while changed:
        changed = False
        for p in range(len(m.binders) - 1):
            x, y = m.binders[p], m.binders[p + 1]
            if rank[x.var] > rank[y.var] and x.var not in free((y.lower, y.upper)):
                m, changed = ledger.swap(m, p), True
    return m


def _text(word: Word) -> str:
    return str([(letter.name, t) for letter, t, _ in word]) + str(word)


def _flipped_number(ledger: Ledger, m: Monom) -> Monom:
    """A 1 x 1 word or its transpose, whichever comes first."""
    if not (ledger.rows == ledger.cols == ONE and m.word):
        return m
    flipped = tuple((letter, t if one_by_one((letter, t, e)) else not t, e) for letter, t, e in reversed(m.word))
    if _text(flipped) >= _text(m.word):
        return m
    value = axiom("entry", [term_text(word_term(flipped, ONE))])
    whole = replace(m, word=())
    ledger.in_word(whole, 0, application("transpose", value), 0)
    ledger.in_word(whole, 0, value, 0, -1)
    return replace(m, word=flipped)


def _shifted(ledger: Ledger, m: Monom, v: Var) -> Monom:
    p = next(i for i, b in enumerate(m.binders) if b.var == v)
    place = next((e for letter, _, x in m.word for e in (*letter.index, x) if v in free(e)), None)
    if m.binders[p].oriented or place is None:
        return m
    slope = dict(place.parts).get((v,), Fraction(0))
    offset = place - poly(v) * slope
    if slope not in (1, -1) or free(offset) & {b.var for b in m.binders[p:]}:
        return m
    if slope == -1:
        b = m.binders[p]
        ledger.on_sum("flip", m, p, m.body(p + 1, ledger.rows), (b.lower, b.upper))
        m = _placed(ledger, m, p, {v: -poly(v)}, Binder(v, -b.upper, -b.lower))
    if offset != NIL:
        b = m.binders[p]
        ledger.on_sum("shift", m, p, m.body(p + 1, ledger.rows), (b.lower, b.upper, offset))
        m = _placed(ledger, m, p, {v: poly(v) - offset}, Binder(v, b.lower + offset, b.upper + offset))
    return m


def _placed(ledger: Ledger, m: Monom, p: int, values: dict[Var, Poly], binder: Binder) -> Monom:
    moved = m.put(values)
    return glued(ledger, replace(moved, binders=(*m.binders[:p], binder, *moved.binders[p + 1 :])))


def prefixed(ledger: Ledger, m: Monom) -> tuple[list[Monom], list[Monom]]:
    """Sums a … b as oriented sums from 1 to a base, and the terms between, which are to be rewritten again."""
    plain = [b for b in m.binders if not b.oriented]
    for p, b in enumerate(m.binders):
        within = any(b.var in free((x.lower, x.upper)) for x in m.binders)
        if b.oriented or (len(plain) > 1 and within):
            continue
        found = certificate(b.upper + 1 - b.lower, ledger.known(m.binders[:p]))
        if found is not None:
            return _oriented(ledger, m, p, found)
    return [m], []


def _oriented(ledger: Ledger, m: Monom, p: int, found: str) -> tuple[list[Monom], list[Monom]]:
    b, body = m.binders[p], m.body(p + 1, ledger.rows)
    ledger.on_sum("orient", m, p, body, (b.lower, b.upper), (found,))
    _chain(ledger, m, p, body, (ONE, b.lower - 1, b.upper), -1)  # O(a, b) = O(1, b) - O(1, a - 1)
    kept: list[Monom] = []
    border: list[Monom] = []
    for sign, end in ((1, b.upper), (-1, b.lower - 1)):
        offset = dict(end.parts).get((), Fraction(0))
        base = end - poly(offset)
        border += _border(ledger, m, p, base, int(offset), sign)
        if base == NIL:  # O(1, 0) = 0, for O(1, 0) = O(1, 0) + O(1, 0)
            _chain(ledger, m, p, body, (ONE, NIL, NIL), -sign)
        else:
            binders = (*m.binders[:p], Binder(b.var, ONE, base, True), *m.binders[p + 1 :])
            kept.append(replace(m, coefficient=m.coefficient * sign, binders=binders))
    if len(kept) == 2 and kept[0].binders == kept[1].binders:
        kept = []
    done: list[Monom] = []
    for k in kept:
        finished, more = prefixed(ledger, k)
        done += finished
        border += more
    return done, border


def _chain(ledger: Ledger, m: Monom, p: int, body: Term, ends: tuple[Poly, Poly, Poly], sign: int) -> None:
    ledger.on_sum("chain", m, p, body, ends, (), poly(sign))


def _border(ledger: Ledger, m: Monom, p: int, base: Poly, offset: int, sign: int) -> list[Monom]:
    """O(1, base + offset) = O(1, base) + the terms between, which are returned."""
    if abs(offset) > LONGEST_BORDER:
        raise UnsettledError("a long border")
    out, body, v = [], m.body(p + 1, ledger.rows), m.binders[p].var
    others = m.binders[:p] + m.binders[p + 1 :]
    for q in range(offset) if offset > 0 else range(-1, offset - 1, -1):
        at, s = base + q, sign if offset > 0 else -sign  # O(1, at + 1) = O(1, at) + f(at + 1)
        _chain(ledger, m, p, body, (ONE, at, at + 1), s)
        ledger.on_sum("orient", m, p, body, (at + 1, at + 1), ("()",), poly(-s))
        ledger.on_sum("single", m, p, body, (at + 1,), (), poly(s))
        term = replace(m, binders=others).put({v: at + 1})
        out.append(glued(ledger, replace(term, coefficient=term.coefficient * s)))
    return out
