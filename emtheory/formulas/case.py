"""Cases: exact values of the given letters, by name, and nothing else."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from typing import Any

from flint import fmpq

from emtheory.judges.exact import Matrix, matrix, rational

__all__ = ["Case", "case"]

Value = Matrix | fmpq | tuple[Matrix, ...]


class Case(Mapping[str, Value]):
    """Values of the given letters by name: a `Matrix`, a tuple of them for a family, a rational for a number.

    Two cases are equal if their values are; the text of a case is the call that makes it.
    """

    def __init__(self, values: Mapping[str, Value]) -> None:
        self._values = dict(values)

    def __getitem__(self, name: str) -> Value:
        return self._values[name]

    def __iter__(self) -> Any:
        return iter(self._values)

    def __len__(self) -> int:
        return len(self._values)

    def __hash__(self) -> int:
        return hash(repr(self))

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Case) and self._values == other._values

    def __repr__(self) -> str:
        return f"case({', '.join(f'{name}={_text(self[name])}' for name in sorted(self))})"


def case(**values: Any) -> Case:
    """A case: rows of numbers become exact matrices, lists of such families; "1/2" is a rational.

    >>> case(Xi=[[1, "1/2"]], s=2)
    case(Xi=[[1, '1/2']], s=2)

    Raises:
        TypeError: a float, or something that is neither a number nor rows of numbers.
    """
    return Case({name: _value(value) for name, value in values.items()})


def _value(value: Any) -> Value:
    if isinstance(value, Matrix):
        return value
    if isinstance(value, str):
        return rational(Fraction(value))
    if not isinstance(value, (list, tuple)):
        return rational(value)
    if not value or isinstance(value[0], Matrix) or isinstance(value[0][0], (list, tuple)):
        return tuple(item if isinstance(item, Matrix) else matrix(item) for item in value)
    return matrix(value)


def _text(value: Value) -> str:
    if isinstance(value, Matrix):
        return "[" + ", ".join("[" + ", ".join(_text(entry) for entry in row) + "]" for row in value) + "]"
    if isinstance(value, tuple):
        return "[" + ", ".join(_text(item) for item in value) + "]"
    return str(value) if value.q == 1 else repr(str(value))
