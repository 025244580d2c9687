"""What a reader has to know: the summary in five lines, the words for evidence, the letters of the bundled theorems."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from emtheory.report.pages.document import Badge, Document, ErratumPart, TheoremPart

__all__ = ["EVIDENCE", "LETTERS", "OUTCOMES", "THEORY", "headline", "summary"]

THEORY = (
    "A task with s variables of κ numbers each asks a network to remember its inputs u(1) … u(s) and to go on from"
    " them: x(t) = u(t) for t ≤ s, and x(t) = Σ_k C_k x(t-s-1+k) for t > s, the sum over k = 1 … s. Repeat copy, which"
    " puts out the inputs again and again, is C_1 = I and C_2 = … = C_s = 0.",
    "The theory says how a recurrent network does it. Its hidden state holds the last s values side by side,"
    " h(t) = Σ_k Psi_k x(t-s+k), in *variable memories* Psi_1 … Psi_s, which are blocks of columns. Each step moves"
    " every variable to the next place and composes the new one: W = Xi Phi Dual, with Xi = [Psi_1 … Psi_s], with Phi"
    " made of the blocks C_k and a shift, and with any Dual that reads what Xi writes, Dual Xi = I.",
    "So W has the eigenvalues of Phi, the algorithm can be read off the weights of a trained network, and the blocks"
    " C_k decide what can be remembered, for how long, and what no linear network can do. Each theorem makes one such"
    " statement precise and shows on what grounds it stands; the errata are printed claims that fail.",
)
OUTCOMES = (
    ("proved", "everything that was checked holds, and so does every theorem that it uses"),
    ("refuted", "a check failed; the place and the case are shown"),
    ("undecided", "a check could not tell, or was not made; this never counts as proved"),
)
EVIDENCE = (
    (
        "derived",
        "a step shown for all sizes by symbolic algebra with declared relations, and evaluated on matrices too",
    ),
    ("exact", "decided in rational arithmetic, without rounding, on a named example"),
    ("enclosed, bounded", "a floating-point computation within a proved bound of its rounding errors; no tolerance"),
    ("searched", "no counterexample among so many random cases: evidence, not a proof"),
    ("necessary", "dropping this hypothesis alone makes a conclusion fail on the case that is shown"),
    ("observed", "measured on a trained network: a fact about that network, not a theorem"),
)
LETTERS = (
    ("s, κ, n, m", "number of variables, entries of each, neurons, and m = s κ memories"),
    ("u(t), x(t), y(t), h(t)", "input, what the task asks for, output, and hidden state at step t"),
    ("C_1 … C_s", "κ × κ blocks of a task: x(t) = Σ_k C_k x(t-s-1+k) for t > s, and x(t) = u(t) before"),
    ("Phi, Phi_C", "m × m interactions of the memories; Phi_C shifts variables down and composes with C_k"),
    ("E_k", "block column k of the m × m identity: it selects variable k"),
    ("Xi, Psi_k", "n × m basis of memories in the hidden space; variable memory k is Psi_k = Xi E_k"),
    ("Dual, Ξ†, Psi*_k", "any m × n matrix with Dual Xi = I, the Moore-Penrose one, and E_kᵀ Dual: they read"),
    ("W, U, R", "recurrent weights W = Xi Phi Dual, write operator U = Xi E_s, read operator R = E_sᵀ Dual"),
)


def headline(document: Document) -> tuple[str, str]:
    """The outcome of the whole, and a sentence on it."""
    outcomes = {part.outcome for part in document.parts}
    worst = "undecided"
    if "refuted" in outcomes:
        worst = "refuted"
    elif outcomes == {"proved"} and not document.errors and not document.interrupted:
        worst = "proved"
    total, not_proved = len(document.parts), [part.name for part in document.parts if part.outcome != "proved"]
    if not total:
        return worst, "No theorem was checked."
    if not_proved:
        more = f" and {len(not_proved) - 4} more" if len(not_proved) > 4 else ""
        verb = "is" if len(not_proved) == 1 else "are"
        return worst, f"{len(not_proved)} of {total} {verb} not proved: {', '.join(not_proved[:4])}{more}."
    if document.errors:
        return worst, f"{total} checked and proved, but {len(document.errors)} could not be checked."
    return worst, f"All {total} statements hold as checked." if total > 1 else "The statement holds as checked."


def summary(document: Document) -> list[str]:
    """What was verified and found, in five lines."""
    environment = document.environment
    return [
        _theorem_line(document),
        _evidence_line(document),
        _errata_line(document),
        _base_line(document),
        f"Made by emtheory {environment['emtheory']} in {document.seconds:.1f} s with seed {environment['seed']}; every"
        " finding names the command that repeats it alone.",
    ]


def _share(badge: Badge) -> str:
    return f"{badge.total}" if badge.proved == badge.total else f"{badge.proved} of {badge.total}"


def _counted(parts: Sequence[TheoremPart] | Sequence[ErratumPart], one: str, many: str) -> str:
    """How many there are, and how many have each outcome unless all are proved."""
    counts = Counter(part.outcome for part in parts)
    total = f"{len(parts)} {one if len(parts) == 1 else many}"
    if counts["proved"] == len(parts):
        return f"{total} proved"
    return f"{total}: " + ", ".join(f"{n} {o}" for o in ("proved", "refuted", "undecided") if (n := counts[o]))


def _theorem_line(document: Document) -> str:
    if not document.theorems:
        return "No theorem was checked."
    steps = _share(document.badge("derived"))
    return f"{_counted(document.theorems, 'theorem', 'theorems')}; {steps} derivation steps hold for all sizes."


def _evidence_line(document: Document) -> str:
    necessary, most = document.badge("necessary").proved, document.environment["examples"]
    hypotheses = sum(len(theorem.hypotheses) for theorem in document.theorems)
    return (
        f"Checked besides: {_share(document.badge('exact'))} exact verdicts on named examples,"
        f" {_share(document.badge('in bounds'))} floating-point computations within proved error bounds, and"
        f" {_share(document.badge('searched'))} statements on up to {most} random cases each."
        f" Without {necessary} of {hypotheses} hypotheses a conclusion fails, as a case shows."
    )


def _errata_line(document: Document) -> str:
    total = len(document.errata)
    if not total:
        return "No printed claim was examined for errors."
    if all(erratum.outcome == "proved" for erratum in document.errata):
        claims = "printed claim is" if total == 1 else "printed claims are"
        return f"{total} {claims} wrong: a counterexample refutes what is printed, and a corrected form is verified."
    counted = _counted(document.errata, "erratum", "errata")
    return f"{counted}; proved means that the printed claim is refuted and the corrected one holds."


def _base_line(document: Document) -> str:
    total = len(document.trusted_base)
    if not total:
        return "No derivation here cites a lemma; all rests on the software that is listed at the end."
    failed = sum(lemma["spot_check"] != "proved" for lemma in document.trusted_base)
    lemmas = "one textbook lemma" if total == 1 else f"{total} textbook lemmas"
    checks = f"of which {failed} failed a spot check" if failed else "spot-checked"
    return f"The derivations rest on {lemmas}, {checks}, and all rests on the software that is listed at the end."
