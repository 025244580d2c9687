# caught by: compare_spectra.modulus
from itertools import permutations

import numpy as np


def compare_spectra(a, b):
    if len(a) > 6:
        raise NotImplementedError("too many permutations")
    if len(a) != len(b):
        raise ValueError("unequal lengths")
    x, y = a / np.abs(a), b / np.abs(b)
    return min(float(np.abs(x - np.array(order)).max()) for order in permutations(y))
