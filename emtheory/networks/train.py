"""Train the published networks: Elman, tanh, no biases, on one task of the theory. Needs the extra `train` (torch).

Main function: `train(task, hidden=…, seed=…) -> Network`. Inputs are random signs; the loss is the mean squared error
on the output phase alone, whose length grows whenever the accuracy of a batch passes a threshold; Adam, gradient norm
clipped. Every random choice is a function of the seed and the step, so a run that was interrupted goes on to the same
weights. The gradient is written out: in the output phase no input is multiplied, and the gradient of W_hh is one
product over all time steps, which is what makes it faster than backpropagation through `torch.nn.RNN`.

References: Karuvally, DelMastro, Siegelmann, arXiv:2310.02430, the protocol of its experiments.
"""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from emtheory.networks.accuracy import measured
from emtheory.networks.elman import Network
from emtheory.system import files
from emtheory.system.array_types import Floats
from emtheory.system.limits import must_fit
from emtheory.theory.tasks import Task

if TYPE_CHECKING:
    import torch

Workspace = dict[int, Any]

__all__ = ["Progress", "Protocol", "facts", "gradients_of", "linear_response", "train"]

NAMES = ("W_hh", "W_uh", "W_r")
MOMENTS = ("exp_avg", "exp_avg_sq")  # of Adam
AWAY = "move it away, or name another output"
EVERY = 500  # steps between two checkpoints


@dataclass(frozen=True)
class Protocol:
    """The published protocol.

    Arguments:
        steps: of Adam.
        batch: random inputs a step.
        rate: learning rate of Adam.
        clip: the largest norm of the gradient.
        horizons: lengths of the output phase, one after the other.
        passing: the share of right signs in a batch at which the next horizon is taken.

    Raises:
        ValueError: a number that is not positive.
    """

    steps: int = 20_000
    batch: int = 64
    rate: float = 1e-3
    clip: float = 1.0
    horizons: tuple[int, ...] = (10, 20, 40, 60, 100)
    passing: float = 0.96

    def __post_init__(self) -> None:
        for name, value in asdict(self).items():
            if not value or min(value if isinstance(value, tuple) else (value,)) <= 0:
                raise ValueError(f"{name} must be positive, but is {value}")


@dataclass(frozen=True)
class Progress:
    """Where a training is: the step, the length of the output phase, loss and share of right signs of the batch."""

    step: int
    horizon: int
    loss: float
    accuracy: float


def train(
    task: Task,
    *,
    hidden: int,
    seed: int,
    protocol: Protocol | None = None,
    checkpoint: str | os.PathLike[str] | None = None,
    watch: Callable[[Progress], None] = lambda progress: None,
) -> Network:
    """W_hh (hidden x hidden), W_uh (hidden x kappa), W_r (kappa x hidden) after the protocol's last step.

    Arguments:
        task: what to train on; inputs are drawn from {-1, 1}.
        hidden: the number of tanh units.
        seed: determines the first weights and all inputs.
        protocol: the published one, if left out.
        checkpoint: a file that is written every 500 steps and on an interrupt, and from which an equal call goes on.
        watch: is told of each step.

    Raises:
        ImportError: torch is missing.
        ValueError: hidden < 1, sizes that need more memory than the limit, or a file that is no checkpoint of this
            training, which is left as it is.
    """
    torch = _torch()
    protocol = protocol or Protocol()
    if hidden < 1:
        raise ValueError(f"the number of hidden units must be at least 1, but is {hidden}")
    what = f"training {hidden:,} units on {task.name} in batches of {protocol.batch:,}"
    must_fit(_memory(task, hidden, protocol), what, "choose fewer units or a smaller task")
    with _one_thread(torch):  # the order of sums, and so the weights, would depend on the number of threads
        weights = _trained(_Training(torch, task, hidden, seed, protocol), checkpoint, watch)
    W, U, R = (part.numpy().astype(np.float64) for part in weights)
    return Network(W, U, R)


def _trained(
    training: _Training, checkpoint: str | os.PathLike[str] | None, watch: Callable[[Progress], None]
) -> list[torch.Tensor]:
    if checkpoint is not None and Path(checkpoint).exists():
        training.resume(checkpoint)
    try:
        for progress in training.steps():
            watch(progress)
            if checkpoint is not None and progress.step % EVERY == 0:
                training.save(checkpoint)
    except KeyboardInterrupt:
        if checkpoint is not None:
            training.save(checkpoint)
        raise
    return training.weights


def facts(network: Network, task: Task, *, hidden: int, seed: int, protocol: Protocol) -> dict[str, str]:
    """What a file of trained weights says of itself: task, seed, protocol, command, measured accuracy."""
    accuracy = measured(network, task, seed=0)
    command = f"emtheory train {task.name} --hidden {hidden} --seed {seed} -o FILE"
    return {
        "task": task.name,
        "seed": str(seed),
        "protocol": json.dumps(asdict(protocol)),
        "command": command if protocol == Protocol() else f"{command} --steps {protocol.steps}",
        "accuracy": "unknown" if accuracy is None else f"{accuracy.share:.4%}",
    }


@contextmanager
def _one_thread(torch: Any) -> Iterator[None]:
    before = torch.get_num_threads()
    torch.set_num_threads(1)
    try:
        yield
    finally:
        torch.set_num_threads(before)


def _torch() -> Any:
    try:
        import torch
    except ImportError:
        raise ImportError("training needs torch; install it with pip install 'emtheory[train]'") from None
    return torch


def _memory(task: Task, hidden: int, protocol: Protocol) -> int:
    """Bytes: weights, gradients and moments; states and their gradients for each horizon; the response of the task."""
    s, m, last = task.s, task.s * task.kappa, max(protocol.horizons)
    runs = 2 * protocol.batch * hidden * sum(s + horizon for horizon in protocol.horizons)
    return 4 * (8 * hidden * (hidden + 2 * task.kappa) + runs) + 8 * m * (m + 3 * (2 * s + last) * task.kappa)


class _Training:
    """Weights, moments of Adam, step and stage: all that a checkpoint holds."""

    def __init__(self, torch: Any, task: Task, hidden: int, seed: int, protocol: Protocol) -> None:
        self.torch, self.task, self.seed, self.protocol = torch, task, seed, protocol
        rng = np.random.default_rng([seed, 0])
        bound = hidden**-0.5  # as torch.nn.RNN and torch.nn.Linear begin
        shapes = ((hidden, hidden), (hidden, task.kappa), (task.kappa, hidden))
        self.weights = [torch.tensor(rng.uniform(-bound, bound, shape), dtype=torch.float32) for shape in shapes]
        self.adam = torch.optim.Adam(self.weights, lr=protocol.rate)
        self.step = self.stage = 0
        self.workspace: Workspace = {}
        self.response = torch.tensor(linear_response(task, max(protocol.horizons)), dtype=torch.float32)
        self.about = {"task": task.name, "hidden": str(hidden), "seed": str(seed), "protocol": str(asdict(protocol))}

    def steps(self) -> Iterator[Progress]:
        """Train to the protocol's last step."""
        torch, protocol = self.torch, self.protocol
        while self.step < protocol.steps:
            self.step += 1
            horizon = protocol.horizons[self.stage]
            with torch.no_grad():
                inputs = self._inputs()
                targets = torch.einsum("bi,tik->tbk", inputs.flatten(1), self.response[:horizon])
                loss, accuracy, gradients = gradients_of(torch, self.weights, inputs, targets, self.workspace)
                for weights, gradient in zip(self.weights, gradients, strict=True):
                    weights.grad = gradient
                torch.nn.utils.clip_grad_norm_(self.weights, protocol.clip)
            self.adam.step()
            if accuracy > protocol.passing:
                self.stage = min(self.stage + 1, len(protocol.horizons) - 1)
            yield Progress(self.step, horizon, loss, accuracy)

    def _inputs(self) -> torch.Tensor:
        rng = np.random.default_rng([self.seed, self.step])
        signs = rng.integers(0, 2, size=(self.protocol.batch, self.task.s, self.task.kappa))
        tensor: torch.Tensor = self.torch.tensor(2 * signs - 1, dtype=self.torch.float32)
        return tensor

    def save(self, path: str | os.PathLike[str]) -> None:
        """Write the checkpoint, in place of the old one."""
        from safetensors.numpy import save

        arrays = {name: weights.numpy() for name, weights in zip(NAMES, self.weights, strict=True)}
        for name, weights in zip(NAMES, self.weights, strict=True):
            for moment in MOMENTS:
                arrays[f"{name}.{moment}"] = self.adam.state[weights][moment].numpy()
        files.write(path, save(arrays, {**self.about, "step": str(self.step), "stage": str(self.stage)}))

    def resume(self, path: str | os.PathLike[str]) -> None:
        """Go on from a checkpoint."""
        about, arrays = _checkpoint(path)
        for key, value in self.about.items():
            if about.get(key) != value:
                raise ValueError(
                    f"{path} is a checkpoint of another training: its {key} is {str(about.get(key))[:100]}, not "
                    f"{value}; remove it or give another file"
                )
        shapes = {f"{name}{moment}": tuple(weights.shape) for name, weights in zip(NAMES, self.weights, strict=True)
                  for moment in ("", *(f".{m}" for m in MOMENTS))}  # fmt: skip
        counts = [about.get(key, "") for key in ("step", "stage")]
        if {key: array.shape for key, array in arrays.items()} != shapes or not all(map(str.isdecimal, counts)):
            raise ValueError(f"{path} is a damaged checkpoint; {AWAY}")
        step, stage = (int(count[:18]) for count in counts)
        if step > self.protocol.steps or stage >= len(self.protocol.horizons):
            raise ValueError(f"{path} is a checkpoint of step {step}, horizon {stage}, beyond the training; {AWAY}")
        self.step, self.stage = step, stage
        for name, weights in zip(NAMES, self.weights, strict=True):
            weights.copy_(self.torch.tensor(arrays[name]))
            moments = {moment: self.torch.tensor(arrays[f"{name}.{moment}"]) for moment in MOMENTS}
            self.adam.state[weights] = {"step": self.torch.tensor(float(self.step)), **moments}


def _checkpoint(path: str | os.PathLike[str]) -> tuple[dict[str, str], dict[str, Any]]:
    """Metadata and arrays of a .safetensors file.

    Raises:
        ValueError: it cannot be read, or is none.
    """
    from safetensors import SafetensorError, safe_open

    files.read_bytes(path, next_step=AWAY)  # what is no regular file, or too large, is refused in words
    try:
        with safe_open(path, "numpy") as file:
            return file.metadata() or {}, {key: file.get_tensor(key) for key in file.keys()}  # noqa: SIM118
    except (SafetensorError, OSError, TypeError) as error:
        raise ValueError(f"{path} is no checkpoint ({' '.join(str(error).split())[:100]}); {AWAY}") from None


def linear_response(task: Task, horizon: int) -> Floats:
    """The linear map from (u(1), …, u(s)) to x(s+t), t = 1 … horizon: (horizon, sκ, κ)."""
    m = task.s * task.kappa
    one_each = np.eye(m).reshape(m, task.s, task.kappa)
    return task.outputs(one_each, task.s + horizon)[:, task.s :].transpose(1, 0, 2).astype(np.float64)


def gradients_of(
    torch: Any, weights: list[torch.Tensor], inputs: torch.Tensor, targets: torch.Tensor, workspace: Workspace
) -> tuple[float, float, list[torch.Tensor]]:
    """Mean squared error on the output phase, share of right signs, and the gradients of the error.

    Arguments:
        inputs: (batch, s, κ).
        targets: (horizon, batch, κ).
        workspace: buffers by number of steps, kept from call to call.
    """
    W, U, R = weights
    batch, s, _ = inputs.shape
    T = s + len(targets)
    if T not in workspace:
        workspace[T] = torch.zeros((T + 1, batch, len(W))), torch.empty((T, batch, len(W)))
    states, back = workspace[T]  # h(0 … T), and the gradients of the pre-activations; fresh memory costs more than it
    drive, forward = (inputs.transpose(0, 1) @ U.T).unbind(), W.T.contiguous()
    h = states.unbind()  # views, made once
    for t in range(T):
        if t < s:
            torch.addmm(drive[t], h[t], forward, out=h[t + 1])
        else:
            torch.mm(h[t], forward, out=h[t + 1])
        h[t + 1].tanh_()
    errors = states[s + 1 :] @ R.T - targets
    right = ((errors + targets).sign() == targets.sign()) | (targets == 0)
    outer = errors * (2 / errors.numel())
    back[:s].zero_()
    torch.matmul(outer, R, out=back[s:])
    z, slopes = back.unbind(), (1 - states[1:] ** 2).unbind()
    z[-1].mul_(slopes[-1])
    for t in range(T - 2, -1, -1):
        z[t].addmm_(z[t + 1], W).mul_(slopes[t])
    flat = back.flatten(0, 1)
    gradients = [
        flat.T @ states[:-1].flatten(0, 1),
        back[:s].flatten(0, 1).T @ inputs.transpose(0, 1).flatten(0, 1),
        outer.flatten(0, 1).T @ states[s + 1 :].flatten(0, 1),
    ]
    return float((errors**2).mean()), float(right.float().mean()), gradients
