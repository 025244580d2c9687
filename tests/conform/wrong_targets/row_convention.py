# caught by: simulate.similarity, simulate.outputs
import numpy as np


def simulate(W, U, R, u, T):
    h = np.zeros(len(W))
    y = []
    for t in range(T):
        h = h @ W + (U @ u[t] if t < len(u) else 0)
        y.append(R @ h)
    return np.array(y)
