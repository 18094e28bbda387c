"""What a round costs at least: a day's rules as the pricing of rounds reads them.

Each round is looked at by itself, so what rounds have to do with one another (crews at the same
time, links, fair shares, the latest visit) is left out, and so is every rule that the pricing does
not know (greatest work, travel and distance; breaks after so much work; coming too early for a
soft window). Each is left out in the safe direction: a round of a plan is always a round here, at
a cost no greater.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from ntgeo.routing.bounds.least_legs import least_legs
from ntgeo.routing.figures import NEVER_MS, DayArrays

__all__ = ["RoundWay", "RoundWays", "least_crews", "round_ways"]

FloatArray = npt.NDArray[np.float64]
IntArray = npt.NDArray[np.int64]

_MS_PER_S = 1000.0
_FINISH, _ARRIVE = 1, 2
_FIRST, _LAST = 1, 2


class RoundWay(NamedTuple):
    """One way of working a shift; rows of legs are the visits, then the start.

    Attributes:
        before_s: (visits + 1, visits) from leaving one to beginning the next, waits left out;
            infinite where the leg cannot be.
        after_s: (visits + 1, visits) from then on to leaving the next.
        leg_gbp: (visits + 1, visits) what the leg and the stop cost, pay left out.
        end_s: (visits,) from leaving a visit to the end; infinite where the round cannot end.
        end_gbp: (visits,) what that leg costs, pay left out.
        windows_s: (visits, windows, 2) earliest and latest begin, in order; places left over
            hold a window that ends before every day.
        latest_s: (visits,) latest begin of all.
        late: (visits, soft windows, 2) end of each, and price of each second after it.
        load: (visits,) what each takes of the capacity.
        rests: (breaks, 5) earliest and latest begin, length, whether it is paid, whether it may
            be left out.
        start_s: When it may start.
        latest_start_s: The latest that it may start.
        over_s: When it must be over.
        round_gbp: Price of having it at all.
        pay_gbp_per_s: Price of a second of work.
        overtime_s: From which time of day a second costs more.
        overtime_gbp_per_s: How much more.
        capacity: Most load together; infinite for unlimited.
    """

    before_s: FloatArray
    after_s: FloatArray
    leg_gbp: FloatArray
    end_s: FloatArray
    end_gbp: FloatArray
    windows_s: FloatArray
    latest_s: FloatArray
    late: FloatArray
    load: FloatArray
    rests: FloatArray
    start_s: float
    latest_start_s: float
    over_s: float
    round_gbp: float
    pay_gbp_per_s: float
    overtime_s: float
    overtime_gbp_per_s: float
    capacity: float


class RoundWays(NamedTuple):
    """Every way of working every kind of shift.

    Attributes:
        ways: Each with its figures.
        kinds: Which kind of shift each way is of.
        counts: (kinds,) how many shifts there are of each.
        kind_of_shift: (shifts,) which kind each shift is of.
    """

    ways: tuple[RoundWay, ...]
    kinds: tuple[int, ...]
    counts: IntArray
    kind_of_shift: IntArray


def least_crews(day: DayArrays) -> IntArray:
    """Return (visits,) how many people each needs at least, whenever within its windows."""
    visits, prices = day.visits, day.prices
    quickest_ms = day.visits.service_ms.min(axis=0, initial=NEVER_MS)
    starts_ms, ends_ms = visits.windows_ms[:, :, 0], visits.windows_ms[:, :, 1]
    early_ms = np.maximum(starts_ms, prices.light_from_ms)
    in_time = np.where(visits.sense == _FINISH, 0, quickest_ms)[:, None]
    is_light = (early_ms + in_time <= prices.light_until_ms) & (ends_ms >= prices.light_from_ms)
    return np.where(is_light.any(axis=1), visits.crew_by_day, visits.crew_after_dark)


def round_ways(day: DayArrays) -> RoundWays:
    """Return every way of working each kind of shift; shifts of a kind differ by no figure."""
    visits, shifts = day.visits, day.shifts
    number_of: dict[tuple[object, ...], int] = {}
    kinds: list[int] = []
    ways: list[RoundWay] = []
    kind_of_shift = np.zeros(len(shifts.kind), dtype=np.int64)
    for shift, like in enumerate(shifts.kind):
        figures = (visits.may_make[shift], visits.service_ms[shift], visits.assign_gbp[shift])
        key = (int(like), *(part.tobytes() for part in figures))
        is_new = key not in number_of
        kind = kind_of_shift[shift] = number_of.setdefault(key, len(number_of))
        if is_new:
            for way in _by_overtime(day, shift, _way(day, shift)):
                ways.append(way)
                kinds.append(int(kind))
    counts = np.bincount(kind_of_shift, minlength=len(number_of)).astype(np.int64)
    return RoundWays(tuple(ways), tuple(kinds), counts, kind_of_shift)


def _by_overtime(day: DayArrays, shift: int, whole: RoundWay) -> Iterator[RoundWay]:
    """Split a shift by whether it starts before overtime does, or is overtime from its start."""
    shifts = day.shifts
    after_s = shifts.overtime_after_ms[shift] / _MS_PER_S
    more_gbp_per_s = shifts.overtime_gbp_per_ms[shift] * _MS_PER_S
    if more_gbp_per_s == 0.0 or after_s >= whole.over_s:
        yield whole
        return
    is_unpaid = ~shifts.is_break_paid[shift, : shifts.break_count[shift]]
    unpaid_s = shifts.breaks_ms[shift, : shifts.break_count[shift], 2][is_unpaid].sum() / _MS_PER_S
    if whole.start_s <= after_s:
        yield whole._replace(
            latest_start_s=after_s,
            overtime_s=after_s + unpaid_s,
            overtime_gbp_per_s=more_gbp_per_s,
        )
    yield whole._replace(
        start_s=max(whole.start_s, after_s),
        pay_gbp_per_s=whole.pay_gbp_per_s + more_gbp_per_s,
    )


def _way(day: DayArrays, shift: int) -> RoundWay:
    """Return the figures of a shift, overtime left out."""
    visits, shifts = day.visits, day.shifts
    legs = least_legs(day, shift)
    start_s, over_s = (float(time_ms) / _MS_PER_S for time_ms in shifts.hours_ms[shift])
    set_up_s = _set_up_s(day)
    inside_s = np.where(visits.sense == _ARRIVE, set_up_s, 0.0)
    before_s = legs.travel_s[:, :-1] + set_up_s - inside_s
    before_s[:, ~visits.may_make[shift]] = np.inf
    before_s[:-1, visits.pinned_place == _FIRST] = np.inf
    before_s[:-1][visits.pinned_place == _LAST] = np.inf
    np.fill_diagonal(before_s, np.inf)
    windows_s = _windows_s(day, shift)
    return RoundWay(
        before_s=before_s,
        after_s=visits.service_ms[shift] / _MS_PER_S + inside_s,
        leg_gbp=legs.gbp[:, :-1] + visits.assign_gbp[shift],
        end_s=legs.travel_s[:-1, -1].copy(),
        end_gbp=legs.gbp[:-1, -1].copy(),
        windows_s=windows_s,
        latest_s=windows_s[:, :, 1].max(axis=1),
        late=_late(day),
        load=visits.load.astype(np.float64),
        rests=_rests(day, shift),
        start_s=start_s,
        latest_start_s=over_s,
        over_s=over_s,
        round_gbp=float(shifts.round_gbp[shift]),
        pay_gbp_per_s=float(shifts.pay_gbp_per_ms[shift] * _MS_PER_S),
        overtime_s=over_s,
        overtime_gbp_per_s=0.0,
        capacity=float(shifts.capacity[shift]),
    )


def _set_up_s(day: DayArrays) -> FloatArray:
    """Return (visits + 1, visits) the set-up of each leg: none between visits at one door."""
    doors = day.legs.address[day.legs.depot_count :]
    set_up_s = np.tile(day.visits.set_up_ms / _MS_PER_S, (len(doors) + 1, 1))
    set_up_s[:-1][doors[:, None] == doors[None, :]] = 0.0
    return set_up_s


def _windows_s(day: DayArrays, shift: int) -> FloatArray:
    """Return the windows as times of beginning; of ARRIVE, of coming in."""
    visits = day.visits
    finish_ms = np.where(visits.sense == _FINISH, visits.service_ms[shift], 0)
    return (visits.windows_ms - finish_ms[:, None, None]) / _MS_PER_S


def _late(day: DayArrays) -> FloatArray:
    """Return the lateness that each who comes answers for: their share of the largest crew."""
    visits = day.visits
    late_gbp = visits.soft_gbp_per_ms[:, :, 1] / visits.crew_after_dark[:, None]
    return np.stack([visits.soft_ms[:, :, 1] / _MS_PER_S, late_gbp * _MS_PER_S], axis=2)


def _rests(day: DayArrays, shift: int) -> FloatArray:
    """Return the breaks of each round; one after so much work may be left out.

    A paid one of those only costs, and is not among them.
    """
    shifts = day.shifts
    rows = []
    for number in range(shifts.break_count[shift]):
        start_ms, end_ms, length_ms, after_ms = shifts.breaks_ms[shift, number]
        is_paid = shifts.is_break_paid[shift, number]
        if after_ms < 0 or not is_paid:
            rows.append(
                (start_ms, end_ms, length_ms, is_paid * _MS_PER_S, (after_ms >= 0) * _MS_PER_S)
            )
    return np.array(rows, dtype=np.float64).reshape(-1, 5) / _MS_PER_S
