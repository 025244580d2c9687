"""What a target may define: ten functions with plain numpy signatures, and the version of what is asked of them.

A target defines any subset. An adapter of a few lines wraps foreign code. A function may raise `NotImplementedError`
for cases that it does not treat (a gated cell, say); what it does not treat is reported as not covered.
"""

from __future__ import annotations

__all__ = ["FUNCTIONS", "VERSION"]

VERSION = "2"
"""The version of the property set; it changes when a property is added, removed or made stricter."""

FUNCTIONS = {
    "predict_operator": "predict_operator(C) -> Phi. C (s, k, k) holds the blocks C_1 … C_s; Phi (sk, sk) has identity "
    "blocks at (j, j+1) and [C_1 … C_s] as last block row.",
    "predict_spectrum": "predict_spectrum(C) -> the sk eigenvalues of Phi with their multiplicities, in any order.",
    "compare_spectra": "compare_spectra(a, b) -> float, min over matchings of max |a_i - b_p(i)|, a and b vectors; "
    "ValueError for unequal lengths.",
    "memory_basis": "memory_basis(W, U, R, s) -> Psi (n, sk), dual (sk, n): Psi = [Psi_1 … Psi_s], "
    "Psi_j = ((I - UR)W)^(s-j) U, and dual Psi = I; ValueError if RU is not I or the columns of Psi are dependent.",
    "recover_composition": "recover_composition(W, U, R) -> C (s, k, k); s is the first power with "
    "((I - UR)W)^s U = 0, to rounding, and C_j = R W Psi_j; ValueError if RU is singular.",
    "pseudo_inverse": "pseudo_inverse(A) -> the Moore-Penrose inverse (q, p) of A (p, q) of any rank; singular values "
    "that are rounding errors of the largest count as 0, no others.",
    "jacobian": "jacobian(network, h) -> the derivative of one step without input at h. network is a dict: "
    "kind 'rnn' with W (n, n), b (n,), leak, activation ('tanh', 'relu', 'sigmoid', 'identity'), "
    "h -> (1 - leak) h + leak act(W h + b); kind 'lstm' with W (4n, n), b (4n,), gates i, f, g, o, state (h, c); "
    "kind 'gru' with W (3n, n), b (3n,), b_h (3n,), gates r, z, n as in torch, b added outside and b_h inside of "
    "the reset.",
    "fixed_points": "fixed_points(network) -> (count, n), the isolated fixed points of a network of kind 'rnn' without "
    "input, stable or not, each once and to half the digits; (0, n) if there is none. With n <= 2 units, all of them.",
    "simulate": "simulate(W, U, R, u, T) -> y (T, k): h(0) = 0, h(t) = W h(t-1) + U u(t), y(t) = R h(t), t = 1 … T; "
    "u (s, k) holds u(1) … u(s), and u(t) = 0 for t > s.",
    "is_stable": "is_stable(W) -> True if every eigenvalue has modulus < 1 by more than rounding, False if one has "
    "modulus > 1 by more than rounding; on the unit circle, to rounding, False or None.",
}
"""Signature and meaning by name."""
