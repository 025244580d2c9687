# caught by: simulate.first-step
import numpy as np


def simulate(W, U, R, u, T):
    h = np.zeros(len(W))
    y = []
    for t in range(T):
        y.append(R @ h)
        h = W @ h + (U @ u[t] if t < len(u) else 0)
    return np.array(y)
