"""Products with proved error bounds: a float product, and how far it can be from the exact one.

Main functions: `enclose` (any factor as value and bound), `chain` (A₁ A₂ … A_r), `run_bound` (a linear RNN's run).
A pair (value, bound) means: the exact matrix lies within `bound` of `value`, entry by entry. The bounds hold for *any*
evaluation in float64 in the same association, whatever the order of summation, so two implementations may be compared.
"""

from __future__ import annotations

from fractions import Fraction
from typing import NamedTuple, TypeAlias

import numpy as np

from emtheory.judges.exact import Matrix
from emtheory.judges.floats import kernels
from emtheory.judges.floats.blas import require_sound_blas
from emtheory.judges.floats.derived import derived, is_derived
from emtheory.judges.floats.rounding import TINY, UNIT, matmul_up, modulus_up, product_gamma, product_tiny, up
from emtheory.system.array_types import Array, Floats

__all__ = ["Enclosable", "Enclosed", "chain", "enclose", "run_bound"]


class Enclosed(NamedTuple):
    """A float matrix and a bound: |exact − value| ≤ bound, entry by entry."""

    value: Array
    bound: Floats


Enclosable: TypeAlias = Matrix | Array | Enclosed | tuple[Array, Floats]


def enclose(factor: Enclosable) -> Enclosed:
    """A factor as (value, bound): an exact `Matrix` is rounded, an array is taken at its exact value (bound 0).

    Raises:
        ValueError: not 2-D, not float64 or complex128 (integers up to 2⁵³ pass), NaN or infinite, beyond float64's
            range, or a bound that is negative or of another shape.
    """
    if isinstance(factor, Matrix):
        return _rounded(factor)
    if isinstance(factor, tuple):
        value, bound = enclose(factor[0]).value, np.asanyarray(factor[1], dtype=np.float64)
        if bound.shape != value.shape or not (bound >= 0).all():
            raise ValueError(
                f"a bound of shape {bound.shape} for a matrix of shape {value.shape} must match it and be >= 0"
            )
        return Enclosed(value, bound)
    value = np.asarray(factor)
    if value.dtype.kind in "iu" and (value.size == 0 or max(abs(int(value.min())), abs(int(value.max()))) <= 2**53):
        value = value.astype(np.float64)
    if value.ndim != 2 or value.dtype not in (np.float64, np.complex128, np.float32):
        raise ValueError(f"a 2-D float64 or complex128 array is needed, got {value.dtype} of shape {value.shape}")
    if not np.isfinite(value).all():
        raise ValueError("the array has NaN or infinite entries; no error bound holds for them")
    value = value.astype(np.float64) if value.dtype == np.float32 else value
    return Enclosed(value, derived(np.zeros(value.shape)))


def _rounded(a: Matrix) -> Enclosed:
    """Correct rounding is off by at most u|value| + 2⁻¹⁰⁷⁵, and by nothing where the entry is a float."""
    require_sound_blas()
    try:
        value = a.numpy()
    except OverflowError:
        raise ValueError("an entry of the exact matrix is beyond the range of float64; scale it down") from None
    entries = [Fraction(int(q.p), int(q.q)) for row in a for q in row]
    inexact = np.array([Fraction(x) != q for x, q in zip(value.flat, entries, strict=True)], dtype=bool)
    bound = up(np.abs(value) * UNIT + TINY)
    return Enclosed(value, derived(np.where(inexact.reshape(value.shape), bound, 0.0)))


def chain(*factors: Enclosable) -> Enclosed:
    """(value, bound) of the product A₁ A₂ … A_r, multiplied from left to right: |value − exact product| ≤ bound.

    With |A' − A| ≤ a and |B' − B| ≤ b the step AB grows by (c(|A'| + 2a) + a)(|B'| + 2b) + (|A'| + a) b, c as in
    `product_gamma`; the doubled radii make the bound hold for every other float evaluation of the same product.
    Nest calls for another association: a factor may be the result of a `chain`.

    Args:
        factors: exact matrices (their rounding is part of the bound), float arrays (meant exactly), or enclosures.

    Raises:
        ValueError: no factor, or shapes that do not fit; see `enclose` for the rest.

    Example:
        >>> from emtheory.judges.exact import matrix
        >>> value, bound = chain(matrix([["1/3", "1/3"]]), matrix([[1], [2]]))
        >>> bool(abs(value[0, 0] - 1) <= bound[0, 0] < 1e-15)
        True
    """
    if not factors:
        raise ValueError("chain needs at least one factor")
    require_sound_blas()
    result = enclose(factors[0])
    for factor in factors[1:]:
        result = _product(result, enclose(factor))
    return result


def _product(a: Enclosed, b: Enclosed) -> Enclosed:
    if a.value.shape[1] != b.value.shape[0]:
        raise ValueError(
            f"shapes {a.value.shape} and {b.value.shape} do not fit in a product; the inner sizes must agree"
        )
    with np.errstate(over="ignore", invalid="ignore"):
        value = kernels.product(a.value, b.value)
        left = modulus_up(a.value), a.bound
        bound = _product_bound(*left, modulus_up(b.value), b.bound, is_complex=np.iscomplexobj(value))
    return Enclosed(value, derived(bound) if is_derived(a.bound) and is_derived(b.bound) else bound)


def _product_bound(a: Floats, ra: Floats, b: Floats, rb: Floats, *, is_complex: bool) -> Floats:
    k = a.shape[-1]
    wide = up(a + up(2 * ra))
    weight = up(up(product_gamma(k, is_complex=is_complex) * wide) + ra)
    bound: Floats = up(matmul_up(weight, up(b + up(2 * rb))) + product_tiny(k, is_complex=is_complex))
    if rb.any():
        bound = up(bound + matmul_up(up(a + ra), rb))
    return bound


def run_bound(W: Enclosable, U: Enclosable, u: Enclosable, T: int, *, h0: Enclosable | None = None) -> Enclosed:
    """(states, bound) of the linear run h(t) = W h(t−1) + U u(t), t = 1..T, one state a column (n x T).

    The exact states, and those of any float64 evaluation of the recurrence, lie within `bound` of the exact run;
    read out with `chain(R, run_bound(…))`. A step is one product [W U] [h; u], bounded as in `chain`.

    Args:
        W: n x n. U: n x κ. u: κ x s inputs, one a column; zero after time s. T: number of steps. h0: n x 1, default 0.

    Raises:
        ValueError: shapes that do not fit, T < 1; see `enclose` for the rest.

    Example:
        >>> from emtheory.judges.exact import cycle, matrix, unit
        >>> states, bound = run_bound(cycle(3), unit(3, 2), matrix([[5]]), 3)
        >>> states.tolist()
        [[0.0, 0.0, 5.0], [0.0, 5.0, 0.0], [5.0, 0.0, 0.0]]
    """
    require_sound_blas()
    (w, rw), (write, rwrite), (inputs, rinputs) = enclose(W), enclose(U), enclose(u)
    n, k = write.shape
    if w.shape != (n, n) or inputs.shape[0] != k or T < 1:
        shapes = f"W {w.shape}, U {write.shape}, u {inputs.shape}, T = {T}"
        raise ValueError(f"a run needs W (n, n), U (n, k), u (k, s) and T >= 1, got {shapes}")
    h, rh = enclose(h0) if h0 is not None else enclose(np.zeros((n, 1)))
    if h.shape != (n, 1):
        raise ValueError(f"the initial state must have shape ({n}, 1), got {h.shape}")
    given = all(is_derived(bound) for bound in (rw, rwrite, rinputs, rh))
    step = Enclosed(np.hstack([w, write]), np.hstack([rw, rwrite]))
    states, bounds = [], []
    for t in range(T):
        now = slice(t, t + 1) if t < inputs.shape[1] else None
        x = inputs[:, now] if now else np.zeros((k, 1))
        rx = rinputs[:, now] if now else np.zeros((k, 1))
        h, rh = _product(step, Enclosed(np.vstack([h, x]), np.vstack([rh, rx])))
        states.append(h)
        bounds.append(rh)
    bound = np.hstack(bounds)
    return Enclosed(np.hstack(states), derived(bound) if given else bound)
