"""A network against its task: persistent eigenvalues against the predicted ones, and the accuracy of its outputs.

Main function: `compare(network, task, learned, seed=…) -> Comparison`. All of it is measured (`OBSERVED`).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from emtheory.analysis.learned import LearnedSpectrum
from emtheory.networks.accuracy import Accuracy, measured
from emtheory.networks.elman import Network
from emtheory.theory.matching import persistent_eigenvalues, spectrum_distance
from emtheory.theory.spectra import Spectrum, predicted_spectrum
from emtheory.theory.tasks import Task

__all__ = ["Comparison", "compare", "must_suit"]

Complex = NDArray[np.complex128]
Floats = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Comparison:
    """The persistent eigenvalues against those that the task predicts.

    Attributes:
        task: what the network was trained on.
        spectrum: of its circuit, exactly.
        predicted: the predicted persistent eigenvalues, with multiplicity.
        matched: the prediction assigned to each persistent eigenvalue, by least total argument error; None if counts
            differ.
        errors: the argument error of each persistent eigenvalue in rad, in [0, π]; None if counts differ.
        distance: of the whole spectrum from the predicted one, padded with zeros.
        accuracy: None where the task's outputs have no signs to compare: all are 0, or they leave the range of float64.
    """

    task: Task
    spectrum: Spectrum
    predicted: Complex
    matched: Complex | None
    errors: Floats | None
    distance: float
    accuracy: Accuracy | None


def compare(network: Network, task: Task, learned: LearnedSpectrum, *, seed: int) -> Comparison:
    """The comparison of a network with the task that it was trained on.

    Arguments:
        network: one that suits the task, see `must_suit`.
        task: what it was trained on.
        learned: its eigenvalues.
        seed: of the random inputs on which accuracy is measured.

    >>> from emtheory.analysis.learned import learned_spectrum
    >>> swap = Network([[0.0, 1.0], [1.0, 0.0]], [[0.0], [1.0]], [[0.0, 1.0]])
    >>> compared = compare(swap, Task.repeat_copy(2, 1), learned_spectrum(swap, threshold=0.8), seed=0)
    >>> bool(compared.errors.max() < 1e-15), compared.accuracy.share
    (True, 1.0)
    """
    spectrum = predicted_spectrum(task)
    values = spectrum.eigenvalues()
    predicted = persistent_eigenvalues(values, threshold=learned.threshold)
    padded = np.append(values, np.zeros(network.n - len(values)))
    matched, errors = _assign(learned.persistent, predicted)
    return Comparison(
        task=task,
        spectrum=spectrum,
        predicted=predicted,
        matched=matched,
        errors=errors,
        distance=spectrum_distance(learned.eigenvalues, padded),
        accuracy=measured(network, task, seed),
    )


def must_suit(network: Network, task: Task) -> None:
    """Refuses a task that the network cannot have been trained on.

    Raises:
        ValueError: a task of another dimension, or with more memories sκ than the network has units.

    >>> must_suit(Network([[1.0]], [[1.0]], [[1.0]]), Task.repeat_copy(1, 1))
    """
    n, kappa = network.W_uh.shape
    if task.kappa != kappa:
        raise ValueError(
            f"task {task.name} has variables of dimension {task.kappa}, but W_uh of shape {(n, kappa)} reads inputs of "
            f"dimension {kappa}; name the task that the network was trained on"
        )
    if task.s * kappa > n:
        raise ValueError(
            f"task {task.name} needs s·k = {task.s * kappa} memories, but a network with {n} units has at most {n}; "
            "name the task that the network was trained on"
        )


def _assign(learned: Complex, predicted: Complex) -> tuple[Complex, Floats] | tuple[None, None]:
    """For each learned eigenvalue its prediction, and the argument error, under the assignment of least total error."""
    from scipy.optimize import linear_sum_assignment

    if len(learned) != len(predicted):
        return None, None
    gaps = np.abs(np.angle(learned)[:, np.newaxis] - np.angle(predicted))
    gaps = np.minimum(gaps, 2 * np.pi - gaps)
    rows, columns = linear_sum_assignment(gaps)
    return predicted[columns], gaps[rows, columns]
