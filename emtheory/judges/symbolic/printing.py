"""Scalars as a reader of matrix algebra writes them: x^k, δ(j, k), e^(2πi q/s).

>>> import sympy
>>> j, k = sympy.symbols("j k", integer=True)
>>> scalar_text(sympy.KroneckerDelta(j, k) * sympy.Symbol("x") ** (k - 1))
'x^(k - 1) δ(j, k)'
"""

from __future__ import annotations

from typing import Any

from sympy.printing.precedence import precedence
from sympy.printing.str import StrPrinter

__all__ = ["scalar_text"]


class _Printer(StrPrinter):  # type: ignore[misc]
    def _print_KroneckerDelta(self, expr: Any) -> str:
        return f"δ({', '.join(self._print(a) for a in expr.args)})"

    def _print_Pow(self, expr: Any, rational: bool = False) -> str:
        base = self.parenthesize(expr.base, precedence(expr), strict=True)
        exponent = self._print(expr.exp)
        return (
            f"{base}^{exponent}"
            if expr.exp.is_Symbol or (expr.exp.is_Integer and expr.exp >= 0)
            else f"{base}^({exponent})"
        )

    def _print_exp(self, expr: Any) -> str:
        return f"e^({self._print(expr.args[0])})"

    def _print_Mul(self, expr: Any) -> str:
        return str(super()._print_Mul(expr)).replace("*", " ")

    def _print_ImaginaryUnit(self, expr: Any) -> str:
        return "i"

    def _print_Pi(self, expr: Any) -> str:
        return "π"


def scalar_text(expr: Any) -> str:
    """A sympy expression as text."""
    return str(_Printer().doprint(expr))
