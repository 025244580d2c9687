"""A network with an energy that falls off its fixed points comes to rest: it cannot put out a periodic sequence.

h(0) … h(T) is an orbit and Energy(t) its energy. That the energy falls unless h rests is said by numbers a(t) with
‖h(t+1) - h(t)‖² ≤ a(t) (Energy(t) - Energy(t+1)) and a drop ≥ 0: a(t) = ‖…‖²/drop. Then an orbit that comes round,
Energy(T) = Energy(0), does not move. And if each step that is counted, c(t) = 1, costs at least `cost`, then
cost Σ c(t) ≤ Energy(0) - low for any lower bound. For continuous f and E and a bounded orbit the steps longer than ε
cost some δ > 0 each, as they start in a compact set on which E(h) - E(f(h)) is continuous and > 0: so there are
finitely many of them for every ε, h(t+1) - h(t) → 0, and what is read is periodic only if it is constant. (That the
energy of the continuous memory model is none once V_d follows: following-energy.)
Idea: the drops along an orbit add up to Energy(0) - Energy(T).
"""

from itertools import pairwise

from hypothesis import strategies as st

from emtheory.formulas import Theorem, at, at_most, case, equal, implies, letter, letters, scalar, size, within
from emtheory.judges.exact import matrix, rational
from emtheory.letters import k, n, t, total, zero
from emtheory.theorems.cases import matrices

SIZE = size("T", "is the number of steps")
T = SIZE.symbol
LETTERS = (
    letters("h", n, 1, first=0, last=T, phrase="is the orbit"),
    letters("Energy", 1, 1, first=0, last=T, phrase="is its energy"),
    letters("a", 1, 1, first=0, last=T - 1, phrase="is how far a step goes, squared, for each part of energy"),
    letters("c", 1, 1, first=0, last=T - 1, phrase="counts a step, by 1, or not, by 0"),
    letter("low", 1, 1, "is a lower bound of the energy"),
    scalar("cost", "is what each step that is counted costs at least"),
)
h, Energy, a, c, low, cost = (given.symbol for given in LETTERS)
step, drop = h(t + 1) - h(t), Energy(t) - Energy(t + 1)
steps = within(0, t, T - 1)

falls = at_most(0, drop, *steps).called("the energy does not rise")
strictly = at_most(step.T @ step, a(t) @ drop, *steps).called("it falls where the orbit moves")
costly = at_most(cost * c(t), drop, *steps).called("a step that is counted costs energy")
bounded = at_most(low, Energy(t), *within(0, t, T)).called("the energy is bounded from below")
round_ = equal(Energy(T), Energy(0)).called("the orbit comes round")
rests = equal(h(t + 1), h(t), *steps).called("it does not move")
few = at_most(cost * total(c(t), (t, 0, k - 1)), Energy(0) - low, *within(0, k, T)).called(
    "only so many steps can be counted"
)


def proof(prove):
    paid = at_most(cost * total(c(t), (t, 0, k - 1)), Energy(0) - Energy(k), *within(0, k, T))
    prove(paid, "the counted steps are paid for by the energy").by_induction(
        k, base=[], parts=[(1, [paid]), (1, [at(costly, t=k)])]
    )
    prove(few).by_parts((1, [paid]), (1, [at(bounded, t=k)]))
    down = at_most(Energy(k), Energy(0), *within(0, k, T))
    prove(down, "no later point has more energy").by_induction(k, base=[], parts=[(1, [down]), (1, [at(falls, t=k)])])
    onward = at_most(Energy(T), Energy(T - k), *within(0, k, T))
    prove(onward, "nor less than the last one").by_induction(
        k, base=[], parts=[(1, [onward]), (1, [at(falls, t=T - k - 1)])]
    )
    with prove.assuming(round_):
        level = prove(at_most(drop, 0, *steps), "no step lowers it").by_parts(
            (1, [at(down, k=t)]), (1, [at(onward, k=T - t - 1)]), using=[round_]
        )
        flat = prove(equal(drop, zero(1, 1), *steps)).by_lemma("antisymmetric", drop, zero(1, 1), using=[falls, level])
        same = prove(equal(Energy(t), Energy(t + 1), *steps), "so all have one energy").by_combining(flat)
        least = prove(at_most(0, step.T @ step, *steps)).by_parts((1, [step]))
        most = prove(at_most(step.T @ step, 0, *steps), "and no step has a length").by_parts(
            (1, [strictly]), using=[at(same, t=t)]
        )
        nothing = prove(equal(step.T @ step, zero(1, 1), *steps)).by_lemma(
            "antisymmetric", step.T @ step, zero(1, 1), using=[least, most]
        )
        gone = prove(equal(step, zero(n, 1), *steps)).by_lemma("definite", n, step, using=[nothing])
        prove(rests).by_combining(gone)


@st.composite
def orbits(draw):
    """States whose energy falls where they move; many rest all the time."""
    size, length = draw(st.integers(1, 3)), draw(st.integers(1, 4))
    points, rest = draw(matrices(size, length + 1)), draw(st.booleans())
    path = [points[:, :1] if rest else points[:, t : t + 1] for t in range(length + 1)]
    lengths = [((b - a).T @ (b - a))[0, 0] for a, b in pairwise(path)]
    drops = [rational(draw(st.integers(1, 3))) if x or draw(st.integers(0, 3)) == 0 else 0 * x for x in lengths]
    counted = [int(drop > 0 and draw(st.booleans())) for drop in drops]
    end = rational(draw(st.integers(-1, 1)))
    levels = [sum(drops[t:], end) for t in range(length + 1)]
    return case(
        T=length, h=path, Energy=[matrix([[level]]) for level in levels],
        a=[matrix([[x / drop if drop else x]]) for x, drop in zip(lengths, drops, strict=True)],
        c=[[[one]] for one in counted], low=matrix([[levels[-1]]]),
        cost=min((drop for drop, one in zip(drops, counted, strict=True) if one), default=rational(1)),
    )  # fmt: skip


def run(states, energies, **values):
    """An orbit of one number with these energies; nothing is counted."""
    still = [[[0]]] * (len(states) - 1)
    given = {"a": still, "c": still, "low": [[0]], "cost": 1} | values
    return case(T=len(states) - 1, h=[[[x]] for x in states], Energy=[[[x]] for x in energies], **given)


THEOREM = Theorem(
    given=(SIZE, *LETTERS),
    hypotheses={
        falls: run([0, 1, 0], [0, 1, 0], a=[[[-1]], [[1]]], c=[[[-1]], [[0]]]),
        strictly: run([0, 1], [0, 0]),
        costly: run([0, 0], [0, 0], c=[[[1]]]),
        bounded: run([0, 0], [0, 0], low=[[1]]),
    },
    conclusions=(few, implies(round_, rests)),
    proof=proof,
    examples={"a step down, then rest": run([0, 1, 1], [2, 1, 1], a=[[[1]], [[0]]], c=[[[1]], [[0]]])},
    cases=orbits(),
    source="J. P. LaSalle, The Stability and Control of Discrete Processes, Springer 1986; the open notes of GSEMM",
)  # fmt: skip
