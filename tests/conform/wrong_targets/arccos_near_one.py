# caught by: compare_spectra.sensitivity
from itertools import permutations

import numpy as np


def _gap(x, y):
    lengths = abs(x) * abs(y)
    angle = np.arccos(np.clip((x * np.conj(y)).real / lengths, -1, 1)) if lengths else 0.0
    return np.hypot(abs(x) - abs(y), 2 * np.sqrt(lengths) * np.sin(angle / 2))  # exact, but for the arccos


def compare_spectra(a, b):
    if len(a) > 6:
        raise NotImplementedError("too many permutations")
    if len(a) != len(b):
        raise ValueError("unequal lengths")
    return min(max(_gap(x, y) for x, y in zip(a, order, strict=True)) for order in permutations(b))
