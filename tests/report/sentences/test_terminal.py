"""Protects the last line of a verification: theorems and errata are counted apart, for they prove different things."""

from emtheory.report.sentences import terminal
from emtheory.theorems.verify import verify


def last_line(*targets):
    return list(terminal.verification(verify(list(map(str, targets)), examples=5)))[-1].plain


def test_theorems_and_errata_are_counted_apart(planted):
    """The erratum uses a theorem, which is verified too."""
    assert last_line(planted(), "01-compose-copy-lag").startswith("2 theorems proved, 1 erratum proved in ")


def test_what_became_of_several_theorems_is_told_one_outcome_after_the_other(planted):
    right, wrong = planted(), planted("wrong", {"x @ a**2 @ d)\n": "x @ a @ d)\n"})
    assert last_line(right, wrong).startswith("2 theorems (1 proved, 1 refuted) in ")


def test_a_part_that_holds_proves_no_theorem(planted):
    assert last_line(f"{planted()}::search").startswith("1 theorem partly checked in ")
