"""The eigenvectors of repeat copy read the discrete Fourier transform of the stored sequence.

For any p x p matrix Z with Z^s = I and any p x kappa matrix B the rows L = Σ_k Z^(s-k) B E_kᵀ Dual satisfy L W = Z L.
On h(s) they read Σ_k Z^(s-k) B u(k), and each step multiplies that by Z. With Z the rotation by 2πq/s, that is
ω^q = e^(2πiq/s) as it acts on real and imaginary parts, and a row of B and a zero row, L has real and imaginary part of
the left eigenvector Σ_k ω^(-qk) ⟨psi^(k,i)| for its rows, and what it reads is Fourier coefficient q of component i of
the inputs. If Z is orthogonal, as rotations are, its modulus is conserved. A cyclic permutation has all roots at once.
Idea: W shifts the summation index by one, and Z^s = I closes the circle.
"""

from hypothesis import strategies as st

from emtheory.formulas import Theorem, at, by_theorem, case, define, equal, implies, letter, sibling, size, within
from emtheory.judges.exact import cycle, direct_sum, eye, matrix
from emtheory.letters import C, Dual, E, Phi, W, Xi, h, identity, k, kappa, n, s, t, total, u
from emtheory.theorems.cases import input_sequences, matrices, memory_bases, selections
from emtheory.theory.tasks import Task

retrieval = sibling(__file__, "repeat-copy-retrieval")

WIDTH = size("p", "is the number of rows that read together")
p = WIDTH.symbol
TURN, PICK = (
    letter("Z", p, p, "turns what is read in one step"),
    letter("B", p, kappa, "picks components of the inputs"),
)
Z, B = TURN.symbol, PICK.symbol
L, f0 = letter("L", p, n, "").symbol, letter("f", p, 1, "").symbol

duality, first, others = retrieval.duality, retrieval.first, retrieval.others
round_ = equal(Z**s, identity(p)).called("s turns are a whole one")
rows = define(L, total(Z ** (s - k) @ B @ E(k).T @ Dual, (k, 1, s)))
transform = define(f0, total(Z ** (s - k) @ B @ u(k), (k, 1, s)))

eigen = equal(L @ W, Z @ L).called("the rows are left eigenvectors: W multiplies them by Z")
read = equal(L @ h(s), f0).called("on the stored sequence they read its Fourier coefficient")
turned = equal(L @ h(s + t), Z**t @ f0, t >= 0).called("and t steps multiply that by Z^t")
orthogonal = equal(Z.T @ Z, identity(p)).called("Z is orthogonal")
modulus = equal((L @ h(s + t)).T @ L @ h(s + t), f0.T @ f0, t >= 0).called("the modulus is conserved")


def proof(prove):
    row = prove(equal(E(k).T @ Phi, E(k + 1).T, *within(1, k, s - 1)), "row k reads variable k + 1").by_rewriting(
        retrieval.companion
    )
    last = prove(equal(E(s).T @ Phi, E(1).T), "and the last row the first one").by_rewriting(
        retrieval.companion, first, others
    )
    prove(eigen).by_rewriting(rows, retrieval.stored, duality, row, last, round_)
    places = by_theorem(retrieval.THEOREM, retrieval.places)
    loaded = prove(equal(h(s), total(Xi @ E(k) @ u(k), (k, 1, s))), "input k is in memory k").by_rewriting(
        at(places, q=0, r=0)
    )
    prove(read).by_rewriting(rows, loaded, transform, duality)
    prove(turned).by_induction(t, read, retrieval.silent, eigen)
    with prove.assuming(orthogonal):
        kept = prove(equal((Z**t).T @ Z**t, identity(p), t >= 0), "so are its powers").by_induction(t, orthogonal)
        prove(modulus).by_rewriting(turned, kept)


QUARTER = [[0, -1], [1, 0]]
THIRD = [[0, 1], [-1, -1]]  # a rotation by a third, in a basis that is not orthogonal


@st.composite
def transformed(draw):
    """Repeat copy in a random basis with inputs, a root of I of each kind, and components to read."""
    sizes = draw(selections(max_s=4, max_m=4))
    task = Task.repeat_copy(sizes.s, sizes.kappa)
    basis, inputs = draw(memory_bases(m=task.s * task.kappa, max_n=5)), draw(input_sequences(task))
    kinds = [cycle(task.s), eye(1), draw(st.sampled_from([eye(2), -eye(1)][: 1 + (task.s % 2 == 0)]))]
    kinds += [matrix(QUARTER)] * (task.s == 4) + [matrix(THIRD), direct_sum(matrix(THIRD), eye(1))] * (task.s == 3)
    turn = draw(st.sampled_from(kinds))
    return case(
        C=list(task.blocks), Xi=basis.xi, Dual=basis.dual, u=[inputs[:, i : i + 1] for i in range(task.s)], s=task.s,
        Z=turn, B=draw(matrices(len(turn), task.kappa)),
    )  # fmt: skip


EYE = [[1, 0], [0, 1]]
SWAP = {"u": [[[3]], [[5]]], "s": 2, "Z": [[0, 1], [1, 0]], "B": [[1], [0]]}
THEOREM = Theorem(
    given=(C, Xi, Dual, u, s, TURN, PICK),
    hypotheses={
        duality: case(C=[[[1]], [[0]]], Xi=[[1, 1], [0, 1]], Dual=[[1, 0], [1, 1]], **SWAP),
        first: case(C=[[[-1]]], Xi=[[1]], Dual=[[1]], u=[[[1]]], s=1, Z=[[1]], B=[[1]]),
        others: case(C=[[[1]], [[1]]], Xi=EYE, Dual=EYE, **SWAP),
        round_: case(C=[[[1]], [[0]]], Xi=EYE, Dual=EYE, **SWAP | {"Z": [[2]], "B": [[1]]}),
    },
    definitions=(
        retrieval.companion, retrieval.stored, retrieval.begin, retrieval.written, retrieval.silent, rows, transform,
    ),
    conclusions=(eigen, read, turned, implies(orthogonal, modulus)),
    proof=proof,
    examples={
        "two numbers, their sum": case(
            C=[[[1]], [[0]]], Xi=EYE, Dual=EYE, **SWAP | {"Z": [[1]], "B": [[1]]}
        ),
        "two numbers, their difference": case(
            C=[[[1]], [[0]]], Xi=EYE, Dual=EYE, **SWAP | {"Z": [[-1]], "B": [[1]]}
        ),
    },
    cases=transformed(),
    uses=(retrieval.THEOREM,),
    source="Karuvally, DelMastro, Siegelmann, Episodic Memory Theory of RNNs, PMLR 221 (2023), section 5",
)  # fmt: skip
