"""Answers that solve many times tell how far they are, and end when asked or when time is up."""

import time

import numpy as np
import pytest
import toytown
from siting.siting_cases import make_problem

from ntgeo.domain.places import SiteStatus
from ntgeo.domain.solving import SolveLimits
from ntgeo.errors import CancelledError
from ntgeo.siting import find_conflict, find_flips, find_next_best, solve_here, weigh_changes
from ntgeo.siting.answers import conflict
from ntgeo.siting.answers.trial import Trial

LIMITS = SolveLimits(time_limit_s=60)


class Watched:
    """Counts the steps, and stops after some of them."""

    def __init__(self, stop_after):
        self.total, self.done, self.stop_after = None, 0, stop_after

    def stage(self, _, total=None):
        self.total = total

    def advance(self, done):
        self.done = done

    def note(self, _):
        pass

    def is_cancelled(self):
        return self.done >= self.stop_after


@pytest.fixture(scope="module")
def street():
    problem = toytown.siting_problem(site_count=2)
    return problem, solve_here(problem, LIMITS)


@pytest.mark.parametrize("answer", [weigh_changes, find_next_best, find_flips])
def test_what_was_found_before_the_stop_is_kept(street, answer):
    watched = Watched(stop_after=2)
    assert len(answer(*street, LIMITS, progress=watched)) == 2
    assert watched.total >= 3


@pytest.mark.parametrize("answer", [weigh_changes, find_next_best, find_flips])
def test_all_of_it_is_told_where_nobody_stops(street, answer):
    watched = Watched(stop_after=99)
    assert len(answer(*street, LIMITS, progress=watched)) == watched.done == watched.total


def test_a_search_for_a_conflict_that_is_stopped_says_so(street, monkeypatch):
    monkeypatch.setattr(conflict, "try_solving", lambda *_: Trial(plan=None))
    with pytest.raises(CancelledError):
        find_conflict(street[0], LIMITS, progress=Watched(stop_after=0))


@pytest.mark.parametrize("answer", [weigh_changes, find_next_best, find_flips])
def test_the_time_limit_is_kept(answer):
    rng = np.random.default_rng(4)
    problem = make_problem(
        rng.integers(60, 3000, (200, 100)).astype(float),
        rng.integers(1, 99, 200),
        [SiteStatus.CANDIDATE] * 100,
        objective="p-median",
        site_count=8,
    )
    plan = solve_here(problem, SolveLimits(time_limit_s=2))
    started = time.monotonic()
    answer(problem, plan, SolveLimits(time_limit_s=2))
    assert time.monotonic() - started < 2 * 1.05 + 1
