"""emtheory: verify the Episodic Memory Theory of recurrent neural networks, with proofs.

    import emtheory

    report = emtheory.verify(["memory-basis"])      # theorem files -> findings
    task = emtheory.Task.repeat_copy(8, 8)          # x(t) = Σ_k C_k x(t-s-1+k)
    print(*emtheory.predict(task).sentences(), sep="\\n")

Names are imported when they are first used, so that `import emtheory` costs nothing.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from emtheory.judges.exact import Matrix, exactly, matrix
    from emtheory.loader import LoadError
    from emtheory.results import Report
    from emtheory.theorem import Erratum, Theorem
    from emtheory.theory.circuits import Circuit
    from emtheory.theory.memories import MemoryBasis
    from emtheory.theory.networks import Network
    from emtheory.theory.predict import predict
    from emtheory.theory.tasks import Task
    from emtheory.verdict import Finding, Kind, Outcome, Verdict
    from emtheory.verification import verify

__version__ = "0.1.0"

__all__ = [
    "Circuit",
    "Erratum",
    "Finding",
    "Kind",
    "LoadError",
    "Matrix",
    "MemoryBasis",
    "Network",
    "Outcome",
    "Report",
    "Task",
    "Theorem",
    "Verdict",
    "exactly",
    "matrix",
    "predict",
    "verify",
]

_HOMES = {
    "Circuit": "emtheory.theory.circuits",
    "Erratum": "emtheory.theorem",
    "Finding": "emtheory.verdict",
    "Kind": "emtheory.verdict",
    "LoadError": "emtheory.loader",
    "Matrix": "emtheory.judges.exact",
    "MemoryBasis": "emtheory.theory.memories",
    "Network": "emtheory.theory.networks",
    "Outcome": "emtheory.verdict",
    "Report": "emtheory.results",
    "Task": "emtheory.theory.tasks",
    "Theorem": "emtheory.theorem",
    "Verdict": "emtheory.verdict",
    "exactly": "emtheory.judges.exact",
    "matrix": "emtheory.judges.exact",
    "predict": "emtheory.theory.predict",
    "verify": "emtheory.verification",
}


def __getattr__(name: str) -> Any:
    if name not in _HOMES:
        raise AttributeError(f"module 'emtheory' has no attribute {name!r}")
    return getattr(import_module(_HOMES[name]), name)


def __dir__() -> list[str]:
    return sorted([*globals(), *_HOMES])
