import os
import time

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
