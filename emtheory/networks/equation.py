"""What a network is, in one line and as JSON: activation, leak, bias and readout bias, which weights alone do not tell.

Main functions: `equation(network)` for people, `facts(network)` for programs. Every verdict about a network has one.
"""

from __future__ import annotations

from typing import Any

from emtheory.networks.elman import Network
from emtheory.networks.gated import GRUCell, LSTMCell
from emtheory.system.array_types import Floats

__all__ = ["equation", "facts"]


def equation(network: Network | LSTMCell | GRUCell) -> str:
    """The step and the readout of a network, with what it does not have left out.

    >>> equation(Network([[0.5]], [[1.0]], [[1.0]]))
    'h(t) = tanh(W_hh h(t-1) + W_uh u(t)), y(t) = W_r h(t)'
    >>> equation(Network([[0.5]], [[1.0]], [[1.0]], bias=[1.0], activation="relu", leak=0.1, readout_bias=[2.0]))
    'h(t) = 0.9 h(t-1) + 0.1 relu(W_hh h(t-1) + W_uh u(t) + b), y(t) = W_r h(t) + c'
    """
    if not isinstance(network, Network):
        return f"{_activation(network)} of {network.n} units"
    drive = f"W_hh h(t-1) + W_uh u(t){' + b' if _there(network.bias) else ''}"
    step = drive if network.activation == "identity" else f"{network.activation}({drive})"
    if network.leak != 1:
        step = f"({step})" if network.activation == "identity" else step
        step = f"{1 - network.leak:.6g} h(t-1) + {network.leak:.6g} {step}"
    return f"h(t) = {step}, y(t) = W_r h(t){' + c' if _there(network.readout_bias) else ''}"


def facts(network: Network | LSTMCell | GRUCell) -> dict[str, Any]:
    """n, kappa, activation, leak, bias and readout_bias, as in the entry "network" of the schemas.

    The activation of a gated cell is "lstm" or "gru"; it has no leak, so 1. A bias of zeros is none.

    >>> facts(Network([[0.5]], [[1.0]], [[1.0]], bias=[0.0]))
    {'n': 1, 'kappa': 1, 'activation': 'tanh', 'leak': 1.0, 'bias': False, 'readout_bias': False}
    """
    plain = isinstance(network, Network)
    biases = [network.bias] if isinstance(network, Network) else [network.b_ih, network.b_hh]
    return {
        "n": network.n,
        "kappa": (network.W_uh if isinstance(network, Network) else network.W_ih).shape[1],
        "activation": _activation(network) if plain else _activation(network).lower(),
        "leak": network.leak if isinstance(network, Network) else 1.0,
        "bias": any(_there(bias) for bias in biases),
        "readout_bias": _there(network.readout_bias),
    }


def _activation(network: Network | LSTMCell | GRUCell) -> str:
    if isinstance(network, Network):
        return network.activation
    return "LSTM" if isinstance(network, LSTMCell) else "GRU"


def _there(bias: Floats | None) -> bool:
    return bias is not None and bool(bias.any())
