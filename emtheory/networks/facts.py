"""What a network is, as JSON: activation, leak, bias and readout bias, which weights alone do not tell.

Main function: `facts(network)`. Every verdict about a network names them.
"""

from __future__ import annotations

from typing import Any

from emtheory.networks.elman import Network
from emtheory.networks.gated import GRUCell, LSTMCell
from emtheory.system.array_types import Floats

__all__ = ["facts"]


def facts(network: Network | LSTMCell | GRUCell) -> dict[str, Any]:
    """n, kappa, activation, leak, bias and readout_bias, as in the entry "network" of the schemas.

    The activation of a gated cell is "lstm" or "gru"; it has no leak, so 1. A bias of zeros is none.

    >>> facts(Network([[0.5]], [[1.0]], [[1.0]], bias=[0.0]))
    {'n': 1, 'kappa': 1, 'activation': 'tanh', 'leak': 1.0, 'bias': False, 'readout_bias': False}
    """
    if isinstance(network, Network):
        kappa, activation, leak, biases = network.W_uh.shape[1], network.activation, network.leak, [network.bias]
    else:
        kappa, activation = network.W_ih.shape[1], "lstm" if isinstance(network, LSTMCell) else "gru"
        leak, biases = 1.0, [network.b_ih, network.b_hh]
    return {
        "n": network.n,
        "kappa": kappa,
        "activation": activation,
        "leak": leak,
        "bias": any(_there(bias) for bias in biases),
        "readout_bias": _there(network.readout_bias),
    }


def _there(bias: Floats | None) -> bool:
    return bias is not None and bool(bias.any())
