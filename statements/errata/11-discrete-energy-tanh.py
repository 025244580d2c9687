"""The change of the discrete energy has the potential with the wrong sign, and is no longer open.

Printed, for tanh: the part of ΔE that comes from L is + Σ log(cosh x'/cosh x), "not complete". With E(x) = xᵀy - L(x) -
½ yᵀS y and L = Σ log cosh it is - Σ log(cosh x'/cosh x). One neuron with the memory w, S = w², and the state z goes to
z' = w² tanh z: for w = z = 1 the energy changes by -0.0206, printed is -0.3568. Right: E(x) - E(x') is a sum of
divergences and a square, at least 0 for every convex L.
"""

from hypothesis import strategies as st
from sympy import Rational, cosh, log, tanh

from emtheory.formulas import Erratum, by_theorem, case, equal, scalar, sibling
from emtheory.theorems.cases import rationals

discrete = sibling(__file__, "discrete-energy")
NEURON = scalar("w", "is the memory of one tanh neuron"), scalar("z", "is its state")
w, z = (given.symbol for given in NEURON)
later, half = w**2 * tanh(z), Rational(1, 2)


def energy(x):
    """E of one tanh neuron."""
    return x * tanh(x) - log(cosh(x)) - half * w**2 * tanh(x) ** 2


own = later * tanh(later) - z * tanh(z)
mutual = half * w**2 * (tanh(later) ** 2 - tanh(z) ** 2)
claim = equal(energy(later) - energy(z), own + log(cosh(later) / cosh(z)) - mutual)


def proof(prove):
    prove(discrete.falls).by_parts((1, [by_theorem(discrete.THEOREM, discrete.falls)]))


def beside(one, memory=1, state=1):
    """A case of the theorem beside a neuron."""
    return case(**dict(one), w=memory, z=state)


ERRATUM = Erratum(
    number=11,
    printed='discrete energy, tanh: ΔE_2 = + Σ log(cosh x\'/cosh x), "not complete"',
    why="the sign: for Xi = 1, Phi = 0, x = 1 the energy changes by -0.0206, printed is -0.3568",
    corrected="ΔE_2 = - Σ log(cosh x'/cosh x), and E never increases",
    given=(*discrete.THEOREM.given, *NEURON),
    hypotheses={h: beside(one) for h, one in discrete.THEOREM.hypotheses.items()},
    definitions=discrete.THEOREM.definitions,
    claim=claim,
    counterexample=beside(discrete.one_neuron()),
    correction=discrete.falls,
    examples={name: beside(one) for name, one in discrete.THEOREM.examples.items()},
    cases=st.builds(beside, discrete.THEOREM.cases, rationals(), rationals()),
    proof=proof,
    uses=(discrete.THEOREM,),
    theorem="discrete-energy",
    source="the notes to Karuvally, Sejnowski, Siegelmann, ICML 2023, the discrete energy",
)
