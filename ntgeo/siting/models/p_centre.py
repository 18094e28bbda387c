"""Least worst time: the p-centre problem (Hakimi 1964), as a search over times.

The answer is the time of some pair. For a trial time, the question is whether the asked number of
sites serves everyone within it: a set cover (Minieka 1970), or, where not everyone can be served at
all, a maximum coverage. Halving the list of times leaves a handful of such questions; one that
takes too long is left for the end, while those on either side of it, which are easier, narrow the
gap.
"""

from __future__ import annotations

import math
from collections.abc import Callable

import numpy as np
import numpy.typing as npt

from ntgeo.domain.solving import SolveLimits
from ntgeo.siting.choice import SiteChoice
from ntgeo.siting.clock import Clock
from ntgeo.siting.formulation import solve_formulation
from ntgeo.siting.models.cover_decision import cover_with
from ntgeo.siting.models.max_coverage import build_max_coverage

__all__ = ["least_worst_time"]

IndexArray = npt.NDArray[np.intp]
Found = tuple[IndexArray, float]
_Doubt = tuple[int, int] | None
_TRIAL_SHARE = 0.2
_SLACK_SHARE = 1e-9


def least_worst_time(
    offer: Callable[[Found], None],
    choice: SiteChoice,
    start: IndexArray,
    limits: SolveLimits,
    clock: Clock,
) -> Found:
    """Return the plan whose worst time is least, and a bound on that time in seconds.

    Every plan considered leaves no more demand unserved than ``start``.

    Args:
        offer: Told each better plan and bound.
        choice: The question.
        start: A plan that leaves as little unserved as can be.
        limits: Gap and seed.
        clock: When to stop.
    """
    value = choice.value(start)
    floor = math.fsum(choice.demand) - value.unserved
    if value.worst_s <= 0:
        return start, 0.0
    times = np.unique(choice.time_s[choice.within])
    low, high = 0, int(np.searchsorted(times, value.worst_s))
    if value.unserved <= 0:
        low = int(np.searchsorted(times, choice.time_s.min(axis=1).max()))
    best = start
    doubt: _Doubt = None
    while low < high and not clock.is_up():
        trial, is_last = _next_trial(low, high, doubt)
        pace = clock if is_last else clock.part(_TRIAL_SHARE)
        nearer = choice.no_farther(float(times[trial]))
        found, is_impossible = _serve_within(nearer, floor, value.unserved, (limits, pace))
        if found is not None:
            best = found
            high = min(trial, int(np.searchsorted(times, nearer.value(found).worst_s)))
        elif is_impossible:
            low = trial + 1
        else:
            doubt = (
                (trial, trial) if doubt is None else (min(trial, doubt[0]), max(trial, doubt[1]))
            )
        doubt = _still_open(doubt, low, high)
        offer((best, float(times[low])))
    return best, float(times[low])


def _next_trial(low: int, high: int, doubt: _Doubt) -> tuple[int, bool]:
    """Return the middle of what is not tried, and whether all was tried once."""
    if doubt is None:
        return (low + high) // 2, low + 1 == high
    first, last = doubt
    if low < first:
        return (low + first) // 2, False
    if last + 1 < high:
        return (last + 1 + high) // 2, False
    return (first + last) // 2, True


def _still_open(doubt: _Doubt, low: int, high: int) -> _Doubt:
    """Return the trials that were given up and that no later answer has decided."""
    if doubt is None:
        return None
    first, last = max(doubt[0], low), min(doubt[1], high - 1)
    return (first, last) if first <= last else None


def _serve_within(
    choice: SiteChoice, floor: float, unserved: float, pace: tuple[SolveLimits, Clock]
) -> tuple[IndexArray | None, bool]:
    """Return a plan that serves as much as asked, or whether it is proven that there is none."""
    limits, clock = pace
    count = choice.site_count or 0
    if unserved <= 0:
        return _cover_within(choice, count, pace)
    unit = math.fsum(choice.demand) / 1e3
    model, variables = build_max_coverage(choice, count, unit_of_demand=unit)
    outcome = solve_formulation(model, limits, time_left_s=clock.left_s())
    enough = floor * (1 - _SLACK_SHARE)
    if outcome.values is not None:
        found = np.flatnonzero(outcome.values[variables] > 1 / 2)
        if math.fsum(choice.demand) - choice.value(found).unserved >= enough:
            return found, False
    return None, outcome.bound * unit < enough


def _cover_within(
    choice: SiteChoice, count: int, pace: tuple[SolveLimits, Clock]
) -> tuple[IndexArray | None, bool]:
    required = np.flatnonzero(choice.is_required)
    left = ~choice.within[:, required].any(axis=1)
    reach = choice.within[left]
    reach[:, required] = False
    found, is_impossible = cover_with(reach, count - len(required), *pace)
    if found is None:
        return None, is_impossible
    return _filled(np.union1d(required, found), count, len(choice.is_required)), False


def _filled(opened: IndexArray, count: int, site_count: int) -> IndexArray:
    """Add the first sites that are not open until there are as many as asked."""
    others = np.setdiff1d(np.arange(site_count), opened)[: count - len(opened)]
    return np.sort(np.concatenate([opened, others]))
