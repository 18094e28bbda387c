"""A day as PyVRP takes it: whole milliseconds, and money in whole parts of a pound.

Whatever of a visit depends on who comes stands in that shift's matrices. A leg's *duration* is
travel, parking and set-up on reaching the visit, and what its visitor stays longer than the
quickest on leaving it; a leg that the shift may not take lasts longer than any day. A leg's
*distance* is its price: mileage, time on the way, a new face at the visit it reaches.
"""

from __future__ import annotations

import math
from typing import Any, Final, NamedTuple

import numpy as np
import pyvrp

from ntgeo.routing.figures import DayArrays, same_shifts
from ntgeo.routing.figures.arrays import IntArray

__all__ = ["PyvrpDay", "translate"]

_FAR_MS: Final = 100_000_000
"""Of a leg that cannot be: longer than any shift. Sums of penalties must stay exact as floats."""
_LEG_PARTS: Final = 1e6
"""A mean leg's price in whole parts, at least."""
_PAY_PARTS: Final = 1e3
"""A millisecond's least pay in whole parts, at least."""
_LOAD_PARTS: Final = 1000
_SAME_LOAD: Final = 1e-9
_ANY_DISTANCE: Final = 1 << 60
_UNMADE_LEGS: Final = 20.0
_PRIORITY_RATIO: Final = 3.0
_LOWEST_PRIORITY: Final = 5


class PyvrpDay(NamedTuple):
    """A day in PyVRP's nouns.

    Attributes:
        data: Its visits are clients, in order; its places are locations.
        kinds: For each type of vehicle the shift that it stands for.
        per_gbp: Whole parts of a pound.
        leg_ms: Mean duration of a leg to a near place.
        leg_cost: Its mean price with its time's pay, in parts.
    """

    data: pyvrp.ProblemData
    kinds: tuple[int, ...]
    per_gbp: float
    leg_ms: float
    leg_cost: float


def translate(day: DayArrays, *, must_make_all: bool) -> PyvrpDay:
    """Return a day in PyVRP's nouns.

    Args:
        day: A day of which it knows every rule.
        must_make_all: Whether every visit that somebody can make is required; else each has the
            price of not making it, or one by its priority.
    """
    kinds = tuple(int(kind) for kind in np.unique(same_shifts(day)))
    per_gbp = _per_gbp(day)
    durations = [_durations(day, kind) for kind in kinds]
    distances = [_distances(day, kind, per_gbp) for kind in kinds]
    leg_ms, leg_cost = _mean_leg(day, durations, distances, per_gbp)
    prizes = [0] * len(day.visits.load) if must_make_all else _prizes(day, per_gbp, leg_cost)
    per_load = _per_load(day, leg_ms)
    places = day.legs.leg_ms.shape[1]
    profile_of = _alike(distances, durations)
    several = [profile_of.index(profile) for profile in range(max(profile_of) + 1)]
    # Its stubs say a kind of array that there is not.
    matrices: Any = [distances[kind] for kind in several], [durations[kind] for kind in several]
    data = pyvrp.ProblemData(
        [pyvrp.Location(0, 0) for _ in range(places + 1)],
        [
            _client(day, visit, prize, must_make=must_make_all, per_load=per_load)
            for visit, prize in enumerate(prizes)
        ],
        [pyvrp.Depot(place) for place in (*range(day.legs.depot_count), places)],
        [
            _vehicles(day, profile, kind, (per_gbp, per_load))
            for profile, kind in zip(profile_of, kinds, strict=True)
        ],
        *matrices,
    )
    return PyvrpDay(data, kinds, per_gbp, leg_ms, leg_cost)


def _alike(distances: list[IntArray], durations: list[IntArray]) -> list[int]:
    """Return for each kind the number of its matrices, those that are the same counted once.

    Shifts that differ by depot or hours alone share them, which keeps them in the processor's
    memory.
    """
    seen: dict[tuple[bytes, bytes], int] = {}
    pairs = zip(distances, durations, strict=True)
    return [seen.setdefault((d.tobytes(), t.tobytes()), len(seen)) for d, t in pairs]


def _per_gbp(day: DayArrays) -> float:
    """Return how many parts make a pound, so that rounding a price to one tells nothing."""
    way, places = day.shifts.way, slice(day.legs.depot_count, None)
    driven_m = float(day.legs.distance_m[way[0], places, places].mean()) if len(way) else 0.0
    mean_gbp = driven_m * float(day.shifts.mileage_gbp_per_m.max(initial=0.0))
    pays = day.shifts.pay_gbp_per_ms[day.shifts.pay_gbp_per_ms > 0.0]
    by_leg = _LEG_PARTS / mean_gbp if mean_gbp > 0.0 else _LEG_PARTS
    return max(by_leg, _PAY_PARTS / float(pays.min())) if len(pays) else by_leg


def _durations(day: DayArrays, kind: int) -> IntArray:
    """Return (places + 1, places + 1) durations; the last place is the end of those without."""
    legs, visits = day.legs, day.visits
    lasting_ms = np.minimum(legs.leg_ms[day.shifts.way[kind]], _FAR_MS)
    reached = slice(legs.depot_count, None)
    is_elsewhere = legs.address[:, None] != legs.address[None, reached]
    lasting_ms[:, reached] += is_elsewhere * visits.set_up_ms
    lasting_ms[:, reached][:, ~visits.may_make[kind]] = _FAR_MS
    lasting_ms = np.pad(lasting_ms, (0, 1))
    lasting_ms[legs.depot_count : -1] += _longer_ms(day, kind)[:, None]
    np.fill_diagonal(lasting_ms, 0)
    return np.minimum(lasting_ms, _FAR_MS)


def _longer_ms(day: DayArrays, kind: int) -> IntArray:
    """Return (visits,) how much longer the visitor stays than the quickest."""
    service_ms = day.visits.service_ms
    longer_ms: IntArray = service_ms[kind] - service_ms.min(axis=0)
    return longer_ms


def _distances(day: DayArrays, kind: int, per_gbp: float) -> IntArray:
    legs, shifts, way = day.legs, day.shifts, day.shifts.way[kind]
    on_way_ms = np.where(legs.leg_ms[way] < _FAR_MS, legs.leg_ms[way], 0)
    gbp = shifts.mileage_gbp_per_m[kind] * legs.distance_m[way]
    gbp = gbp + shifts.travel_gbp_per_ms[kind] * on_way_ms
    gbp[:, legs.depot_count :] += day.visits.assign_gbp[kind]
    parts = np.pad(np.round(gbp * per_gbp).astype(np.int64), (0, 1))
    np.fill_diagonal(parts, 0)
    return parts


def _mean_leg(
    day: DayArrays, durations: list[IntArray], distances: list[IntArray], per_gbp: float
) -> tuple[float, float]:
    """Return mean duration and price of the legs from each visit to those nearest to it."""
    visits = slice(day.legs.depot_count, -1)
    lasting_ms, priced = durations[0][visits, visits], distances[0][visits, visits]
    near = np.sort(lasting_ms + _FAR_MS * np.eye(len(lasting_ms), dtype=np.int64), axis=1)[:, :10]
    leg_ms = max(1.0, float(np.minimum(near, _FAR_MS // 100).mean()))
    price = np.sort(priced + (1 << 50) * np.eye(len(priced), dtype=np.int64), axis=1)[:, :10]
    pay = float(day.shifts.pay_gbp_per_ms.max()) * per_gbp
    return leg_ms, max(
        1.0, float(price[price < 1 << 50].mean() if len(priced) > 1 else 0.0) + pay * leg_ms
    )


def _prizes(day: DayArrays, per_gbp: float, leg_cost: float) -> list[int]:
    if not day.prices.puts_priorities_first:
        return [round(gbp * per_gbp) for gbp in day.visits.unmade_gbp.tolist()]
    later = _LOWEST_PRIORITY - day.visits.priority
    pay = float(day.shifts.pay_gbp_per_ms.max()) * per_gbp
    longest_ms = float(day.visits.service_ms.max())
    base = _UNMADE_LEGS * leg_cost + pay * longest_ms + float(day.shifts.round_gbp.max()) * per_gbp
    return [round(base * _PRIORITY_RATIO**steps) for steps in later.tolist()]


def _per_load(day: DayArrays, leg_ms: float) -> int:
    """Return parts of a unit of load, so many that a visit's are about a leg's milliseconds."""
    mean_load = float(day.visits.load.mean())
    if mean_load == 0.0:
        return _LOAD_PARTS
    return _LOAD_PARTS * max(1, round(leg_ms / (_LOAD_PARTS * mean_load)))


def _client(
    day: DayArrays, visit: int, prize: int, *, must_make: bool, per_load: int
) -> pyvrp.Client:
    opens_ms, closes_ms = day.visits.windows_ms[visit, 0].tolist()
    return pyvrp.Client(
        day.legs.depot_count + visit,
        [max(0, math.ceil((day.visits.load[visit] - _SAME_LOAD) * per_load))],
        service_duration=int(day.visits.service_ms[:, visit].min()),
        tw_early=max(0, opens_ms),
        tw_late=max(0, closes_ms),
        prize=prize,
        required=must_make and bool(day.visits.may_make[:, visit].any()),
    )


def _vehicles(
    day: DayArrays, profile: int, kind: int, scale: tuple[float, int]
) -> pyvrp.VehicleType:
    shifts, (per_gbp, per_load) = day.shifts, scale
    longest_ms = min(int(shifts.most_work_ms[kind]), _FAR_MS)
    end = int(shifts.end_place[kind])
    load = float(np.minimum(shifts.capacity[kind], day.visits.load.sum() + 1.0))
    start_ms, end_ms = shifts.hours_ms[kind].tolist()
    return pyvrp.VehicleType(
        int((same_shifts(day) == kind).sum()),
        [math.floor(load * per_load + _SAME_LOAD * per_load)],
        int(shifts.start_place[kind]),
        day.legs.depot_count if end < 0 else end,
        fixed_cost=round(float(shifts.round_gbp[kind]) * per_gbp),
        tw_early=max(0, start_ms),
        tw_late=end_ms,
        unit_distance_cost=1,
        unit_duration_cost=round(float(shifts.pay_gbp_per_ms[kind]) * per_gbp),
        profile=profile,
        shift_duration=longest_ms,
        max_distance=_most_distance(day, kind, per_gbp),
    )


def _most_distance(day: DayArrays, kind: int, per_gbp: float) -> int:
    most_m = float(day.shifts.most_distance_m[kind])
    gbp = most_m * float(day.shifts.mileage_gbp_per_m[kind])
    return int(gbp * per_gbp) if np.isfinite(most_m) else _ANY_DISTANCE
