"""Statements that tests speak of: two bundled ones, and one with tanh."""

from emtheory.formulas.files import bundled
from emtheory.formulas.siblings import executed
from tests.formulas.theorems import saturating_step

memory_basis = executed(bundled() / "memory-basis.py")
write_interference = executed(bundled() / "write-interference.py")

__all__ = ["memory_basis", "saturating_step", "write_interference"]
