"""Plans a day anew while it is under way, with as few changes as it takes."""

from __future__ import annotations

import time
from dataclasses import replace
from functools import partial

from ntgeo.domain.replan import (
    USUAL_CHANGE_PRICES,
    ChangePrices,
    DayState,
    NewPlan,
)
from ntgeo.domain.routing import (
    Route,
    RoutePlan,
    RoutingProblem,
    Shift,
    Stop,
    StopKind,
    UnmadeCode,
    UnmadeVisit,
    Visit,
    VisitId,
    WindowSense,
)
from ntgeo.domain.solving import SolveLimits, SolveStatus
from ntgeo.errors import PlanRejectedError
from ntgeo.progress import SILENT, Progress
from ntgeo.routing.answers.asking import MOST_EXACT_VISITS, Asking
from ntgeo.routing.answers.filled import filled
from ntgeo.routing.answers.kept_plan import made_visits
from ntgeo.routing.answers.rest_of_day import rest_of_day
from ntgeo.routing.answers.so_far import SoFar, so_far
from ntgeo.routing.answers.standing_day import standing_day
from ntgeo.routing.answers.visit_changes import moved_count, visit_changes
from ntgeo.routing.cost import cost_of
from ntgeo.routing.solve import solve_routing
from ntgeo.routing.unmade.explain import explain_unmade
from ntgeo.routing.verify import find_faults, find_lock_faults

__all__ = ["plan_anew"]

_DECIMALS = 3
_FILLING_SHARE = 0.4
"""Of the time is for giving the visits of who is ill to others, one by one, before any search."""
_FIRST_SHARE = 0.7
"""Of what is then left is for the search; the rest is there if a promise cannot be kept."""
_LEAST_S = 0.5


def plan_anew(
    problem: RoutingProblem,
    plan: RoutePlan,
    state: DayState,
    limits: SolveLimits,
    *,
    prices: ChangePrices = USUAL_CHANGE_PRICES,
    progress: Progress = SILENT,
) -> NewPlan:
    """Plan the rest of a day that no longer goes as planned.

    What has happened, and what somebody has set off for, stays to the stop; the rest is planned
    anew by the day's own prices and those of changes. Visits made count first, as in any plan.

    Args:
        problem: The day's question, with urgent visits that the plan does not know yet.
        plan: The plan that people have in their hands.
        state: Where the day stands.
        limits: Time, gap, seed, and processor cores.
        prices: What changes are worth.
        progress: Told the stages; may cancel.

    Raises:
        PlanRejectedError: The new plan does not stand the independent check: our fault.
        TimeLimitError: The limit passed before any plan was found.
        CancelledError: The user stopped before any plan was found.
    """
    progress.stage("Planning the rest of the day")
    done = so_far(plan, state, problem.links)
    day = standing_day(problem, state, done)
    ask = partial(rest_of_day, day, plan, done, state, prices)
    ends_at = time.monotonic() + limits.time_limit_s
    start = _begin_from(plan, done, ask())
    if len(start.unmade) and len(ask().visits) > MOST_EXACT_VISITS:
        filling_s = _FILLING_SHARE * limits.time_limit_s
        asking = Asking(limits, time.monotonic() + filling_s)
        start = filled(ask(), start, asking, progress=progress)
    first_s = max(_LEAST_S, _FIRST_SHARE * (ends_at - time.monotonic()))
    first = replace(limits, time_limit_s=first_s)
    solved = solve_routing(ask(), first, start=start, progress=progress)
    not_kept = _not_kept(solved, ask(), ask(not_kept=frozenset(made_visits(plan))))
    if not_kept:
        again = replace(limits, time_limit_s=max(_LEAST_S, ends_at - time.monotonic()))
        freely = ask(not_kept=not_kept)
        solved = solve_routing(freely, again, start=solved, progress=progress)
    new = _whole_day(day, done, solved)
    changes = visit_changes(plan, new)
    answer = NewPlan(
        day=day,
        plan=new,
        changes=changes,
        moved=moved_count(changes),
        is_moved_least=solved.report.status is SolveStatus.OPTIMAL,
        not_kept=not_kept,
    )
    faults = (*find_faults(day, new), *find_lock_faults(plan, state, answer))
    if faults:
        raise PlanRejectedError(list(faults))
    return answer


def _begin_from(plan: RoutePlan, done: SoFar, question: RoutingProblem) -> RoutePlan:
    """Return the old plan as far as it can still be: what those who are there are in time for."""
    visits = {str(visit.id): visit for visit in question.visits}
    shifts = {shift.id: shift for shift in question.shifts}
    routes = []
    for route in done.carried:
        shift, locked = shifts.get(route.shift), done.locked.get(route.shift, 0)
        stops = tuple(
            stop
            for number, stop in enumerate(route.stops)
            if stop.kind is not StopKind.VISIT
            or (stop.place in visits and number < locked)
            or (stop.place in visits and _is_in_time(visits[stop.place], shift, stop))
        )
        if shift is not None and any(stop.kind is StopKind.VISIT for stop in stops):
            routes.append(replace(route, stops=stops))
    begun = replace(plan, routes=tuple(routes))
    unmade = [visit.id for visit in question.visits if visit.id not in made_visits(begun)]
    why = tuple(UnmadeVisit(visit=v, code=UnmadeCode.NO_ROOM, reason="") for v in unmade)
    return replace(begun, unmade=why)


def _is_in_time(visit: Visit, shift: Shift | None, stop: Stop) -> bool:
    if shift is None:
        return False
    is_open = any(w.start_s <= stop.begin_s <= w.end_s for w in visit.windows)
    is_known = not visit.pin.shifts or shift.id in visit.pin.shifts
    return (
        shift.staff not in visit.forbidden_staff
        and is_known
        and (is_open or visit.window_sense is not WindowSense.START)
    )


def _not_kept(
    solved: RoutePlan, question: RoutingProblem, free: RoutingProblem
) -> frozenset[VisitId]:
    """Return the visits that are left where their staff or their time was to stay.

    Args:
        solved: What was planned.
        question: What was asked.
        free: The same, were nothing promised or fixed.
    """
    unmade = {unmade.visit for unmade in solved.unmade}
    pairs = zip(question.visits, free.visits, strict=True)
    return frozenset(kept.id for kept, other in pairs if kept.id in unmade and kept != other)


def _whole_day(day: RoutingProblem, done: SoFar, solved: RoutePlan) -> RoutePlan:
    """Return the day's plan: what stands, stop by stop, and what was planned anew."""
    carried = {route.shift: route for route in done.carried}
    routes = tuple(
        _joined(done.locked_stops(carried[route.shift]), route)
        if route.shift in done.locked
        else route
        for route in solved.routes
    )
    made = {stop.place for route in routes for stop in route.stops if stop.kind is StopKind.VISIT}
    unmade = [visit.id for visit in day.visits if visit.id not in made]
    cost = cost_of(day, routes, unmade)
    report = replace(
        solved.report,
        status=SolveStatus.FEASIBLE,
        objective=cost.total_gbp,
        bound=None,
        method=f"the rest of the day anew: {solved.report.method}",
        stages=(),
    )
    return RoutePlan(routes=routes, unmade=explain_unmade(day, unmade), report=report, cost=cost)


def _joined(stands: tuple[Stop, ...], route: Route) -> Route:
    """Return the round whose first stops stand, and whose others were planned anew."""
    rest = route.stops[len(stands) :]
    if not rest:
        return replace(route, stops=stands)
    late_s = stands[-1].leave_s - route.stops[len(stands) - 1].leave_s
    return replace(route, stops=(*stands, *_later(rest, late_s)))


def _later(stops: tuple[Stop, ...], late_s: float) -> list[Stop]:
    """Return the stops, the first reached so much later (or sooner, below 0); waits make up for it.

    The rest of the day was planned from breaks in whole seconds and, where nobody has set off
    anew, from now.
    """
    moved: list[Stop] = []
    for stop in stops:
        waits_s = 0.0 if stop.kind is StopKind.END else max(0.0, stop.wait_s - late_s)
        arrive_s = stop.arrive_s + late_s
        late_s = late_s + waits_s - stop.wait_s
        moved.append(
            replace(
                stop,
                arrive_s=round(arrive_s, _DECIMALS),
                wait_s=round(waits_s, _DECIMALS),
                begin_s=round(stop.begin_s + late_s, _DECIMALS),
                leave_s=round(stop.leave_s + late_s, _DECIMALS),
            )
        )
    return moved
