"""The conformance kit: ground truth and regression tests for anybody's RNN-analysis code.

A target is a module, a file or any object that defines a subset of these functions, on plain numpy arrays; the exact
signatures and meanings are `FUNCTIONS` (and `emtheory conform --help`):

    predict_operator(C) -> Phi                  predict_spectrum(C) -> eigenvalues
    compare_spectra(a, b) -> float              memory_basis(W, U, R, s) -> Psi, dual
    recover_composition(W, U, R) -> C           pseudo_inverse(A) -> A+
    jacobian(network, h) -> J                   fixed_points(network) -> points
    simulate(W, U, R, u, T) -> y                is_stable(W) -> True, False or None

Main functions: `load(words)` and `run(target)`, here and in `running`; ground truth is in `truth` and `dynamics`, the
bounds are in `bounds`, our own implementations, as a target, in `own`.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

from emtheory.conform.contract import FUNCTIONS, VERSION

if TYPE_CHECKING:
    from emtheory.conform.running import EXAMPLES, Result, load, properties, run

__all__ = ["EXAMPLES", "FUNCTIONS", "VERSION", "Result", "load", "properties", "run"]


def __getattr__(name: str) -> Any:  # numpy and the properties are imported when they are used
    if name not in __all__:
        raise AttributeError(f"module 'emtheory.conform' has no attribute {name!r}")
    return getattr(import_module("emtheory.conform.running"), name)
