"""What a network is, in one line: activation, leak, bias and readout bias, which weights alone do not tell."""

from __future__ import annotations

from emtheory.networks.elman import Network
from emtheory.networks.facts import facts
from emtheory.networks.gated import GRUCell, LSTMCell

__all__ = ["equation"]


def equation(network: Network | LSTMCell | GRUCell) -> str:
    """The step and the readout of a network; what it does not have is left out.

    >>> equation(Network([[0.5]], [[1.0]], [[1.0]]))
    'h(t) = tanh(W_hh h(t-1) + W_uh u(t)), y(t) = W_r h(t)'
    >>> equation(Network([[0.5]], [[1.0]], [[1.0]], bias=[1.0], activation="relu", leak=0.1, readout_bias=[2.0]))
    'h(t) = 0.9 h(t-1) + 0.1 relu(W_hh h(t-1) + W_uh u(t) + b), y(t) = W_r h(t) + c'
    """
    known = facts(network)
    if not isinstance(network, Network):
        return f"{known['activation'].upper()} of {network.n} units"
    drive = f"W_hh h(t-1) + W_uh u(t){' + b' if known['bias'] else ''}"
    step = drive if network.activation == "identity" else f"{network.activation}({drive})"
    if network.leak != 1:
        step = f"({step})" if network.activation == "identity" else step
        step = f"{1 - network.leak:.6g} h(t-1) + {network.leak:.6g} {step}"
    return f"h(t) = {step}, y(t) = W_r h(t){' + c' if known['readout_bias'] else ''}"
