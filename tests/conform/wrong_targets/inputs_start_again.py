# caught by: simulate.last-input
import numpy as np


def simulate(W, U, R, u, T):
    h = np.zeros(len(W))
    y = []
    for t in range(T):
        h = W @ h + U @ u[t % len(u)]
        y.append(R @ h)
    return np.array(y)
