# caught by: simulate.last-input, simulate.first-step
import numpy as np


def simulate(W, U, R, u, T):
    h = np.zeros(len(W))
    y = []
    for t in range(max(T, len(u))):
        h = W @ h + (U @ u[t] if t < len(u) else 0)
        y.append(R @ h)
    return np.array(y)
