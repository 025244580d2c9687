"""Protects the oracle's word "exactly": what is given is what is read, whatever its size, or it is refused."""

import numpy as np
import pytest

from emtheory.judges.exact import matrix
from emtheory.theory.oracle import contents, float_inputs, parse_inputs
from emtheory.theory.tasks import Task

COMPOSE = Task.compose_copy(2)


@pytest.mark.parametrize(
    ("text", "first"),
    [
        ("1e30,1;1,1", 10**30),
        ("-9223372036854775809,1;1,1", -(2**63) - 1),
        ("9007199254740993,1;1,1", 2**53 + 1),
        ("0.1,1;1,1", "1/10"),
        ("1/3,1;1,1", "1/3"),
        (" +.5e1 , 1 ; 1 , 1 ", 5),
    ],
)
def test_typed_numbers_count_as_they_are_written(text, first):
    assert parse_inputs(text, COMPOSE) == matrix([[first, 1], [1, 1]])
    assert f"u_1(1) = {matrix([[first]])[0, 0]}," in contents(COMPOSE, 10, parse_inputs(text, COMPOSE))[3]


@pytest.mark.parametrize(
    "array",
    [
        np.array([[2**63 - 1, 1], [-(2**63), 2**53 + 1]]),
        np.array([[2**64 - 1, 1], [1, 2**63]], dtype=np.uint64),
        np.array([[0.1, 1e300], [-0.0, 5e-324]]),
        np.array([[0.1, 1], [2, 3]], dtype=np.float32),
    ],
    ids=lambda array: str(array.dtype),
)
def test_numbers_of_a_file_count_with_their_exact_value(array, tmp_path):
    np.save(tmp_path / "u.npy", array)
    found = parse_inputs(str(tmp_path / "u.npy"), COMPOSE)
    ratios = [[x.as_integer_ratio() for x in row] for row in array.tolist()]
    assert found == matrix([[f"{p}/{q}" for p, q in row] for row in ratios])


def test_a_negative_copy_of_a_large_number_is_its_negative():
    task = Task.from_selection(1, 1, [0], [-1])
    lines = contents(task, 2, parse_inputs("9007199254740993", task))
    assert lines[1] == "  y = -u_1(1) = -9007199254740993"


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("1,2;3", "rows of unequal length"),
        ("1,2", "shape (1, 2)"),
        ("1/0,1;1,1", "divides by 0"),
        ("nan,1;1,1", "cannot be read as a number"),
        ("inf,1;1,1", "cannot be read as a number"),
        ("1e9999999999,1;1,1", "cannot be read as a number"),
        ("1+2j,1;1,1", "cannot be read as a number"),
        ("9" * 2000 + ",1;1,1", "more than 1,000 characters"),
        ("absent.npy", "cannot be read"),
    ],
)
def test_what_is_no_input_is_refused_in_a_sentence(text, message):
    with pytest.raises(ValueError, match=r"2 times 2 numbers|shorter number") as caught:
        parse_inputs(text, COMPOSE)
    assert message in str(caught.value)
    assert len(str(caught.value)) < 600


@pytest.mark.parametrize("values", [[[1j, 1], [1, 1]], [[np.nan, 1], [1, 1]], [["1", "1"], ["1", "1"]], [1, 1, 1, 1]])
def test_a_file_that_holds_no_real_matrix_is_refused(values, tmp_path):
    np.save(tmp_path / "u.npy", np.array(values))
    with pytest.raises(ValueError, match=r"u\.npy holds no plain real matrix"):
        parse_inputs(str(tmp_path / "u.npy"), COMPOSE)


def test_a_file_that_is_damaged_or_claims_too_much_is_refused(tmp_path):
    path = tmp_path / "u.npy"
    np.save(path, np.ones((2, 2)))
    whole = path.read_bytes()
    for damaged in (b"", whole[:20], whole[:-1], whole.replace(b"(2, 2), }    ", b"(2, 9**99), }"), b"PK\x03\x04"):
        path.write_bytes(damaged)
        with pytest.raises(ValueError, match=r"u\.npy .*; (the input must be|save it again)"):
            parse_inputs(str(path), COMPOSE)


def test_networks_in_floats_get_the_nearest_floats_or_a_refusal():
    assert float_inputs("0.1,1/3;9007199254740993,-1", COMPOSE).tolist() == [[0.1, 1 / 3], [2.0**53, -1.0]]
    with pytest.raises(ValueError, match="beyond the range of float64"):
        float_inputs("1e400,1;1,1", COMPOSE)
