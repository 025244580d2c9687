# caught by: memory_basis.memories, memory_basis.intertwining
import numpy as np


def memory_basis(W, U, R, s):
    if not np.allclose(R @ U, np.eye(U.shape[1]), atol=1e-3):
        raise ValueError("RU is not I")
    powers = [U]
    for _ in range(s - 1):
        powers.append(W @ powers[-1] - U @ (R @ W @ powers[-1]))
    psi = np.hstack(powers)
    if np.linalg.matrix_rank(psi) < psi.shape[1]:
        raise ValueError("dependent memories")
    return psi, np.linalg.pinv(psi)
