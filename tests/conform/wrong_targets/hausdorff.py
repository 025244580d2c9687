# caught by: compare_spectra.multiplicity
import numpy as np


def compare_spectra(a, b):
    if len(a) != len(b):
        raise ValueError("unequal lengths")
    distances = np.abs(a[:, None] - b)
    return float(max(distances.min(axis=0).max(), distances.min(axis=1).max()))
