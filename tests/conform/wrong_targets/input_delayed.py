# caught by: simulate.first-step
import numpy as np


def simulate(W, U, R, u, T):
    h = np.zeros(len(W))
    y = []
    for t in range(T):
        h = W @ h + (U @ u[t - 1] if 0 < t <= len(u) else 0)
        y.append(R @ h)
    return np.array(y)
