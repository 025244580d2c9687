"""Results in the terminal: a table of theorems, everything that was not proved, the trusted base, the errata.

`verification(report)` and `theorem(file)` return lines and tables for a rich console; piped, they are plain text.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from typing import TYPE_CHECKING, Any, TextIO, TypeGuard

from rich.console import Console, RenderableType
from rich.table import Table
from rich.text import Text

from emtheory.theorems.files import TheoremFile
from emtheory.theorems.results import ErratumResult, Report, TheoremResult
from emtheory.theorems.theorem import Erratum, Theorem, sentence
from emtheory.theorems.units import Checked, steps
from emtheory.verdict import Kind, Outcome

if TYPE_CHECKING:
    from emtheory.analysis.reproduce import Row

__all__ = ["comparison", "console", "errata", "show", "theorem", "verification"]

STYLES = {Outcome.PROVED: "green", Outcome.REFUTED: "bold red", Outcome.UNDECIDED: "yellow"}
COLUMNS = {
    "derived": (Kind.DERIVED,),
    "exact": (Kind.EXACT,),
    "in bounds": (Kind.BOUNDED, Kind.ENCLOSED),
    "searched": (Kind.SEARCHED,),
    "necessary": (Kind.NECESSARY,),
}
LAST_EVIDENCE = ("case", "raised_at")
HIDDEN_EVIDENCE = ("line", "file", "requested", "unfinished")
PIPED_WIDTH = 120
PARTLY = "partly checked"
"""Of a theorem of which only parts were asked for, all of which are proved."""


def console(file: TextIO) -> Console:
    """A console for the stream: as wide as the terminal, and plain when piped."""
    return Console(file=file, width=None if file.isatty() else PIPED_WIDTH, highlight=False, markup=False, emoji=False)


def show(parts: Iterable[RenderableType], screen: Console) -> None:
    """Prints them; lines of text are not broken when piped, so that commands and cases can be copied."""
    for part in parts:
        screen.print(part, soft_wrap=isinstance(part, Text) or not screen.is_terminal)


def verification(report: Report) -> Iterator[RenderableType]:
    """What `emtheory verify` prints."""
    if report.theorems:
        yield _theorem_table(report.theorems)
    if report.errata:
        yield _errata_table(report.errata)
    for result in report.results:
        yield from _troubles(result)
    if report.trusted_base:
        yield Text("Trusted base: lemmas that the derivations cite")
    for lemma in report.trusted_base:
        yield Text(f"  {lemma['name']}: {lemma['statement']} ({lemma['reference']}; spot check {lemma['spot_check']})")
    yield _summary(report)


def comparison(rows: Iterable[Row]) -> Iterator[RenderableType]:
    """What `emtheory reproduce table` prints."""
    heads = ("task", "hidden", "seed", "published", "from W", "from runs", "accuracy", "persist", "needed", "C off by")
    lines = Table(box=None, pad_edge=False)
    for head in heads:
        lines.add_column(head, justify="left" if head == "task" else "right", no_wrap=True)
    for row in rows:
        lines.add_row(
            row.task,
            str(row.hidden),
            "-" if row.seed is None else str(row.seed),
            row.published or "-",
            _figure(row.argument_error),
            _figure(row.argument_error_runs),
            "-" if row.accuracy is None else f"{row.accuracy:.4f}",
            str(row.persistent),
            str(row.minimal_memory),
            "-" if row.composition_error is None else f"{row.composition_error:.4f} ({row.source})",
        )
    yield lines
    yield Text(
        "published, from W, from runs: mean argument error in rad. needed: least number of memories. C off by: largest "
        "error of the recovered composition. All is measured, not proved."
    )


def _figure(value: float | None) -> str:
    return "-" if value is None else f"{value:.2g}"


def errata(report: Report) -> Iterator[Text]:
    """What `emtheory errata` prints: each printed claim beside the right form, with both verdicts."""
    for result in report.errata:
        record = result.file.record
        if not isinstance(record, Erratum) or not result.printed or not result.corrected:
            continue
        yield Text(f"Erratum {record.number}. {result.file.title}", "bold")
        for line in _erratum(record):
            yield Text("  " + line.plain.strip())
        printed, corrected = result.printed.finding.verdict, result.corrected.finding.verdict
        yield Text(
            f"  The printed form is {printed.outcome.value}; the right form is {corrected.outcome.value}",
            STYLES[result.outcome],
        )
        yield Text(f"  ({corrected.scope}){f', see theorem {record.theorem}' if record.theorem else ''}\n")
    yield _summary(report)


def _theorem_table(results: Iterable[TheoremResult]) -> Table:
    table = Table(box=None, pad_edge=False, header_style="bold")
    table.add_column("theorem", overflow="fold")
    table.add_column("outcome", no_wrap=True)
    for name in COLUMNS:
        table.add_column(name, justify="right")
    table.add_column("seconds", justify="right")
    for result in results:
        outcome = PARTLY if _part_holds(result) else result.outcome.value
        counts = [_count(result.findings, kinds) for kinds in COLUMNS.values()]
        seconds = f"{result.seconds:.2f}"
        table.add_row(result.file.name, Text(outcome, STYLES[result.outcome]), *counts, seconds)
    return table


def _count(findings: Iterable[Checked], kinds: tuple[Kind, ...]) -> str:
    """How many findings of these kinds were proved, of how many; of a search, over how many cases."""
    own = [checked for checked in findings if checked.finding.verdict.kind in kinds]
    if not own:
        return "-"
    share = f"{sum(checked.outcome is Outcome.PROVED for checked in own)}/{len(own)}"
    cases = min(int(checked.finding.verdict.evidence.get("cases", 0)) for checked in own)
    return f"{share} on {cases}" if Kind.SEARCHED in kinds else share


def _errata_table(results: Iterable[ErratumResult]) -> Table:
    table = Table(box=None, pad_edge=False, header_style="bold")
    for name in ("erratum", "claim", "as printed", "corrected"):
        table.add_column(name, overflow="fold", no_wrap=name in ("as printed", "corrected"))
    for result in results:
        printed = result.printed.outcome.value if result.printed else "-"
        corrected = result.corrected.outcome.value if result.corrected else "-"
        style = STYLES[result.outcome]
        table.add_row(str(result.number), result.file.title, Text(printed, style), Text(corrected, style))
    return table


def _troubles(result: TheoremResult | ErratumResult) -> Iterator[Text]:
    """What is not proved, why, where, and how to see it again; and hypotheses that no case shows to be necessary."""
    if _part_holds(result):
        yield Text(f"{result.file.name}: what was asked for holds ({', '.join(result.only)}); the rest was not checked")
    elif result.outcome is not Outcome.PROVED:
        yield Text(f"{result.file.name}: {result.outcome.value}, {result.reason}", STYLES[result.outcome])
    for checked in result.findings:
        expected = Outcome.REFUTED if checked.node.endswith("::printed") else Outcome.PROVED
        if checked.outcome is not expected:
            yield from _finding(checked)
    if isinstance(result, TheoremResult):
        for hypothesis in result.not_shown_necessary:
            yield Text(f"{result.file.name}: no case shows that this hypothesis is necessary: {hypothesis}")


def _part_holds(result: TheoremResult | ErratumResult) -> TypeGuard[TheoremResult]:
    """Whether only parts were asked for and all of them are proved, which does not prove the theorem."""
    if not isinstance(result, TheoremResult) or not result.only or result.outcome is not Outcome.UNDECIDED:
        return False
    return bool(result.findings) and all(checked.outcome is Outcome.PROVED for checked in result.findings)


def _finding(checked: Checked) -> Iterator[Text]:
    verdict, evidence = checked.finding.verdict, dict(checked.finding.verdict.evidence)
    yield Text(f"  {checked.outcome.value} {checked.node}: {checked.finding.claim}", STYLES[checked.outcome])
    if "line" in evidence:
        yield Text(f"    at {evidence.get('file', '')}:{evidence['line']}")
    yield Text(f"    {verdict.kind.value}, {verdict.scope}")
    shown = [key for key in evidence if key not in (*LAST_EVIDENCE, *HIDDEN_EVIDENCE)]
    for key in [*shown, *(key for key in LAST_EVIDENCE if key in evidence)]:
        yield Text(f"    {key}: {evidence[key]}")
    yield Text(f"    again: {checked.finding.replay}")


def _summary(report: Report) -> Text:
    parts = [_total(report.theorems, "theorem", "theorems"), _total(report.errata, "erratum", "errata")]
    found = ", ".join(part for part in parts if part) or "nothing checked"
    ending = ", interrupted" if report.interrupted else ""
    options = f"seed {report.environment['seed']}, {report.environment['examples']} cases a search"
    return Text(f"{found} in {report.seconds:.1f} s ({options}){ending}")


def _total(results: Sequence[TheoremResult | ErratumResult], one: str, many: str) -> str:
    """How many there are and what became of them; of theorems apart from errata, which prove something else."""
    counts = Counter(PARTLY if _part_holds(result) else result.outcome.value for result in results)
    total = f"{len(results)} {one if len(results) == 1 else many}"
    if len(counts) < 2:
        return " ".join([total, *counts]) if counts else ""
    order = [*(outcome.value for outcome in Outcome), PARTLY]
    return f"{total} ({', '.join(f'{counts[word]} {word}' for word in order if counts[word])})"


# --- one theorem ------------------------------------------------------------------------------------------------------


def theorem(file: TheoremFile) -> Iterator[Text]:
    """What `emtheory show` prints: statement, hypotheses, derivation step by step, conclusions, examples, sources."""
    yield Text(f"{file.name}: {file.title}", "bold")
    if file.statement:
        yield Text(f"\n{file.statement}")
    if isinstance(file.record, Erratum):
        yield from _erratum(file.record)
    else:
        yield from _theorem(file.record)
    if file.record.uses:
        yield Text(f"\nUses: {', '.join(file.record.uses)}")
    if file.record.source:
        yield Text(f"\nSource: {file.record.source}")
    yield Text(f"\nCheck it: emtheory verify {file.target}")


def _theorem(record: Theorem) -> Iterator[Text]:
    if record.hypotheses:
        yield Text("\nHypotheses", "bold")
    for hypothesis, case in record.hypotheses.items():
        yield Text(f"  {sentence(hypothesis)}")
        necessity = (
            "no case shows that it is necessary"
            if case is None
            else f"without it a conclusion fails, for instance on {case!r}"
        )
        yield Text(f"    {necessity}", "dim")
    if record.derivation:
        yield Text("\nDerivation", "bold")
        found, _, crash = steps(record.derivation)
        for number, (claim, formula) in enumerate(found, start=1):
            yield from _step(number, claim, formula)
        if crash:
            yield Text(f"  {crash['reason']} (line {crash['line']})", STYLES[Outcome.UNDECIDED])
    yield Text("\nConclusions", "bold")
    yield from (Text(f"  {sentence(conclusion)}") for conclusion in record.conclusions)
    yield from (Text(f"  in floats: {sentence(numeric)}") for numeric in record.numeric)
    yield Text("\nExamples", "bold")
    yield from (Text(f"  {name}") for name in record.examples)


def _step(number: int, claim: str, formula: Any) -> Iterator[Text]:
    yield Text(f"  {number}. {claim}")
    lines = formula.lines() if hasattr(formula, "lines") else [repr(formula)]
    yield from (Text(f"       {line}", "dim") for line in lines)


def _erratum(record: Erratum) -> Iterator[Text]:
    yield Text(f"\nAs printed: {record.printed}")
    yield Text(f"Why it fails: {record.why}")
    yield Text(f"Counterexample: {record.counterexample!r}")
    yield Text(f"Corrected: {record.corrected}")
