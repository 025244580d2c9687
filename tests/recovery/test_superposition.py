"""Protects how memories in superposition are recognized: by the eigenvalues of the map that moves the states."""

import numpy as np

from emtheory.networks import zoo
from emtheory.networks.elman import Network
from emtheory.recovery.reader import read


def test_a_leaky_network_in_superposition_is_read_by_what_moves_its_states():
    """(1 - a) I + a W' = W for W' = I + (W - I)/a: the states move as those of W, and the eigenvalues of W' do not."""
    plain, a = zoo.load("t1-n64"), 0.5
    moved = np.eye(64) + (plain.W_hh - np.eye(64)) / a
    leaky = Network(moved, plain.W_uh / a, plain.W_r, activation="identity", leak=a)
    still = Network(plain.W_hh, plain.W_uh, plain.W_r, activation="identity")
    assert read(leaky).superposed == read(still).superposed == (7, 6, 7, 6, 6, 6, 7, 6)
