# caught by: simulate.one-unit
import numpy as np


def simulate(W, U, R, u, T):
    h = np.zeros(len(W))
    y = []
    for t in range(T):
        h = W @ h + (U @ u[t] if t < len(u) else 0)
        y.append(R @ h)
    return np.array(y).squeeze()
