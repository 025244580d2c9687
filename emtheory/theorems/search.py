"""The search: property-based cases against hypotheses, conclusions and numeric functions, shrunk where they fail.

`judged(check, case)` calls a theorem's function and turns whatever goes wrong in it into UNDECIDED. `search(…)`
draws cases with hypothesis, and returns one verdict for each function, whose scope is computed from what was drawn.
`draw(…)` returns some cases. The seed determines all cases that are made of integers from −99 to 99, booleans and
choices, as those of the bundled theorems are; among larger integers, floats and texts hypothesis also tries those that
stand in the source of modules outside of site-packages that the process has loaded.
"""

from __future__ import annotations

import dataclasses
import traceback
import warnings
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from emtheory.theorems.theorem import Case, Check
from emtheory.verdict import Kind, Outcome, Verdict, proved, refuted, undecided

__all__ = ["CRASHES", "draw", "failure", "judged", "search", "with_evidence"]

CRASHES = (Exception, SystemExit)
"""What somebody's code may raise: a crash decides nothing, and `sys.exit(0)` must not look like success."""


def judged(check: Check, case: Case) -> Verdict:
    """check(*case); an exception, a missing verdict and a mere observation are undecided, with the line."""
    try:
        verdict = check(*case)
    except KeyboardInterrupt:
        raise
    except BaseException as error:  # a crash decides nothing, and no exit of a theorem is one of emtheory
        return undecided(Kind.EXACT, "one case", **failure(error, check))
    line = check.__code__.co_firstlineno
    if not isinstance(verdict, Verdict):
        reason = f"{check.__name__} returned {type(verdict).__name__}, not a Verdict"
        return undecided(Kind.EXACT, "one case", reason=reason, line=line)
    if not isinstance(verdict.outcome, Outcome) or not isinstance(verdict.kind, Kind):
        reason = f"{check.__name__} returned a Verdict with another outcome or kind than there are"
        return undecided(Kind.EXACT, "one case", reason=reason, line=line)
    if verdict.outcome is Outcome.PROVED and verdict.kind is Kind.OBSERVED:
        return undecided(verdict.kind, verdict.scope, reason="an observation proves nothing", line=line)
    if verdict.outcome is Outcome.PROVED:
        return verdict
    return with_evidence(verdict, line=line)


def with_evidence(verdict: Verdict, **facts: Any) -> Verdict:
    """The verdict with more evidence."""
    return dataclasses.replace(verdict, evidence={**verdict.evidence, **facts})


def failure(error: BaseException, function: Callable[..., Any]) -> dict[str, Any]:
    """What to tell about an exception that a theorem's function raised: type, message, file and line."""
    own = function.__code__.co_filename
    frames = traceback.extract_tb(error.__traceback__)
    inside = [frame.lineno for frame in frames if frame.filename == own]
    message = " ".join(str(error).split())
    where = f"{frames[-1].filename}:{frames[-1].lineno}" if frames else own
    reason = f"{function.__name__} raised {type(error).__name__}: {message}"
    return {"reason": reason, "raised_at": where, "line": inside[-1] if inside else function.__code__.co_firstlineno}


@dataclass
class _Tally:
    """What the search saw of one function."""

    proved: int = 0
    undecided: int = 0
    ratio: float = -1.0
    evidence: dict[str, Any] = field(default_factory=dict)

    def add(self, verdict: Verdict, case: Case) -> None:
        if verdict.outcome is Outcome.UNDECIDED:
            self.undecided += 1
            if self.undecided == 1:
                self.evidence = {**verdict.evidence, "case": repr(case)}
            return
        self.proved += 1
        ratio = float(verdict.evidence.get("ratio", -1.0))
        if ratio > self.ratio and not self.undecided:
            self.ratio, self.evidence = ratio, {"ratio": ratio, "case": repr(case)}


@dataclass
class _Run:
    """What one run over the cases saw: functions and what they returned, and why cases were set aside."""

    tallies: dict[Check, _Tally]
    sizes: Sizes = field(default_factory=dict)
    cases: int = 0
    outside: int = 0
    failed: tuple[Check, Verdict, Case] | None = None
    trouble: dict[str, Any] = field(default_factory=dict)


class _FoundError(Exception):
    """A case with the outcome that the run looks for; hypothesis shrinks it."""


def search(
    checks: Sequence[Check], *, hypotheses: Sequence[Check], cases: Any, examples: int, seed: int
) -> dict[Check, Verdict]:
    """A verdict (kind SEARCHED) on each check over `examples` drawn cases that satisfy the hypotheses.

    A refuting case ends the search and is shrunk; without one, an undecided case is shrunk. A check is proved only if
    it was on every case, and a strategy that is unhealthy or draws cases outside of the hypotheses proves nothing.
    """
    run = _run(checks, hypotheses, cases, examples, seed, Outcome.REFUTED)
    if run.failed is None and any(tally.undecided for tally in run.tallies.values()):
        run.failed = _run(checks, hypotheses, cases, examples, seed, Outcome.UNDECIDED).failed
    return {check: _verdict(check, run, examples) for check in checks}


def _verdict(check: Check, run: _Run, examples: int) -> Verdict:
    tally = run.tallies[check]
    scope = "; ".join([f"{run.cases} case{'s' * (run.cases != 1)}", *_bounds(run.sizes)])
    counts = {"cases": run.cases, "requested": examples, "undecided_cases": tally.undecided}
    if run.trouble:
        return undecided(Kind.SEARCHED, scope, **counts, **run.trouble)
    if run.failed and run.failed[0] is check:
        _, verdict, case = run.failed
        shrunk = {**verdict.evidence, "case": repr(case), **counts}
        decide = refuted if verdict.outcome is Outcome.REFUTED else undecided
        return decide(Kind.SEARCHED, f"one case of {scope}", **shrunk)
    if run.outside:
        reason = f"{run.outside} drawn cases do not satisfy the hypotheses"
        return undecided(Kind.SEARCHED, scope, reason=reason, **counts)
    if tally.undecided or not tally.proved:
        return undecided(Kind.SEARCHED, scope, **{"reason": "no case was decided", **tally.evidence, **counts})
    return proved(Kind.SEARCHED, scope, **tally.evidence, **counts)


def _run(
    checks: Sequence[Check], hypotheses: Sequence[Check], cases: Any, examples: int, seed: int, stop: Outcome
) -> _Run:
    run = _Run({check: _Tally() for check in checks})

    def attack(case: Case) -> None:
        if not _inside(case, hypotheses, run):
            return
        counting = run.failed is None  # afterwards hypothesis is shrinking, which is no search
        if counting:
            run.cases += 1
            _measure(run.sizes, case, checks[0])
        for check in checks:
            verdict = judged(check, case)
            if verdict.outcome is stop and (counting or (run.failed and run.failed[0] is check)):
                run.failed = check, verdict, case
                raise _FoundError
            if counting:
                run.tallies[check].add(verdict, case)

    run.trouble = _explore(attack, cases, examples, seed)
    return run


def _inside(case: Any, hypotheses: Sequence[Check], run: _Run) -> bool:
    """Whether the case satisfies every hypothesis; if not, it is counted."""
    if not isinstance(case, tuple):
        raise TypeError(f"cases drew {type(case).__name__} {case!r}, not a tuple")
    inside = all(judged(hypothesis, case).outcome is Outcome.PROVED for hypothesis in hypotheses)
    run.outside += not inside
    return inside


def draw(*, hypotheses: Sequence[Check], cases: Any, count: int, seed: int) -> tuple[list[Case], dict[str, Any]]:
    """About `count` cases that satisfy the hypotheses, and what was wrong with the strategy, if anything."""
    run = _Run({})
    drawn: list[Case] = []

    def keep(case: Case) -> None:
        if _inside(case, hypotheses, run):
            drawn.append(case)

    trouble = _explore(keep, cases, count, seed)
    return drawn, trouble


def _explore(attack: Callable[[Any], None], cases: Any, examples: int, seed: int) -> dict[str, Any]:
    """Calls `attack` on drawn cases until one raises `_FoundError`, which is shrunk; the trouble on the way, if any."""
    from hypothesis import HealthCheck, Phase, Verbosity, given, settings
    from hypothesis import seed as seeded
    from hypothesis.errors import HypothesisWarning

    configured = settings(
        max_examples=examples,
        phases=(Phase.generate, Phase.shrink),
        database=None,
        deadline=None,
        derandomize=False,
        report_multiple_bugs=False,
        print_blob=False,
        verbosity=Verbosity.quiet,
        suppress_health_check=(HealthCheck.too_slow,),  # a busy machine is no defect of a theorem
    )

    def attempt(case: Any) -> None:
        attack(case)

    explore: Any = attempt
    for decorate in (given(cases), configured, seeded(seed)):
        explore = decorate(explore)
    with warnings.catch_warnings():
        warnings.simplefilter("error", HypothesisWarning)
        try:
            explore()
        except _FoundError:
            pass
        except KeyboardInterrupt:
            raise
        except BaseException as error:  # an unhealthy or raising strategy, or a function that is not deterministic
            return {"reason": f"the search stopped with {type(error).__name__}: {' '.join(str(error).split())}"}
    return {}


# --- how large the cases were -----------------------------------------------------------------------------------------

Sizes = dict[str, tuple[int, ...]]


def _measure(sizes: Sizes, case: Case, check: Check) -> None:
    names = check.__code__.co_varnames[: check.__code__.co_argcount]
    for name, value in zip(names, case, strict=False):
        for label, size in _sizes(name, value).items():
            known = sizes.get(label, size)
            sizes[label] = tuple(map(max, known, size)) if len(known) == len(size) else max(known, size)


def _sizes(name: str, value: Any) -> Sizes:
    """The sizes in a value of a case: n, m, s, κ of the theory's objects, else shapes, lengths and integers."""
    if isinstance(value, (bool, str)) or value is None:
        return {}
    if isinstance(value, int):
        return {name: (value,)}
    own = {label: getattr(value, label, None) for label in ("n", "m", "s", "kappa")}
    known: Sizes = {label.replace("kappa", "κ"): (size,) for label, size in own.items() if isinstance(size, int)}
    if known:
        return known
    if dataclasses.is_dataclass(value):
        parts = [_sizes(f.name, getattr(value, f.name)) for f in dataclasses.fields(value)]
        return {label: size for part in parts for label, size in part.items()}
    shape = getattr(value, "shape", ())
    if isinstance(value, (Sequence, Mapping)):
        return {f"length of {name}": (len(value),)}
    return {name: shape} if isinstance(shape, tuple) and shape else {}


def _bounds(sizes: Sizes) -> list[str]:
    bounds = [f"{label} ≤ {' x '.join(map(str, size))}" for label, size in sizes.items()]
    return [", ".join(bounds)] if bounds else []
