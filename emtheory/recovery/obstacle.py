"""Why no circuit is claimed: what rounding and reading decide. In words: `report.sentences.reading`."""

from __future__ import annotations

from enum import Enum

__all__ = ["Obstacle"]


class Obstacle(Enum):
    """The first condition of a claim that does not hold: those of rounding (`nearest`), then those of the runs."""

    UNREAD = "the linear map at the origin is unknown, or nothing that it keeps is read"
    SUPERPOSED = "fewer dimensions persist than there are contents: the memories are in superposition"
    LENGTH = "another number of variables is recovered than was written"
    COUNT = "the number of persistent eigenvalues is not that of the nearest task"
    SIGN = "the cross-talk is not below 1"
    CHANCE = "chance explains how near to integers the composition is"
    DEPENDENT = "the memories do not hold independent eigenvectors of the nearest task"
    DEFECT = "the defect is not below the margin"
    SILENT = "the nearest task has no output to compare with fresh runs"
    SIGNS = "fresh runs do not confirm the output signs of the nearest task"
