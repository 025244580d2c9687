# caught by: compare_spectra.sensitivity
from itertools import permutations

import numpy as np


def compare_spectra(a, b):
    if len(a) > 6:
        raise NotImplementedError("too many permutations")
    if len(a) != len(b):
        raise ValueError("unequal lengths")
    x, y = a.astype(np.complex64), b.astype(np.complex64)
    return min(float(np.abs(x - np.array(order)).max()) for order in permutations(y))
