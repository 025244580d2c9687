# caught by: compare_spectra.symmetry
import numpy as np


def compare_spectra(a, b):
    if len(a) != len(b):
        raise ValueError("unequal lengths")
    return float(np.abs(a[:, None] - b).min(axis=1).max())
