# caught by: compare_spectra.chains, compare_spectra.optimal
import numpy as np


def compare_spectra(a, b):
    if len(a) != len(b):
        raise ValueError("unequal lengths")
    distances, worst = np.abs(a[:, None] - b), 0.0
    for _ in a:  # the nearest pair first, then the nearest of what is left
        i, j = np.unravel_index(distances.argmin(), distances.shape)
        worst = max(worst, float(distances[i, j]))
        distances[i, :] = distances[:, j] = np.inf
    return worst
