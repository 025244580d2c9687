"""Plain powers of W find the variable memories exactly where nothing is composed.

In a circuit Psi_k = W^(s-k) U for all k ≥ k_0 iff C_(k_0+1) = … = C_s = 0, and for all k iff C_2 = … = C_s = 0: each
step of W also adds Psi_s C_k to what it moves. The deflated powers of (I - U R) W have no such condition.
Idea: W Psi_k = Psi_(k-1) + Psi_s C_k, so W^(s-k) U collects the C of every memory on the way.
"""

from hypothesis import strategies as st

from emtheory.formulas import Theorem, at, by_theorem, case, equal, iff, sibling, size, within
from emtheory.letters import C, Dual, E, W, Xi, k, kappa, n, s, t, zero
from emtheory.theorems.cases import circuits

companion_action, memory_basis = sibling(__file__, "companion-action"), sibling(__file__, "memory-basis")

FIRST = size("k_0", "is the first memory that is looked for")
first = FIRST.symbol

duality = memory_basis.duality
found = equal(W ** (s - k) @ Xi @ E(s), Xi @ E(k), k >= first, k <= s).called(
    "powers of W find the memories from k_0 on"
)
silent = equal(C(k), zero(kappa, kappa), k >= first + 1, k <= s).called("nothing is composed of later ones")


def proof(prove):
    action = by_theorem(companion_action.THEOREM, companion_action.action)
    step = prove(
        equal(W @ Xi @ E(k), Xi @ E(k - 1) + Xi @ E(s) @ C(k), *within(2, k, s)), "a step of W adds Psi_s C_k"
    ).by_rewriting(memory_basis.stored, duality, action)
    with prove.assuming(silent):
        clean = prove(
            equal(W @ Xi @ E(k), Xi @ E(k - 1), k >= first + 1, k <= s), "which is nothing for k > k_0"
        ).by_rewriting(step, silent)
        powers = prove(
            equal(W**t @ Xi @ E(s), Xi @ E(s - t), *within(0, t, s - first)), "so t steps lead from place s to s - t"
        ).by_induction(t, clean)
        prove(found).by_rewriting(powers)
    with prove.assuming(found):
        later = (k >= first + 1, k <= s)
        above = prove(
            equal(W ** (s - k + 1) @ Xi @ E(s), Xi @ E(k - 1), *later), "one power more finds the memory before"
        ).by_rewriting(at(found, k=k - 1))
        beside = prove(
            equal(W ** (s - k + 1) @ Xi @ E(s), Xi @ E(k - 1) + Xi @ E(s) @ C(k), *later), "and is a step of W"
        ).by_rewriting(at(found, k=k), step)
        added = prove(equal(Xi @ E(s) @ C(k), zero(n, kappa), *later), "so nothing was added").by_combining(
            above, beside
        )
        read = E(s).T @ Dual @ (Xi @ E(s) @ C(k))
        unread = prove(equal(read, zero(kappa, kappa), *later), "nothing is read of it").by_rewriting(added)
        itself = prove(equal(read, C(k), *later), "where C_k is read").by_rewriting(duality)
        prove(silent).by_combining(itself, unread)


@st.composite
def beside(draw):
    circuit = draw(circuits(max_n=8))
    task, basis = circuit.task, circuit.basis
    start = draw(st.integers(1, task.s + 1))
    cleared = [0 * block if draw(st.booleans()) and i >= start else block for i, block in enumerate(task.blocks)]
    return case(C=cleared, s=task.s, Xi=basis.xi, Dual=basis.dual, k_0=start)


THEOREM = Theorem(
    given=(C, s, Xi, Dual, FIRST),
    hypotheses={
        duality: case(C=[[[1]], [[0]]], s=2, Xi=[[1, 1], [0, 1]], Dual=[[1, 0], [1, 1]], k_0=1),
    },
    definitions=(companion_action.companion, memory_basis.stored),
    conclusions=(iff(found, silent),),
    proof=proof,
    examples={
        "compose copy: only the last memory": case(
            C=[[[1]], [[1]]], s=2, Xi=[[1, 0], [0, 1]], Dual=[[1, 0], [0, 1]], k_0=2
        ),
    },
    cases=beside(),
    uses=(companion_action.THEOREM,),
    source="Karuvally, DelMastro, Siegelmann, Episodic Memory Theory of RNNs, PMLR 221 (2023), section 5, corrected",
)
