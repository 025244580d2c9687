"""Results in words, whatever they are of: `tell(result)`."""

from __future__ import annotations

from functools import singledispatch

from emtheory.analysis.analyze import Analysis
from emtheory.recovery.reader import Reading
from emtheory.report.sentences import analysis, prediction, reading
from emtheory.theory.predict import Prediction

__all__ = ["tell"]


@singledispatch
def tell(result: object) -> list[str]:
    """A prediction, a reading or an analysis for people, a sentence or two a line.

    Raises:
        TypeError: a result of another kind.

    >>> from emtheory.theory.predict import predict
    >>> from emtheory.theory.tasks import Task
    >>> tell(predict(Task.repeat_copy(3, 2)))[0]
    'Task repeat-copy:s=3,k=2 writes 3 variables of dimension 2, one a step, so its circuit holds 6 numbers.'
    """
    raise TypeError(
        f"tell takes a prediction, a reading or an analysis, but got one of type {type(result).__name__}; print it"
    )


@tell.register
def _(result: Prediction) -> list[str]:
    return prediction.sentences(result)


@tell.register
def _(result: Reading) -> list[str]:
    return reading.sentences(result)


@tell.register
def _(result: Analysis) -> list[str]:
    return analysis.sentences(result)
