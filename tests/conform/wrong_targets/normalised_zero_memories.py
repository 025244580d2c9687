# caught by: memory_basis.rank-mismatch
import numpy as np


def memory_basis(W, U, R, s):
    if not np.allclose(R @ U, np.eye(U.shape[1]), atol=1e-3):
        raise ValueError("RU is not I")
    powers = [U]
    for _ in range(s - 1):
        powers.append(W @ powers[-1] - U @ (R @ W @ powers[-1]))
    psi = np.hstack(powers[::-1])
    lengths = np.linalg.norm(psi, axis=0)
    unit = psi / lengths  # a vector of length 0 is divided by 0
    left = np.linalg.solve(unit.T @ unit, unit.T)
    return psi, left / lengths[:, None]
