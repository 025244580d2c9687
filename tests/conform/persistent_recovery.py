"""The recovery for trained networks as a target: it reads what persists, so slots that nothing uses are left out."""

import numpy as np

from emtheory.recovery.krylov import Operators
from emtheory.recovery.recover import recover


def recover_composition(W, U, R):
    return recover(Operators(*(np.asarray(x, dtype=np.float64) for x in (W, U, R)))).composition
