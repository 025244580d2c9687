"""Draws docs/recovery.svg: how well the composition is recovered, by every choice of window, pull-back and ridge.

Run `python docs/recovery.py`. For each saturating network of the zoo a grey dot is one choice, the blue dot the one
that recovery takes without knowing the task, the orange cross the deflated recursion on the projected weights.
"""

from pathlib import Path

import matplotlib
import numpy as np

from emtheory.networks import zoo
from emtheory.recovery.deflated import composition, memories
from emtheory.recovery.projector import split
from emtheory.recovery.runs import estimates, recover_from_runs
from emtheory.theory.tasks import Task

NAMES = ("t2-n64", "t2-n128", "t3-n64", "t3-n128", "t4-n64", "t4-n128")


def error_of(blocks, task):
    """max |Ĉ − C|."""
    return float(np.abs(blocks - task.array()).max())


def from_weights(network, s):
    """Ĉ of the deflated recursion on (PW, PU, (RPU)⁻¹RP)."""
    P = split(network.W_hh).projector
    W, U, R = P @ network.W_hh, P @ network.W_uh, network.W_r @ P
    R = np.linalg.solve(R @ U, R)
    return np.array(composition(W, R, memories(W, U, R, s)))


def main():
    """Measure, print and draw."""
    matplotlib.use("svg")
    import matplotlib.pyplot as plt

    matplotlib.rcParams.update({"svg.hashsalt": "emtheory", "font.size": 9})
    figure, axes = plt.subplots(figsize=(6.4, 3.4), layout="constrained")
    for place, name in enumerate(NAMES):
        network, task = zoo.load(name), Task.parse(zoo.card(name)["task"])
        found = [estimate.recovery for estimate in estimates(network, task.s, 0)]
        tried = [error_of(recovery.composition, task) for recovery in found if recovery.s == task.s]
        spread = np.linspace(-0.18, 0.18, len(tried))
        axes.plot(place + spread, tried, ".", color="0.75", ms=4, label="every choice" if not place else None)
        chosen = error_of(recover_from_runs(network).recovery.composition, task)
        axes.plot(place, chosen, "o", color="#0072b2", ms=7, label="taken, told nothing" if not place else None)
        off = error_of(from_weights(network, task.s), task)
        axes.plot(place, off, "x", color="#d55e00", ms=7, label="from W_hh itself" if not place else None)
        print(f"{name}: {len(tried)} choices, {min(tried):.4f} to {max(tried):.4f}; taken {chosen:.4f}, W_hh {off:.2f}")
    axes.axhline(0.5, color="0.4", lw=0.8, ls=":")
    axes.text(len(NAMES) - 0.5, 0.55, "rounds wrong above", ha="right", va="bottom", color="0.3")
    axes.set_yscale("log")
    axes.set_xticks(range(len(NAMES)), NAMES)
    axes.set_ylabel("max |Ĉ − C|")
    axes.legend(frameon=False, fontsize=8, loc="upper left", ncols=3, bbox_to_anchor=(0, 1.14))
    axes.spines[["top", "right"]].set_visible(False)
    figure.savefig(Path(__file__).parent / "recovery.svg", metadata={"Date": None})


if __name__ == "__main__":
    main()
