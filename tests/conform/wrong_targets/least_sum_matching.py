# caught by: compare_spectra.chains
import numpy as np
from scipy.optimize import linear_sum_assignment


def compare_spectra(a, b):
    if len(a) != len(b):
        raise ValueError("unequal lengths")
    distances = np.abs(a[:, None] - b) ** 0.5  # an assignment of least sum, of roots, is not that of the least maximum
    pairs = linear_sum_assignment(distances)
    return float(np.abs(a[:, None] - b)[pairs].max())
