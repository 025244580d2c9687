# caught by: memory_basis.wrong-operators
import numpy as np


def memory_basis(W, U, R, s):
    powers = [U]
    for _ in range(s - 1):
        powers.append(W @ powers[-1] - U @ (R @ W @ powers[-1]))
    psi = np.hstack(powers[::-1])
    if np.linalg.matrix_rank(psi) < psi.shape[1]:
        raise ValueError("dependent memories")
    return psi, np.linalg.pinv(psi)
