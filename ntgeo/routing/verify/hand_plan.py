"""Checks a plan made by hand: every rule it breaks, and what it costs term by term."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, replace

from ntgeo.domain.hand_plan import HandPlan, HandStop
from ntgeo.domain.routing import (
    RoundsCost,
    RoutePlan,
    RoutingProblem,
    ShiftId,
    UnmadeCode,
    UnmadeVisit,
    VisitId,
)
from ntgeo.domain.solving import SolveReport, SolveStatus
from ntgeo.routing.verify.costs import cost_of_facts
from ntgeo.routing.verify.facts import Facts
from ntgeo.routing.verify.faults import RULES, Breach, breaches_of
from ntgeo.routing.verify.timetable import build_routes

__all__ = ["CheckedHandPlan", "check_hand_plan"]

_NOTHING = SolveReport(
    status=SolveStatus.FEASIBLE,
    objective=0.0,
    bound=None,
    unit="pounds",
    is_maximised=False,
    method="made by hand",
    seed=0,
    wall_time_s=0.0,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckedHandPlan:
    """A plan by hand, timed and checked.

    Args:
        plan: Its rounds with every time, what they cost, and the visits that it leaves.
        breaches: Every rule that it breaks.
    """

    plan: RoutePlan
    breaches: tuple[Breach, ...]


def check_hand_plan(problem: RoutingProblem, hand: HandPlan) -> CheckedHandPlan:
    """Time a plan by hand as it says, else as soon as can be, and check it by every rule.

    What is not known, or stands twice in a round, is told and left out, so that the rest can be
    checked. Breaks are taken where they serve the round's times best. What a rule forbids is
    timed and priced all the same.

    Args:
        problem: The question.
        hand: The plan.
    """
    facts = Facts(problem, RoutePlan(routes=(), unmade=(), report=_NOTHING, cost=RoundsCost()))
    odd = tuple(_unknown(facts, hand))
    stops = _first_of_each(facts, hand)
    orders: dict[ShiftId, list[VisitId]] = defaultdict(list)
    for shift, visit in stops:
        orders[shift].append(visit)
    plan = replace(facts.plan, routes=build_routes(facts, orders, stops))
    made = {visit for _, visit in stops}
    left = tuple(_left(visit.id) for visit in problem.visits if visit.id not in made)
    timed = Facts(problem, replace(plan, unmade=left))
    cost = cost_of_facts(timed)
    proof = replace(_NOTHING, objective=cost.total_gbp)
    return CheckedHandPlan(
        plan=replace(timed.plan, cost=cost, report=proof),
        breaches=(*odd, *breaches_of(RULES, timed)),
    )


def _unknown(facts: Facts, hand: HandPlan) -> Iterator[Breach]:
    """Yield what of a plan cannot be timed at all."""
    first_row: dict[tuple[ShiftId, VisitId], int] = {}
    for stop in hand.stops:
        where = f"{hand.file} row {stop.row}"
        if stop.shift not in facts.shifts:
            yield _odd("known-shifts", f"{where}: {stop.shift} is no shift of the day", stop)
        if stop.visit not in facts.visits:
            yield _odd("known-visits", f"{where}: {stop.visit} is no visit of the day", stop)
        before = first_row.setdefault((stop.shift, stop.visit), stop.row)
        if before != stop.row:
            text = f"{where}: {stop.visit} is in {stop.shift} already (row {before})"
            yield _odd("twice-in-a-round", text, stop)


def _odd(rule: str, text: str, stop: HandStop) -> Breach:
    return Breach(rule=rule, text=text, shift=stop.shift, visit=stop.visit)


def _first_of_each(facts: Facts, hand: HandPlan) -> dict[tuple[ShiftId, VisitId], HandStop]:
    """Return the known stops by shift and visit, each once, in the plan's order."""
    stops: dict[tuple[ShiftId, VisitId], HandStop] = {}
    for stop in hand.stops:
        if stop.shift in facts.shifts and stop.visit in facts.visits:
            stops.setdefault((stop.shift, stop.visit), stop)
    return stops


def _left(visit: VisitId) -> UnmadeVisit:
    return UnmadeVisit(
        visit=visit, code=UnmadeCode.NO_ROOM, reason=f"{visit} is not in the plan by hand"
    )
