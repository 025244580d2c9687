"""BLAS on one thread while small matrices are worked on, and the caller's setting afterwards.

Two threads that share out a product of size 128 wait for each other longer than they compute.
"""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from typing import Any

__all__ = ["one_blas_thread"]

_FREE = threading.Lock()  # the number of BLAS threads belongs to the process, so one block at a time changes it


@contextmanager
def one_blas_thread() -> Iterator[None]:
    """Within the block, or the function that it decorates, each BLAS has one thread; then as many as before.

    A block within a block changes nothing. Nor does one in another Python thread, which may then see the caller's
    setting before it ends: that costs time, and no setting is lost. Not for generators, which run after the call.

    >>> import numpy as np
    >>> with one_blas_thread():
    ...     product = np.eye(2) @ np.eye(2)
    >>> @one_blas_thread()
    ... def inverse(a):
    ...     return np.linalg.inv(a)
    """
    if not _FREE.acquire(blocking=False):
        yield
        return
    try:
        with _libraries().limit(limits=1):
            yield
    finally:
        _FREE.release()


@cache
def _libraries() -> Any:
    """Every BLAS of the process; finding them takes a while, so it is done once."""
    import scipy.linalg  # noqa: F401 - has a BLAS of its own, which would not be found if a block loaded it
    from threadpoolctl import ThreadpoolController

    return ThreadpoolController().select(user_api="blas")
