"""What `emtheory prove` prints: statements, their conclusions with their ground, and what the proofs rest on."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from rich.console import RenderableType
from rich.table import Table
from rich.text import Text

from emtheory.formulas.prove import Conclusion, Found
from emtheory.kernel.axioms import AXIOMS

__all__ = ["statements"]

STYLES = {"proved": "green", "confirmed": "cyan", "refuted": "bold red", "undecided": "yellow"}
GROUNDS = tuple(STYLES)


def statements(found: Sequence[Found], *, whole: bool) -> Iterator[RenderableType]:
    """A row for each statement; with `whole`, its hypotheses and conclusions as formulas too."""
    yield _table(found)
    for one in found:
        yield from _details(one) if whole else _troubles(one)
    lemmas = sorted({name for one in found for name in one.lemmas})
    if lemmas:
        yield Text("Lemmas that the proofs cite; all else is replayed by the kernel from its elementary axioms")
        yield from (Text(f"  {name}: {AXIOMS[name][1]}") for name in lemmas)
    yield Text(_summary(found))


def _table(found: Sequence[Found]) -> Table:
    table = Table(box=None, pad_edge=False)
    table.add_column("statement")
    for column in (*GROUNDS, "necessary", "seconds", "replayed in"):
        table.add_column(column, justify="right")
    for one in found:
        counts = [sum(c.ground == ground for c in one.conclusions) for ground in GROUNDS]
        cells = [
            Text(str(n or "-"), style=STYLES[ground] if n else "") for ground, n in zip(GROUNDS, counts, strict=True)
        ]
        shown = [h for h in one.hypotheses if h.necessary == "yes"]
        needed = f"{len(shown)}/{len(one.hypotheses)}" if one.hypotheses else "-"
        table.add_row(one.name, *cells, needed, f"{one.seconds:.2f}", f"{one.replaying:.2f}")
    return table


def _details(one: Found) -> Iterator[Text]:
    yield Text(f"\n{one.name}: {one.title}")
    for hypothesis in one.hypotheses:
        mark = {"yes": "necessary", "not shown": "not shown necessary", "no": "its case shows nothing"}
        yield Text(f"  if    {hypothesis.formula}   [{mark[hypothesis.necessary]}]")
    for conclusion in one.conclusions:
        yield from _conclusion(conclusion)
    yield from _troubles(one)


def _conclusion(conclusion: Conclusion) -> Iterator[Text]:
    yield Text(f"  then  {conclusion.formula}")
    facts = conclusion.evidence
    read = f"{facts['distinct']} distinct cases, {facts['readings']} readings" if "distinct" in facts else "no case"
    line = Text("        ")
    line.append(conclusion.ground, style=STYLES[conclusion.ground])
    line.append(f" for {conclusion.scope}; {read}" if conclusion.ground == "proved" else f"; {read}")
    yield line


def _troubles(one: Found) -> Iterator[Text]:
    if one.trouble:
        yield Text(f"{one.name}: {one.trouble}", style="yellow")
    if one.printed == "not refuted":
        yield Text(f"{one.name}: the counterexample does not refute the printed claim", style="bold red")
    for conclusion in one.conclusions:
        if conclusion.ground in ("refuted", "undecided"):
            where = f" on {conclusion.evidence['case']}" if "case" in conclusion.evidence else ""
            yield Text(f"{one.name}: {conclusion.ground}: {conclusion.formula}: {conclusion.reason}{where}")
        elif conclusion.ground == "confirmed":
            yield Text(f"{one.name}: confirmed, not proved: {conclusion.formula} ({conclusion.reason})")
    for words, reason in one.open_steps:
        yield Text(f"{one.name}: a step was not shown: {words}: {reason}", style="yellow")
    for hypothesis in one.hypotheses:
        if hypothesis.necessary == "no":
            yield Text(f"{one.name}: {hypothesis.formula} is not shown necessary: {hypothesis.reason}", style="yellow")
        if not hypothesis.used:
            yield Text(f"{one.name}: the proof does not use {hypothesis.formula}", style="yellow")


def _summary(found: Sequence[Found]) -> str:
    total = [sum(c.ground == ground for one in found for c in one.conclusions) for ground in GROUNDS]
    said = ", ".join(f"{n} {ground}" for ground, n in zip(GROUNDS, total, strict=True) if n)
    errata = sum(one.printed in ("refuted", "no meaning") for one in found)
    printed = f"; {errata} printed claims refuted or without meaning" if errata else ""
    return f"{sum(total)} conclusions of {len(found)} statement{'s' * (len(found) != 1)}: {said}{printed}"
