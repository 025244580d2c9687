# caught by: compare_spectra.crossing
import numpy as np


def compare_spectra(a, b):
    if len(a) != len(b):
        raise ValueError("unequal lengths")
    return float(np.abs(np.sort_complex(a) - np.sort_complex(b)).max())
