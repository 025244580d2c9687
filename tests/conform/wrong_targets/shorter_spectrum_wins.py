# caught by: compare_spectra.rank-mismatch
from itertools import permutations

import numpy as np


def compare_spectra(a, b):
    if len(a) > 6:
        raise NotImplementedError("too many permutations")
    n = min(len(a), len(b))
    return min(float(np.abs(a[:n] - np.array(order)).max()) for order in permutations(b[:n]))
