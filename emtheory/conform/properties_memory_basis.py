"""Properties of `memory_basis`: what a circuit stores, and what reads it."""

from __future__ import annotations

from typing import Any

import numpy as np

from emtheory.conform.bounds import backward, gamma, memory_growth, product_bound
from emtheory.conform.trial import Claims, Trial
from emtheory.conform.truth import CircuitTruth, circuit, composition, conditioned, unimodular

__all__ = ["claims", "memory_error", "sample", "skewed_circuit", "small_circuit"]

NAME = "memory_basis"
Pair = tuple[Any, Any]


def small_circuit(trial: Trial, **options: Any) -> CircuitTruth:
    """A circuit of the trial's size, with up to size − 1 units that hold no memory."""
    hidden = int(trial.rng.integers(0, trial.size))
    return circuit(trial.rng, trial.upto(3), trial.upto(2), **{"hidden": hidden, **options})


def skewed_circuit(trial: Trial) -> CircuitTruth:
    """A circuit in a basis that is not orthogonal."""
    return circuit(trial.rng, 1 + trial.upto(2), trial.upto(2), hidden=1, shears=4)


def sample(trial: Trial) -> tuple[Any, ...]:
    """W, U, R, s of a small circuit."""
    truth = small_circuit(trial)
    return truth.W, truth.U, truth.R, truth.s


claims = Claims(NAME, sample)


def memory_error(truth: CircuitTruth, eps: float) -> float:
    """The error of Ψ: roundings of a recursion of s steps, and of its data where they are rounded."""
    s, growth = truth.s, memory_growth(truth.W, truth.U, truth.R, truth.s)
    return s * backward(truth.n, eps) * growth * truth.condition


def _dual_off(truth: CircuitTruth, eps: float) -> float:
    """The error of dual Ψ − I, for a dual from a factorisation of Ψ: backward(n) κ(Ψ)²."""
    return 2 * backward(truth.n, eps) * float(np.linalg.cond(truth.Psi)) ** 2


def _pair(trial: Trial, truth: CircuitTruth) -> Pair:
    answer = trial.call(NAME, truth.W, truth.U, truth.R, truth.s)
    if not isinstance(answer, (tuple, list)) or len(answer) != 2:
        trial.fail(f"got {type(answer).__name__}, expected the pair Psi, dual")
    psi = trial.numbers(answer[0], (truth.n, truth.m), "Psi")
    return psi, trial.numbers(answer[1], (truth.m, truth.n), "dual")


@claims
def memories(trial: Trial) -> None:
    """Ψ_j = ((I − UR)W)^{s−j} U, side by side, Ψ_1 first."""
    truth = small_circuit(trial)
    psi, _ = _pair(trial, truth)
    trial.near(psi, truth.Psi, memory_error(truth, trial.eps), "Psi")


@claims
def duality(trial: Trial) -> None:
    """dual Ψ = I, in bases that are not orthogonal too."""
    truth = skewed_circuit(trial)
    psi, dual = _pair(trial, truth)
    bound = _dual_off(truth, trial.eps) + product_bound(trial.eps, dual, psi)
    trial.near(dual @ psi, np.eye(truth.m), bound, "dual Psi")


@claims
def intertwining(trial: Trial) -> None:
    """WΨ = ΨΦ: W acts on the memories as the companion matrix of the composition."""
    truth = skewed_circuit(trial)
    psi, _ = _pair(trial, truth)
    bound = (np.abs(truth.W).sum(axis=1).max() + np.abs(truth.Phi).sum(axis=0).max()) * memory_error(truth, trial.eps)
    bound += product_bound(trial.eps, truth.W, psi) + product_bound(trial.eps, psi, truth.Phi)
    trial.near(truth.W @ psi, psi @ truth.Phi, bound, "W Psi against Psi Phi")


def _operator_read(trial: Trial, truth: CircuitTruth) -> Pair:
    """dual W Ψ, and how far it may be from Φ."""
    psi, dual = _pair(trial, truth)
    n, reach = truth.n, float(np.abs(dual).max() * np.abs(truth.W).sum(axis=1).max())
    bound = n * reach * memory_error(truth, trial.eps) + truth.m * np.abs(truth.Phi).max() * _dual_off(truth, trial.eps)
    return dual @ truth.W @ psi, bound + product_bound(trial.eps, dual, truth.W, psi)


@claims
def reads_the_operator(trial: Trial) -> None:
    """dual W Ψ = Φ_C."""
    truth = small_circuit(trial)
    read, bound = _operator_read(trial, truth)
    trial.near(read, truth.Phi, bound, "dual W Psi")


@claims
def written_is_read(trial: Trial) -> None:
    """After u(1) … u(s) the dual reads the contents z(s) of the memories, z(t) = Φ z(t−1) + E_s u(t)."""
    truth = small_circuit(trial)
    s, kappa = truth.s, truth.kappa
    u = trial.rng.integers(-2, 3, (s, kappa)).astype(np.float64)
    state, contents = np.zeros(truth.n), np.zeros(truth.m)
    for now in u:
        state = truth.W @ state + truth.U @ now
        contents = truth.Phi @ contents
        contents[truth.m - kappa :] += now
    _, dual = _pair(trial, truth)
    size = float(np.abs(contents).sum())
    bound: Any = size * (
        _dual_off(truth, trial.eps) + truth.n * float(np.abs(dual).max()) * memory_error(truth, trial.eps)
    )
    bound += product_bound(trial.eps, dual, state) + gamma(truth.m, trial.eps) * float(np.abs(dual).max()) * size
    trial.near(dual @ state, contents, bound, "dual h(s)")


@claims
def normalisation(trial: Trial) -> None:
    """U ↦ cU, R ↦ R/c changes Ψ to cΨ and leaves dual W Ψ = Φ as it is."""
    truth = small_circuit(trial)
    c = 2.0 ** int(trial.rng.choice([-6, -2, 3, 6]))
    scaled = truth.moved(c * np.eye(truth.n), np.eye(truth.n) / c)
    read, bound = _operator_read(trial, scaled)
    trial.near(read, truth.Phi, bound, f"dual W Psi for {c} U")


@claims
def similarity(trial: Trial) -> None:
    """TWT⁻¹, TU, RT⁻¹ has the memories TΨ, and its dual is a dual of these."""
    truth = small_circuit(trial)
    moved = truth.moved(*unimodular(trial.rng, truth.n, shears=2))
    psi, dual = _pair(trial, moved)
    trial.near(psi, moved.Psi, memory_error(moved, trial.eps), "Psi of the transformed circuit")
    bound = _dual_off(moved, trial.eps) + product_bound(trial.eps, dual, psi)
    trial.near(dual @ psi, np.eye(moved.m), bound, "dual Psi of the transformed circuit")


@claims
def rank_mismatch(trial: Trial) -> None:
    """An s so large that the memories are dependent is refused with ValueError."""
    truth = small_circuit(trial, shears=0, kinds=("nilpotent",))
    s = truth.s + 1
    trial.refuses(NAME, truth.W, truth.U, truth.R, s, why=f"the circuit has s = {s - 1}, not {s}")


@claims
def wrong_operators(trial: Trial) -> None:
    """R that does not read what U writes, RU = 0 or RU = 2I, is refused with ValueError."""
    truth = small_circuit(trial, shears=0)
    R = truth.R * float(trial.rng.choice([0.0, 2.0, -1.0]))
    trial.refuses(NAME, truth.W, truth.U, R, truth.s, why="R U is not I")


@claims
def conditioned_basis(trial: Trial) -> None:
    """In bases with rounded entries, of any condition, Ψ and dual Ψ = I are right within the bound of it."""
    known = composition(trial.rng, trial.upto(3), trial.upto(2), kinds=("cycle",))
    truth = conditioned(trial.rng, known, hidden=1, condition=2.0 ** int(trial.rng.integers(0, 5)))
    psi, dual = _pair(trial, truth)
    trial.near(psi, truth.Psi, memory_error(truth, trial.eps), "Psi")
    bound = _dual_off(truth, trial.eps) + product_bound(trial.eps, dual, psi)
    trial.near(dual @ psi, np.eye(truth.m), bound, "dual Psi")


@claims
def one_unit(trial: Trial) -> None:
    """n = s = κ = 1: Ψ = U, dual = 1/U."""
    c = 2.0 ** int(trial.rng.integers(-3, 4))
    truth = circuit(trial.rng, 1, 1, shears=0).moved(np.full((1, 1), c), np.full((1, 1), 1 / c))
    psi, dual = _pair(trial, truth)
    trial.near(psi, truth.U, memory_error(truth, trial.eps), "Psi")
    trial.near(dual, 1 / truth.U, _dual_off(truth, trial.eps) / c, "dual")
