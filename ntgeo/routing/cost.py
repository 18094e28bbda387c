"""What a plan costs by the times that it tells, term by term."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Sequence

from ntgeo.domain.rounds_sense import round_cost, timeliness, work_s
from ntgeo.domain.routing import (
    RoundsCost,
    Route,
    RoutingProblem,
    Shift,
    StaffId,
    StopKind,
    Visit,
    VisitId,
)
from ntgeo.domain.units import SECONDS_PER_HOUR, SECONDS_PER_MINUTE

__all__ = ["cost_of"]

_DECIMALS = 6
_OF_ROUNDS = ("pay_gbp", "overtime_gbp", "mileage_gbp", "travel_gbp", "rounds_gbp")


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
    own = [round_cost(shift, route) for shift, route in rounds]
    terms = {
        **{name: sum(getattr(cost, name) for cost in own) for name in _OF_ROUNDS},
        "unfairness_gbp": _unfairness_gbp(problem, rounds),
        "unmade_gbp": sum(
            prices.unmade_gbp_of(visit) for visit in problem.visits if visit.id in unmade
        ),
        **_visits_gbp(problem, routes),
    }
    return RoundsCost(**{name: round(float(value), _DECIMALS) for name, value in terms.items()})


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
    latest_s = max(
        (timeliness(visit_of[v], at_s).late_s for v, at_s in begin_s.items()), default=0.0
    )
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
    work = [*idle, *(work_s(shift, route) for shift, route in rounds)]
    visits = [*idle, *(_visit_count(route) for _, route in rounds)]
    prices = problem.prices
    by_work = prices.work_spread_gbp_per_hour * (max(work) - min(work)) / SECONDS_PER_HOUR
    return by_work + prices.visits_spread_gbp * (max(visits) - min(visits))


def _visit_count(route: Route) -> int:
    return sum(stop.kind is StopKind.VISIT for stop in route.stops)
