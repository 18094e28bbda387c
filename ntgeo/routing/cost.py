"""What a plan costs by the times that it tells, term by term."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Sequence

from ntgeo.domain.matrix import TravelMode
from ntgeo.domain.routing import (
    Break,
    RoundsCost,
    Route,
    RoutingProblem,
    Shift,
    StaffId,
    Stop,
    StopKind,
    Visit,
    VisitId,
)
from ntgeo.domain.units import METRES_PER_MILE, SECONDS_PER_HOUR, SECONDS_PER_MINUTE

__all__ = ["breaks_taken", "cost_of"]

_DECIMALS = 6


def cost_of(
    problem: RoutingProblem, routes: Sequence[Route], unmade: Collection[VisitId]
) -> RoundsCost:
    """Return what a plan costs, term by term, in pounds to the millionth.

    Args:
        problem: The question.
        routes: Rounds that keep every rule.
        unmade: Visits that are in none of them.
    """
    shift_of = {shift.id: shift for shift in problem.shifts}
    rounds = [(shift_of[route.shift], route) for route in routes]
    prices = problem.prices
    terms = {
        "pay_gbp": sum(s.costs.pay_gbp_per_hour * _work_s(s, r) for s, r in rounds)
        / SECONDS_PER_HOUR,
        "overtime_gbp": sum(_overtime_gbp(s, r) for s, r in rounds),
        "mileage_gbp": sum(_mileage_gbp(s, r) for s, r in rounds),
        "travel_gbp": sum(s.costs.travel_gbp_per_hour * _travel_s(r) for s, r in rounds)
        / SECONDS_PER_HOUR,
        "rounds_gbp": sum(shift.costs.round_gbp for shift, _ in rounds),
        "unfairness_gbp": _unfairness_gbp(problem, rounds),
        "unmade_gbp": sum(
            prices.unmade_gbp_of(visit) for visit in problem.visits if visit.id in unmade
        ),
        **_visits_gbp(problem, routes),
    }
    return RoundsCost(**{name: round(float(value), _DECIMALS) for name, value in terms.items()})


def breaks_taken(shift: Shift, route: Route) -> list[tuple[Break, Stop]]:
    """Return the breaks of a shift that are in its round, each with its stop.

    Breaks that every round has are all there; of those after so much work, the first ones.
    """
    stops = [stop for stop in route.stops if stop.kind is StopKind.BREAK]
    spare = len(stops) - sum(rest.after_work_s is None for rest in shift.breaks)
    taken: list[Break] = []
    for rest in shift.breaks:
        if rest.after_work_s is None:
            taken.append(rest)
        elif spare > 0:
            taken.append(rest)
            spare -= 1
    return list(zip(taken, stops, strict=True))


def _unpaid(shift: Shift, route: Route) -> list[Stop]:
    return [stop for rest, stop in breaks_taken(shift, route) if not rest.is_paid]


def _work_s(shift: Shift, route: Route) -> float:
    length_s = route.stops[-1].arrive_s - route.stops[0].leave_s
    return length_s - sum(stop.leave_s - stop.begin_s for stop in _unpaid(shift, route))


def _overtime_gbp(shift: Shift, route: Route) -> float:
    if shift.overtime is None:
        return 0.0
    after_s = shift.overtime.after_s

    def late_s(begin_s: float, end_s: float) -> float:
        return max(0.0, end_s - max(begin_s, after_s))

    length_s = late_s(route.stops[0].leave_s, route.stops[-1].arrive_s)
    length_s -= sum(late_s(stop.begin_s, stop.leave_s) for stop in _unpaid(shift, route))
    return shift.overtime.gbp_per_hour * length_s / SECONDS_PER_HOUR


def _mileage_gbp(shift: Shift, route: Route) -> float:
    if shift.mode is TravelMode.FOOT:
        return 0.0
    miles = sum(stop.distance_m for stop in route.stops) / METRES_PER_MILE
    return shift.costs.mileage_gbp_per_mile * miles


def _travel_s(route: Route) -> float:
    return sum(stop.travel_s + stop.parking_s for stop in route.stops)


def _visits_gbp(problem: RoutingProblem, routes: Sequence[Route]) -> dict[str, float]:
    """Price when visits are made, and by whom."""
    visit_of = {str(visit.id): visit for visit in problem.visits}
    begin_s: dict[str, float] = {}
    staff: dict[str, list[StaffId]] = defaultdict(list)
    for route in routes:
        for stop in route.stops:
            if stop.kind is StopKind.VISIT:
                begin_s[stop.place] = stop.begin_s
                staff[stop.place].append(route.staff)
    latest_s = max((_lateness_s(visit_of[v], at_s) for v, at_s in begin_s.items()), default=0.0)
    prices = problem.prices
    new = sum(len(_others(visit_of[v].usual_staff, who)) for v, who in staff.items())
    other = sum(len(_others(visit_of[v].preferred_staff, who)) for v, who in staff.items())
    moved = sum(len(_others(visit_of[v].planned_staff, who)) for v, who in staff.items())
    return {
        "untimely_gbp": sum(_untimely_gbp(visit_of[v], at_s) for v, at_s in begin_s.items()),
        "worst_lateness_gbp": prices.worst_lateness_gbp_per_minute * latest_s / SECONDS_PER_MINUTE,
        "new_faces_gbp": prices.new_face_gbp * new,
        "not_preferred_gbp": prices.not_preferred_gbp * other,
        "moved_gbp": prices.moved_gbp * moved,
    }


def _others(known: Collection[StaffId], staff: list[StaffId]) -> list[StaffId]:
    return [one for one in staff if known and one not in known]


def _lateness_s(visit: Visit, begin_s: float) -> float:
    return max((max(0.0, begin_s - soft.window.end_s) for soft in visit.soft_windows), default=0.0)


def _untimely_gbp(visit: Visit, begin_s: float) -> float:
    cost = 0.0
    for soft in visit.soft_windows:
        early_s = max(0.0, soft.window.start_s - begin_s)
        late_s = max(0.0, begin_s - soft.window.end_s)
        cost += soft.early_gbp_per_minute * early_s + soft.late_gbp_per_minute * late_s
    return cost / SECONDS_PER_MINUTE


def _unfairness_gbp(problem: RoutingProblem, rounds: Sequence[tuple[Shift, Route]]) -> float:
    if not problem.shifts:
        return 0.0
    idle = [0.0] * (len(problem.shifts) - len(rounds))
    work_s = [*idle, *(_work_s(shift, route) for shift, route in rounds)]
    visits = [*idle, *(_visit_count(route) for _, route in rounds)]
    prices = problem.prices
    by_work = prices.work_spread_gbp_per_hour * (max(work_s) - min(work_s)) / SECONDS_PER_HOUR
    return by_work + prices.visits_spread_gbp * (max(visits) - min(visits))


def _visit_count(route: Route) -> int:
    return sum(stop.kind is StopKind.VISIT for stop in route.stops)
