"""A plain day as flat arrays, in the form that the compiled search reads."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from ntgeo.routing.figures import NEVER_MS, NO_WAY_MS, DayArrays, same_shifts
from ntgeo.routing.figures.arrays import MS_PER_S, BoolArray, FloatArray, IntArray

__all__ = ["DayFigures", "plain_figures", "unplain_rules"]


class DayFigures(NamedTuple):
    """A plain day's visits and shifts as arrays; indices follow the problem's order.

    Attributes:
        travel_s: (places, places) depots, then visits; infinite where there is no way, so that
            such a leg can never arrive within a window.
            With parking and set-up on reaching a visit.
        leg_cost: (places, places) what a leg adds to the objective.
        work_weight: What a second between leaving the start and reaching the end adds to it.
        depot_count: Place of visit *v* is ``depot_count + v``.
        service_s: (visits,).
        windows_s: (visits, 2 × windows) earliest and latest begin of each window in order; they
            neither touch nor overlap; places left over hold infinity and minus infinity.
        unmade_weight: (visits,) one visit outweighs all visits of the later priorities together.
        may_make: (shifts, visits) whether the shift may take part.
        ends: (shifts, 2) places where it starts and ends.
        hours_s: (shifts, 2) from when to when.
        rest_s: (shifts, 3) earliest and latest begin of the break, and its length; 0 for none.
        load: (visits,).
        capacity: (shifts,) infinite for unlimited.
        kind: (shifts,) first shift that is the same.
        most_work_s: (shifts,) infinite for unlimited.
        round_cost: (shifts,) of having a round at all.
    """

    travel_s: FloatArray
    leg_cost: FloatArray
    work_weight: float
    depot_count: int
    service_s: FloatArray
    windows_s: FloatArray
    unmade_weight: IntArray
    may_make: BoolArray
    ends: IntArray
    hours_s: FloatArray
    rest_s: FloatArray
    load: FloatArray
    capacity: FloatArray
    kind: IntArray
    most_work_s: FloatArray
    round_cost: FloatArray


def unplain_rules(day: DayArrays) -> tuple[str, ...]:
    """Return the rules of a day that the plain search does not know; empty if it knows all.

    It knows several windows, skills, staff, loads, addresses, set-up and parking; shifts that
    travel alike at the same prices, with hours, a break, greatest work and a price a round; and
    visits that are made by priority.
    """
    return tuple(name for name, holds in _rules(day).items() if holds)


def _rules(day: DayArrays) -> dict[str, bool]:
    visits, shifts, prices = day.visits, day.shifts, day.prices
    has_spread = prices.work_spread_gbp_per_ms > 0.0 or prices.visits_spread_gbp > 0.0
    is_soft = bool((visits.soft_gbp_per_ms > 0.0).any())
    is_late = bool((visits.soft_ms[:, :, 1] < NEVER_MS).any())
    return {
        "windows of finishing or arriving": bool(visits.sense.any()),
        "soft windows": is_soft or (is_late and prices.worst_lateness_gbp_per_ms > 0.0),
        "crews": bool((visits.crew_after_dark > 1).any()),
        "first or last of a round": bool(visits.pinned_place.any()),
        "lengths by staff": bool((visits.service_ms != visits.service_ms[:1]).any()),
        "new faces": bool((visits.assign_gbp > 0.0).any()),
        "linked visits": len(day.links.first) > 0,
        "breaks after work, unpaid or several": _has_other_breaks(day),
        "walks from a parked car": bool((shifts.walks_up_to_ms >= 0).any()),
        "overtime": bool((shifts.overtime_gbp_per_ms > 0.0).any()),
        "greatest travel": bool((shifts.most_travel_ms < NEVER_MS).any()),
        "greatest distance": bool(np.isfinite(shifts.most_distance_m).any()),
        "no end place": bool((shifts.end_place < 0).any()),
        "shifts that travel or cost unalike": _are_unalike(day),
        "fair shares": bool(has_spread),
        "unmade visits in pounds": not prices.puts_priorities_first,
    }


def _has_other_breaks(day: DayArrays) -> bool:
    shifts = day.shifts
    is_there = np.arange(shifts.breaks_ms.shape[1]) < shifts.break_count[:, None]
    is_other = (shifts.breaks_ms[:, :, 3] >= 0) | ~shifts.is_break_paid
    return bool((shifts.break_count > 1).any() or (is_there & is_other).any())


def _are_unalike(day: DayArrays) -> bool:
    shifts = day.shifts
    alike = (
        shifts.way,
        shifts.pay_gbp_per_ms,
        shifts.travel_gbp_per_ms,
        shifts.mileage_gbp_per_m,
    )
    return any(len(np.unique(each)) > 1 for each in alike)


def plain_figures(day: DayArrays) -> DayFigures:
    """Return the arrays of a plain day, with at least one shift."""
    visits, shifts = day.visits, day.shifts
    windows_s = _seconds(visits.windows_ms)
    return DayFigures(
        travel_s=_travel_s(day),
        leg_cost=_leg_cost(day),
        work_weight=float(shifts.pay_gbp_per_ms[0]) * MS_PER_S,
        depot_count=day.legs.depot_count,
        service_s=_seconds(visits.service_ms[0]),
        windows_s=windows_s.reshape(len(windows_s), -1),
        unmade_weight=visits.unmade_weight,
        may_make=visits.may_make,
        ends=np.stack([shifts.start_place, shifts.end_place], axis=1),
        hours_s=_seconds(shifts.hours_ms),
        rest_s=_rest_s(day),
        load=visits.load,
        capacity=shifts.capacity,
        kind=same_shifts(day),
        most_work_s=_seconds(shifts.most_work_ms),
        round_cost=shifts.round_gbp,
    )


def _seconds(ms: IntArray) -> FloatArray:
    """Return seconds; infinite for never."""
    seconds = ms / MS_PER_S
    seconds[ms >= NEVER_MS] = np.inf
    seconds[ms <= -NEVER_MS] = -np.inf
    return seconds


def _travel_s(day: DayArrays) -> FloatArray:
    legs = day.legs
    leg_ms = legs.leg_ms[day.shifts.way[0]].copy()
    reached = slice(legs.depot_count, None)
    leg_ms[:, reached] += day.visits.set_up_ms * (legs.address[:, None] != legs.address[reached])
    travel_s = leg_ms / MS_PER_S
    travel_s[leg_ms >= NO_WAY_MS] = np.inf
    return travel_s


def _leg_cost(day: DayArrays) -> FloatArray:
    legs, shifts, way = day.legs, day.shifts, day.shifts.way[0]
    cost = float(shifts.mileage_gbp_per_m[0]) * legs.distance_m[way]
    cost = cost + float(shifts.travel_gbp_per_ms[0]) * legs.leg_ms[way]
    cost[legs.leg_ms[way] >= NO_WAY_MS] = np.inf
    return cost


def _rest_s(day: DayArrays) -> FloatArray:
    """Return (shifts, 3) the break of each shift; of length 0 where it has none."""
    shifts = day.shifts
    rest_s = np.zeros((len(shifts.way), 3))
    has_break = shifts.break_count > 0
    if has_break.any():
        rest_s[has_break] = shifts.breaks_ms[has_break, 0, :3] / MS_PER_S
    return rest_s
