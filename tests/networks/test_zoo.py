"""The shipped networks are the ones their cards describe."""

from __future__ import annotations

import shutil
from hashlib import sha256
from pathlib import Path

import numpy as np
import pytest

from emtheory.networks import cards, weights, zoo
from emtheory.networks.accuracy import measured
from emtheory.theory.tasks import Task

FOLDER = Path(zoo.__file__).parent


@pytest.mark.parametrize("name", zoo.names())
def test_each_card_tells_what_its_file_holds(name):
    card = zoo.card(name)
    assert card["name"] == name
    data = (FOLDER / card["file"]).read_bytes()
    assert sha256(data).hexdigest() == card["sha256"]
    network = zoo.load(name)
    assert network.W_hh.shape == (card["n"], card["n"])
    assert network.W_uh.shape == (card["n"], card["kappa"])
    assert network.activation == card["activation"]
    assert (network.bias is not None) == card["bias"]
    task = Task.parse(card["task"])
    assert (task.s, task.kappa) == (card["s"], card["kappa"])
    for fact in ("seed", "command", "training", "accuracy"):
        assert card[fact] is not None
    activation = card["activation"]
    assert weights.load(FOLDER / card["file"], activation=activation).W_hh.shape == network.W_hh.shape


def test_the_published_file_holds_its_task_and_accuracy():
    card = zoo.card("repeat-copy-s8-k8-n128")
    with np.load(FOLDER / card["file"], allow_pickle=False) as stored:
        assert card["accuracy"]["value"] == float(stored["acc"])
        assert str(stored["W_hh"].dtype) == card["dtype"]
        assert np.array_equal(stored["F"].reshape(8, 8, 8), Task.parse(card["task"]).array())


@pytest.mark.parametrize("name", [name for name in zoo.names() if "table" in zoo.card(name)])
def test_a_network_of_ours_has_the_accuracy_on_its_card(name):
    card = zoo.card(name)
    found = measured(zoo.load(name), Task.parse(card["task"]), seed=0)
    assert found.share == card["accuracy"]["value"]
    assert found.first_wrong == card["accuracy"]["first_wrong"]
    assert (
        card["command"] == f"emtheory train {card['task']} --hidden {card['n']} --seed {card['seed']} -o {card['file']}"
    )


def test_every_file_of_the_zoo_has_a_card_and_all_of_them_stay_small():
    stored = [path for pattern in ("*.npz", "*.safetensors") for path in FOLDER.glob(pattern)]
    assert {zoo.card(name)["file"] for name in zoo.names()} == {path.name for path in stored}
    assert sum(path.stat().st_size for path in stored) < 4 * 2**20


def test_an_unknown_name_is_refused_and_the_known_ones_are_named():
    with pytest.raises(ValueError, match=r"no network 'nothing'.*repeat-copy-s8-k8-n128"):
        zoo.load("nothing")
    with pytest.raises(ValueError, match="no network"):
        weights.load("zoo:../zoo/repeat-copy-s8-k8-n128")


def test_a_file_that_is_not_the_one_on_its_card_is_refused(tmp_path, monkeypatch):
    shutil.copytree(FOLDER, tmp_path / "zoo")
    monkeypatch.setattr(cards, "files", lambda _: tmp_path)
    assert zoo.load("repeat-copy-s8-k8-n128").W_hh.shape == (128, 128)
    file = tmp_path / "zoo" / "repeat_copy_s8_k8_n128.npz"
    data = bytearray(file.read_bytes())
    data[1000] ^= 1
    file.write_bytes(data)
    with pytest.raises(ValueError, match=r"damaged.*sha256"):
        zoo.load("repeat-copy-s8-k8-n128")
