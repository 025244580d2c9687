# caught by: simulate.similarity
import numpy as np


def simulate(W, U, R, u, T):
    h = np.zeros(len(W))
    y = []
    for t in range(T):
        h = W @ h + (U @ u[t] if t < len(u) else 0)
        y.append(U.T @ h)
    return np.array(y)
