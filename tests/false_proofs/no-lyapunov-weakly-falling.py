"""False: an energy that does not rise is said to be enough; a cycle of constant energy is none the less a cycle."""

from dataclasses import replace

from emtheory.judges.exact import exactly
from emtheory.theorems.files import bundled, load

TRUE = load(bundled() / "no-lyapunov.py").record


def energy_falls(image, energy, xi, swap, state):
    """E(f(h)) ≤ E(h)."""
    return exactly(all(energy[y] <= energy[x] for x, y in enumerate(image)), True)


_, *rest = next(iter(TRUE.examples.values()))
FLAT = ([1, 0], [rest[0][0], rest[0][0]], *rest[1:])  # wrong
OTHERS = {h: case for h, case in TRUE.hypotheses.items() if h.__name__ != "energy_falls"}
BROKEN = next(case for h, case in TRUE.hypotheses.items() if h.__name__ == "energy_falls")
THEOREM = replace(
    TRUE, hypotheses={energy_falls: BROKEN, **OTHERS}, examples={"flat": FLAT}, derivation=None, meaning=None
)
