"""Torch in the conformance kit: a target may return tensors, and weights go into assertions as they are."""

from types import SimpleNamespace

import numpy as np
import pytest
import torch

from emtheory.conform import run
from emtheory.conform.plugin import assert_dual, assert_same_spectrum, assert_similar


def test_results_that_record_gradients_are_read_as_numbers():
    def simulate(W, U, R, u, T):
        W, U, R, u = (torch.tensor(x, requires_grad=True) for x in (W, U, R, u))
        h, outputs = torch.zeros(len(W), dtype=W.dtype), []
        for t in range(T):
            h = W @ h + (U @ u[t] if t < len(u) else 0)
            outputs.append(R @ h)
        return torch.stack(outputs)

    results = run(SimpleNamespace(simulate=simulate), examples=6)
    outcomes = {r.property.id: (r.outcome, r.message) for r in results if r.property.function == "simulate"}
    assert outcomes["simulate.outputs"] == ("passed", "")
    assert outcomes["simulate.deterministic"] == ("passed", "")


def test_a_list_of_tensors_that_record_gradients_is_a_failure_and_no_traceback():
    def is_stable(W):
        return [torch.ones(2, requires_grad=True)]

    results = run(SimpleNamespace(is_stable=is_stable, pseudo_inverse=is_stable), examples=2)
    assert {r.outcome for r in results if r.property.id == "pseudo_inverse.value"} == {"failed"}


@pytest.mark.parametrize("dtype", [torch.float64, torch.float32, torch.float16, torch.bfloat16])
def test_parameters_pass_in_their_own_precision(dtype):
    W = torch.nn.Parameter(torch.tensor([[0.0, 0.3], [0.7, 0.0]], dtype=torch.float64).to(dtype))
    values = np.sqrt(0.21) * np.array([1, -1])
    assert_same_spectrum(W, values)
    assert_similar(W, W, torch.eye(2, dtype=dtype))
    assert_dual(W, torch.linalg.inv(W.double()).to(dtype))
    with pytest.raises(AssertionError):
        assert_same_spectrum(W, 1.1 * values)
    if dtype != torch.float64:
        with pytest.raises(AssertionError):
            assert_same_spectrum(W.double(), values)
