# caught by: recover_composition.transients
import numpy as np


def recover_composition(W, U, R):
    if np.linalg.matrix_rank(R @ U) < U.shape[1]:
        raise ValueError("RU is singular")
    powers = [U]
    while len(powers) < len(W) // U.shape[1]:
        powers.append(W @ powers[-1] - U @ (R @ W @ powers[-1]))
    return np.array([R @ W @ psi for psi in powers[::-1]])
