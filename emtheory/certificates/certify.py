"""For how long a tanh network remembers: a proof for each pattern, one by one or for all of them at once.

Main functions: `certify(network, task) -> list[Answer]`, and `all_inputs(network, task)` for saturating circuits. A
float run finds what is to be proved: the first wrong sign, or an orbit. Every answer is proved; see
`emtheory.certificates.orbit` for how, and `emtheory.certificates.checker` for an independent check.
"""

from __future__ import annotations

import math
import os
import time
from collections.abc import Callable, Generator, Sequence
from contextlib import closing
from dataclasses import replace
from functools import partial
from hashlib import sha256
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np

from emtheory.certificates.all_inputs import AllInputs, all_inputs
from emtheory.certificates.certificate import Answer, Certificate
from emtheory.certificates.first_error import lost_at
from emtheory.certificates.log import Log
from emtheory.certificates.orbit import FarError, Orbit, forever, refuse
from emtheory.certificates.target import Target, target
from emtheory.certificates.tube import UnprovedError, finitely
from emtheory.networks.elman import Network
from emtheory.system.array_types import Floats
from emtheory.system.limits import must_fit
from emtheory.system.pool import Lost, completed
from emtheory.theory.tasks import Task

__all__ = ["STEPS", "AllInputs", "all_inputs", "certify", "document", "random_patterns"]

STEPS = 5000
"""Steps after which a run that neither fails nor comes near to an orbit is given up."""

# The search only: what is tried. Nothing here decides what is proved.
FIRST = 64  # steps of the first look at a run, after the inputs
MULTIPLES = 4  # periods of an orbit, in periods of the task
NEAR = 2.0**-16  # a run seems to come to an orbit where a state comes again so closely
PATIENCE = 4  # times `steps`, for a run that comes near to an orbit that attracts it

Watch = Callable[[int, int], None]


def certify(
    network: Network,
    task: Task,
    *,
    patterns: int = 20,
    inputs: Floats | None = None,
    seed: int = 0,
    steps: int = STEPS,
    jobs: int = 1,
    resume: str | os.PathLike[str] | None = None,
    save: str | os.PathLike[str] | None = None,
    watch: Watch = lambda done, total: None,
) -> list[Answer]:
    """For how long the signs of y(t) are those of x(t), t > s: an answer for each pattern, in their order.

    Arguments:
        network: with tanh, any bias, and no leak; of the task's dimensions.
        patterns: how many random inputs u ∈ {±1}, if `inputs` are not given.
        inputs: (patterns, s, κ).
        seed: determines random inputs.
        steps: where a run that neither fails nor comes near to an orbit is given up.
        jobs: processes.
        resume: a file of JSON lines; finished patterns are read from it, and written to it as they are finished.
        save: a folder for the certificates of "forever" and "until", .npz files.
        watch: is told how many patterns are finished, of how many; equal ones count once.

    Raises:
        ValueError: another activation, a leak, sizes that do not fit, patterns, steps or jobs that are too small,
            patterns or steps that need more memory than the limit, a `resume` file of other work, a file that cannot be
            written.

    >>> from emtheory.networks.build import build
    >>> task = Task.compose_copy(2)
    >>> [answer.holds for answer in certify(build(task).network, task, patterns=2)]
    ['forever', 'forever']
    """
    _check(network, task, steps, jobs)
    given = _given(task, inputs, patterns, seed)
    if save is not None:
        Path(save).mkdir(parents=True, exist_ok=True)
    # a new network, because what others may have cached with it does not pickle
    work = _Work(replace(network), task, steps, None if save is None else Path(save))
    with Log(resume, network, task, steps) as log:
        known = {answer.input: answer for answer in log.known if _stands(answer, work.folder)}
        distinct = {_key(u): u for u in given}
        left = [u for key, u in distinct.items() if key not in known]
        watch(len(distinct) - len(left), len(distinct))
        with closing(_answers(work, left, jobs if len(distinct) > 1 else 1)) as answers:
            for done, (index, answer) in enumerate(answers, len(distinct) - len(left) + 1):
                if isinstance(answer, Lost):  # not into the log: the next run tries it again
                    answer = Answer(_key(left[index]), "undecided", None, None, None, 0.0, answer.reason)
                else:
                    log.add(answer)
                known[answer.input] = answer
                watch(done, len(distinct))
    return [known[_key(u)] for u in given]


def _check(network: Network, task: Task, steps: int, jobs: int) -> None:
    refuse(network)
    if network.W_uh.shape[1] != task.kappa or len(network.W_r) != task.kappa:
        raise ValueError(
            f"the network reads {network.W_uh.shape[1]} and writes {len(network.W_r)} numbers a step, but "
            f"{task.name} has k={task.kappa}; give the task that it was trained on"
        )
    if steps <= task.s or jobs < 1:
        raise ValueError(f"steps must be above s={task.s} and jobs at least 1, but they are {steps} and {jobs}")
    # states and their tube, a window of s outputs for each step; inputs as an array and as keys
    needed = PATIENCE * steps * (80 * network.n + 8 * task.s + 32 * task.kappa + 256)
    must_fit(needed, f"a run of {network.n} units over {PATIENCE * steps:,} steps", "give fewer steps")


def _given(task: Task, inputs: Floats | None, patterns: int, seed: int) -> Floats:
    if inputs is not None:
        return _checked(task, inputs)
    must_fit(
        128 * patterns * task.s * task.kappa, f"a list of {patterns:,} inputs of {task.name}", "give fewer patterns"
    )
    return random_patterns(task, patterns, seed)


def random_patterns(task: Task, patterns: int, seed: int) -> Floats:
    """Inputs u ∈ {±1}, (patterns, s, κ); the first ones do not depend on how many there are.

    Raises:
        ValueError: patterns < 1.
    """
    if patterns < 1:
        raise ValueError(f"the number of patterns must be at least 1, but is {patterns}")
    rng = np.random.default_rng(seed)
    return np.asarray(2.0 * rng.integers(0, 2, size=(patterns, task.s, task.kappa)) - 1)


def document(
    network: dict[str, Any], task: Task, everything: AllInputs | None, answers: Sequence[Answer]
) -> dict[str, Any]:
    """The result in the form of the schema `emtheory.certificate/1`; the network as its name and `equations.facts`."""
    counts = {holds: sum(answer.holds == holds for answer in answers) for holds in _HOLDS}
    lost = [answer.steps for answer in answers if answer.holds == "until"]
    every = None
    if everything is not None:
        every = {"bits": everything.bits, "level": everything.level, "margin": everything.margin}
        every["perturbation"] = everything.perturbation
    return {
        "schema": "emtheory.certificate/1",
        "network": network,
        "task": task.name,
        "all_inputs": every,
        "patterns": [answer.to_json() for answer in answers],
        "summary": {
            **{holds.replace(" ", "_"): count for holds, count in counts.items()},
            "first_lost": min((step for step in lost if step is not None), default=None),
            "seconds": sum(answer.seconds for answer in answers),
        },
    }


_HOLDS = ("forever", "until", "at least", "undecided")


class _Work(NamedTuple):
    network: Network
    task: Task
    steps: int
    folder: Path | None


def _checked(task: Task, inputs: Any) -> Floats:
    array = np.asarray(inputs)
    expected = array.ndim == 3 and array.shape[1:] == (task.s, task.kappa) and len(array) > 0
    if not expected or array.dtype.kind not in "fiu" or not np.isfinite(array).all():
        raise ValueError(
            f"inputs must be finite real numbers of shape (patterns, {task.s}, {task.kappa}) for {task.name}, "
            f"but have shape {array.shape} and type {array.dtype}; the last axis is one input"
        )
    return array.astype(np.float64)


def _key(u: Floats) -> tuple[tuple[float, ...], ...]:
    return tuple(tuple(row) for row in u.tolist())


# --- one pattern ------------------------------------------------------------------------------------------------------


def _answer(work: _Work, u: Floats) -> Answer:
    began = time.perf_counter()
    with np.errstate(all="ignore"):  # huge weights: what overflows proves nothing
        answer = _decided(work, u)
    return replace(answer, seconds=time.perf_counter() - began)


def _decided(work: _Work, u: Floats) -> Answer:
    """Follow a float run until a sign is wrong or an orbit is proved; the looks at it double."""
    network, wanted = work.network, target(work.task, u, work.steps)
    plain = Answer(_key(u), "undecided", None, None, None, 0.0)
    states, end, last = np.empty((0, network.n)), min(work.steps, wanted.s + FIRST), work.steps
    reason = f"no orbit was found within {work.steps} steps"
    if wanted.period is None:
        reason = f"what the task asks for does not repeat within {work.steps} steps"
    while True:
        states = _continued(network, u, states, end)
        signs = wanted.upto(end)
        wrong = (network.read(states) * signs <= 0) & (signs != 0)
        late = np.flatnonzero(wrong[wanted.s :].any(axis=1))
        if len(late):
            return _until(work, u, wanted, states[: wanted.s + int(late[0]) + 1], plain)
        if period := _repeats(states, wanted):
            try:
                return _forever(forever(network, work.task.name, u, wanted, states, period), work.folder, plain)
            except UnprovedError as error:
                reason = str(error)
                last = PATIENCE * work.steps if isinstance(error, FarError) else work.steps
        if end >= last:
            right = finitely(network, u, wanted, states[: work.steps]).right
            return _at_least(right, wanted, plain, reason)
        end = min(last, 2 * end)


def _forever(orbit: Orbit, folder: Path | None, plain: Answer) -> Answer:
    proof, margin = orbit.certificate, orbit.margin if math.isfinite(orbit.margin) else None
    answer = replace(plain, holds="forever", steps=proof.steps, period=proof.period, margin=margin)
    return replace(answer, certificate=_saved(proof, folder))


def _until(work: _Work, u: Floats, wanted: Target, states: Floats, plain: Answer) -> Answer:
    finite = finitely(work.network, u, wanted, states)
    step = finite.wrong or len(states)
    if finite.wrong is None and not lost_at(work.network, u, wanted, step):
        reason = f"the float run is wrong at step {step}, which is not proved"
        return _at_least(finite.right, wanted, plain, reason)
    certificate = Certificate.lost(work.network, work.task.name, u, step)
    return replace(plain, holds="until", steps=step, certificate=_saved(certificate, work.folder))


def _at_least(right: int, wanted: Target, plain: Answer, reason: str) -> Answer:
    if right <= wanted.s:
        return replace(plain, reason=reason)
    return replace(plain, holds="at least", steps=right, reason=reason)


def _continued(network: Network, u: Floats, states: Floats, end: int) -> Floats:
    """h(1) … h(end) of a float run, of which the first ones are known."""
    if not len(states):
        first: Floats = network.run(u[np.newaxis], end).states[0]
        return first
    none = np.zeros((1, 0, network.W_uh.shape[1]))
    return np.concatenate([states, network.run(none, end - len(states), start=states[-1]).states[0]])


def _repeats(states: Floats, wanted: Target) -> int | None:
    """The period of the orbit that the run seems to come to: after so many steps its last states nearly come again."""
    if wanted.start is None or wanted.period is None:
        return None
    seen = len(states) - max(wanted.start, wanted.s + 1)
    for period in range(wanted.period, min(MULTIPLES * wanted.period, seen) + 1, wanted.period):
        if np.abs(states[-1] - states[-1 - period]).max() <= NEAR:
            return period
    return None


def _file(u: Floats, folder: Path) -> Path:
    """Named by the input, so that the same pattern has the same name."""
    return folder / f"{sha256(u.tobytes()).hexdigest()[:16]}.npz"


def _saved(certificate: Certificate, folder: Path | None) -> str:
    """The file; "" without a folder."""
    if folder is None:
        return ""
    path = _file(certificate.input, folder)
    certificate.save(path)
    return str(path)


def _stands(answer: Answer, folder: Path | None) -> bool:
    """Whether an answer of an earlier run will do: if proofs are to be saved, its proof has to be there."""
    if folder is None or answer.holds not in ("forever", "until"):
        return True
    path = _file(np.array(answer.input), folder)
    return answer.certificate == str(path) and path.is_file()


# --- many patterns ----------------------------------------------------------------------------------------------------


def _answers(work: _Work, patterns: Sequence[Floats], jobs: int) -> Generator[tuple[int, Answer | Lost], None, None]:
    """The answers as they are finished; a pattern whose process died twice is lost."""
    return completed(partial(_answer, work), patterns, jobs=jobs, preload=[__name__])
