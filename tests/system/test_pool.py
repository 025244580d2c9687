"""Protects the pool of processes: every unit has its result or a reason, and no process outlives its parent."""

import multiprocessing
import operator
import os
import signal
import subprocess
import sys
import time
from functools import partial
from pathlib import Path

import numpy as np
import pytest
from threadpoolctl import threadpool_info

import emtheory
from emtheory.system.pool import Lost, completed

ENVIRONMENT = {**os.environ, "PYTHONPATH": str(Path(emtheory.__file__).parent.parent)}

# Units are Python expressions, and the work is `eval`.
ENDS = "__import__('os')._exit({})"
KILLED = "__import__('os').kill(__import__('os').getpid(), 9)"
LOOPS = "[0 for _ in iter(int, 1)]"
THREADS = "[library['num_threads'] for library in __import__('threadpoolctl').threadpool_info()]"


def results(units, **options):
    return dict(completed(eval, units, **{"jobs": 2, **options}))


@pytest.mark.parametrize("options", [{"jobs": 1}, {"jobs": 1, "timeout": 60}, {"jobs": 2}, {"jobs": 99, "timeout": 60}])
def test_every_unit_has_its_result_however_many_processes(options):
    assert results([f"{x} * {x}" for x in range(7)], **options) == {x: x * x for x in range(7)}
    assert results([], **options) == {}


@pytest.mark.parametrize("unit", [ENDS.format(0), ENDS.format(3), KILLED])
def test_a_process_that_dies_costs_its_own_unit_only(unit):
    found = results([unit, *map(str, range(6)), unit])
    how = "was ended by SIGKILL" if unit is KILLED else f"ended with exit status {unit[-2]}"
    assert found == {0: Lost(f"its process {how}, twice"), **{x + 1: x for x in range(6)}, 7: found[0]}


def test_a_unit_whose_process_died_once_is_tried_again_alone(tmp_path):
    mark = tmp_path / "mark"
    dies_once = f"7 if __import__('pathlib').Path({str(mark)!r}).exists() else "
    dies_once += f"(__import__('pathlib').Path({str(mark)!r}).touch(), {ENDS.format(0)})"
    order = list(completed(eval, [dies_once, *map(str, range(5))], jobs=2))
    assert sorted(order) == [(0, 7), *((x + 1, x) for x in range(5))]
    assert order[-1] == (0, 7)


@pytest.mark.parametrize("jobs", [1, 2])
def test_a_unit_that_takes_too_long_is_lost_and_the_others_go_on(jobs):
    found = results([LOOPS, *map(str, range(6))], jobs=jobs, timeout=1)
    assert found == {0: Lost("it took longer than 1 s"), **{x + 1: x for x in range(6)}}


def test_a_finished_unit_counts_although_nobody_looked_in_time():
    found = completed(eval, ["1", "__import__('time').sleep(0.2)"], jobs=2, timeout=1.0)
    next(found)
    time.sleep(1.5)
    assert [outcome for _, outcome in found] == [None]


@pytest.mark.parametrize("jobs", [1, 2])
def test_what_the_work_raises_reaches_the_one_who_asked(jobs):
    with pytest.raises(ZeroDivisionError, match="division"):
        results(["1 // 0", "2"], jobs=jobs)


@pytest.mark.parametrize(
    ("raised", "message"),
    [
        ("__import__('sys').exit(0)", "SystemExit: 0"),
        ("__import__('json').loads('{')", "Expecting property name"),
        ("(_ for _ in ()).throw(KeyboardInterrupt)", "KeyboardInterrupt"),
        ("lambda: 0", "pickle|lambda"),
    ],
)
def test_no_exception_of_a_worker_ends_the_process_that_asked(raised, message):
    with pytest.raises(Exception, match=message) as raised_here:
        results([raised, "1"])
    assert "Traceback" in "".join(raised_here.value.__notes__)


@pytest.mark.parametrize("options", [{"jobs": 0}, {"timeout": 0}, {"timeout": -1}, {"timeout": float("nan")}])
def test_options_out_of_range_are_refused_before_anything_runs(options):
    with pytest.raises(ValueError, match="must be"):
        completed(eval, [ENDS.format(0)], **{"jobs": 1, **options})


def test_closing_the_iterator_ends_the_workers():
    before = set(multiprocessing.active_children())
    found = completed(eval, ["1", LOOPS, LOOPS], jobs=2)
    assert next(found) == (0, 1)
    found.close()
    assert set(multiprocessing.active_children()) == before


def test_units_have_one_blas_thread_and_the_caller_keeps_its_own():
    before = threadpool_info()
    for jobs in (1, 2):
        units = [partial(eval, THREADS, {"number": np.float64}) for _ in range(2)]  # to get one is to import numpy
        found = dict(completed(operator.call, units, jobs=jobs))
        assert {threads for counts in found.values() for threads in counts} == {1}
    assert threadpool_info() == before


def test_what_work_prints_is_no_result(tmp_path):
    script = tmp_path / "prints.py"
    script.write_text(
        "from emtheory.system.pool import completed\n"
        "if __name__ == '__main__':\n    list(completed(print, ['loud', 'loud'], jobs=2))\n    print('result')\n"
    )
    done = subprocess.run([sys.executable, script], env=ENVIRONMENT, capture_output=True, text=True)
    assert done.stdout == "result\n"
    assert done.stderr.count("loud") == 2  # two processes may write into one line


def test_a_script_without_the_guard_is_told_so(tmp_path):
    script = tmp_path / "unguarded.py"
    script.write_text("from emtheory.system.pool import completed\nprint(list(completed(abs, [1, 2], jobs=2)))\n")
    done = subprocess.run([sys.executable, script], env=ENVIRONMENT, capture_output=True, text=True)
    assert done.returncode == 1
    assert "ChildProcessError" in done.stderr
    assert "needs `if __name__ == '__main__':`" in done.stderr.splitlines()[-1]


HOLDS_THE_INTERPRETER = "__import__('re').match('(a+)+$', 'a' * 60 + 'b')"


def alive(pid):
    """Whether the process runs; one that has ended and that nobody has asked about does not."""
    stat = Path(f"/proc/{pid}/stat")
    return stat.exists() and stat.read_text().rpartition(")")[2].split()[0] != "Z"


@pytest.mark.skipif(sys.platform != "linux", reason="reads /proc")
@pytest.mark.parametrize("busy", [LOOPS, HOLDS_THE_INTERPRETER, "__import__('time').sleep(600)"])
def test_no_process_outlives_a_parent_that_is_killed(tmp_path, busy):
    script = tmp_path / "parent.py"
    script.write_text(
        "import sys\nfrom emtheory.system.pool import completed\nif __name__ == '__main__':\n"
        "    for _, pids in completed(eval, sys.argv[1:], jobs=3):\n        print(*pids, flush=True)\n"
    )
    told = "[__import__('os').getpid(), __import__('os').getppid(), __import__('time').sleep(1)][:2]"
    parent = subprocess.Popen(
        [sys.executable, script, told, told, told, busy, busy, busy], env=ENVIRONMENT, stdout=subprocess.PIPE, text=True
    )
    pids = {int(pid) for _ in range(3) for pid in parent.stdout.readline().split()}  # three workers and their server
    assert len(pids) == 4
    os.kill(parent.pid, signal.SIGKILL)
    parent.communicate()
    patience = time.monotonic() + 60
    while any(map(alive, pids)) and time.monotonic() < patience:
        time.sleep(0.05)
    assert [pid for pid in pids if alive(pid)] == []
