"""Protects the kernel's tests: the kernel weakened in one place at a time is caught by the probe, or listed here with
the reason why it is no weaker."""

import ast
import os
import shutil
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

import emtheory

PACKAGE = Path(emtheory.__file__).parent
PROBE = Path(__file__).parent / "probe.py"
CHECKS = {"demand", "show", "prove", "_prove", "identity", "nonnegative", "_blocks", "_determined", "_premise",
          "_integration", "_cancellation"}  # fmt: skip
LIMITS = ("MOST_", "LONGEST_")  # bounds of size and time refuse what is large, not what is false

EDITS = {
    "rules.py": [
        ("the assumption of strong induction without k' < k", ", poly(var) - 1 - poly(smaller))", ",)"),
        ("the assumption of strong induction without start <= k'", "(poly(smaller) - first, ", "(poly(0), "),
        ("the assumption of strong induction up to k", "poly(var) - 1 - poly(smaller)", "poly(var) - poly(smaller)"),
        ("the assumption of strong induction without conditions", "(*assumed.conditions, *range_)", "range_"),
        ("a base one later", "_at(fact, {var: first}, others), base", "_at(fact, {var: first + 1}, others), base"),
        ("an assumption for all k", "known.having(name, replace(fact, variables=others))", "known.having(name, fact)"),
        (
            "an assumption without its conditions",
            "known.having(name, replace(fact, variables=others))",
            "known.having(name, replace(fact, variables=others, conditions=()))",
        ),
        ("a step of another size", "later = _at(fact, {var: poly(var) + 1}, others)", "later = _at(fact, {}, others)"),
        ("cases with a gap", "poly(-1) - split if", "poly(-2) - split if"),
        ("cases that overlap on one side only", "else -split", "else split"),
        (
            "a slope under other conditions",
            "replace(fact, lhs=number(derivative(f, var)), rhs=number(0)), slope",
            "replace(fact, lhs=number(0), rhs=number(0)), slope",
        ),
        (
            "an index of a zero that begins one later",
            "known.under(poly(var) - lower, upper - poly(var))",
            "known.under(poly(var) - lower - 1, upper - poly(var))",
        ),
        ("an oriented sum knows its range", 'if kind == "sum":', "if True:"),
        ("variables of what is cited keep their names", "w = known.fresh(v, taken)", "w = v"),
        (
            "new names look at the user's scope only",
            "while var.name in self.scope or var.name in taken:",
            "while var.name in self.scope:",
        ),
        ("an inequality rewrites", 'demand(fact.relation == "=", f"{brief(node)} is no equation")', "pass"),
        ("bounds of numbers are not subtracted", "return fact.lhs - fact.rhs", "return fact.lhs"),
        ("a square is any number", "return Product((Transposed(root), root))", "return root"),
        ("real numbers as integers", '(scalar if v.sort == "real" else integer)', "scalar"),
        (
            "conditions are not put",
            "here = fact_image(fact, lambda x: put(x, at), ())",
            "here = replace(fact_image(fact, lambda x: put(x, at), ()), conditions=fact.conditions)",
        ),
        ("a real condition is none", "if not c.integral)\n", "if False)\n"),
        ("every condition is on integers", "c for c in fact.conditions if c.integral", "c for c in fact.conditions"),
    ],
    "checking.py": [
        ("assumptions leak", "inner = inner.having(label, assumed)", "known = inner = inner.having(label, assumed)"),
        ("a conclusion under assumptions becomes free", "if not conclusion.assumed:", "if True:"),
        ("local steps leak", "inner = _steps(local, inner)", "known = inner = _steps(local, inner)"),
        (
            "a conclusion may be used in its own proof",
            "inner = known\n",
            "inner = known.having(name, conclusion.fact)\n",
        ),
    ],
    "statements.py": [
        ("the variables of another piece may be those of this one", "{v.name} there", "{v.name}''"),
        ("pieces may meet", "poly(-1), (*context", "poly(0), (*context"),
        ("a recursion may look at itself", "part.index[0] - 1, known", "part.index[0], known"),
        ("goals of oriented sums are left out", "if goal not in known and", "if False and"),
        ("hypotheses without goals", "    statement.goals += _obligations_of(premise, statement)\n", ""),
        (
            "conclusions without goals",
            "                statement.goals += _obligations_of(f, statement)\n",
            "                pass\n",
        ),
        ("the highest index is not looked at", "([] if high is None else [high - i])", "[]"),
        ("the lowest index is not looked at", "([] if low is None else [i - low])", "[]"),
    ],
    "integers.py": [
        ("rounding up", "floor(c * scale / divisor)", "-floor(-c * scale / divisor)"),
        ("a goal one too large", "rows = [*context, -goal - 1]", "rows = [*context, -goal - 2]"),
        ("0 is a contradiction", "last < 0", "last <= 0"),
        ("products of rows are sums", "* rows[bounded(j, len(rows))]", "+ rows[bounded(j, len(rows))]"),
        ("any number is natural by its form", "goal.is_size and", "goal.integral and"),
    ],
    "monomials.py": [
        ("sums inside are not renamed", "    if not by or not key.binders:\n", "    if True:\n"),
        ("a transpose keeps the order", "in reversed(k.word)", "in k.word"),
        ("a transpose forgets the letters", "transposed=not f.transposed", "transposed=f.transposed"),
        ("a transpose keeps the shape", "            return cols, rows\n", "            return rows, cols\n"),
        ("words commute", "k.word + late.word)", "tuple(sorted(k.word + late.word, key=str)))"),
        (
            "a numeric power has one factor more",
            "for _ in range(natural(count)):\n            parts = _product",
            "for _ in range(natural(count) + 1):\n            parts = _product",
        ),
        ("powers of compounds", 'demand(plain, f"the power {exponent} of what is not a letter")', "pass"),
        ("oriented sums are sums", "((oriented, lower, upper), *k.binders)", "((False, lower, upper), *k.binders)"),
        ("blocks are not multiplied in order", "Product((x, y))", "Product((y, x))"),
        ("a power loses its index", "f.power and moved(f.power)", "f.power"),
    ],
    "substitution.py": [
        (
            "numbers are caught by a sum",
            "lifted(values[x], depth) if x in values else x)",
            "values[x] if x in values else x)",
        ),
        ("a bound index is not closed", "poly(Bound(depth)) if x == var", "poly(Bound(0)) if x == var"),
        (
            "an opened sum keeps its depth",
            "image(body, leaf, depth + 1), oriented)",
            "image(body, leaf, depth), oriented)",
        ),
        ("opening hits every index", "and x.up == depth else x", "else x"),
        ("lifting lifts what is inside", "isinstance(x, Bound) and x.up >= depth else", "isinstance(x, Bound) else"),
        ("conditions are not changed", "conditions=tuple(map(change, fact.conditions))", "conditions=fact.conditions"),
        ("an index of a sum knows too much", "context if oriented else", "context if False else"),
    ],
    "terms.py": [
        ("a real is an integer", '(isinstance(g, Var) and g.sort != "real")', "isinstance(g, Var)"),
        ("halves are integers", "all(c.denominator == 1 and all(_is", "all(all(_is"),
        ("an int is a size", 'isinstance(g, Var) and g.sort == "size"', "isinstance(g, Var)"),
        ("differences are sizes", "all(c > 0 and all(", "all(all("),
        ("negative exponents are multiplied out", "count >= 0 and count.denominator", "count.denominator"),
    ],
    "text.py": [
        ("names may be hidden", 'demand(node not in taken, f"{node} has a meaning already")', "pass"),
        (
            "a difference is a sum",
            'return scalar(p, scope) - scalar(q, scope)\n        case ("^"',
            'return scalar(p, scope) + scalar(q, scope)\n        case ("^"',
        ),
        (
            "at most is at least",
            "return scalar(q, scope) - scalar(p, scope)",
            "return scalar(p, scope) - scalar(q, scope)",
        ),
        (
            "exponents are any numbers",
            "return Power(term(a, scope), integer(e, scope))",
            "return Power(term(a, scope), scalar(e, scope))",
        ),
        ("oriented sums are read as sums", 'node[0] == "oriented")', "False)"),
    ],
    "calculus.py": [
        ("the derivative of tanh is 1", "(poly(1) - poly(g) * poly(g)) *", "poly(1) *"),
        (
            "the product rule for the first factor only",
            "for i, g in enumerate(m):",
            "for i, g in list(enumerate(m))[:1]:",
        ),
        (
            "no chain rule",
            "poly(Fn(PRIMITIVES[g.name], g.argument)) * derivative(g.argument, z)",
            "poly(Fn(PRIMITIVES[g.name], g.argument))",
        ),
    ],
}

EQUIVALENT = {
    "statements.py: without demand(bool(statement.conclusions), 'a statement without a conclusion')":
        "such a statement says nothing; it is refused so that nothing is taken for something",
    "statements.py: without demand(p.integral, f'{brief(node)} is no condition on integers; state it as a hypothesis')":
        "a context with a real number in it shows nothing: `show` refuses it",
    "text.py: without demand(relation == '=' or shape(lhs) == NUMBER, 'only a 1 x 1 matrix can be at least another')":
        "what is at least 0 is compared with a sum of 1 x 1 matrices: no matrix of another shape is proved so, or used",
    "terms.py: without demand(count >= 0 and count.denominator == 1, f'the exponent {count} is not a natural number')":
        "a power with a negative exponent is 1 by definition, and the reader wants exponents that are integers",
    "terms.py: negative exponents are multiplied out": "a power with a negative exponent is 1 by definition",
    "text.py: exponents are any numbers":
        "such a power is a letter of its own: the axioms want integers, and no statement admits it",
}  # fmt: skip


def without_a_check(name):
    """Each call that only checks, replaced by nothing."""
    text = (PACKAGE / "kernel" / name).read_text()
    lines = text.split("\n")
    for node in ast.walk(ast.parse(text)):
        if not (isinstance(node, ast.Expr) and isinstance(node.value, ast.Call)):
            continue
        if isinstance(node.value.func, ast.Name) and node.value.func.id in CHECKS:
            call = " ".join(ast.unparse(node.value).split())
            if any(limit in call for limit in LIMITS):
                continue
            indent = " " * node.col_offset
            changed = [*lines[: node.lineno - 1], f"{indent}pass", *lines[node.end_lineno :]]
            yield f"{name}: without {call}", name, "\n".join(changed)


def edited(name):
    text = (PACKAGE / "kernel" / name).read_text()
    for title, old, new in EDITS.get(name, ()):
        assert old in text, f"nothing to edit for: {title}"
        yield f"{name}: {title}", name, text.replace(old, new)


def mutants():
    for path in sorted((PACKAGE / "kernel").glob("*.py")):
        yield from without_a_check(path.name)
        yield from edited(path.name)


def caught(folder, name, text):
    """What the probe says of a weakened kernel; nothing, if it sees nothing."""
    package = folder / "emtheory"
    package.mkdir()
    (package / "__init__.py").touch()
    for part in ("kernel", "tactics"):
        shutil.copytree(PACKAGE / part, package / part, ignore=shutil.ignore_patterns("__pycache__"))
    (package / "kernel" / name).write_text(text)
    environment = {**os.environ, "PYTHONPATH": str(folder), "PYTHONDONTWRITEBYTECODE": "1"}
    try:
        done = subprocess.run(
            [sys.executable, str(PROBE)], capture_output=True, text=True, check=False, timeout=300, env=environment
        )
    except subprocess.TimeoutExpired:
        return "it does not come to an end"
    return done.stdout.strip() or done.stderr.strip().split("\n")[-1]


def results(folder):
    listed = list(mutants())

    def one(numbered):
        i, (title, name, text) = numbered
        place = folder / str(i)
        place.mkdir()
        return title, caught(place, name, text)

    with ThreadPoolExecutor(2) as pool:
        return dict(pool.map(one, enumerate(listed)))


@pytest.mark.slow
def test_each_weakened_kernel_is_caught_or_listed_as_no_weaker(tmp_path):
    survivors = {title for title, what in results(tmp_path).items() if not what}
    assert survivors == set(EQUIVALENT)


def test_the_kernel_as_it_is_passes_the_probe_as_a_program(tmp_path):
    assert caught(tmp_path, "text.py", (PACKAGE / "kernel" / "text.py").read_text()) == ""


def test_there_is_a_weakened_kernel_for_each_check():
    assert len({title for title, *_ in mutants()}) > 100
