# caught by: compare_spectra.crossing
import numpy as np


def compare_spectra(a, b):
    if len(a) != len(b):
        raise ValueError("unequal lengths")
    return float(np.abs(a[np.argsort(a.real)] - b[np.argsort(b.real)]).max())
