"""What each set of visits costs a shift at least, as a round by itself.

Every order of every set is tried, with its breaks, by its least duration: of Vidal, Crainic,
Gendreau and Prins, "A hybrid genetic algorithm with adaptive diversity management for a large
class of vehicle routing problems with time-windows", Computers & Operations Research 40 (2013).
What the rules of :mod:`ntgeo.routing.exact` ask beyond that (a gap within the windows of a visit,
breaks after so much work, limits) is left out, so that the cost is never above the true one.
"""

from __future__ import annotations

from typing import Any, Final, NamedTuple

import numpy as np
import numpy.typing as npt
from numba import njit

from ntgeo.routing.exact.rounds import DEPOT, begins_ms
from ntgeo.routing.exact.variables import Variables

__all__ = ["least_costs"]

_MOST_TRIES: Final = 3_000_000
_NEVER: Final = np.iinfo(np.int64).max


class _Steps(NamedTuple):
    """The ways of a shift between standings; number 0 is the depot.

    Attributes:
        visit: (standings,) -1 for the depot.
        way: (standings, standings) steps of leg and set-up; -1 for none.
        way_cost: (standings, standings) units of money, of the visit reached too.
        window: (visits, 2) first and last step at which it can begin for this shift.
        service: (visits,) in steps.
        hours: (2,) in steps.
        late: (visits, soft windows, 2) step after which beginning is late, and units a step.
        rests: (breaks, 3) first and last step at which each break that every round has may
            begin, and its length.
        unpaid: Of all unpaid breaks together, in steps.
        work_cost: Units a step.
    """

    visit: npt.NDArray[np.int64]
    way: npt.NDArray[np.int64]
    way_cost: npt.NDArray[np.int64]
    window: npt.NDArray[np.int64]
    service: npt.NDArray[np.int64]
    hours: npt.NDArray[np.int64]
    late: npt.NDArray[np.int64]
    rests: npt.NDArray[np.int64]
    unpaid: int
    work_cost: int


def least_costs(variables: Variables, shift: int) -> dict[int, int] | None:
    """Return the least cost, in units, of each set of visits that a shift can make in time.

    Args:
        variables: The decisions.
        shift: Whose rounds.

    Returns:
        By set, a bit for each visit; ``None`` where there are more orders than can be tried.
    """
    visits = len(variables.made)
    least = np.full(1 << visits, _NEVER, dtype=np.int64)
    if _try_orders(_steps(variables, shift), least, _MOST_TRIES) < 0:
        return None
    return {int(mask): int(least[mask]) for mask in np.flatnonzero(least < _NEVER)}


def _steps(variables: Variables, shift: int) -> _Steps:
    day, scale, rounds = variables.day, variables.scale, variables.rounds[shift]
    standings = [DEPOT, *sorted({arc.after for arc, _ in rounds.arcs if arc.after != DEPOT})]
    number_of = {standing: number for number, standing in enumerate(standings)}
    way = np.full((len(standings), len(standings)), -1, dtype=np.int64)
    way_cost = np.zeros_like(way)
    shifts = day.shifts
    for arc, _ in rounds.arcs:
        leg = number_of[arc.before], number_of[arc.after]
        way[leg] = scale.steps(arc.leg_ms + arc.set_up_ms)
        way_cost[leg] = variables.way_cost(shift, arc)
        if arc.after != DEPOT:
            way_cost[leg] += scale.units(day.visits.assign_gbp[shift, arc.after[0]])
        if arc.before == DEPOT:
            way_cost[leg] += scale.units(shifts.round_gbp[shift])
    windows = [begins_ms(day, shift, visit) for visit in range(len(variables.made))]
    count = int(shifts.break_count[shift])
    breaks_ms, is_paid = shifts.breaks_ms[shift], shifts.is_break_paid[shift]
    return _Steps(
        visit=np.array([standing[0] for standing in standings], dtype=np.int64),
        way=way,
        way_cost=way_cost,
        window=np.array([[scale.steps(m) for m in w] for w in windows], dtype=np.int64),
        service=np.array([scale.steps(m) for m in day.visits.service_ms[shift]], dtype=np.int64),
        late=_late(variables),
        hours=np.array([scale.steps(m) for m in shifts.hours_ms[shift]], dtype=np.int64),
        rests=np.array(
            [[scale.steps(m) for m in rest[:3]] for rest in breaks_ms[:count] if rest[3] < 0],
            dtype=np.int64,
        ).reshape(-1, 3),
        unpaid=scale.steps(breaks_ms[~is_paid, 2].sum()),
        work_cost=scale.units_per_step(shifts.pay_gbp_per_ms[shift]),
    )


def _late(variables: Variables) -> npt.NDArray[np.int64]:
    """Return when each visit begins late, and at what price; those of a crew's pay only once."""
    visits, scale = variables.day.visits, variables.scale
    is_shared = np.maximum(visits.crew_by_day, visits.crew_after_dark) > 1
    late = np.zeros(visits.soft_ms.shape, dtype=np.int64)
    for visit, window in np.ndindex(*late.shape[:2]):
        price = 0.0 if is_shared[visit] else visits.soft_gbp_per_ms[visit, window, 1]
        late[visit, window] = (
            scale.steps(visits.soft_ms[visit, window, 1]),
            scale.units_per_step(price),
        )
    return late


@njit(cache=True, nogil=True)
def _try_orders(steps: Any, least: Any, most_tries: int) -> int:
    """Write the least cost of each set; return how many orders were tried, or -1 if too many.

    Depth by depth a break or a visit is put behind the round so far, which is known by its least
    duration, the first and last start that allow it, and the cost of its ways.
    """
    count = len(steps.visit)
    deepest = len(steps.service) + len(steps.rests) + 1
    at = np.zeros(deepest, dtype=np.int64)
    rested = np.zeros(deepest, dtype=np.int64)
    upcoming = np.zeros(deepest, dtype=np.int64)
    so_far = np.zeros((deepest, 4), dtype=np.int64)
    so_far[0, 1], so_far[0, 2] = steps.hours[0], steps.hours[1]
    depth, mask, tries = 0, 0, 0
    while depth >= 0:
        there = upcoming[depth]
        upcoming[depth] += 1
        if there == count:
            if depth > 0 and rested[depth] == rested[depth - 1]:
                mask ^= 1 << steps.visit[at[depth]]
            depth -= 1
            continue
        is_rest = there == 0
        if not is_rest and mask >> steps.visit[there] & 1:
            continue
        if is_rest and rested[depth] == len(steps.rests):
            continue
        if is_rest:
            goes_on = _rests(steps.rests[rested[depth]], so_far[depth], so_far[depth + 1])
        else:
            goes_on = _visits(steps, at[depth], there, so_far[depth], so_far[depth + 1])
        tries += 1
        if not goes_on or tries > most_tries:
            continue
        depth += 1
        at[depth] = at[depth - 1] if is_rest else there
        rested[depth] = rested[depth - 1] + is_rest
        upcoming[depth] = 0
        if not is_rest:
            mask ^= 1 << steps.visit[there]
        cost = _whole_cost(steps, at[depth], rested[depth], so_far[depth])
        if 0 <= cost < least[mask]:
            least[mask] = cost
    return tries if tries <= most_tries else -1


@njit(cache=True, nogil=True)
def _visits(steps: Any, here: int, there: int, before: Any, after: Any) -> bool:
    """Put a visit behind a round so far, if it can begin in time."""
    way, visit = steps.way[here, there], steps.visit[there]
    if way < 0:
        return False
    after[3] = before[3] + steps.way_cost[here, there]
    soonest = max(steps.window[visit, 0], before[0] + before[1] + way)
    for window in range(steps.late.shape[1]):
        late = max(0, soonest - steps.late[visit, window, 0])
        after[3] += steps.late[visit, window, 1] * late
    return _goes_on(before, after, way, steps.window[visit], steps.service[visit])


@njit(cache=True, nogil=True)
def _rests(rest: Any, before: Any, after: Any) -> bool:
    """Put a break behind a round so far, if it can begin in time."""
    after[3] = before[3]
    return _goes_on(before, after, 0, rest, rest[2])


@njit(cache=True, nogil=True)
def _goes_on(before: Any, after: Any, way: int, window: Any, length: int) -> bool:
    reach = before[0] + way
    if before[1] + reach > window[1]:
        return False
    wait = max(0, window[0] - reach - before[2])
    after[0] = reach + wait + length
    after[1] = max(window[0] - reach, before[1]) - wait
    after[2] = min(window[1] - reach, before[2])
    return True


@njit(cache=True, nogil=True)
def _whole_cost(steps: Any, here: int, rested: int, so_far: Any) -> int:
    """Return what a round costs that goes to its end now; -1 if it cannot."""
    way = steps.way[here, 0]
    if here == 0 or way < 0 or rested < len(steps.rests):
        return -1
    if so_far[1] + so_far[0] + way > steps.hours[1]:
        return -1
    work = max(0, so_far[0] + way - steps.unpaid)
    return so_far[3] + steps.way_cost[here, 0] + steps.work_cost * work
