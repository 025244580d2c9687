"""Protects what a reading says where it says nothing of a memory, and the form of its JSON."""

import json
from importlib.resources import files

import jsonschema
import numpy as np

from emtheory.networks import zoo
from emtheory.networks.elman import Network
from emtheory.recovery.obstacle import Obstacle
from emtheory.recovery.reader import read
from emtheory.report.sentences.reading import sentences

SCHEMA = json.loads((files("emtheory.report") / "schemas" / "analysis.schema.json").read_text("utf-8"))


def test_the_document_of_a_reading_has_the_form_of_the_schema():
    swap = Network([[0.0, 1.0], [1.0, 0.0]], [[0.0], [1.0]], [[0.0, 1.0]], activation="identity")
    for network in (swap, zoo.load("t1-n64"), zoo.load("t2-n64")):
        document = json.loads(json.dumps(read(network).to_json()))
        jsonschema.validate(document, {**SCHEMA["properties"]["recovery"], "$defs": SCHEMA.get("$defs", {})})


def test_a_network_whose_weights_have_no_linear_picture_is_told_so():
    nothing = Network(np.zeros((2, 2)), np.eye(2), np.eye(2), activation="relu")
    (line,) = sentences(read(nothing))
    assert line == f"No memory is claimed. Weights: {Obstacle.UNREAD.value}."
    assert "the linear map at the origin is unknown" in line


def test_a_factor_that_is_divided_out_is_told():
    fading = Network([[0.0, 0.9], [0.9, 0.0]], [[0.0], [1.0]], [[0.0, 1.0]], activation="identity")
    text = "\n".join(sentences(read(fading)))
    assert "after division by the decay, 0.90000 a step" in text
    assert "compressed to the memories and divided by the decay: " in text
