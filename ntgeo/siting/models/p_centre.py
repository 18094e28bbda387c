"""Least worst time: the p-centre problem (Hakimi 1964), as a search over times.

The answer is the time of some pair. For a trial time, the question is whether the asked number of
sites serves everyone within it: a set cover (Minieka 1970), or, where not everyone can be served at
all, a maximum coverage. Halving the list of times leaves a handful of such questions.
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
from ntgeo.siting.models.max_coverage import build_max_coverage
from ntgeo.siting.models.set_cover import build_set_cover

__all__ = ["least_worst_time"]

IndexArray = npt.NDArray[np.intp]
Found = tuple[IndexArray, float]
_SLACK = 1e-6
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
        choice: The question, without areas that have no demand.
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
    while low < high and not clock.is_up():
        trial = (low + high) // 2
        nearer = choice.no_farther(float(times[trial]))
        found, is_impossible = _serve_within(nearer, floor, value.unserved, (limits, clock))
        if found is not None:
            best = found
            high = min(trial, int(np.searchsorted(times, nearer.value(found).worst_s)))
        elif is_impossible:
            low = trial + 1
        else:
            break
        offer((best, float(times[low])))
    return best, float(times[low])


def _serve_within(
    choice: SiteChoice, floor: float, unserved: float, pace: tuple[SolveLimits, Clock]
) -> tuple[IndexArray | None, bool]:
    """Return a plan that serves as much as asked, or whether it is proven that there is none."""
    limits, clock = pace
    count = choice.site_count or 0
    if unserved <= 0:
        if not choice.within.any(axis=1).all():
            return None, True
        model, sites = build_set_cover(choice)
        outcome = solve_formulation(model, limits, time_left_s=clock.left_s())
        if outcome.values is not None and outcome.values.sum() < count + 1 / 2:
            return _filled(sites[outcome.values > 1 / 2], count, len(choice.is_required)), False
        return None, outcome.bound > count + _SLACK
    unit = math.fsum(choice.demand) / 1e3
    model, variables = build_max_coverage(choice, count, unit_of_demand=unit)
    outcome = solve_formulation(model, limits, time_left_s=clock.left_s())
    enough = floor * (1 - _SLACK_SHARE)
    if outcome.values is not None:
        found = np.flatnonzero(outcome.values[variables] > 1 / 2)
        if math.fsum(choice.demand) - choice.value(found).unserved >= enough:
            return found, False
    return None, outcome.bound * unit < enough


def _filled(opened: IndexArray, count: int, site_count: int) -> IndexArray:
    """Add the first sites that are not open until there are as many as asked."""
    others = np.setdiff1d(np.arange(site_count), opened)[: count - len(opened)]
    return np.sort(np.concatenate([opened, others]))
