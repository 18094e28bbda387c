"""The day's arrays packed into a few for the compiled search.

Each array that a compiled function is handed costs the compiler time, in every function anew; so
what is told of each shift, visit and link stands in one array each, whose columns have names.
"""

from __future__ import annotations

from typing import Final, NamedTuple

import numpy as np
import numpy.typing as npt

from ntgeo.routing.figures import NEVER_MS, DayArrays

__all__ = ["Facts", "pack_facts"]

IntArray = npt.NDArray[np.int64]
FloatArray = npt.NDArray[np.float64]
BoolArray = npt.NDArray[np.bool_]

# Columns of ``shift``.
WAY, START, END, OPENS_MS, CLOSES_MS, WALKS_MS, PARKING_MS, BREAKS = range(8)
MOST_WORK_MS, MOST_WAY_MS, OVERTIME_MS, MAY_GO_ALONE, STAFF, KIND = range(8, 14)
# Columns of ``shift_gbp``.
PAY, TRAVEL, MILEAGE, ROUND, OVERTIME, CAPACITY, MOST_M = range(7)
# Columns of ``rest``.
FROM_MS, UNTIL_MS, LENGTH_MS, AFTER_MS, IS_UNPAID = range(5)
# Columns of ``visit``.
SENSE, SET_UP_MS, PLACE, BY_DAY, AFTER_DARK, WEIGHT, ADDRESS = range(7)
IS_TIED, IS_BUNDLED, LINKS_FROM, LINKS_TO, SHORTEST_MS, LONGEST_MS = range(7, 13)
# Columns of ``figure``; the last ones are orders in which visits are put back.
LOAD, UNMADE_GBP, KEY = range(3)
KEYS: Final = 6
# Columns of ``link``.
FIRST, SECOND, IS_ORDERED, LEAST_MS, GREATEST_MS, IS_FROM_END, WITH, IS_BOTH = range(8)
# Places of ``price``.
PRIORITIES_FIRST, WORST, WORK_SPREAD, VISITS_SPREAD, DAWN_MS, DUSK_MS, HAS_TIES = range(7)

_MOST_NEAR = 200


class Facts(NamedTuple):
    """What the search knows of a day, as :class:`~ntgeo.routing.figures.DayArrays` tells it.

    Attributes:
        depot_count: The place of visit *v* is ``depot_count + v``.
        leg_ms: (ways, places, places) travel and parking.
        metres: (ways, places, places) driven.
        foot_ms: (places, places) on foot, for walks from a parked car.
        shift: (shifts, 14) columns ``WAY`` to ``KIND``: that is the first shift that is the same
            for every visit.
        shift_gbp: (shifts, 7) prices, columns ``PAY`` to ``OVERTIME``, per millisecond or metre;
            then ``CAPACITY`` and ``MOST_M``.
        rest: (shifts, breaks, 5) columns ``FROM_MS`` to ``IS_UNPAID``.
        visit: (visits, 13) columns ``SENSE`` to ``LONGEST_MS``; ``IS_TIED``: its time depends on
            other rounds, or theirs on it; ``IS_BUNDLED``: it is put back together with others, or
            by several people; ``SHORTEST_MS`` and ``LONGEST_MS`` of those who may come.
        figure: (visits, 2 + KEYS) ``LOAD``, ``UNMADE_GBP`` (what it adds to the energy of
            annealing) and from ``KEY`` on orders in which visits are put back.
        window_ms: (visits, windows, 2).
        soft_ms: (visits, soft windows, 2).
        soft_gbp: (visits, soft windows, 2) per millisecond sooner, and later.
        service_ms: (shifts, visits) -1 where the shift may never take part.
        assign_gbp: (shifts, visits).
        is_pinned: (shifts, visits).
        link: (links, 8) columns ``FIRST`` to ``IS_BOTH``.
        link_of: (2 × links,) numbers of links, visit after visit.
        near: (visits, near) for each visit the visits nearest to it, itself first.
        price: (7,) places ``PRIORITIES_FIRST`` to ``HAS_TIES``.
    """

    depot_count: int
    leg_ms: IntArray
    metres: FloatArray
    foot_ms: IntArray
    shift: IntArray
    shift_gbp: FloatArray
    rest: IntArray
    visit: IntArray
    figure: FloatArray
    window_ms: IntArray
    soft_ms: IntArray
    soft_gbp: FloatArray
    service_ms: IntArray
    assign_gbp: FloatArray
    is_pinned: BoolArray
    link: IntArray
    link_of: IntArray
    near: IntArray
    price: FloatArray


def pack_facts(day: DayArrays) -> Facts:
    """Return the arrays of a day, packed."""
    visits, legs, prices, links = day.visits, day.legs, day.prices, day.links
    service_ms = np.where(visits.may_make, visits.service_ms, -1)
    ends = np.concatenate([links.first, links.second])
    numbers = np.tile(np.arange(len(links.first)), 2)
    visit = _visit(day, ends, service_ms)
    return Facts(
        depot_count=legs.depot_count,
        leg_ms=legs.leg_ms,
        metres=legs.distance_m,
        foot_ms=legs.foot_ms,
        shift=_shift(day, service_ms),
        shift_gbp=_shift_gbp(day),
        rest=np.concatenate([day.shifts.breaks_ms, ~day.shifts.is_break_paid[:, :, None]], axis=2),
        visit=visit,
        figure=_figure(day),
        window_ms=visits.windows_ms,
        soft_ms=visits.soft_ms,
        soft_gbp=visits.soft_gbp_per_ms,
        service_ms=service_ms,
        assign_gbp=visits.assign_gbp,
        is_pinned=visits.is_pinned_to,
        link=_columns(*links),
        link_of=numbers[np.argsort(ends, kind="stable")].astype(np.int64),
        near=_near(day),
        price=np.array([*prices, visit[:, IS_TIED].any()], dtype=np.float64),
    )


def _columns(*arrays: npt.NDArray[np.generic]) -> IntArray:
    return np.stack(arrays, axis=1).astype(np.int64)


def _shift(day: DayArrays, service_ms: IntArray) -> IntArray:
    shifts = day.shifts
    return _columns(
        shifts.way,
        shifts.start_place,
        shifts.end_place,
        *shifts.hours_ms.T,
        shifts.walks_up_to_ms,
        shifts.parking_ms,
        shifts.break_count,
        shifts.most_work_ms,
        shifts.most_travel_ms,
        shifts.overtime_after_ms,
        shifts.may_go_alone,
        shifts.staff,
        _kinds(day, service_ms),
    )


def _kinds(day: DayArrays, service_ms: IntArray) -> IntArray:
    """Return the first shift that is the same in all that visits say of staff, too."""
    said = (day.shifts.kind, service_ms, day.visits.assign_gbp, day.visits.is_pinned_to)
    first: dict[tuple[bytes, ...], int] = {}
    kinds = [
        first.setdefault(tuple(array[shift].tobytes() for array in said), shift)
        for shift in range(len(service_ms))
    ]
    return np.array(kinds, dtype=np.int64)


def _shift_gbp(day: DayArrays) -> FloatArray:
    shifts = day.shifts
    prices = (
        shifts.pay_gbp_per_ms,
        shifts.travel_gbp_per_ms,
        shifts.mileage_gbp_per_m,
        shifts.round_gbp,
        shifts.overtime_gbp_per_ms,
        shifts.capacity,
        shifts.most_distance_m,
    )
    return np.stack(prices, axis=1)


def _visit(day: DayArrays, ends: IntArray, service_ms: IntArray) -> IntArray:
    visits, links = day.visits, day.links
    tied, bundled = visits.crew_after_dark > 1, visits.crew_after_dark > 1
    for end in (links.first, links.second):
        tied[end[links.is_ordered]] = True
        bundled[end[links.is_ordered | links.is_both_or_neither]] = True
    links_from = np.searchsorted(np.sort(ends), np.arange(len(visits.load) + 1))
    return _columns(
        visits.sense,
        visits.set_up_ms,
        visits.pinned_place,
        visits.crew_by_day,
        visits.crew_after_dark,
        visits.unmade_weight,
        day.legs.address[day.legs.depot_count :],
        tied,
        bundled,
        links_from[:-1],
        links_from[1:],
        np.where(service_ms > 0, service_ms, NEVER_MS).min(axis=0, initial=NEVER_MS),
        service_ms.max(axis=0, initial=0),
    )


def _figure(day: DayArrays) -> FloatArray:
    visits, depots = day.visits, day.legs.depot_count
    opens, closes = visits.windows_ms[:, :, 0], visits.windows_ms[:, :, 1]
    soft = visits.soft_ms[:, :, 1].min(axis=1, initial=np.iinfo(np.int64).max)
    starts = np.unique(day.shifts.start_place)
    home = day.legs.travel_ms.min(axis=0)[starts, depots:].min(axis=0)
    figures = (
        visits.load,
        visits.unmade_gbp,
        np.zeros(len(visits.load)),  # chance alone
        np.where(closes >= opens, closes - opens, 0).sum(axis=1),
        opens[:, 0],
        -np.minimum(closes.max(axis=1), soft),
        -home,
        -visits.service_ms.max(axis=0),
    )
    return np.stack(figures, axis=1).astype(np.float64)


def _near(day: DayArrays) -> IntArray:
    depots = day.legs.depot_count
    between = day.legs.travel_ms.min(axis=0)[depots:, depots:]
    apart = np.minimum(between, between.T)
    np.fill_diagonal(apart, -1)
    near = np.argsort(apart, axis=1, kind="stable")[:, :_MOST_NEAR]
    return np.ascontiguousarray(near, dtype=np.int64)
