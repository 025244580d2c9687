# caught by: compare_spectra.finite, compare_spectra.identity
from itertools import permutations

import numpy as np


def compare_spectra(a, b):
    if len(a) > 6:
        raise NotImplementedError("too many permutations")
    if len(a) != len(b):
        raise ValueError("unequal lengths")
    size = max(np.abs(a).max(), np.abs(b).max())
    x, y = a / size, b / size  # two spectra of zeros divide by zero
    return float(size * min(np.abs(x - np.array(order)).max() for order in permutations(y)))
