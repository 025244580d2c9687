"""The continuous memory model (GSEMM): vector field, energy, integration, and the network that it reduces to.

    T_f dV_f/dt = √α_s Ξσ_h(V_h) − V_f
    T_h dV_h/dt = √α_s Ξᵀσ_f(V_f) + α_c ΦᵀΞᵀV_d − V_h
    T_d dV_d/dt = σ_f(V_f) − V_d

References: Karuvally, Sejnowski, Siegelmann, "General Sequential Episodic Memory Model", ICML 2023.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any, NamedTuple

import numpy as np

__all__ = ["ACTIVATIONS", "MemoryModel", "State"]

Floats = np.ndarray[Any, np.dtype[np.float64]]


class Activation(NamedTuple):
    """L, σ = ∇L and σ', component by component."""

    potential: Callable[[Floats], Floats]
    value: Callable[[Floats], Floats]
    slope: Callable[[Floats], Floats]


def _log_cosh(x: Floats) -> Floats:
    potential: Floats = np.logaddexp(x, -x) - np.log(2)  # without overflow
    return potential


def _softplus_potential(x: Floats) -> Floats:
    """∫₀ˣ log(1 + eˢ) ds = −Li₂(−eˣ) − π²/12."""
    from scipy.special import spence

    big = np.maximum(x, 0)  # by Li₂(−y) + Li₂(−1/y) = −π²/6 − log²(y)/2
    small = np.where(x > 0, -x, x)
    dilogarithm = spence(1 + np.exp(small))  # spence(1 − z) = Li₂(z)
    mirrored = big * big / 2 + np.pi**2 / 6 + dilogarithm
    potential: Floats = np.where(x > 0, mirrored, -dilogarithm) - np.pi**2 / 12
    return potential


ACTIVATIONS = MappingProxyType(
    {
        "identity": Activation(lambda x: x * x / 2, lambda x: x, np.ones_like),
        "tanh": Activation(_log_cosh, np.tanh, lambda x: 1 - np.tanh(x) ** 2),
        "relu": Activation(
            lambda x: np.maximum(x, 0) ** 2 / 2, lambda x: np.maximum(x, 0), lambda x: (x > 0).astype(np.float64)
        ),
        "softplus": Activation(
            _softplus_potential, lambda x: np.logaddexp(0, x), lambda x: 1 / (1 + np.exp(-np.clip(x, -700, 700)))
        ),
    }
)


class State(NamedTuple):
    """V_f (n), V_h (m) and V_d (n); with a time axis in front, of a run."""

    V_f: Floats
    V_h: Floats
    V_d: Floats


@dataclass(frozen=True, eq=False)
class MemoryModel:
    """The model of memories Ξ (n × m) with interactions Φ (m × m).

    Arguments:
        xi, phi: Ξ and Φ.
        T_f, T_h, T_d: time constants, > 0, in the unit of time.
        alpha_s, alpha_c: strengths, ≥ 0.
        sigma_f, sigma_h: names in `ACTIVATIONS`.

    Raises:
        ValueError: shapes that do not fit, numbers that are not finite, T ≤ 0, α_s < 0, an unknown activation.

    >>> model = MemoryModel(np.eye(2), np.array([[-1.0, 1.0], [1.0, -1.0]]))
    >>> model.S.tolist()
    [[0.0, 1.0], [1.0, 0.0]]
    """

    xi: Floats
    phi: Floats
    T_f: float = 1.0
    T_h: float = 1.0
    T_d: float = 1.0
    alpha_s: float = 1.0
    alpha_c: float = 1.0
    sigma_f: str = "tanh"
    sigma_h: str = "identity"

    def __post_init__(self) -> None:
        for name in ("xi", "phi"):
            object.__setattr__(self, name, np.asarray(getattr(self, name), dtype=np.float64))
        if self.xi.ndim != 2 or self.phi.shape != (self.xi.shape[1], self.xi.shape[1]):
            raise ValueError(f"Ξ must be n x m and Φ m x m, but they have shapes {self.xi.shape} and {self.phi.shape}")
        if not (np.isfinite(self.xi).all() and np.isfinite(self.phi).all()):
            raise ValueError("Ξ and Φ must be finite, but have NaN or infinite entries")
        if not min(self.T_f, self.T_h, self.T_d) > 0 or not self.alpha_s >= 0:
            raise ValueError(
                f"T_f, T_h, T_d must be > 0 and α_s >= 0, but are {self.T_f}, {self.T_h}, {self.T_d}, {self.alpha_s}"
            )
        for name in (self.sigma_f, self.sigma_h):
            if name not in ACTIVATIONS:
                raise ValueError(f"an activation must be one of {', '.join(ACTIVATIONS)}, but is '{name}'")

    @property
    def S(self) -> Floats:
        """The weights of the network that it reduces to, Ξ(α_s I + √α_s α_c Φᵀ)Ξᵀ (n × n)."""
        root = np.sqrt(self.alpha_s)
        inner = self.alpha_s * np.eye(len(self.phi)) + root * self.alpha_c * self.phi.T
        weights: Floats = self.xi @ inner @ self.xi.T
        return weights

    def field(self, state: State) -> State:
        """dV_f/dt, dV_h/dt, dV_d/dt."""
        root, f, h = np.sqrt(self.alpha_s), ACTIVATIONS[self.sigma_f].value, ACTIVATIONS[self.sigma_h].value
        return State(
            (root * (self.xi @ h(state.V_h)) - state.V_f) / self.T_f,
            (root * (self.xi.T @ f(state.V_f)) + self.alpha_c * (self.phi.T @ (self.xi.T @ state.V_d)) - state.V_h)
            / self.T_h,
            (f(state.V_f) - state.V_d) / self.T_d,
        )

    def energy(self, state: State) -> float:
        """E = [V_fᵀσ_f − L_f] + [V_hᵀσ_h − L_h] − √α_s σ_fᵀΞσ_h − α_c V_dᵀΞΦσ_h."""
        f, h = ACTIVATIONS[self.sigma_f], ACTIVATIONS[self.sigma_h]
        y_f, y_h = f.value(state.V_f), h.value(state.V_h)
        own = state.V_f @ y_f - f.potential(state.V_f).sum() + state.V_h @ y_h - h.potential(state.V_h).sum()
        stored = np.sqrt(self.alpha_s) * y_f @ self.xi @ y_h + self.alpha_c * state.V_d @ self.xi @ self.phi @ y_h
        return float(own - stored)

    def energy_rate(self, state: State, moved: Floats) -> float:
        """dE/dt = −T_f V̇_fᵀJ_fV̇_f − T_h V̇_hᵀJ_hV̇_h − α_c V̇_dᵀΞΦσ_h, for any V̇_d = `moved` (n)."""
        at, f, h = self.field(state), ACTIVATIONS[self.sigma_f], ACTIVATIONS[self.sigma_h]
        falls = self.T_f * at.V_f @ (f.slope(state.V_f) * at.V_f) + self.T_h * at.V_h @ (h.slope(state.V_h) * at.V_h)
        return float(-falls - self.alpha_c * moved @ self.xi @ self.phi @ h.value(state.V_h))

    def run(self, start: State, times: Sequence[float] | Floats, *, freeze: bool = False) -> State:
        """The states at the given times, by `scipy.integrate.solve_ivp` (Radau, which bears fast layers).

        Arguments:
            start: the state at times[0].
            times: increasing.
            freeze: keep V_d where it is.

        Raises:
            RuntimeError: the integrator gives up.
        """
        from scipy.integrate import solve_ivp

        n, m = self.xi.shape

        def split(x: Floats) -> State:
            return State(x[:n], x[n : n + m], x[n + m :])

        def rate(_: float, x: Floats) -> Floats:
            moved = self.field(split(x))
            return np.concatenate([moved.V_f, moved.V_h, 0 * moved.V_d if freeze else moved.V_d])

        ends = float(times[0]), float(times[-1])
        found = solve_ivp(rate, ends, np.concatenate(start), "Radau", np.asarray(times), rtol=1e-10, atol=1e-12)
        if not found.success:
            raise RuntimeError(f"the integrator gave up: {found.message}")
        x = found.y.T
        return State(x[:, :n], x[:, n : n + m], x[:, n + m :])

    def run_reduced(self, V: Floats, times: Sequence[float] | Floats) -> Floats:
        """V_f at the given times in the limit T_h, T_d → 0 with σ_h = id: T_f V̇ = Sσ_f(V) − V.

        Raises:
            RuntimeError: the integrator gives up.
        """
        from scipy.integrate import solve_ivp

        weights, sigma = self.S, ACTIVATIONS[self.sigma_f].value

        def rate(_: float, x: Floats) -> Floats:
            moved: Floats = (weights @ sigma(x) - x) / self.T_f
            return moved

        ends = float(times[0]), float(times[-1])
        found = solve_ivp(rate, ends, V, "Radau", np.asarray(times), rtol=1e-10, atol=1e-12)
        if not found.success:
            raise RuntimeError(f"the integrator gave up: {found.message}")
        path: Floats = found.y.T
        return path
