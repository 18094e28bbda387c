"""Tries a change that is said to make an unmade visit, on a day put together here."""

from dataclasses import replace

from exact_plans import exact_plan

from ntgeo.domain.routing import (
    ChangeKind,
    RoutePlan,
    RoutingProblem,
    ShiftId,
    SmallestChange,
    StaffId,
    TimeWindow,
    UnmadeVisit,
    VisitId,
)

_SAME_GBP = 0.011


def differences(problem: RoutingProblem, plan: RoutePlan, unmade: UnmadeVisit) -> list[str]:
    """Return what is not as it is said: the change does, at its cost, and a step less does not."""
    change = unmade.change
    if change is None:
        return []
    found = [] if change.is_proven else ["it is not proven"]
    mended = with_all(as_changed(problem, unmade.visit, change, change.minutes), plan, unmade.visit)
    if mended.unmade:
        return [*found, f"{change} does not do"]
    cost_gbp = mended.cost.total_gbp - plan.cost.total_gbp
    if change.cost_gbp is None or abs(cost_gbp - change.cost_gbp) > _SAME_GBP:
        found.append(f"{change} costs {cost_gbp:.2f}")
    less = problem
    if change.minutes:
        less = as_changed(problem, unmade.visit, change, change.minutes - change.step_minutes)
    if not with_all(less, plan, unmade.visit).unmade:
        found.append(f"less than {change} does")
    return found


def as_changed(
    problem: RoutingProblem, visit: VisitId, change: SmallestChange, minutes: int
) -> RoutingProblem:
    """Return the day with the change, put together apart from the code under test."""
    by_s = 60 * minutes
    shifts, visits = list(problem.shifts), list(problem.visits)
    which = next(n for n, shift in enumerate(shifts) if shift.id == change.shift)
    shift = shifts[which]
    if change.kind is ChangeKind.OVERTIME:
        shifts[which] = replace(shift, hours=replace(shift.hours, end_s=shift.hours.end_s + by_s))
    elif change.kind is ChangeKind.SKILL:
        shifts[which] = replace(shift, skills=shift.skills | {change.skill})
    elif change.kind is ChangeKind.STAFF:
        shifts.append(replace(shift, id=ShiftId("S9"), staff=StaffId("P9")))
    else:
        number = next(n for n, v in enumerate(visits) if v.id == visit)
        (window,) = visits[number].windows
        later_s = by_s if change.kind is ChangeKind.LATER else 0
        wide = TimeWindow(start_s=window.start_s - by_s + later_s, end_s=window.end_s + later_s)
        visits[number] = replace(visits[number], windows=(wide,))
    return replace(problem, shifts=tuple(shifts), visits=tuple(visits))


def with_all(problem: RoutingProblem, plan: RoutePlan, visit: VisitId) -> RoutePlan:
    """Return the best plan of the day's made visits and one more, all of the same priority."""
    left = {unmade.visit for unmade in plan.unmade} - {visit}
    visits = tuple(replace(v, priority=1) for v in problem.visits if v.id not in left)
    places = ["D", *(v.id for v in visits)]
    travel = problem.travel.select(places, places)
    return exact_plan(replace(problem, visits=visits, travel=travel))
