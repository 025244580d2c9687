"""For how long a tanh network remembers: a proof for each pattern, one by one or for all of them at once.

Main functions: `certify(network, task) -> list[Answer]`, and `all_inputs(network, task)` for saturating circuits. A
float run finds what is to be proved: the first wrong sign, or an orbit. Every answer is proved; see
`emtheory.theory.orbits` for how, and `emtheory.certificate_checker` for an independent check.
"""

from __future__ import annotations

import json
import math
import multiprocessing
import os
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor, as_completed
from dataclasses import replace
from hashlib import sha256
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np

from emtheory.limits import must_fit
from emtheory.theory.boxes import AllInputs, all_inputs
from emtheory.theory.certificates import Answer, Certificate, fingerprint
from emtheory.theory.forgetting import lost_at
from emtheory.theory.networks import Floats, Network
from emtheory.theory.orbits import Orbit, UnprovedError, finitely, forever, refuse
from emtheory.theory.targets import Target, target
from emtheory.theory.tasks import Task
from emtheory.threads import one_blas_thread

__all__ = ["STEPS", "AllInputs", "all_inputs", "certify", "document", "random_patterns"]

STEPS = 5000
"""Steps after which a run that neither fails nor comes to an orbit is given up."""

# The search only: what is tried. Nothing here decides what is proved.
FIRST = 64  # steps of the first look at a run, after the inputs
MULTIPLES = 4  # periods of an orbit, in periods of the task
NEAR = (2.0**-30, 2.0**-45)  # an orbit begins where a state comes again so closely

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
        steps: where a run that neither fails nor comes to an orbit is given up.
        jobs: processes.
        resume: a file of JSON lines; finished patterns are read from it, and written to it as they are finished.
        save: a folder for the certificates of "forever" and "until", .npz files.
        watch: is told how many patterns are finished, of how many; equal ones count once.

    Raises:
        ValueError: another activation, a leak, sizes that do not fit, patterns, steps or jobs that are too small,
            patterns or steps that need more memory than the limit, a `resume` file of other work, a file that cannot be
            written.

    >>> from emtheory.build import build
    >>> task = Task.compose_copy(2)
    >>> [answer.holds for answer in certify(build(task).network, task, patterns=2)]
    ['forever', 'forever']
    """
    refuse(network)
    if network.W_uh.shape[1] != task.kappa or len(network.W_r) != task.kappa:
        raise ValueError(
            f"the network reads {network.W_uh.shape[1]} and writes {len(network.W_r)} numbers a step, but "
            f"{task.name} has k={task.kappa}; give the task that it was trained on"
        )
    if steps <= task.s or jobs < 1:
        raise ValueError(f"steps must be above s={task.s} and jobs at least 1, but they are {steps} and {jobs}")
    # states and their tube, a window of s outputs for each step; inputs as an array and as keys
    needed = steps * (80 * network.n + 8 * task.s + 32 * task.kappa + 256)
    must_fit(needed, f"a run of {network.n} units over {steps:,} steps", "give fewer steps")
    many = patterns if inputs is None else 0
    must_fit(128 * many * task.s * task.kappa, f"a list of {many:,} inputs of {task.name}", "give fewer patterns")
    given = random_patterns(task, patterns, seed) if inputs is None else _checked(task, inputs)
    if save is not None:
        Path(save).mkdir(parents=True, exist_ok=True)
    # a new network, because what others may have cached with it does not pickle
    work = _Work(replace(network), task, steps, None if save is None else Path(save))
    with _Log(resume, work) as log:
        known = {answer.input: answer for answer in log.known}
        distinct = {_key(u): u for u in given}
        left = [u for key, u in distinct.items() if key not in known]
        watch(len(distinct) - len(left), len(distinct))
        for done, answer in enumerate(_answers(work, left, jobs), len(distinct) - len(left) + 1):
            log.add(answer)
            known[answer.input] = answer
            watch(done, len(distinct))
    return [known[_key(u)] for u in given]


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


class _Run(NamedTuple):
    """h(1) … of a float run, its first wrong step, and the begin and period of the orbits that it seems to be on."""

    states: Floats
    wrong: int | None
    orbits: list[tuple[int, int]]


def _answer(work: _Work, u: Floats) -> Answer:
    began = time.perf_counter()
    with one_blas_thread(), np.errstate(all="ignore"):  # huge weights: what overflows proves nothing
        answer = _decided(work, u)
    return replace(answer, seconds=time.perf_counter() - began)


def _decided(work: _Work, u: Floats) -> Answer:
    wanted = target(work.task, u, work.steps)
    run = _run(work, u, wanted, orbits=True)
    plain = Answer(_key(u), "undecided", None, None, None, 0.0)
    reason = ""
    if run.wrong is None:
        found = _orbit(work, u, wanted, run)
        if isinstance(found, Orbit):
            return _forever(found, work.folder, plain)
        reason, run = found, _run(work, u, wanted, orbits=False)
    if run.wrong is not None:
        return _until(work, u, wanted, run.states[: run.wrong], plain)
    return _at_least(finitely(work.network, u, wanted, run.states).right, wanted, plain, reason)


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


def _orbit(work: _Work, u: Floats, wanted: Target, run: _Run) -> Orbit | str:
    """The proof that the run is right for ever, or why there is none."""
    if wanted.period is None:
        return f"what the task asks for does not repeat within {work.steps} steps"
    reason = f"no orbit was found within {work.steps} steps"
    for entry, period in run.orbits:
        try:
            return forever(work.network, work.task.name, u, wanted, run.states, entry, period)
        except UnprovedError as error:
            reason = str(error)
    return reason


def _run(work: _Work, u: Floats, wanted: Target, *, orbits: bool) -> _Run:
    """A float run until a sign is wrong, all steps are done or, for `orbits`, one is found."""
    network, steps = work.network, work.steps
    states, end = np.empty((0, network.n)), min(steps, wanted.s + FIRST)
    while True:
        ahead = end - len(states)
        if len(states):
            new = network.run(np.zeros((1, 0, wanted.signs.shape[1])), ahead, start=states[-1]).states[0]
        else:
            new = network.run(u[np.newaxis], ahead).states[0]
        states = np.vstack([states, new])
        wrong = (network.read(states) * wanted.signs[:end] <= 0) & (wanted.signs[:end] != 0)
        late = np.flatnonzero(wrong[wanted.s :].any(axis=1))
        if len(late):
            return _Run(states, wanted.s + int(late[0]) + 1, [])
        found = _orbits(states, wanted) if orbits else []
        if len(found) == len(NEAR) or end == steps:
            return _Run(states, None, found)
        end = min(steps, 2 * end, end + (wanted.period or end))


def _orbits(states: Floats, wanted: Target) -> list[tuple[int, int]]:
    """For each distance in `NEAR` the first step from which on a state comes again, and after how many steps."""
    if wanted.start is None or wanted.period is None:
        return []
    first, found = max(wanted.start, wanted.s + 1), list[tuple[int, int]]()
    for period in range(wanted.period, MULTIPLES * wanted.period + 1, wanted.period):
        drift = np.abs(states[first - 1 + period :] - states[first - 1 : -period or None]).max(axis=1, initial=0.0)
        for near in NEAR[len(found) :]:
            close = np.flatnonzero(drift <= near)
            if len(close):
                found.append((first + int(close[0]), period))
    return found


def _saved(certificate: Certificate, folder: Path | None) -> str:
    """The file, named by the input so that the same pattern has the same name; "" without a folder."""
    if folder is None:
        return ""
    path = folder / f"{sha256(certificate.input.tobytes()).hexdigest()[:16]}.npz"
    certificate.save(path)
    return str(path)


# --- many patterns ----------------------------------------------------------------------------------------------------


def _answers(work: _Work, patterns: Sequence[Floats], jobs: int) -> Iterator[Answer]:
    """The answers as they are finished; BLAS has one thread in each process."""
    if jobs == 1 or len(patterns) < 2:
        yield from (_answer(work, u) for u in patterns)
        return
    method = "forkserver" if "forkserver" in multiprocessing.get_all_start_methods() else "spawn"
    context = multiprocessing.get_context(method)
    if method == "forkserver":
        context.set_forkserver_preload([__name__])  # imported once for all
    with ProcessPoolExecutor(min(jobs, len(patterns)), mp_context=context) as pool:
        try:
            for future in as_completed([pool.submit(_answer, work, u) for u in patterns]):
                yield future.result()
        except BaseException:
            pool.shutdown(wait=False, cancel_futures=True)
            raise


class _Log:
    """Finished answers as JSON lines, under a line that says of which work; a last line that was cut off is dropped."""

    def __init__(self, path: str | os.PathLike[str] | None, work: _Work) -> None:
        self.path = None if path is None else Path(path)
        self.head = {
            "schema": "emtheory.certificate-log/1",
            "network": fingerprint(work.network),
            "task": work.task.name,
            "steps": work.steps,
            "saved": work.folder is not None,
        }
        self.known: list[Answer] = []
        self.file: Any = None

    def __enter__(self) -> _Log:
        if self.path is None:
            return self
        try:
            text = self.path.read_bytes() if self.path.exists() else b""
            whole = text[: text.rfind(b"\n") + 1]
            lines = [json.loads(line) for line in whole.splitlines()]
            if lines and lines[0] != self.head:
                raise ValueError(f"it is of other work: {lines[0]}")
            self.known = [Answer.from_json(line) for line in lines[1:]]
            self.file = self.path.open("r+b" if self.path.exists() else "wb")
            self.file.truncate(len(whole))
            self.file.seek(len(whole))
            if not lines:
                self._line(self.head)
        except (OSError, ValueError, TypeError, KeyError) as error:
            raise ValueError(f"{self.path} cannot be resumed: {error}; name another file") from error
        return self

    def add(self, answer: Answer) -> None:
        """One more line, which is on the disk before anything else happens."""
        if self.file is not None:
            self._line(answer.to_json())

    def _line(self, entry: dict[str, Any]) -> None:
        self.file.write(json.dumps(entry).encode() + b"\n")
        self.file.flush()
        os.fsync(self.file.fileno())

    def __exit__(self, *_: object) -> None:
        if self.file is not None:
            self.file.close()
