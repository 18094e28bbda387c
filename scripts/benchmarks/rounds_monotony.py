#!/usr/bin/env python3
"""A day that asks less never has a worse plan: small days by proof, larger ones from their plan.

Each day is solved, then solved again with one more member of staff, a longer shift, wider windows,
and without a rule. Prints a JSON line: how many answers were compared, and those that were worse.
"""

from __future__ import annotations

import argparse
import json
import sys
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[2] / "tests" / "routing"))
sys.path.insert(0, str(Path(__file__).parents[2] / "tests"))

from rounds_cases import rule_sets, seeded_day

from ntgeo.domain.routing import (
    RoutePlan,
    RoutingProblem,
    ShiftId,
    StaffId,
    TimeWindow,
)
from ntgeo.domain.solving import SolveLimits, SolveStatus
from ntgeo.routing import find_faults
from ntgeo.routing.solve import solve_in_process
from ntgeo.routing.solve.telling import plan_value

_HOUR_S = 3600
_SAME_GBP = 1e-5
_LARGE_RULES = ("crew", "skills")


def more_staff(problem: RoutingProblem) -> RoutingProblem:
    """One more, like the first; a spread counts idle shifts too, so it is not priced here."""
    prices = replace(problem.prices, work_spread_gbp_per_hour=0.0, visits_spread_gbp=0.0)
    more = replace(problem.shifts[0], id=ShiftId("ZZ"), staff=StaffId("zz"))
    shifts = sorted((*problem.shifts, more), key=lambda shift: shift.id)
    return replace(problem, shifts=tuple(shifts), prices=prices)


def longer_shifts(problem: RoutingProblem) -> RoutingProblem:
    """The last shift of each member of staff may go on for an hour more."""
    in_time = sorted(problem.shifts, key=lambda shift: shift.hours.end_s)
    last = {shift.staff: shift.id for shift in in_time}
    shifts = [
        replace(shift, hours=_longer(shift.hours, _HOUR_S))
        if shift.id == last[shift.staff]
        else shift
        for shift in problem.shifts
    ]
    return replace(problem, shifts=tuple(shifts))


def wider_windows(problem: RoutingProblem) -> RoutingProblem:
    """The last window of each visit is open for half an hour more."""
    return replace(
        problem,
        visits=tuple(
            replace(visit, windows=(*visit.windows[:-1], _longer(visit.windows[-1], _HOUR_S // 2)))
            for visit in problem.visits
        ),
    )


def _longer(window: TimeWindow, more_s: int) -> TimeWindow:
    return replace(window, end_s=window.end_s + more_s)


def without_skills(problem: RoutingProblem) -> RoutingProblem:
    """Nobody needs to have learned anything."""
    visits = tuple(replace(visit, skills=frozenset()) for visit in problem.visits)
    return replace(problem, visits=visits)


def without_links(problem: RoutingProblem) -> RoutingProblem:
    """No visit has to do with another."""
    return replace(problem, links=())


_EASED: tuple[Callable[[RoutingProblem], RoutingProblem], ...] = (
    more_staff,
    longer_shifts,
    wider_windows,
    without_skills,
    without_links,
)


def _worse(before: RoutingProblem, old: RoutePlan, after: RoutingProblem, new: RoutePlan) -> bool:
    unmade, gbp = plan_value(before, old)
    new_unmade, new_gbp = plan_value(after, new)
    return new_unmade > unmade or (new_unmade == unmade and new_gbp > gbp + _SAME_GBP)


def main() -> None:
    """Solve and compare."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--small", type=int, default=100)
    parser.add_argument("--large", type=int, default=10)
    parser.add_argument("--visits", type=int, default=40)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    sets, began = rule_sets(), time.monotonic()
    days = [
        (number, seeded_day(options.seed + number, sets[number % len(sets)]), 20.0)
        for number in range(options.small)
    ]
    many = (options.visits, options.visits)
    days += [
        (-number, seeded_day(options.seed + number, _LARGE_RULES, visits=many, shifts=6), 3.0)
        for number in range(1, options.large + 1)
    ]
    compared, proven, worse = 0, 0, []
    for number, problem, time_limit_s in days:
        limits = SolveLimits(time_limit_s=time_limit_s)
        flat = replace(
            problem,
            prices=replace(problem.prices, work_spread_gbp_per_hour=0.0, visits_spread_gbp=0.0),
        )
        for ease in _EASED:
            before = flat if ease is more_staff else problem
            old = solve_in_process(before, limits)
            after = ease(before)
            new = solve_in_process(after, limits, start=old if number < 0 else None)
            compared += 1
            proven += new.report.status is SolveStatus.OPTIMAL
            if _worse(before, old, after, new) or find_faults(after, new):
                worse.append(f"{number}: {ease.__name__}")
    told = {"compared": compared, "proven": proven, "worse": worse}
    sys.stdout.write(json.dumps(told | {"wall_s": round(time.monotonic() - began, 1)}) + "\n")


if __name__ == "__main__":
    main()
