"""Which network a verdict is about: activation, leak and both biases are read or asked for, named and never guessed."""

from __future__ import annotations

import json
from dataclasses import replace
from importlib.resources import files

import jsonschema
import numpy as np
import pytest

from emtheory.analysis.analyze import analyze
from emtheory.certificates.certificate import Certificate, fingerprint
from emtheory.certificates.certify import all_inputs, certify
from emtheory.certificates.checker import check
from emtheory.judges.balls import arb, arb_mat, precision
from emtheory.networks.accuracy import measured
from emtheory.networks.build import build
from emtheory.networks.elman import Network
from emtheory.networks.facts import facts
from emtheory.networks.weights import from_arrays, load, load_dynamics, save
from emtheory.report.sentences.network import equation
from emtheory.theory.tasks import Task
from emtheory.verdict import Outcome

TASK = Task.compose_copy(2)
CIRCUIT = build(TASK).network
OFFSET = np.array([0.25, -0.25])


def write_npz(path, network, **about):
    np.savez(path, W_hh=network.W_hh, W_uh=network.W_uh, W_r=network.W_r, **about)
    return path


# --- asked for --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "words",
    [
        ("analyze",),
        ("decode",),
        ("fixed-points", "--seeds", "4"),
        ("shadow", "-s", "2", "--steps", "4"),
        ("certify", "--task", TASK.name, "--patterns", "1"),
    ],
    ids=lambda words: words[0],
)
def test_each_command_asks_for_an_activation_that_the_file_does_not_name(run, tmp_path, words):
    path = write_npz(tmp_path / "w.npz", CIRCUIT)
    status, out, error = run(words[0], path, *words[1:])
    assert (status, out, error.count("\n")) == (2, "", 1)
    assert "give --activation tanh (in Python activation='tanh')" in error
    status, out, error = run(words[0], path, *words[1:], "--activation", "tanh")
    assert "is not named" not in error
    assert status != 2 or words[0] == "decode"  # a saturating circuit has no memories to decode
    if status != 2:
        assert "h(t) = tanh(W_hh h(t-1) + W_uh u(t)), y(t) = W_r h(t)." in out


def test_python_asks_for_it_too(tmp_path):
    path = write_npz(tmp_path / "w.npz", CIRCUIT)
    arrays = {"W_hh": [[1.0]], "W_uh": [[1.0]], "W_r": [[1.0]]}
    for ask in (lambda: load(path), lambda: load_dynamics(path), lambda: from_arrays(arrays)):
        with pytest.raises(ValueError, match="activation='tanh'"):
            ask()
    assert load(path, activation="relu", leak=0.5).activation == "relu"
    assert load(path, activation="relu", leak=0.5).leak == 0.5
    assert load(path, activation="tanh").leak == 1


def test_an_npz_may_name_activation_and_leak(tmp_path):
    path = write_npz(tmp_path / "w.npz", CIRCUIT, activation="relu", leak=np.float32(0.1))
    found = load(path)
    assert (found.activation, found.leak) == ("relu", float(np.float32(0.1)))
    for wrong in ({"activation": 3.5}, {"activation": ["tanh", "relu"]}, {"activation": "sin" * 999}, {"leak": "half"}):
        with pytest.raises(ValueError, match=r"\A.{1,599}\Z"):
            load(write_npz(tmp_path / "w.npz", CIRCUIT, **({"activation": "tanh"} | wrong)))


def test_what_is_given_must_not_differ_from_what_the_file_says(run, tmp_path):
    save(replace(CIRCUIT, activation="relu", leak=0.5), tmp_path / "w.safetensors")
    assert load(tmp_path / "w.safetensors", activation="relu", leak=0.5).leak == 0.5
    with pytest.raises(ValueError, match="says that its activation is relu, but tanh is given"):
        load(tmp_path / "w.safetensors", activation="tanh")
    with pytest.raises(ValueError, match=r"says that its leak is 0\.5, but 1\.0 is given"):
        load(tmp_path / "w.safetensors", leak=1.0)
    with pytest.raises(ValueError, match="says that its activation is tanh, but relu is given"):
        load("zoo:repeat-copy-s8-k8-n128", activation="relu")
    status, _, error = run("certify", "zoo:t1-n64", "--task", "repeat-copy:s=8,k=8", "--activation", "relu")
    assert (status, "relu is given" in error) == (2, True)


def test_no_proof_is_made_about_another_network(run, tmp_path):
    relu = replace(CIRCUIT, activation="relu")
    save(relu, tmp_path / "w.safetensors")
    bare = write_npz(tmp_path / "w.npz", relu)
    for path, words in ((tmp_path / "w.safetensors", ()), (bare, ("--activation", "relu"))):
        status, _, error = run("certify", path, "--task", TASK.name, *words)
        assert status == 2
        assert "the activation is relu" in error


# --- named ------------------------------------------------------------------------------------------------------------


def test_the_terminal_the_json_and_the_certificate_name_the_network(run, tmp_path):
    network = Network(CIRCUIT.W_hh, CIRCUIT.W_uh, CIRCUIT.W_r, bias=np.full(4, 0.01), readout_bias=OFFSET / 10)
    weights, found, proofs = tmp_path / "w.safetensors", tmp_path / "f.json", tmp_path / "proofs"
    save(network, weights)
    named = "h(t) = tanh(W_hh h(t-1) + W_uh u(t) + b), y(t) = W_r h(t) + c."
    expected = {"n": 4, "kappa": 2, "activation": "tanh", "leak": 1.0, "bias": True, "readout_bias": True}
    certifying = ("certify", "--task", TASK.name, "--patterns", "1", "--jobs", "1", "--save", proofs)
    for name, (command, *rest) in (
        ("certificate", certifying),
        ("analysis", ("analyze", "--task", TASK.name)),
        ("fixed-points", ("fixed-points", "--seeds", "2")),
    ):
        _, out, _ = run(command, weights, *rest, "--json", found)
        assert named in out, command
        schema = json.loads((files("emtheory.report") / "schemas" / f"{name}.schema.json").read_text("utf-8"))
        result = json.loads(found.read_text())
        jsonschema.validate(result, schema)
        assert {**expected, "name": str(weights)}.items() <= result["network"].items()
    (proof,) = proofs.iterdir()
    assert Certificate.load(proof).network.startswith("tanh, leak 1.0, bias, readout bias, sha256 ")
    assert named in run("certify", weights, "--task", TASK.name, "--check", proof)[1]


def test_the_name_of_a_network_tells_all_of_it_apart():
    others = {
        "activation": "relu",
        "leak": 0.5,
        "bias": np.full(4, 0.5),
        "readout_bias": OFFSET,
        "W_r": 2 * CIRCUIT.W_r,
    }
    names = {fingerprint(CIRCUIT)} | {fingerprint(replace(CIRCUIT, **{key: value})) for key, value in others.items()}
    assert len(names) == 1 + len(others)
    assert fingerprint(replace(CIRCUIT, bias=np.zeros(4), readout_bias=np.zeros(2))) == fingerprint(CIRCUIT)
    assert facts(replace(CIRCUIT, readout_bias=OFFSET))["readout_bias"]
    assert equation(replace(CIRCUIT, leak=0.25, activation="identity")).startswith("h(t) = 0.75 h(t-1) + 0.25 (W_hh")


def test_analyze_replays_with_the_activation_and_the_leak():
    network = replace(CIRCUIT, leak=0.5)
    assert "--activation tanh --leak 0.5" in analyze(network, name="w.npz").findings[0].replay
    assert "--activation" not in analyze(CIRCUIT, name="zoo:mine").findings[0].replay


# --- the readout bias -------------------------------------------------------------------------------------------------


def test_a_readout_bias_moves_outputs_and_not_states(tmp_path):
    moved = replace(CIRCUIT, readout_bias=OFFSET)
    u = np.ones((1, 2, 2))
    assert np.array_equal(moved.run(u, 5).states, CIRCUIT.run(u, 5).states)
    assert np.array_equal(moved.run(u, 5).outputs, CIRCUIT.run(u, 5).outputs + OFFSET)
    assert np.array_equal(moved.read(moved.run(u, 5).states), moved.run(u, 5).outputs)
    assert measured(moved, TASK, 0).share == 1
    assert measured(replace(CIRCUIT, readout_bias=[2.0, 0.0]), TASK, 0).share == pytest.approx(0.75, abs=0.05)
    save(moved, tmp_path / "w.safetensors")
    assert np.array_equal(load(tmp_path / "w.safetensors").readout_bias, OFFSET)
    assert analyze(replace(CIRCUIT, readout_bias=[0.1, 0.0])).to_json()["network"]["precision"] == "float64"
    with pytest.raises(ValueError, match="readout bias must have 2 entries"):
        replace(CIRCUIT, readout_bias=[1.0])
    with pytest.raises(ValueError, match="finite"):
        replace(CIRCUIT, readout_bias=[np.nan, 0.0])


def least_output(network, steps):
    """The least |y_i(t)| of all outputs t = s+1 … steps, enclosed in 200 bits, for u = 1."""
    with precision(200):
        W, U, R = (arb_mat(part.tolist()) for part in (network.W_hh, network.W_uh, network.W_r))
        c, one = arb_mat([[x] for x in network.readout_bias.tolist()]), arb_mat([[1]] * 2)
        h, least = arb_mat(network.n, 1), arb("inf")
        for t in range(steps):
            drive = W * h + U * one if t < 2 else W * h
            h = arb_mat(network.n, 1, [z.tanh() for z in drive.entries()])
            if t >= 2:
                least = min([least, *(abs(y) for y in (R * h + c).entries())], key=lambda y: float(y.lower()))
        return float(least.lower())


def test_certificates_count_the_readout_bias_and_are_checked_with_it(tmp_path):
    u = np.ones((1, 2, 2))
    plain = certify(CIRCUIT, TASK, inputs=u)[0]
    moved = replace(CIRCUIT, readout_bias=-OFFSET)  # takes 0.25 from an output that is 0.957
    (answer,) = certify(moved, TASK, inputs=u, save=tmp_path)
    assert answer.holds == "forever"
    assert answer.margin <= least_output(moved, 60) < plain.margin
    proof = Certificate.load(answer.certificate)
    assert check(moved, TASK, proof).outcome is Outcome.PROVED
    assert check(CIRCUIT, TASK, proof).outcome is Outcome.REFUTED
    # the same tube is no proof where the offset turns an output over
    turned = replace(CIRCUIT, readout_bias=[-0.96, 0.0])
    verdict = check(turned, TASK, replace(proof, network=fingerprint(turned)))
    assert "an output of step" in verdict.evidence["reason"]
    (lost,) = certify(turned, TASK, inputs=u, save=tmp_path)
    assert (lost.holds, lost.steps) == ("until", 3)
    assert check(turned, TASK, Certificate.load(lost.certificate)).outcome is Outcome.PROVED
    forged = replace(Certificate.load(lost.certificate), network=fingerprint(CIRCUIT))
    assert check(CIRCUIT, TASK, forged).outcome is Outcome.REFUTED


def test_all_inputs_at_once_lose_the_readout_bias_from_the_margin():
    plain, moved = all_inputs(CIRCUIT, TASK), all_inputs(replace(CIRCUIT, readout_bias=OFFSET), TASK)
    assert moved.margin == pytest.approx(plain.margin - 0.25, abs=1e-9)
    assert moved.margin < plain.margin - 0.25 + 1e-12
    assert all_inputs(replace(CIRCUIT, readout_bias=[0.0, 1.0]), TASK) is None
