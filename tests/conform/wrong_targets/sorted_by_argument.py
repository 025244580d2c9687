# caught by: compare_spectra.crossing
import numpy as np


def compare_spectra(a, b):
    if len(a) != len(b):
        raise ValueError("unequal lengths")
    a, b = a[np.argsort(np.angle(a))], b[np.argsort(np.angle(b))]
    return float(np.abs(a - b).max())
