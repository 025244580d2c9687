# caught by: compare_spectra.sensitivity, compare_spectra.scale
from itertools import permutations

import numpy as np


def compare_spectra(a, b):
    if len(a) > 6:
        raise NotImplementedError("too many permutations")
    if len(a) != len(b):
        raise ValueError("unequal lengths")
    return round(min(float(np.abs(a - np.array(order)).max()) for order in permutations(b)), 6)
