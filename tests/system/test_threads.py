"""BLAS has one thread within a block and within the functions that need it, and the caller's number afterwards.

In processes of their own: the suite itself runs within a block, and the number of threads belongs to the process.
"""

from __future__ import annotations

import subprocess
import sys

PRELUDE = """
import threading
from threadpoolctl import ThreadpoolController
from emtheory.system.threads import one_blas_thread

def libraries():
    return ThreadpoolController().select(user_api="blas")

def check(what, wanted):
    found = {library["num_threads"] for library in libraries().info()}
    assert found == {wanted}, f"{what}: {found}, not {wanted}"
"""


def holds(script):
    done = subprocess.run([sys.executable, "-c", PRELUDE + script], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


def test_the_number_of_threads_is_the_callers_after_each_block():
    holds("""
import numpy, scipy.linalg
for wanted in (2, 3, 1, 2):
    with libraries().limit(limits=wanted):
        with one_blas_thread():
            check("inside", 1)
            with one_blas_thread():
                check("nested", 1)
            check("after the nested block", 1)
        check("after", wanted)
        try:
            with one_blas_thread():
                raise ValueError
        except ValueError:
            check("after an error", wanted)
""")


def test_a_blas_that_is_loaded_within_the_block_is_limited_too():
    holds("""
import sys
import numpy
with libraries().limit(limits=2):
    assert "scipy.linalg" not in sys.modules
    with one_blas_thread():
        import scipy.linalg
        check("inside", 1)
""")


def test_blocks_that_overlap_in_two_python_threads_leave_the_callers_number():
    holds("""
import numpy, scipy.linalg
setting = threading.Thread(target=lambda: libraries().limit(limits=3))  # threads that are gone hold no setting back
setting.start()
setting.join()
check("before", 3)
inside, leave = threading.Event(), threading.Event()

def first():
    with one_blas_thread():
        inside.set()
        leave.wait(60)

other = threading.Thread(target=first)
other.start()
assert inside.wait(60)
check("while the first is open", 1)
with one_blas_thread():
    leave.set()
    other.join(60)
check("after both", 3)
""")


def test_analysing_decoding_and_measuring_run_on_one_thread_and_leave_two():
    holds("""
from emtheory.networks.accuracy import measured
from emtheory.analysis.analyze import analyze
from emtheory.networks.build import build
from emtheory.recovery.decoding import attractor_center
from emtheory.networks.elman import Network
from emtheory.theory.tasks import Task

run, runs = Network.run, []

def watched(self, *words, **options):
    check("inside", 1)
    runs.append(self)
    return run(self, *words, **options)

Network.run = watched
task = Task.compose_copy(3)
network = build(task).network
with libraries().limit(limits=2):
    for entry in (
        lambda: analyze(network, task),
        lambda: attractor_center(network, 3),
        lambda: measured(network, task, 0),
    ):
        runs.clear()
        entry()
        assert runs
        check("after", 2)
""")
