"""Small random days, and the best plan of each by trying everything; no routing code here."""

from datetime import date
from itertools import permutations, product

import numpy as np
from hypothesis import strategies as st

from ntgeo.domain.matrix import TravelTimeMatrix
from ntgeo.domain.places import Location
from ntgeo.domain.routing import (
    Break,
    Depot,
    DepotId,
    RoutingProblem,
    Shift,
    ShiftCosts,
    ShiftId,
    StaffId,
    TimeWindow,
    Visit,
    VisitId,
)

GRID_S = 600
DAY = date(2026, 11, 24)
HERE = Location(easting_m=0.0, northing_m=0.0)


def window(first: int, length: int) -> TimeWindow:
    return TimeWindow(start_s=first * GRID_S, end_s=(first + length) * GRID_S)


windows = st.builds(window, st.integers(0, 24), st.integers(0, 12))


@st.composite
def small_days(draw, *, most_visits: int = 4, most_shifts: int = 2):
    visit_ids = [f"v{i}" for i in range(draw(st.integers(1, most_visits)))]
    depot_ids = ["d0", "d1"]
    visits = [
        Visit(
            id=VisitId(name),
            location=HERE,
            service_s=draw(st.integers(1, 3)) * GRID_S,
            windows=tuple(draw(st.lists(windows, min_size=1, max_size=3))),
            skills=draw(st.frozensets(st.sampled_from(["a", "b"]), max_size=1)),
            priority=draw(st.integers(1, 5)),
        )
        for name in visit_ids
    ]
    shifts = [draw(_shifts(f"s{i}")) for i in range(draw(st.integers(1, most_shifts)))]
    places = [*depot_ids, *visit_ids]
    cells = st.one_of(st.integers(0, 5), st.integers(0, 5), st.integers(0, 5), st.none())
    ways = draw(st.lists(cells, min_size=len(places) ** 2, max_size=len(places) ** 2))
    time_s = np.array([np.nan if w is None else w * GRID_S for w in ways], dtype=float)
    return RoutingProblem.from_arrays(
        day=DAY,
        visits=visits,
        shifts=shifts,
        depots=[Depot(id=DepotId(name), name=name, location=HERE) for name in depot_ids],
        travel=TravelTimeMatrix.from_arrays(
            time_s.reshape(len(places), len(places)),
            origins=places,
            destinations=places,
            distance_m=time_s.reshape(len(places), len(places)) * 7.0,
        ),
    )


@st.composite
def _shifts(draw, name: str):
    start = draw(st.integers(0, 6))
    length = draw(st.integers(8, 24))
    rest = None
    if draw(st.booleans()):
        first = draw(st.integers(start, start + length - 3))
        rest = Break(duration_s=2 * GRID_S, window=window(first, draw(st.integers(0, 4))))
    return Shift(
        id=ShiftId(name),
        staff=StaffId(f"p-{name}"),
        start_place=DepotId(draw(st.sampled_from(["d0", "d1"]))),
        end_place=DepotId(draw(st.sampled_from(["d0", "d1"]))),
        hours=window(start, length),
        skills=draw(st.sampled_from([frozenset({"a", "b"}), frozenset({"a"}), frozenset()])),
        breaks=() if rest is None else (rest,),
        costs=ShiftCosts(
            pay_gbp_per_hour=3600.0, travel_gbp_per_hour=3600.0, mileage_gbp_per_mile=0.0
        ),
    )


def best_by_trying_everything(problem: RoutingProblem) -> tuple[tuple[int, ...], float]:
    """Unmade visits by priority 1 to 5, then seconds of travel and work."""
    best: tuple[tuple[int, ...], float] | None = None
    made_by = range(len(problem.shifts) + 1)
    costs: dict[tuple[int, frozenset[int]], float] = {}
    for assignment in product(made_by, repeat=len(problem.visits)):
        unmade = [v.priority for v, s in zip(problem.visits, assignment, strict=True) if s == 0]
        cost = 0.0
        for number, shift in enumerate(problem.shifts, start=1):
            chosen = frozenset(i for i, s in enumerate(assignment) if s == number)
            if (number, chosen) not in costs:
                costs[number, chosen] = _least_cost(problem, shift, chosen)
            cost += costs[number, chosen]
        answer = (tuple(unmade.count(p) for p in range(1, 6)), cost)
        if cost < np.inf and (best is None or answer < best):
            best = answer
    assert best is not None
    return best


def _least_cost(problem: RoutingProblem, shift: Shift, chosen: frozenset[int]) -> float:
    if not chosen:
        return 0.0
    visits = [problem.visits[i] for i in chosen]
    if any(not visit.skills <= shift.skills for visit in visits):
        return np.inf
    breaks = range(len(visits) + 1) if shift.breaks else [None]
    departures = range(shift.hours.start_s, shift.hours.end_s, GRID_S)
    return min(
        _cost(problem, shift, order, break_after, departure)
        for order in permutations(visits)
        for break_after in breaks
        for departure in departures
    )


def _cost(problem, shift, order, break_after, departure) -> float:
    row_of = {place: row for row, place in enumerate(problem.place_ids)}
    clock, travel, here = departure, 0.0, shift.start_place
    if break_after == 0:
        clock = _rested(shift, clock)
    for number, visit in enumerate(order, start=1):
        leg = problem.travel.time_s[row_of[here], row_of[visit.id]]
        clock, travel, here = clock + leg, travel + leg, visit.id
        clock = _begin(visit.windows, clock) + visit.service_s
        if break_after == number:
            clock = _rested(shift, clock)
    leg = problem.travel.time_s[row_of[here], row_of[shift.end_place]]
    clock += leg
    if np.isnan(clock) or clock > shift.hours.end_s:
        return np.inf
    return travel + leg + clock - departure


def _begin(open_windows, clock: float) -> float:
    begins = [max(clock, w.start_s) for w in open_windows if clock <= w.end_s]
    return min(begins, default=np.inf)


def _rested(shift, clock: float) -> float:
    return _begin([shift.breaks[0].window], clock) + shift.breaks[0].duration_s
