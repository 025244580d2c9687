"""Findings to render: of bundled theorems, and of a file whose every text tries to be more than text."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from emtheory.theorems.files import select
from emtheory.theorems.verify import verify

HOSTILE = r'''r"""<script>alert(1)</script> & \input{/etc/passwd} $x$ <img src=x onerror=alert(2)>

\end{document} \write18{rm} %s {{ 7 * 7 }} {% raw %} `a``b` ![x](http://evil.example) | [y](javascript:alert(3)) 中
"""
from emtheory.judges.exact import exactly, matrix
from emtheory.judges.symbolic import identical, letter, sizes
from emtheory.theorems.theorem import Theorem
from hypothesis import strategies as st

n, = (sizes("n"),)
X = letter(r"</math><script>alert(4)</script>\input{x}^_{", n, n)


def given(x):
    r"""<b>bold</b> \\evil{x} ^_^ $ & # ~ %."""
    return exactly(x, x)


def derivation():
    yield r"<i>step</i> \undefined", identical(X, X)


def holds(x):
    r"""x = <x> & \\x."""
    return exactly(x, x)


THEOREM = Theorem(
    hypotheses={given: None},
    derivation=derivation,
    meaning=lambda x: {X: x},
    conclusions=(holds,),
    examples={r"</code><script>alert(5)</script> \input{z}": (matrix([[1]]),)},
    cases=st.just((matrix([[1]]),)),
    source=r"</p> \catcode`\\@=11 <script>alert(6)</script>",
)
'''
HOSTILE_NAME = "a<b onload=x>&%_#~^$`|\\input{q}"


@pytest.fixture(scope="session")
def findings():
    """Of two theorems, one uses the other, and of an erratum."""
    run = verify(["compose-copy-spectrum", "write-interference", "02-hidden-state-of-repeat-copy"], examples=3)
    return json.loads(json.dumps(run.to_json()))


@pytest.fixture(scope="session")
def files():
    """The bundled theorem files by name."""
    return {file.name: file for file in select(()).files}


@pytest.fixture(scope="session")
def hostile(tmp_path_factory):
    """The findings on the hostile file, and the file by name."""
    path: Path = tmp_path_factory.mktemp("hostile") / f"{HOSTILE_NAME}.py"
    path.write_text(HOSTILE, encoding="utf-8")
    run = verify([str(path)], examples=2)
    assert not run.errors
    return json.loads(json.dumps(run.to_json())), {result.file.name: result.file for result in run.results}


@pytest.fixture(scope="session")
def analysis():
    """What an analysis of a network with a hostile name looks like."""
    return {
        "schema": "emtheory.analysis/1",
        "network": {"name": "<script>\\input{w}.npz", "n": 2, "kappa": 1, "activation": "tanh", "bias": False,
                    "precision": "float32"},
        "task": None,
        "spectrum": {"threshold": 0.8, "gap": [0.1, 1.0], "persistent": 1, "predicted_persistent": None,
                     "argument_error_mean": None, "argument_error_max": None, "distance": None,
                     "eigenvalues": [[1.0, 0.0], [0.1, 0.0]], "enclosed": None},
        "recovery": None,
        "accuracy": None,
        "findings": [],
    }  # fmt: skip
