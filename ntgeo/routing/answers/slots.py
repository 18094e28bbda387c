"""Which slots a family can be offered, and what each would cost."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import partial
from typing import Final

from ntgeo.child import best_from_child
from ntgeo.domain.rounds_answers import SlotOffer
from ntgeo.domain.routing import (
    Pin,
    Route,
    RoutePlan,
    RoutingProblem,
    StopKind,
    TimeWindow,
    UnmadeCode,
    VisitId,
    WindowSense,
)
from ntgeo.domain.solving import SolveLimits, SolveReport, SolveStatus
from ntgeo.progress import SILENT, Progress, raise_if_cancelled
from ntgeo.routing.answers.asking import MOST_EXACT_VISITS, Asking
from ntgeo.routing.answers.by_round import ByRound
from ntgeo.routing.answers.kept_plan import all_made, crew_of, made_visits
from ntgeo.routing.cost import cost_of
from ntgeo.routing.unmade.explain import explain_unmade

__all__ = ["offer_in_process", "offer_slots", "with_slot"]

_WARM_UP_S: Final = 120.0
_TELLING_S: Final = 0.5

Offers = tuple[SlotOffer, ...]


def offer_slots(  # noqa: PLR0913 - what is asked, each by its name
    problem: RoutingProblem,
    plan: RoutePlan,
    visit: VisitId,
    slots: Sequence[TimeWindow],
    limits: SolveLimits,
    *,
    keeps_times: bool = True,
    progress: Progress = SILENT,
) -> Offers:
    """Return what it would cost to promise that a visit begins within each of some slots.

    Every visit of the plan is still made. On small days the whole day is planned again for each
    slot, by the exact engine; on larger ones the visit goes into each of the rounds that pass
    nearest, the other rounds staying as they are.

    Args:
        problem: The question, which holds the visit, with its travel times.
        plan: Its answer, which need not know the visit.
        visit: Whose slots are asked about; its own windows are left out of account.
        slots: First and last moment at which it may begin.
        limits: Time for all slots together, in a process of its own; seed and cores.
        keeps_times: Whether every other visit keeps its time and its staff.
        progress: Told the stages; may cancel, and what was found by then is told.

    Returns:
        An offer for each slot, in the order asked.
    """
    raise_if_cancelled(progress)
    progress.stage("Pricing slots")
    found = best_from_child(
        partial(_offer_for_parent, keeps_times=keeps_times),
        problem,
        plan,
        visit,
        tuple(slots),
        limits,
        time_limit_s=limits.time_limit_s,
        warm_up_s=_WARM_UP_S,
        progress=progress,
    )
    told = found or ()
    return (*told, *(_unknown(slot) for slot in slots[len(told) :]))


def _unknown(slot: TimeWindow) -> SlotOffer:
    reason = "there was no time to look; allow more (time_limit_s)"
    return SlotOffer(slot=slot, plan=None, shifts=(), extra_gbp=None, reason=reason)


def _offer_for_parent(  # noqa: PLR0913 - what is asked, each by its name
    offer: Callable[[Offers], None],
    problem: RoutingProblem,
    plan: RoutePlan,
    visit: VisitId,
    slots: tuple[TimeWindow, ...],
    limits: SolveLimits,
    *,
    keeps_times: bool,
) -> Offers:
    pricing = _Pricing(problem, plan, visit, limits, keeps_times=keeps_times)
    found: list[SlotOffer] = []
    for slot in slots:
        offer(tuple(found))
        found.append(pricing.price(slot))
    return tuple(found)


def offer_in_process(
    problem: RoutingProblem,
    plan: RoutePlan,
    visit: VisitId,
    slots: Sequence[TimeWindow],
    limits: SolveLimits,
    *,
    keeps_times: bool = True,
) -> Offers:
    """Answer in this process, which keeps the time limit only roughly; see :func:`offer_slots`."""
    pricing = _Pricing(problem, plan, visit, limits, keeps_times=keeps_times)
    return tuple(pricing.price(slot) for slot in slots)


class _Pricing:
    """Prices one slot after the other."""

    def __init__(
        self,
        problem: RoutingProblem,
        plan: RoutePlan,
        visit: VisitId,
        limits: SolveLimits,
        *,
        keeps_times: bool,
    ) -> None:
        time_s = max(0.5 * limits.time_limit_s, limits.time_limit_s - _TELLING_S)
        self.asking = Asking(limits, time.monotonic() + time_s)
        self.plan, self.visit, self.limits = plan, visit, limits
        self.made = made_visits(plan)
        self.cost_gbp = plan.cost.total_gbp - plan.cost.unmade_gbp
        self.problem = _with_times(problem, plan, visit) if keeps_times else problem
        self.told = problem

    def price(self, slot: TimeWindow) -> SlotOffer:
        """Return what a slot costs."""
        day = with_slot(self.problem, self.visit, slot)
        if len(self.made) < MOST_EXACT_VISITS:
            asked = self.asking.solve(all_made(day, self.made | {self.visit}))
            routes, is_proven = asked.routes, asked.is_proven
        else:
            routes, is_proven = self._by_round(day), False
        if routes is None:
            return self._refused(day, slot, is_proven=is_proven)
        kept = self._plan(routes)
        is_best = is_proven and self.plan.report.status is SolveStatus.OPTIMAL
        return SlotOffer(
            slot=slot,
            plan=kept,
            shifts=crew_of(routes, self.visit),
            extra_gbp=round(kept.cost.total_gbp - kept.cost.unmade_gbp - self.cost_gbp, 2),
            is_proven=is_best,
        )

    def _by_round(self, day: RoutingProblem) -> tuple[Route, ...] | None:
        visit = next(v for v in day.visits if v.id == self.visit)
        rounds = ByRound(day, self.plan, self.asking)
        crew = rounds.crew(visit.id)
        if len(crew) > 1 or visit.id in rounds.tied:
            return None
        best = min(rounds.moved(visit, crew[0] if crew else None), default=None)
        return None if best is None else best[2]

    def _refused(self, day: RoutingProblem, slot: TimeWindow, *, is_proven: bool) -> SlotOffer:
        missing = [v.id for v in day.visits if v.id not in self.made and v.id != self.visit]
        (why,) = [w for w in explain_unmade(day, [*missing, self.visit]) if w.visit == self.visit]
        return SlotOffer(
            slot=slot,
            plan=None,
            shifts=(),
            extra_gbp=None,
            code=UnmadeCode(why.code),
            reason=why.reason,
            is_proven=is_proven or why.code is not UnmadeCode.NO_ROOM,
        )

    def _plan(self, routes: tuple[Route, ...]) -> RoutePlan:
        """Return the day with a promise kept."""
        unmade = [v.id for v in self.told.visits if v.id not in self.made | {self.visit}]
        cost = cost_of(self.told, routes, unmade)
        report = SolveReport(
            status=SolveStatus.FEASIBLE,
            objective=cost.total_gbp,
            bound=None,
            unit=self.plan.report.unit,
            is_maximised=False,
            method=f"{self.plan.report.method}; then one visit more",
            seed=self.limits.seed,
            wall_time_s=0.0,
        )
        reasons = explain_unmade(self.told, unmade)
        return RoutePlan(routes=routes, unmade=reasons, report=report, cost=cost)


def with_slot(problem: RoutingProblem, visit: VisitId, slot: TimeWindow) -> RoutingProblem:
    """Return the question in which a visit begins within a slot, whatever its own windows were."""
    visits = tuple(
        replace(
            v, windows=(slot,), window_sense=WindowSense.START, pin=replace(v.pin, begin_s=None)
        )
        if v.id == visit
        else v
        for v in problem.visits
    )
    return replace(problem, visits=visits)


def _with_times(problem: RoutingProblem, plan: RoutePlan, asked: VisitId) -> RoutingProblem:
    """Return the question in which all visits of a plan but one keep their time and their staff."""
    pins: dict[VisitId, Pin] = {}
    for route in plan.routes:
        for stop in route.stops:
            if stop.kind is StopKind.VISIT:
                visit = VisitId(stop.place)
                shifts = pins[visit].shifts if visit in pins else frozenset()
                pins[visit] = Pin(shifts=shifts | {route.shift}, begin_s=stop.begin_s)
    visits = tuple(
        replace(v, pin=pins[v.id]) if v.id in pins and v.id != asked else v for v in problem.visits
    )
    return replace(problem, visits=visits)
