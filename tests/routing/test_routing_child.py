"""The clock of a child that compiles first starts with its first answer."""

import time

from ntgeo.child import best_from_child


def warm_up_then_work(offer, warm_up_s, work_s):
    time.sleep(warm_up_s)
    offer("first")
    time.sleep(work_s)
    return "last"


def test_warm_up_does_not_count_in_the_limit():
    answer = best_from_child(warm_up_then_work, 4.0, 0.0, time_limit_s=2.0, warm_up_s=60.0)
    assert answer == "last"


def test_the_limit_counts_from_the_first_answer():
    started = time.monotonic()
    answer = best_from_child(warm_up_then_work, 0.0, 60.0, time_limit_s=1.0, warm_up_s=60.0)
    assert answer == "first"
    assert time.monotonic() - started < 30


def test_warm_up_has_an_end():
    answer = best_from_child(warm_up_then_work, 60.0, 0.0, time_limit_s=0.5, warm_up_s=1.0)
    assert answer is None
