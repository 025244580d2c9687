# caught by: recover_composition.sensitivity
import numpy as np


def recover_composition(W, U, R):
    if np.linalg.matrix_rank(R @ U) < U.shape[1]:
        raise ValueError("RU is singular")
    powers = [U]
    while len(powers) < len(W) // U.shape[1]:
        power = W @ powers[-1] - U @ (R @ W @ powers[-1])
        if np.abs(power).max() < 1e-3 * np.abs(powers[-1]).max():
            break
        powers.append(power)
    return np.rint([R @ W @ psi for psi in powers[::-1]])
