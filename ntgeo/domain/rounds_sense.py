"""What a plan of rounds means: who comes together, how long people work, who is a new face."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass

from ntgeo.domain.matrix import TravelMode
from ntgeo.domain.rounds_plan import Route, RoutePlan, Stop, StopKind
from ntgeo.domain.rounds_prices import RoundsCost
from ntgeo.domain.routing import RoutingProblem
from ntgeo.domain.shifts import Break, Shift
from ntgeo.domain.units import METRES_PER_MILE, SECONDS_PER_HOUR
from ntgeo.domain.visits import StaffId, Visit, VisitId

__all__ = [
    "Coming",
    "Continuity",
    "Timeliness",
    "breaks_taken",
    "comings",
    "continuity",
    "made_visits",
    "overtime_s",
    "round_cost",
    "strangers",
    "timeliness",
    "work_s",
]


@dataclass(frozen=True, slots=True, kw_only=True)
class Coming:
    """One of those who come to a visit."""

    route: Route
    stop: Stop


def comings(plan: RoutePlan) -> dict[VisitId, tuple[Coming, ...]]:
    """Return who comes to each visit that is made, in order of shift."""
    found: defaultdict[VisitId, list[Coming]] = defaultdict(list)
    for route in sorted(plan.routes, key=lambda route: route.shift):
        for stop in route.stops:
            if stop.kind is StopKind.VISIT:
                found[VisitId(stop.place)].append(Coming(route=route, stop=stop))
    return {visit: tuple(people) for visit, people in found.items()}


def breaks_taken(shift: Shift, route: Route) -> tuple[Break, ...]:
    """Return the break of the shift that each break of its round is, in order.

    Breaks that a round may do without go from the last: of those, the first are taken.
    """
    taken = sum(stop.kind is StopKind.BREAK for stop in route.stops)
    left = taken - sum(rest.after_work_s is None for rest in shift.breaks)
    found = []
    for rest in shift.breaks:
        if rest.after_work_s is not None:
            if left <= 0:
                continue
            left -= 1
        found.append(rest)
    return tuple(found)


def _unpaid(shift: Shift, route: Route) -> list[Stop]:
    stops = [stop for stop in route.stops if stop.kind is StopKind.BREAK]
    taken = breaks_taken(shift, route)
    return [stop for stop, rest in zip(stops, taken, strict=False) if not rest.is_paid]


def work_s(shift: Shift, route: Route) -> float:
    """Return the seconds from leaving the start to the end of a round, less unpaid breaks."""
    span_s = route.stops[-1].leave_s - route.stops[0].leave_s
    return span_s - sum(stop.leave_s - stop.begin_s for stop in _unpaid(shift, route))


def overtime_s(shift: Shift, route: Route) -> float:
    """Return the seconds of a round's work that are overtime."""
    if shift.overtime is None:
        return 0.0
    after_s = shift.overtime.after_s

    def late_s(start_s: float, end_s: float) -> float:
        return max(0.0, end_s - max(start_s, after_s))

    rest_s = sum(late_s(stop.begin_s, stop.leave_s) for stop in _unpaid(shift, route))
    return late_s(route.stops[0].leave_s, route.stops[-1].leave_s) - rest_s


def round_cost(shift: Shift, route: Route) -> RoundsCost:
    """Return what a round costs by the shift's own prices; every other term is 0."""
    costs, rate = shift.costs, shift.overtime.gbp_per_hour if shift.overtime else 0.0
    travel_s = sum(stop.travel_s + stop.parking_s for stop in route.stops)
    miles = sum(stop.distance_m for stop in route.stops) / METRES_PER_MILE
    is_claimed = shift.mode is not TravelMode.FOOT
    return RoundsCost(
        pay_gbp=work_s(shift, route) / SECONDS_PER_HOUR * costs.pay_gbp_per_hour,
        overtime_gbp=overtime_s(shift, route) / SECONDS_PER_HOUR * rate,
        mileage_gbp=miles * costs.mileage_gbp_per_mile if is_claimed else 0.0,
        travel_gbp=travel_s / SECONDS_PER_HOUR * costs.travel_gbp_per_hour,
        rounds_gbp=costs.round_gbp,
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Timeliness:
    """By how much a visit begins outside its soft windows, where it is furthest outside one."""

    early_s: float
    late_s: float


def timeliness(visit: Visit, begin_s: float) -> Timeliness:
    """Return how early and how late a visit is that begins at ``begin_s``."""
    windows = [soft.window for soft in visit.soft_windows]
    return Timeliness(
        early_s=max([0.0, *(window.start_s - begin_s for window in windows)]),
        late_s=max([0.0, *(begin_s - window.end_s for window in windows)]),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Continuity:
    """How many visits are seen by those who know them.

    Args:
        visits: Visits that are made and have usual staff.
        seen: Of these, those to which at least one of their usual staff comes.
        new_faces: People, over these visits, who are not usual staff.
    """

    visits: int
    seen: int
    new_faces: int


def continuity(problem: RoutingProblem, plan: RoutePlan) -> Continuity:
    """Return how many visits of a plan are seen by their usual staff."""
    known = [(visit, people) for visit, people in made_visits(problem, plan) if visit.usual_staff]
    new = [strangers(people, visit.usual_staff) for visit, people in known]
    return Continuity(
        visits=len(known),
        seen=sum(len(who) < len(people) for who, (_, people) in zip(new, known, strict=True)),
        new_faces=sum(map(len, new)),
    )


def made_visits(problem: RoutingProblem, plan: RoutePlan) -> list[tuple[Visit, tuple[Coming, ...]]]:
    """Return each visit that is made and who comes to it, in order of visit."""
    coming = comings(plan)
    return [(visit, coming[visit.id]) for visit in problem.visits if visit.id in coming]


def strangers(people: tuple[Coming, ...], staff: frozenset[StaffId]) -> list[StaffId]:
    """Return those who come and are not among ``staff``, in order of shift."""
    return [coming.route.staff for coming in people if coming.route.staff not in staff]
