"""Formulas of terms and of sentences: LaTeX that is balanced, MathML that is well formed, whatever is typed."""

from __future__ import annotations

import re
from xml.etree import ElementTree

import pytest
import sympy
from hypothesis import given, settings
from hypothesis import strategies as st

from emtheory.judges.symbolic import block, delta, det, family, identical, identity, indices, letter, sizes, total, zero
from emtheory.report.pages.formulas import (
    breakable,
    claim_formula,
    conditions_latex,
    mathml,
    relation_formula,
    side_latex,
)
from emtheory.report.sentences.mathematics import math_latex
from emtheory.report.sentences.stretches import paragraphs, runs
from emtheory.theorems.units import steps

n, m, s, kappa = sizes("n m s kappa")
j, k = indices("j k")
x = sympy.Symbol("x")
XI, DUAL, PHI = letter("Xi", n, m), letter("Dual", m, n), letter("Phi", m, m)
E, U = family("E", m, kappa), family("u", kappa, 1)


def tidy(latex: str) -> str:
    return re.sub(r"\s+", " ", latex.replace(r"\,", " "))


@pytest.mark.parametrize(
    ("side", "latex"),
    [
        (XI @ PHI**k @ DUAL, r"\Xi \Phi^{k} \mathrm{Dual}"),
        ((XI @ DUAL).T, r"(\Xi \mathrm{Dual})^{\top}"),
        (E(k + 1).T, r"E_{k + 1}^{\top}"),
        (U(k), "u(k)"),
        (letter("A'", n, n) ** k, r"(A^{\prime})^{k}"),
        (letter("V̇_f", n, 1).T, r"\dot{V}_{f}^{\top}"),
        (x * identity(m) - PHI, r"x I - \Phi"),
        (total(x ** (k - 1) * E(k), (k, 1, s)), r"\sum_{k=1}^{s} x^{k - 1} E_{k}"),
        (delta(j, k) * identity(m), r"\delta_{j, k} I"),
        (det(PHI), r"\det (\Phi)"),
        (block([[PHI, zero(m, m)], [PHI, PHI]]), r"\begin{bmatrix}\Phi&0\\\Phi&\Phi\end{bmatrix}"),
    ],
)
def test_terms_keep_their_form(side, latex):
    assert tidy(side_latex(side)) == tidy(latex)


def test_bounds_of_an_index_stand_on_both_sides():
    assert conditions_latex([k >= 1, k <= s, j >= 0]) == r"1 \le k \le s,\; j \ge 0"
    assert conditions_latex([]) == ""


def test_a_claim_is_its_equation():
    assert claim_formula(identical(PHI, PHI, where=[k >= 1])).conditions == r"k \ge 1"


def sound(markup: str) -> None:
    """Well-formed, and no LaTeX left in what is shown."""
    tree = ElementTree.fromstring(f"<p>{markup.replace('<wbr>', '<wbr/>')}</p>")
    assert not re.search(r"\\[A-Za-z]|\$", "".join(tree.itertext()))
    assert tree.find(".//code") is None


def test_every_bundled_derivation_becomes_mathematics(files):
    count = 0
    for file in files.values():
        if file.is_erratum or file.record.derivation is None:
            continue
        for _, claim in steps(file.record.derivation)[0]:
            formulas = [claim_formula(claim)]
            formulas += [relation_formula(g) for g in claim.given if hasattr(g, "equation") or hasattr(g, "term")]
            for formula in formulas:
                sound(mathml(formula.latex, display=True))
                sound(breakable(formula.latex))
                count += 1
    assert count > 500


def test_every_bundled_sentence_becomes_mathematics(files):
    for file in files.values():
        for text in (file.title, *paragraphs(file.statement)):
            pieces = runs(text)
            for run in pieces:
                if run.kind == "math":
                    sound(breakable(math_latex(run.text)))
                elif run.kind == "text":
                    assert not re.search(r"(?<![A-Za-z_])(?:Phi|Xi|Psi|kappa)(?:_|\^|\b(?!-))", run.text), text


@pytest.mark.parametrize(
    ("typed", "latex"),
    [
        ("Psi_(((k-t-1) mod s)+1) u(k)", r"\Psi_{((k-t-1) \bmod s)+1} u(k)"),
        ("Σ_{k>i} G_(t+k-i-1) C_k", r"\sum_{k>i} G_{t+k-i-1} C_{k}"),
        ("‖Ξᵀ(y' - y)‖²", r"\Vert\Xi^{\top}(y^{\prime} - y)\Vert^{2}"),
        ("T⁻¹ΦT", r"T^{-1}\Phi T"),
        ("√(1 - 1/γ)", r"\sqrt{1 - 1/\gamma}"),
        ("√α_s Ξ", r"\sqrt{\alpha_{s}} \Xi"),
        ("A'^t", r"{A^{\prime}}^{t}"),
        ("Psi_k^ - Psi_k", r"\hat{\Psi}_{k} - \Psi_{k}"),
        ("Psi*_j", r"\Psi_{j}^{*}"),
        ("10^18", "10^{18}"),
        ("aⁿ", "a^{n}"),
        ("Σ_k E_kE_kᵀ", r"\sum_{k} E_{k}E_{k}^{\top}"),
        ("E_min", r"E_{\min}"),
        ("x̃(1)", r"\tilde{x}(1)"),
    ],
)
def test_typed_formulas(typed, latex):
    assert tidy(math_latex(typed)).replace("{}", "") == tidy(latex)


@pytest.mark.parametrize(
    ("sentence", "formulas"),
    [
        ("It holds for a and A, for k ≥ 2 alone.", ["A", "k ≥ 2"]),
        ("A memory is a column.", []),
        ("It needs s(s+1)/2 of its s² numbers, 36 of 64.", ["s(s+1)/2", "s²"]),
        ("The file no_such_file.py, see https://example.org/a_b.", []),
        ("the s × s cyclic shift P has all s-th roots", ["s × s", "P"]),
        ("with Dual h(s) = (u(1), …, u(s)), and", ["Dual h(s) = (u(1), …, u(s))"]),
    ],
)
def test_formulas_in_sentences(sentence, formulas):
    assert [run.text for run in runs(sentence) if run.kind == "math"] == formulas


@given(st.text(max_size=40))
@settings(max_examples=300, deadline=None)
def test_whatever_is_typed_is_balanced_and_well_formed(text):
    latex = math_latex(text)
    bare = re.sub(r"\\[{}\\]", "", latex)
    assert bare.count("{") == bare.count("}")
    ElementTree.fromstring(f"<p>{breakable(latex).replace('<wbr>', '<wbr/>')}</p>")


@given(st.text(alphabet="aAbk_^(){}[]=+- ²ᵀ√Σ′'*|.,≥½\u0307", max_size=30))
@settings(max_examples=300, deadline=None)
def test_formulas_without_sense_too(text):
    ElementTree.fromstring(f"<p>{breakable(math_latex(text)).replace('<wbr>', '<wbr/>')}</p>")


@given(st.text(max_size=60))
@settings(max_examples=200, deadline=None)
def test_no_sentence_loses_a_letter(text):
    letters = re.compile(r"[\W_]+")
    assert (
        letters.sub("", "".join(run.text for run in runs(text))) == letters.sub("", text.replace(" x ", "  "))
        or "x" in text
    )
