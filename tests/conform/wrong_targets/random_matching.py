# caught by: compare_spectra.deterministic
import numpy as np


def compare_spectra(a, b):
    if len(a) != len(b):
        raise ValueError("unequal lengths")
    tries = [np.random.permutation(b) for _ in range(3)]
    return min(float(np.abs(a - order).max()) for order in tries)
