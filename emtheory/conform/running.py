"""Load a target and run the properties against it.

Main functions: `load(words)`, `run(target) -> list[Result]`. Every property has its own random numbers, which depend on
the seed, its name and the number of the trial only; trials grow, so that the first that fails is among the smallest.
"""

from __future__ import annotations

import importlib.util
import sys
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from types import ModuleType
from typing import Any, Literal

import numpy as np

from emtheory.conform.contract import FUNCTIONS
from emtheory.conform.trial import NotCoveredError, Property, Trial, UndecidedError, ViolationError

__all__ = ["EXAMPLES", "Outcome", "Result", "load", "misspelt", "properties", "run"]

Outcome = Literal["passed", "failed", "undecided", "not covered"]

EXAMPLES = 24
"""Trials of a property."""
_SIZES = 4


@dataclass(frozen=True)
class Result:
    """What came out for one property.

    Attributes:
        property: which one.
        outcome: passed, failed, undecided (the bounds were too wide to tell in every trial) or not covered.
        worst: the largest ratio of an error to its bound; infinite where a condition without degrees failed.
        trials: how many were run.
        failures: how many failed.
        message: got, expected, bound of the smallest failing case; why it is undecided or not covered; "" if passed.
        code: the calls of that case, to be pasted.
    """

    property: Property
    outcome: Outcome
    worst: float = 0.0
    trials: int = 0
    failures: int = 0
    message: str = ""
    code: str = ""


def properties() -> list[Property]:
    """All properties, function by function in the order of the contract.

    >>> sorted({claim.function for claim in properties()}) == sorted(FUNCTIONS)
    True
    """
    from emtheory.conform import (
        properties_compare_spectra,
        properties_is_stable,
        properties_memory_basis,
        properties_networks,
        properties_predict,
        properties_pseudo_inverse,
        properties_recover_composition,
        properties_simulate,
    )

    collections = [
        properties_predict.operator_claims,
        properties_predict.spectrum_claims,
        properties_compare_spectra.claims,
        properties_memory_basis.claims,
        properties_recover_composition.claims,
        properties_pseudo_inverse.claims,
        properties_networks.jacobian_claims,
        properties_networks.fixed_claims,
        properties_simulate.claims,
        properties_is_stable.claims,
    ]
    return [claim for claims in collections for claim in claims.all()]


def load(words: str) -> Any:
    """The target that these words name: a file FILE.py, a module, or MODULE:OBJECT as in an entry point.

    Raises:
        ValueError: there is no such thing, or it defines none of the functions.

    >>> load("emtheory.conform.own").__name__
    'emtheory.conform.own'
    """
    where, _, inside = words.partition(":")
    target: Any = _file(Path(words)) if words.endswith(".py") else _module(where)
    for name in inside.split(".") if inside and not words.endswith(".py") else ():
        if not hasattr(target, name):
            raise ValueError(f"the target must exist, but {where} has no {name!r}; name an object that it defines")
        target = getattr(target, name)
    if not _functions(target):
        near = misspelt(target)
        hint = f"did you mean {near[0][1]} by {near[0][0]}?" if near else f"it may define {', '.join(FUNCTIONS)}"
        raise ValueError(f"a target must define a function of the contract, but {words} has none; {hint}")
    return target


def misspelt(target: Any) -> list[tuple[str, str]]:
    """(name, what it nearly is) for functions of the target that are no function of the contract but nearly one.

    >>> from types import SimpleNamespace
    >>> misspelt(SimpleNamespace(is_stabel=lambda W: True, simulate=lambda *_: 0))
    [('is_stabel', 'is_stable')]
    """
    from difflib import get_close_matches

    lacking = [name for name in FUNCTIONS if not callable(getattr(target, name, None))]
    found = []
    for name in sorted(set(dir(target)) - set(FUNCTIONS)):
        near = get_close_matches(name.lower(), lacking, n=1, cutoff=0.8) if not name.startswith("_") else []
        if near and callable(getattr(target, name)):
            found.append((name, near[0]))
    return found


def _file(path: Path) -> ModuleType:
    if not path.is_file():
        raise ValueError(f"the target must be a file that exists, but {path} does not; check the path")
    name = f"emtheory_target_{path.stem}"
    spec = importlib.util.spec_from_file_location(name, path)
    if spec is None or spec.loader is None:
        raise ValueError(f"the target must be Python, but {path} cannot be imported; name a .py file")
    module = importlib.util.module_from_spec(spec)
    folder = str(path.parent.resolve())
    sys.path.insert(0, folder)  # its neighbours are importable, as in a script
    sys.modules[name] = module
    try:
        spec.loader.exec_module(module)
    finally:
        sys.path.remove(folder)
    return module


def _module(name: str) -> ModuleType:
    try:
        return import_module(name)
    except ModuleNotFoundError as error:
        if error.name and name.startswith(error.name):
            raise ValueError(
                f"the target must be importable, but there is no module {name!r}; a file needs its ending .py"
            ) from error
        raise


def _functions(target: Any) -> dict[str, Callable[..., Any]]:
    found = {name: getattr(target, name, None) for name in FUNCTIONS}
    return {name: function for name, function in found.items() if callable(function)}


def run(
    target: Any, *, seed: int = 0, examples: int = EXAMPLES, watch: Callable[[int, int], None] | None = None
) -> list[Result]:
    """The result of every property, in order; those of functions that the target lacks are not covered.

    Arguments:
        target: anything with the functions as attributes.
        seed: determines all cases.
        examples: trials of a property.
        watch: is told (done, total).

    Raises:
        ValueError: examples < 1, or a negative seed.

    >>> from types import SimpleNamespace
    >>> half = SimpleNamespace(is_stable=lambda W: bool(np.abs(W).max() < 1))
    >>> results = {result.property.id: result.outcome for result in run(half, examples=8)}
    >>> results["is_stable.outside"], results["is_stable.small-entries"], results["simulate.outputs"]
    ('passed', 'failed', 'not covered')
    """
    if examples < 1 or seed < 0:
        raise ValueError(f"examples must be at least 1 and the seed at least 0, but they are {examples} and {seed}")
    functions, claims = _functions(target), properties()
    results = []
    for done, claim in enumerate(claims, start=1):
        results.append(_result(claim, functions, seed, examples))
        if watch is not None:
            watch(done, len(claims))
    return results


def _result(claim: Property, functions: dict[str, Callable[..., Any]], seed: int, examples: int) -> Result:
    if claim.function not in functions:
        return Result(claim, "not covered", message=f"the target has no {claim.function}")
    worst, failures, smallest, skipped, open_, decided = 0.0, 0, ("", ""), "", "", 0
    for trial in _trials(claim, functions, seed, examples):
        try:
            claim.check(trial)
        except NotCoveredError as error:
            skipped = str(error)
            continue
        except UndecidedError as error:
            open_ = str(error)
            continue
        except ViolationError as error:
            failures += 1
            code = "\n".join(trial.calls)
            if not smallest[1] or len(code) < len(smallest[1]):
                smallest = str(error), code
        worst, decided = max(worst, trial.worst), decided + 1
    if failures:
        return Result(claim, "failed", worst, examples, failures, *smallest)
    if skipped:
        return Result(claim, "not covered", worst, examples, 0, skipped)
    if not decided:
        return Result(claim, "undecided", worst, examples, 0, f"no case can tell: {open_}")
    return Result(claim, "passed", worst, examples)


def _trials(claim: Property, functions: dict[str, Callable[..., Any]], seed: int, examples: int) -> Iterator[Trial]:
    for number in range(examples):
        rng = np.random.default_rng([seed, zlib.crc32(claim.id.encode()), number])
        yield Trial(functions, rng, 1 + number * _SIZES // examples)
