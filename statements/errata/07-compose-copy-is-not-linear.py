"""The circuit with U = Ψ_s does not solve compose copy: inputs interfere while they are written.

A variable that C_2 … C_s act on is composed before all inputs are in. With s = 2 and all inputs (1, 1) the circuit
puts out (1, 2) where the task has (1, 1); for s variables the last component ends s - 1 too high. The circuit solves
a task for all inputs iff C_j C_k = 0 for all j and k ≥ 2; repeat copy is one, compose copy is none for s ≥ 2.
"""

from emtheory.formulas import Erratum, case, sibling

interference = sibling(__file__, "write-interference")

COMPOSE_COPY = [[[1, 0], [0, 0]], [[0, 0], [0, 1]]]
ERRATUM = Erratum(
    number=7,
    printed="the circuit with U = Ψ_s solves compose copy",
    why="C_2 already acts while inputs are being written: s = 2, all inputs (1, 1), puts out (1, 2)",
    corrected="it solves a task iff C_j C_k = 0 for all j and k ≥ 2; no linear network solves compose copy, s ≥ 2",
    given=interference.THEOREM.given,
    definitions=interference.THEOREM.definitions,
    claim=interference.solves,
    counterexample=case(C=COMPOSE_COPY, s=2),
    correction=interference.criterion,
    examples={
        "compose copy fails": case(C=COMPOSE_COPY, s=2),
        "repeat copy succeeds": case(C=[[[1, 0], [0, 1]], [[0, 0], [0, 0]]], s=2),
    },
    cases=interference.THEOREM.cases,
    proof=interference.proof,
    uses=interference.THEOREM.uses,
    theorem="lti-impossibility",
    source="Karuvally, DelMastro, Siegelmann, arXiv:2310.02430, the circuit of compose copy",
)
