"""From a script to a proof that the kernel replays: tactics find the zeros, the kernel decides.

`replayed(theorem)` says which conclusions are proved. The statement is printed from the theorem's formulas, each step
of the script becomes a step of the proof text, and `emtheory.kernel.check` has the last word; nothing else proves.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import lru_cache
from itertools import product
from typing import Any

import sympy

from emtheory.formulas import stated
from emtheory.formulas.formula import Compound, Definition, Formula, Opaque, Statement
from emtheory.formulas.script import At, Backwards, Lemma, Step, Times, Use, written
from emtheory.formulas.stated import Unsayable
from emtheory.formulas.theorem import Theorem
from emtheory.judges.symbolic.linear import inequalities
from emtheory.kernel import Accepted, check
from emtheory.kernel.axioms import AXIOMS
from emtheory.kernel.calculus import derivative
from emtheory.kernel.monomials import Parts, add, as_scalar, blocks, expand
from emtheory.kernel.statements import Conclusion, read
from emtheory.kernel.statements import axiom as axiom_statement
from emtheory.kernel.substitution import Context, Family, fact_image, free, instantiated, put
from emtheory.kernel.terms import Fact, Plus, Poly, Product, ProofError, Scaled, Term, Transposed, Var, number, poly
from emtheory.kernel.text import fact as read_fact
from emtheory.kernel.text import integer, parse, scalar, term
from emtheory.tactics.farkas import certificate
from emtheory.tactics.numbers import Numbers, is_number
from emtheory.tactics.printing import application, axiom, fact_text, scalar_text, term_text
from emtheory.tactics.search import Search
from emtheory.tactics.words import Rule, UnsettledError, rules_from

__all__ = ["Proof", "replayed"]

Values = Mapping[Var, Poly]
MOST_COMBINED = 6


@dataclass(frozen=True)
class Proof:
    """What the kernel accepted of a theorem.

    Attributes:
        accepted: the kernel's word, or None.
        statement, text: what it was given.
        proved: the conclusions that are proved.
        unsayable: conclusions that the kernel's language cannot say, with the reason.
        failures: steps that were not shown, with the reason.
        superfluous: hypotheses that the proof of all conclusions does not use.
    """

    accepted: Accepted | None
    statement: str
    text: str
    proved: tuple[Statement, ...]
    unsayable: Mapping[Statement, str]
    failures: tuple[tuple[Step, str], ...]
    superfluous: tuple[Statement, ...]


@lru_cache(maxsize=256)  # a theorem that others use is proved once
def replayed(theorem: Theorem) -> Proof:
    """Run the script of a theorem, and let the kernel check what comes of it."""
    try:
        whole = stated.statement(theorem)
    except Unsayable as reason:
        nothing = dict.fromkeys(theorem.conclusions, str(reason))
        return Proof(None, "", "", (), nothing, (), ())
    if len(whole.unsayable) == len(theorem.conclusions):
        return Proof(None, "", "", (), whole.unsayable, (), ())
    try:
        prover = _Prover(theorem, whole)
    except ProofError as reason:
        return Proof(None, whole.text, "", (), whole.unsayable, (_failed(f"the statement: {reason}"),), ())
    for step in written(theorem.proof) if theorem.proof else ():
        prover.take(step)
    proved = [c for c in theorem.conclusions if c in whole.names and prover.ends(c)]
    if not proved:
        return Proof(None, whole.text, "", (), whole.unsayable, tuple(prover.failures), ())
    text = stated.statement(theorem, only=proved).text
    try:
        proof = prover.proof(proved, text)
    except UnsettledError as reason:
        return Proof(None, text, "", (), whole.unsayable, (*prover.failures, _failed(str(reason))), ())
    verdict = check(text, proof, theorems=prover.theorems)
    if not isinstance(verdict, Accepted):
        refusal = _failed(f"{verdict.step}: {verdict.reason}")
        return Proof(None, text, proof, (), whole.unsayable, (*prover.failures, refusal), ())
    complete = len(proved) == len(theorem.conclusions)
    unused = [h for h in theorem.hypotheses if set(whole.names[h]) <= set(verdict.unused)] if complete else []
    failures = tuple(prover.failures)
    return Proof(verdict, text, proof, tuple(proved), whole.unsayable, failures, tuple(unused))


def _failed(reason: str) -> tuple[Step, str]:
    """A failure of the whole, not of one step."""
    return Step(Formula(sympy.S.Zero, "=", sympy.S.Zero), "replay", words="the whole proof"), reason


@dataclass
class _Prover:
    theorem: Theorem
    whole: stated.Stated
    failures: list[tuple[Step, str]] = field(default_factory=list)
    theorems: dict[str, Accepted] = field(default_factory=dict)
    steps: list[str] = field(default_factory=list)
    local: dict[tuple[Formula, ...], list[str]] = field(default_factory=dict)  # steps under premises
    shown: dict[tuple[tuple[Formula, ...], Formula], str] = field(default_factory=dict)
    facts: dict[str, Fact] = field(default_factory=dict)
    texts: dict[str, str] = field(default_factory=dict)  # the rule of each step

    def __post_init__(self) -> None:
        self.statement = read(self.whole.text)
        self.context: Context = self.statement.context
        self.facts |= self.statement.premises
        self.grams: list[tuple[str, Fact, dict[Var, Poly]]] = []
        self.selectors = [rule for constant in self.theorem.constants for rule in self._gram(constant)]

    def _gram(self, constant: Any) -> list[Rule]:
        """EᵢᵀEⱼ = δᵢⱼ I, the lemma on block columns, as a step of its own."""
        count, width = (stated.number(x, ()) for x in (constant.count, constant.width))
        if any(name not in self.statement.scope for name in _words(f"{count} {width}")):
            return []
        name, ends = f"gram.{constant.name}", [f"(>= {i} 1) (>= {count} {i})" for i in ("i", "j")]
        columns = [f"(selector {i} {count} {width})" for i in ("i", "j")]
        said = f"(= (* (transpose {columns[0]}) {columns[1]}) (scale (delta i j) (identity {width})))"
        fact = self._read(f"(for ((int i) (int j)) ({' '.join(ends)}) {said})")
        shown = [self._certificate(p, fact) for p in (*self._sizes(count, width), *fact.conditions)]
        self._add((), name, fact, application("identity", axiom("selectors", [count, width, "i", "j"], shown)))
        self.grams.append((name, fact, {}))
        return rules_from(name, fact)

    def _sizes(self, *texts: str) -> list[Poly]:
        return [integer(parse_one(text), self.statement.scope) for text in texts]

    def _read(self, text: str) -> Fact:
        return read_fact(parse(text), self.statement.scope)

    def _certificate(self, p: Poly, fact: Fact) -> str:
        found = certificate(p, self.context + tuple(c for c in fact.conditions if c.integral))
        if found is None:
            raise UnsettledError(f"not shown: {p} >= 0")
        return found

    def _condition(self, p: Poly, goal: Fact) -> str:
        """An integer ≥ 0, or a real number that is a condition of the goal or a sum of products of such."""
        if p.integral:
            return self._certificate(p, goal)
        reals = [c for c in goal.conditions if not c.integral]
        if p not in reals:
            raise UnsettledError(f"not among the conditions: {p} >= 0")
        return application("real", f"(((condition {reals.index(p)})))")

    def _add(self, premises: tuple[Formula, ...], name: str, fact: Fact, rule: str) -> None:
        target = self.local.setdefault(premises, []) if premises else self.steps
        target.append(application("step", name, fact_text(fact), rule))
        self.facts[name], self.texts[name] = fact, rule

    # --- steps of the script --------------------------------------------------------------------------------------

    def take(self, step: Step) -> None:
        """Emit one step, or note why it was not shown; what is shown already is not shown again."""
        if (step.premises, step.formula) in self.shown:
            return
        name = f"s{len(self.shown) + 1}"
        try:
            fact = self._read(stated.fact(step.formula, self.theorem.constants))
            rule = self._rule(step, fact)
        except (UnsettledError, Unsayable, ProofError, ValueError) as error:
            self.failures.append((step, str(error) or type(error).__name__))
            return
        self._add(step.premises, name, fact, rule)
        self.shown[step.premises, step.formula] = name

    def _rule(self, step: Step, fact: Fact) -> str:
        match step.rule:
            case "rewriting":
                return self._in_cases(fact, step, self._rules(step))
            case "induction" if fact.relation == "=":
                return self._induction(fact, step)
            case "induction":
                return self._rising(fact, step)
            case "strong induction":
                return self._strong(fact, step)
            case "parts":
                return self._parts(fact, step, step.parts, self._rules(step))
            case "integration":
                return self._integrated(fact, step)
            case "cancellation":
                return self._cancelled(fact, step)
            case "determinants":
                return self._of_numbers(fact, step)
            case "combining":
                return self._combined(fact, step)
            case "lemma":
                return self._by_lemma(fact, step)
        raise UnsettledError(f"there is no rule {step.rule}")

    def _rules(self, step: Step) -> list[Rule]:
        rules = [rule for warrant in step.using if not _is_bound(warrant) for rule in self._resolved(warrant, step)]
        return rules + self.selectors

    def _resolved(self, warrant: Any, step: Step) -> list[Rule]:
        match warrant:
            case At():
                name, fact = self._named(warrant.warrant, step)
                values = {x.name: self._number(v) for x, v in warrant.values}
                return rules_from(name, fact, {v: values[v.name] for v in fact.variables if v.name in values})
            case _:
                return rules_from(*self._named(warrant, step))

    def _number(self, e: Any) -> Poly:
        names = {x.name for x in getattr(e, "free_symbols", ())} - set(self.statement.scope)
        scope = {**self.statement.scope, **{name: Var(name, "int") for name in names}}
        return scalar(parse_one(stated.number(e, self.theorem.constants)), scope)

    def _values(self, known: Fact, values: Mapping[Any, Any]) -> dict[Var, Poly]:
        """The values that are given to the variables of a fact by name; the others stay what they are."""
        named = {x.name: self._number(value) for x, value in values.items()}
        return {v: named.get(v.name, poly(v)) for v in known.variables}

    def _named(self, warrant: Any, step: Step, *, inverse: bool = False) -> tuple[str, Fact]:
        """The name of what a step rests on, and what it says; of a strict inequality what `inverse` asks for, that the
        difference has an inverse, or that it is ≥ 0.

        Raises:
            UnsettledError: it is neither a hypothesis, a definition nor shown before.
        """
        match warrant:
            case Backwards():
                return self._turned(*self._named(warrant.warrant, step), step)
            case Use():
                return self._used(warrant, step)
            case Definition() | Formula() if warrant in self.whole.names and not self._is_conclusion(warrant):
                name = self.whole.names[warrant][-1 if inverse else 0]
                return name, self.facts[name]
            case Formula():
                for depth in range(len(step.premises), -1, -1):
                    premises = step.premises[:depth]
                    if (premises, warrant) in self.shown:
                        name = self.shown[premises, warrant]
                        return name, self.facts[name]
                if warrant in step.premises:
                    said = [stated.facts(premise, self.theorem.constants) for premise in step.premises]
                    place = step.premises.index(warrant)
                    last = len(said[place]) - 1 if inverse else 0
                    name = f"p{sum(map(len, said[:place])) + last + 1}"
                    return name, self._read(said[place][last])
        raise UnsettledError(f"{warrant} is neither a hypothesis nor a definition, nor shown before")

    def _is_conclusion(self, formula: Any) -> bool:
        return formula in self.theorem.conclusions

    def _turned(self, name: str, fact: Fact, step: Step) -> tuple[str, Fact]:
        turned = replace(fact, lhs=fact.rhs, rhs=fact.lhs)
        other = f"{name}.turned"
        if other not in self.facts:
            rule = application("identity", application("in", "-1", "()", "_", self._use(name, fact, turned), "_"))
            premises = step.premises if name.startswith("p") or name in self._local_names() else ()
            self._add(premises, other, turned, rule)
        return other, turned

    def _local_names(self) -> set[str]:
        return {name for (premises, _), name in self.shown.items() if premises}

    def _use(self, name: str, fact: Fact, goal: Fact, values: Values | None = None) -> str:
        """A known fact at values of its variables; its own names, if none are given."""
        at = values or {v: poly(v) for v in fact.variables}
        if not fact.variables and not fact.conditions:
            return name
        shown = [self._condition(put(c, at), goal) for c in fact.conditions]
        return application("use", name, f"({' '.join(scalar_text(at[v]) for v in fact.variables)})", *shown)

    # --- equations --------------------------------------------------------------------------------------------------

    def _equation(self, fact: Fact, rules: list[Rule]) -> str:
        context = self.context + tuple(c for c in fact.conditions if c.integral)
        a, b = blocks(fact.lhs), blocks(fact.rhs)
        if (a, b) == (((fact.lhs,),), ((fact.rhs,),)):
            return application("identity", Search(rules, context, fact.lhs - fact.rhs).zeros())
        rows = []
        for p, q in zip(a, b, strict=True):
            cells = (f"({Search(rules, context, x - y).zeros()})" for x, y in zip(p, q, strict=True))
            rows.append(f"({' '.join(cells)})")
        return application("blocks", *rows)

    def _in_cases(self, fact: Fact, step: Step, rules: list[Rule]) -> str:
        """A tree of cases on integers; each leaf is contradictory or lies in one of the cases."""
        splits = [self._number(e) for case in step.cases for e in inequalities(case)]

        def tree(f: Fact, rest: list[Poly]) -> str:
            context = self.context + f.conditions
            todo = [p for p in rest if certificate(p, context) is None and certificate(-p - 1, context) is None]
            if not todo:
                return self._equation(f, rules)
            p = todo[0]
            branches = (tree(replace(f, conditions=(*f.conditions, q)), todo[1:]) for q in (p, -p - 1))
            return application("cases", scalar_text(p), *branches)

        return tree(fact, splits)

    def _split(self, fact: Fact, step: Step) -> tuple[Var, Poly, tuple[Var, ...]]:
        k = Var(step.index.name, "int")
        starts = [poly(k) - c for c in fact.conditions if dict(c.parts).get((k,)) == 1]
        if k not in fact.variables or not starts:
            raise UnsettledError(f"{k.name} has no lowest value in {step.formula}")
        return k, starts[0], tuple(v for v in fact.variables if v != k)

    def _induction(self, fact: Fact, step: Step) -> str:
        k, start, others = self._split(fact, step)
        base, later = _at(fact, {k: start}, others), self._later(fact, k, start, others)
        rules = self._rules(step)
        # what is assumed comes first: a definition must not take the letters apart that it speaks of
        assumed = rules_from("assumed", replace(fact, variables=others))
        step_text = self._in_cases(later, step, [*assumed, *rules])
        return application("induction", k.name, scalar_text(start), "assumed", self._equation(base, rules), step_text)

    def _later(self, fact: Fact, k: Var, start: Poly, others: tuple[Var, ...]) -> Fact:
        later = _at(fact, {k: poly(k) + 1}, others)
        return replace(later, conditions=(*later.conditions, poly(k) - start))

    def _strong(self, fact: Fact, step: Step) -> str:
        k, start, others = self._split(fact, step)
        smaller = Var(f"{k.name}'", "int")
        assumed = _at(fact, {k: poly(smaller)}, (*others, smaller))
        between = (poly(smaller) - start, poly(k) - 1 - poly(smaller))
        assumed = replace(assumed, conditions=(*assumed.conditions, *between))
        rules = [*rules_from("assumed", assumed), *self._rules(step)]
        inner = self._in_cases(replace(fact, variables=others), step, rules)
        return application("strong-induction", k.name, scalar_text(start), "assumed", inner)

    def _cancelled(self, fact: Fact, step: Step) -> str:
        name, product = self._named(step.using[0], step)
        x, n = step.index.name, scalar_text(self._number(step.power))
        return application("cancellation", x, n, application("identity", self._use(name, product, fact)))

    def _combined(self, fact: Fact, step: Step) -> str:
        """lhs - rhs is Σ ±(a - b) over given equations a = b."""
        if len(step.using) > MOST_COMBINED:
            raise UnsettledError(f"more than {MOST_COMBINED} equations to combine")
        given = [self._instance(warrant, fact, step) for warrant in step.using]
        wanted = expand(fact.lhs - fact.rhs)
        for signs in product((1, 0, -1), repeat=len(given)):
            left = dict(wanted)
            for sign, (_, difference) in zip(signs, given, strict=True):
                add(left, ((key, -sign * c) for key, c in difference.items()))
            if not left:
                zeros = (application("in", str(sign), "()", *text)
                         for sign, (text, _) in zip(signs, given, strict=True) if sign)  # fmt: skip
                return application("identity", *zeros)
        raise UnsettledError("it is no combination of what is given")

    def _instance(self, warrant: Any, fact: Fact, step: Step) -> tuple[tuple[str, str, str], Parts]:
        """A known equation at values of its indices, between factors, as text and as monomials of its difference."""
        ends = (warrant.left, warrant.right) if isinstance(warrant, Times) else (None, None)
        inner = warrant.warrant if isinstance(warrant, Times) else warrant
        inner, values = (inner.warrant, dict(inner.values)) if isinstance(inner, At) else (inner, {})
        name, known = self._named(inner, step, inverse=True)
        at = self._values(known, values)
        scope = {**self.statement.scope, **{v.name: v for v in fact.variables}}
        left, right = (
            None if end is None else term(parse_one(stated.term(end, self.theorem.constants)), scope) for end in ends
        )
        used, lhs, rhs = self._use(name, known, fact, at), put(known.lhs, at), put(known.rhs, at)
        if left is not None and right is None and is_number(known):
            text = application("scaled", used, term_text(left))
            return ("_", text, "_"), expand(Scaled(as_scalar(lhs) - as_scalar(rhs), left))
        factors = [x for x in (left, lhs - rhs, right) if x is not None]
        texts = ["_" if end is None else term_text(end) for end in (left, right)]
        return (texts[0], used, texts[1]), expand(Product(tuple(factors)))

    def _of_numbers(self, fact: Fact, step: Step) -> str:
        given: list[tuple[str, Fact, dict[Var, Poly]]] = [(*self._named(w, step), {}) for w in step.using]
        try:
            return Numbers(self.context, fact, [*given, *self.grams], products=False).proof()
        except (UnsettledError, ProofError):
            return Numbers(self.context, fact, [*given, *self.grams], products=True).proof()

    # --- inequalities -----------------------------------------------------------------------------------------------

    def _parts(
        self, fact: Fact, step: Step, parts: Any, rules: list[Rule], more: Mapping[Any, tuple[str, Fact]] | None = None
    ) -> str:
        """rhs - lhs as a sum of products of numbers ≥ 0."""
        texts: list[str] = []
        whole: list[Term] = [Scaled(poly(0), number(1))]
        for coefficient, factors in parts:
            said, value = [application("rational", str(coefficient))], [number(self._number(coefficient))]
            for factor in factors:
                text, meant = self._factor(factor, fact, step, more or {})
                said.append(text)
                value.append(meant)
            texts.append(f"({' '.join(said)})")
            whole.append(Product(tuple(value)))
        difference = Plus((fact.lhs, Scaled(poly(-1), fact.rhs), Scaled(poly(-1), Plus(tuple(whole)))))
        context = self.context + tuple(c for c in fact.conditions if c.integral)
        return application("nonnegative", f"({' '.join(texts)})", Search(rules, context, difference).zeros())

    def _factor(self, factor: Any, fact: Fact, step: Step, more: Mapping[Any, tuple[str, Fact]]) -> tuple[str, Term]:
        if isinstance(factor, Lemma):
            text, said = self._lemma(factor, fact, step, more)
            return text, said.lhs - said.rhs
        if _is_bound(factor):
            inner, values = (factor.warrant, dict(factor.values)) if isinstance(factor, At) else (factor, {})
            name, bound = more[inner] if inner in more else self._named(inner, step)
            at = self._values(bound, values)
            difference = put(bound.lhs, at) - put(bound.rhs, at)
            return self._use(name, bound, fact, at), difference
        names = {v.name: v for v in fact.variables}
        root = term(parse_one(stated.term(factor, self.theorem.constants)), {**self.statement.scope, **names})
        return application("square", term_text(root)), Product((Transposed(root), root))

    def _rising(self, fact: Fact, step: Step) -> str:
        """An inequality by induction; the step may use it at k."""
        k, start, others = self._split(fact, step)
        rules = self._rules(step)
        base = self._parts(_at(fact, {k: start}, others), step, step.base, rules)
        assumed = {step.formula: ("assumed", replace(fact, variables=others))}
        later = self._later(fact, k, start, others)
        if not step.cases:
            ending = self._parts(later, step, step.parts, rules, assumed)
        else:
            p = self._number(inequalities(step.cases[0])[0])
            sides = ((p, step.parts), (-p - 1, step.otherwise))
            ending = application("cases", scalar_text(p), *(
                self._parts(replace(later, conditions=(*later.conditions, q)), step, parts, rules, assumed)
                for q, parts in sides
            ))  # fmt: skip
        return application("induction", k.name, scalar_text(start), "assumed", base, ending)

    def _integrated(self, fact: Fact, step: Step) -> str:
        """rhs - lhs is 0 at z = 0, and its derivative is what an earlier step shows to be ≥ 0."""
        z = Var(step.index.name, "real")
        name, slope = self._named(step.using[0], step)
        f = as_scalar(fact.lhs - fact.rhs)
        context = self.context + tuple(c for c in fact.conditions if c.integral)
        used = self._use(name, slope, fact)
        zeros = Search([], context, number(derivative(f, z)) - (slope.lhs - slope.rhs)).zeros()
        begin = Search([], context, number(put(f, {z: poly(0)}))).zeros()
        base = application("nonnegative", "()", begin)
        return application("integration", z.name, base, application("nonnegative", f"(({used}))", zeros))

    # --- used theorems and conclusions ------------------------------------------------------------------------------

    def _used(self, use: Use, step: Step) -> tuple[str, Fact]:
        """A conclusion of a used theorem, as a step of its own; its premises have to be known here."""
        if use.theorem not in self.theorem.uses:
            raise UnsettledError("the theorem is not among those that are used")
        proof = replayed(use.theorem)
        if proof.accepted is None or use.conclusion not in proof.proved:
            raise UnsettledError(f"{use.conclusion} is not proved where it comes from")
        place = f"t{self.theorem.uses.index(use.theorem) + 1}"
        self.theorems[place] = proof.accepted
        other, it = read(proof.statement), stated.statement(use.theorem).names[use.conclusion][0]
        conclusion = other.conclusions[it]
        name = f"{place}.{it}.{len(self.facts)}"
        fact, text = self._cited(place, it, other, conclusion, dict(use.values))
        self._add((), name, fact, text)
        return name, fact

    def _cited(
        self, place: str, it: str, other: Any, conclusion: Conclusion, values: Mapping[str, Any]
    ) -> tuple[Fact, str]:
        said, numbers, letters = [], dict[Var, Poly](), dict[str, Family]()
        for symbol in other.symbols:
            if isinstance(symbol, Var):
                text = stated.number(values[symbol.name], ()) if symbol.name in values else symbol.name
                numbers[symbol] = scalar(parse_one(text), self.statement.scope)
                said.append(text)
                continue
            if symbol.name in values:
                text, letters[symbol.name] = self._image(symbol, values[symbol.name], self.statement.scope)
                said.append(text)
                continue
            names = tuple(Var(f"x{i}", "int") for i in range(len(symbol.ranges)))
            own = application(symbol.name, *(v.name for v in names)) if names else symbol.name
            body = term(parse_one(own), {**self.statement.scope, **{v.name: v for v in names}})
            letters[symbol.name] = names, body
            said.append(f"(({' '.join(v.name for v in names)}) {own})" if names else own)

        def here(f: Fact) -> Fact:
            return fact_image(f, lambda x: instantiated(x, numbers, letters), f.variables)

        fact = here(conclusion.fact)
        certificates = [self._certificate(put(p, numbers), fact) for p in other.context]
        premises = [self._restated(self._apart(here(f), fact), fact) for f in other.premises.values()]
        source = application("theorem", place, it, f"({' '.join(said)})", f"({' '.join(certificates)})", *premises)
        text = self._use(source, fact, fact) if fact.variables else source
        return fact, application("identity", text) if fact.relation == "=" else application(
            "nonnegative", f"(({text}))"
        )

    def _apart(self, fact: Fact, outer: Fact) -> Fact:
        """The fact with the names that the kernel gives its variables inside of another one."""
        taken = {*self.statement.scope, *(v.name for v in outer.variables)}
        names: dict[Var, Poly] = {}
        for v in fact.variables:
            w = v
            while w.name in taken:
                w = Var(f"{w.name}'", w.sort)
            names[v] = poly(w)
            taken.add(w.name)
        return _at(fact, names, tuple(Var(str(p), v.sort) for v, p in names.items()))

    def _restated(self, goal: Fact, outer: Fact) -> str:
        """A rule that proves a fact that is known here, up to the names of its variables, inside of another one."""
        inside = replace(goal, conditions=(*outer.conditions, *goal.conditions))
        if goal.relation == "=" and not expand(goal.lhs - goal.rhs):
            return "(identity )"
        for name, fact in self.facts.items():
            if len(fact.variables) != len(goal.variables) or fact.relation != goal.relation:
                continue
            values = dict(zip(fact.variables, (poly(v) for v in goal.variables), strict=True))
            same = _at(fact, values, goal.variables)
            if expand(same.lhs) == expand(goal.lhs) and expand(same.rhs) == expand(goal.rhs):
                text = self._use(name, fact, inside, values)
                return application("identity", text) if goal.relation == "=" else _sum(text)
        raise UnsettledError("a premise of the used theorem is neither given nor shown here")

    def _by_lemma(self, fact: Fact, step: Step) -> str:
        """An axiom at values of its symbols; each premise is a warrant at values of its indices."""
        text, _ = self._lemma(Lemma(step.lemma, step.values, step.using), fact, step, {})
        return application("identity", text) if fact.relation == "=" else _sum(text)

    def _lemma(self, cited: Lemma, outer: Fact, step: Step, more: Mapping[Any, tuple[str, Fact]]) -> tuple[str, Fact]:
        """A lemma of the kernel inside of a fact, and what it says there."""
        if cited.name not in AXIOMS:
            raise UnsettledError(f"the kernel has no lemma {cited.name}; there are {', '.join(sorted(AXIOMS))}")
        known, scope = axiom_statement(cited.name), dict(self.statement.scope)
        bound = {v.name: v for v in free((outer.lhs, outer.rhs, outer.conditions)) if v.name not in scope}
        bound |= {v.name: v for v in outer.variables}  # the index of an induction is none of them, and in scope
        outer = replace(outer, variables=tuple(bound.values()))
        scope |= bound
        said, numbers, letters = [], dict[Var, Poly](), dict[str, Family]()
        for symbol, value in zip(known.symbols, cited.values, strict=True):
            if isinstance(symbol, Var):
                said.append(stated.number(value, self.theorem.constants))
                numbers[symbol] = scalar(parse_one(said[-1]), scope)
            else:
                text, letters[symbol.name] = self._image(symbol, value, scope)
                said.append(text)

        def here(f: Fact) -> Fact:
            return self._apart(fact_image(f, lambda x: instantiated(x, numbers, letters), f.variables), outer)

        certificates = [self._certificate(put(p, numbers), outer) for p in known.context]
        if len(known.premises) != len(cited.using):
            raise UnsettledError(f"{cited.name} has {len(known.premises)} premises, and {len(cited.using)} are given")
        premises = [
            self._premise(warrant, here(premise), outer, step, more)
            for warrant, premise in zip(cited.using, known.premises.values(), strict=True)
        ]
        return axiom(cited.name, said, certificates, *premises), here(known.conclusions["it"].fact)

    def _image(self, symbol: Any, value: Any, scope: Mapping[str, Any]) -> tuple[str, Family]:
        """What a letter of a cited statement stands for: a term, or (index, term) for a family."""
        if not symbol.ranges:
            text = stated.term(value, self.theorem.constants)
            return text, ((), term(parse_one(text), scope))
        index, body = value
        text, i = stated.term(body, self.theorem.constants), Var(index.name, "int")
        return f"(({i.name}) {text})", ((i,), term(parse_one(text), {**scope, i.name: i}))

    def _premise(self, warrant: Any, goal: Fact, outer: Fact, step: Step, more: Mapping[Any, tuple[str, Fact]]) -> str:
        """A rule that proves what a lemma asks for inside of a fact, by a warrant at values of its indices; None: an
        equation that needs none."""
        if warrant is None:
            context = self.context + tuple(c for c in (*outer.conditions, *goal.conditions) if c.integral)
            return application("identity", Search(self.selectors, context, goal.lhs - goal.rhs).zeros())
        if isinstance(warrant, (Lemma, tuple)):  # a lemma, or parts of a sum
            inside = replace(goal, conditions=(*outer.conditions, *goal.conditions))
            parts = [(1, [warrant])] if isinstance(warrant, Lemma) else warrant
            return self._parts(inside, step, parts, self._rules(step), more)
        inner, values = (warrant.warrant, dict(warrant.values)) if isinstance(warrant, At) else (warrant, {})
        name, known = more[inner] if inner in more else self._named(inner, step, inverse=goal.relation == "=")
        at = self._values(known, values)
        inside = replace(goal, conditions=(*outer.conditions, *goal.conditions))
        text = self._use(name, known, inside, at)
        return application("identity", text) if known.relation == "=" else _sum(text)

    def ends(self, conclusion: Statement) -> bool:
        """Whether the script shows a conclusion: all directions of it."""
        return all(found is not None for found in self._endings(conclusion))

    def _endings(self, conclusion: Statement) -> Iterator[str | None]:
        if isinstance(conclusion, Compound):
            yield from (self._found(premises, end) for premises, end in conclusion.directions())
        elif isinstance(conclusion, Formula):
            yield self._found((), conclusion)

    def _found(self, premises: tuple[Formula, ...], formula: Formula) -> str | None:
        wanted = ([p.renamed() for p in premises], formula.renamed())
        for (given, shown), name in self.shown.items():
            if ([p.renamed() for p in given], shown.renamed()) == wanted:
                return name
        return None

    def proof(self, proved: list[Statement], text: str) -> str:
        """The proof text of these conclusions."""
        statement = read(text)
        goals = []
        for goal, context in statement.goals:
            found = certificate(goal, context)
            if found is None:
                raise UnsettledError(f"the statement speaks of {goal} < 0, where it means nothing")
            goals.append(found)
        parts = [application("goals", *goals), *self.steps]
        for conclusion in proved:
            assert not isinstance(conclusion, Opaque)
            ends = conclusion.directions() if isinstance(conclusion, Compound) else [((), conclusion)]
            for (premises, end), name in zip(ends, self.whole.names[conclusion], strict=True):
                parts.append(self._ended(name, premises, end, statement.conclusions[name].fact))
        return application("proof", "1", *parts)

    def _ended(self, name: str, premises: tuple[Formula, ...], end: Formula, goal: Fact) -> str:
        found = self._found(premises, end)
        assert found is not None
        fact = self.facts[found]
        local = [step for depth in range(len(premises)) for step in self.local.get(premises[: depth + 1], ())]
        if fact == goal:  # said again, as an equation of block matrices is not used
            return application("conclusion", name, *local, self.texts[found])
        values = dict(zip(fact.variables, (poly(v) for v in goal.variables), strict=True))
        text = self._use(found, fact, goal, values)
        rule = application("identity", text) if goal.relation == "=" else _sum(text)
        return application("conclusion", name, *local, rule)


def _sum(text: str) -> str:
    """A number is ≥ 0, since it is what a fact says to be."""
    return application("nonnegative", f"(({text}))")


def _at(fact: Fact, values: Values, variables: tuple[Var, ...]) -> Fact:
    return fact_image(fact, lambda x: put(x, values), variables)


def _is_bound(warrant: Any) -> bool:
    inner = warrant.warrant if isinstance(warrant, At) else warrant
    inner = inner.conclusion if isinstance(inner, Use) else inner
    return isinstance(inner, Formula) and inner.relation != "="


def _words(text: str) -> list[str]:
    return [word for word in text.replace("(", " ").replace(")", " ").split() if word[0].isalpha()]


def parse_one(text: str) -> Any:
    """A word or a list."""
    return parse(text) if text.startswith("(") else text
