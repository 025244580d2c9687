"""emtheory: verify the Episodic Memory Theory of recurrent neural networks, with proofs.

    import emtheory

    report = emtheory.verify(["memory-basis"])      # theorem files -> findings
    task = emtheory.Task.repeat_copy(8, 8)          # x(t) = Σ_k C_k x(t-s-1+k)
    print(*emtheory.tell(emtheory.predict(task)), sep="\\n")

Names are imported when they are first used, so that `import emtheory` costs nothing. The folders; each imports only
from those above it:

    verdict       outcomes, verdicts, findings
    system        files, arrays, JSON documents and schemas, processes, sizes, BLAS threads
    kernel        replays proofs: the trusted base
    tactics       search for proofs; nothing rests on them
    judges        the engines that decide: symbolic, exact, balls, floats
    theory        tasks, selections, memories, circuits, spectra, predictions
    networks      Elman and gated cells, weight files, the zoo, fixed points, building, training
    recovery      from weights and runs to memories, composition and the nearest task
    certificates  proofs that a network keeps or loses a pattern, and their checker
    theorems      theorem files: loading, cases, search, units of work, results
    formulas      typed letters, formulas, their readings, proofs, labels; letters is their vocabulary
    analysis      a trained network against its task, and the published table
    conform       the conformance kit, and the pytest plugin
    report        sentences, pages, figures
    commands      the command line
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from emtheory.judges.exact import Matrix, exactly, matrix
    from emtheory.networks.elman import Network
    from emtheory.report.sentences.telling import tell
    from emtheory.theorems.files import LoadError
    from emtheory.theorems.results import Report
    from emtheory.theorems.theorem import Erratum, Theorem
    from emtheory.theorems.verify import verify
    from emtheory.theory.circuits import Circuit
    from emtheory.theory.memories import MemoryBasis
    from emtheory.theory.predict import predict
    from emtheory.theory.tasks import Task
    from emtheory.verdict import Finding, Kind, Outcome, Verdict

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
    "tell",
    "verify",
]

_HOMES = {
    "Circuit": "emtheory.theory.circuits",
    "Erratum": "emtheory.theorems.theorem",
    "Finding": "emtheory.verdict",
    "Kind": "emtheory.verdict",
    "LoadError": "emtheory.theorems.files",
    "Matrix": "emtheory.judges.exact",
    "MemoryBasis": "emtheory.theory.memories",
    "Network": "emtheory.networks.elman",
    "Outcome": "emtheory.verdict",
    "Report": "emtheory.theorems.results",
    "Task": "emtheory.theory.tasks",
    "Theorem": "emtheory.theorems.theorem",
    "Verdict": "emtheory.verdict",
    "exactly": "emtheory.judges.exact",
    "matrix": "emtheory.judges.exact",
    "predict": "emtheory.theory.predict",
    "tell": "emtheory.report.sentences.telling",
    "verify": "emtheory.theorems.verify",
}


def __getattr__(name: str) -> Any:
    if name not in _HOMES:
        raise AttributeError(f"module 'emtheory' has no attribute {name!r}")
    return getattr(import_module(_HOMES[name]), name)


def __dir__() -> list[str]:
    return sorted([*globals(), *_HOMES])
