"""Protects the persistent part of a task: its margin, and that a task that forgets has none."""

import numpy as np

from emtheory.recovery.persistent import persistent_part
from emtheory.theory.tasks import Task


def test_a_task_that_puts_out_zeros_has_no_persistent_part():
    part = persistent_part(Task.from_blocks(np.zeros((2, 1, 1))), above=0.5)
    assert part.vectors.shape == (2, 0)
    assert part.normal.value.shape == part.normal.bound.shape == (0, 0)
    assert part.margin == np.inf


def test_the_margin_is_less_than_half_a_distance_by_what_an_eigenvalue_is_known_to():
    """The eigenvalue 4, predicted to a relative 2⁻⁵⁰, may be 4 − 2⁻⁴⁸, and is then 2 − 2⁻⁴⁹ from the middle to 0."""
    assert 2 - 2.0**-40 < persistent_part(Task.from_blocks(np.array([[[4.0]]])), above=0.5).margin <= 2 - 2.0**-49
