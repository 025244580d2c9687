"""False: all 2^n patterns are said to recur, those of nodes off the cycles too."""

from dataclasses import replace

from emtheory.judges.exact import exactly
from emtheory.theorems.files import bundled, load

TRUE = load(bundled() / "limit-cycles.py").record


def patterns_counted(phi, gamma, turn, bias, start):
    """Phi^n has rank n."""
    return exactly((phi ** len(phi)).rank(), len(phi))  # wrong


THEOREM = replace(TRUE, conclusions=(patterns_counted,))
