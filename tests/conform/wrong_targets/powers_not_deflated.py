# caught by: memory_basis.memories, memory_basis.intertwining
import numpy as np


def memory_basis(W, U, R, s):
    if not np.allclose(R @ U, np.eye(U.shape[1]), atol=1e-3):
        raise ValueError("RU is not I")
    psi = np.hstack([np.linalg.matrix_power(W, s - j) @ U for j in range(1, s + 1)])
    if np.linalg.matrix_rank(psi) < psi.shape[1]:
        raise ValueError("dependent memories")
    return psi, np.linalg.pinv(psi)
