import os
import subprocess
import sys
import time
from pathlib import Path

import pytest

from ntgeo.child import ChildDiedError, best_from_child
from ntgeo.errors import CancelledError, Fault, InputError
from ntgeo.progress import SILENT


def add(offer, left, right):
    offer(left)
    return left + right


def sleep_after_offering(offer, offered):
    if offered is not None:
        offer(offered)
    time.sleep(60)


def die_after_offering(offer, offered):
    if offered is not None:
        offer(offered)
        time.sleep(0.3)
    os.abort()


def refuse(_offer):
    raise InputError(Fault(file="a.csv", what="odd", fix="mend it", code="odd"))


class Impatient:
    def __init__(self):
        self.asked = 0

    def stage(self, name, total=None):
        pass

    def advance(self, done):
        pass

    def note(self, message):
        pass

    def is_cancelled(self):
        self.asked += 1
        return self.asked > 20


def test_the_final_answer_comes_back():
    assert best_from_child(add, 2, 3, time_limit_s=30) == 5


def test_the_limit_is_kept_and_the_best_so_far_returned():
    started = time.monotonic()
    assert best_from_child(sleep_after_offering, "good", time_limit_s=3, progress=SILENT) == "good"
    assert time.monotonic() - started < 6
    assert best_from_child(sleep_after_offering, None, time_limit_s=1) is None


def test_a_dead_child_loses_nothing_it_offered():
    assert best_from_child(die_after_offering, "good", time_limit_s=30) == "good"
    with pytest.raises(ChildDiedError, match="signal 6"):
        best_from_child(die_after_offering, None, time_limit_s=30)


def test_what_the_work_raises_is_raised_here():
    with pytest.raises(InputError, match="mend it"):
        best_from_child(refuse, time_limit_s=30)


def test_cancel_returns_the_best_so_far_or_says_that_there_is_none():
    assert best_from_child(sleep_after_offering, "good", time_limit_s=30, progress=Impatient())
    with pytest.raises(CancelledError):
        best_from_child(sleep_after_offering, None, time_limit_s=30, progress=Impatient())


def count(_offer, numbers):
    return len(numbers)


def test_large_arguments_arrive():
    assert best_from_child(count, list(range(1_000_000)), time_limit_s=60) == 1_000_000


def test_a_script_needs_no_main_guard(tmp_path):
    script = tmp_path / "unguarded.py"
    script.write_text(
        "import sys\n"
        f"sys.path.insert(0, {str(Path(__file__).parent)!r})\n"
        "from ntgeo.child import best_from_child\n"
        "from test_child import count\n"
        "print(best_from_child(count, list(range(1_000_000)), time_limit_s=60))\n"
    )
    done = subprocess.run(  # noqa: S603 - our own script
        [sys.executable, str(script)], capture_output=True, text=True, check=True, timeout=60
    )
    assert done.stdout == "1000000\n"


def print_loudly(_offer):
    os.write(1, b"a solver's banner")
    print("and more")  # noqa: T201
    return 1


def test_what_a_solver_prints_does_not_mix_with_answers():
    assert best_from_child(print_loudly, time_limit_s=30) == 1


def sleep_beside(_offer, path):
    Path(path).write_text(str(os.getpid()))
    time.sleep(60)


def test_the_child_dies_with_its_parent(tmp_path):
    script = tmp_path / "killed.py"
    told = tmp_path / "pid"
    script.write_text(
        "import sys\n"
        f"sys.path.insert(0, {str(Path(__file__).parent)!r})\n"
        "from ntgeo.child import best_from_child\n"
        "from test_child import sleep_beside\n"
        f"best_from_child(sleep_beside, {str(told)!r}, time_limit_s=60)\n"
    )
    with subprocess.Popen([sys.executable, str(script)]) as parent:  # noqa: S603 - our own script
        while not (told.exists() and told.read_text()):
            time.sleep(0.05)
        parent.kill()
    child = int(told.read_text())
    for _ in range(100):
        try:
            os.kill(child, 0)
        except ProcessLookupError:
            return
        time.sleep(0.05)
    pytest.fail("the child outlived its parent by five seconds")
