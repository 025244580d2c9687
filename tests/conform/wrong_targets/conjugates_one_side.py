# caught by: compare_spectra.identity, compare_spectra.optimal
from itertools import permutations

import numpy as np


def compare_spectra(a, b):
    if len(a) > 6:
        raise NotImplementedError("too many permutations")
    if len(a) != len(b):
        raise ValueError("unequal lengths")
    return min(float(np.abs(a - np.array(order).conj()).max()) for order in permutations(b))
