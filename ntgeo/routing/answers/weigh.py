"""The smallest change of one thing that would make an unmade visit, and what it costs."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from functools import partial
from typing import Final

from ntgeo.child import best_from_child
from ntgeo.domain.routing import (
    ChangeKind,
    Route,
    RoutePlan,
    RoutingProblem,
    ShiftId,
    SmallestChange,
    UnmadeCode,
    UnmadeVisit,
    Visit,
    VisitId,
)
from ntgeo.domain.solving import SolveLimits, SolveStatus
from ntgeo.progress import SILENT, Progress, raise_if_cancelled
from ntgeo.routing.answers.asking import MOST_EXACT_VISITS, Asking, Solved
from ntgeo.routing.answers.changes import Change, changed_day, changes_of, working_staff
from ntgeo.routing.answers.kept_plan import (
    all_made,
    crew_of,
    made_visits,
    near_shifts,
    round_alone,
    without_costs,
)

__all__ = ["weigh_changes", "weigh_in_process"]

_WARM_UP_S: Final = 120.0
_TELLING_S: Final = 0.5
_ROUND_S: Final = 2.0
_LARGE_STEP_MINUTES: Final = 5
_NOT_MENDED: Final = (UnmadeCode.NO_STAFF, UnmadeCode.CONTRADICTION, UnmadeCode.LINKED)

Offer = Callable[[RoutePlan], None]


def weigh_changes(
    problem: RoutingProblem,
    plan: RoutePlan,
    limits: SolveLimits,
    *,
    progress: Progress = SILENT,
) -> RoutePlan:
    """Return the plan with, for each unmade visit, the smallest change that would make it.

    A change is of one thing: overtime of a shift, a visit that may begin later or sooner, a skill
    more, another member of staff. Every visit of the plan is still made. Of all changes that do,
    the one that asks least is told (:class:`~ntgeo.routing.answers.changes.Change` says how that
    is put in pounds), first from each round as it stands, then by planning the whole day again
    with less. On small days, where the exact engine answers, each is proven to the minute; on
    larger ones steps are of five minutes, only the rounds that pass nearest are tried, and the
    whole day is planned again by search.

    Args:
        problem: The question.
        plan: Its answer.
        limits: Time for all visits together, in a process of its own; seed and cores.
        progress: Told the stages; may cancel, and what was weighed by then is told.
    """
    raise_if_cancelled(progress)
    if not plan.unmade or not problem.shifts:
        return plan
    progress.stage("Weighing what would make the unmade visits")
    weighed = best_from_child(
        _weigh_for_parent,
        problem,
        plan,
        limits,
        time_limit_s=limits.time_limit_s,
        warm_up_s=_WARM_UP_S,
        progress=progress,
    )
    return plan if weighed is None else weighed


def _weigh_for_parent(
    offer: Offer, problem: RoutingProblem, plan: RoutePlan, limits: SolveLimits
) -> RoutePlan:
    return weigh_in_process(problem, plan, limits, offer=offer)


def weigh_in_process(
    problem: RoutingProblem,
    plan: RoutePlan,
    limits: SolveLimits,
    *,
    offer: Offer | None = None,
) -> RoutePlan:
    """Weigh in this process, which keeps the time limit only roughly.

    Args:
        problem: The question.
        plan: Its answer.
        limits: Time for all visits together, seed and cores.
        offer: Called with the plan after each visit.
    """
    ends_at = time.monotonic() + max(0.5 * limits.time_limit_s, limits.time_limit_s - _TELLING_S)
    unmade = list(plan.unmade)
    for number, one in enumerate(unmade):
        if offer is not None:
            offer(replace(plan, unmade=tuple(unmade)))
        share_s = (ends_at - time.monotonic()) / (len(unmade) - number)
        if share_s > 0:
            asking = Asking(limits, time.monotonic() + share_s)
            unmade[number] = _Weighing(problem, plan, asking).weigh(one)
    return replace(plan, unmade=tuple(unmade))


@dataclass(frozen=True, slots=True, kw_only=True)
class _Found:
    """A change that makes the visit.

    Args:
        change: What gives.
        minutes: By how much.
        asks_gbp: What that asks of people.
        shift: Whose hours or skills change, or who makes the visit.
    """

    change: Change
    minutes: int
    asks_gbp: float
    shift: ShiftId


class _Weighing:
    """Looks for the smallest change for one visit after the other."""

    def __init__(self, problem: RoutingProblem, plan: RoutePlan, asking: Asking) -> None:
        self.problem, self.plan, self.asking = problem, plan, asking
        self.made = made_visits(plan)
        self.routes = {route.shift: route for route in plan.routes}
        self.cost_gbp = plan.cost.total_gbp - plan.cost.unmade_gbp
        is_small = len(self.made) < MOST_EXACT_VISITS
        self.step = 1 if is_small else _LARGE_STEP_MINUTES
        self.is_small, self.is_proven = is_small, True

    def weigh(self, unmade: UnmadeVisit) -> UnmadeVisit:
        """Return an unmade visit with the smallest change that makes it."""
        if unmade.code in _NOT_MENDED:
            return unmade
        visit = next(v for v in self.problem.visits if v.id == unmade.visit)
        if not self.problem.prices.puts_priorities_first:
            asked = self.asking.solve(self._question(visit.id))
            if asked.routes is not None:
                return self._too_dear(unmade, asked)
        found = self._from_rounds(visit)
        if self.is_small:
            found = self._from_day(visit, found)
        elif found is not None:
            found = self._lessened(visit, found)
        change = None if found is None else self._verified(visit, found)
        return replace(unmade, change=change)

    def _too_dear(self, unmade: UnmadeVisit, asked: Solved) -> UnmadeVisit:
        change = SmallestChange(
            kind=ChangeKind.PRICE,
            shift=crew_of(asked.routes or (), unmade.visit)[0],
            cost_gbp=round(asked.cost_gbp - self.cost_gbp, 2),
            is_verified=True,
            is_proven=asked.is_proven and self.plan.report.status is SolveStatus.OPTIMAL,
        )
        reason = f"{unmade.visit} is not made: it could be, but costs more than leaving it"
        return replace(unmade, code=UnmadeCode.TOO_DEAR, reason=reason, change=change)

    def _question(self, visit: VisitId) -> RoutingProblem:
        return all_made(self.problem, self.made | {visit})

    def _from_rounds(self, visit: Visit) -> _Found | None:
        """Return the smallest change with which a round can make the visit, as all others stand."""
        if visit.greatest_crew > 1 or any(
            visit.id in (link.first, link.second) for link in self.problem.links
        ):
            return None
        best: _Found | None = None
        for change, shift in self._changes_by_round(visit):
            most = self._most_below(change, best)
            minutes = self._least(most, partial(self._fits, visit, change, shift))
            if minutes is not None:
                best = _Found(
                    change=change, minutes=minutes, asks_gbp=change.asks_of(minutes), shift=shift
                )
        return best

    def _changes_by_round(self, visit: Visit) -> Iterator[tuple[Change, ShiftId]]:
        near = near_shifts(self.problem, self.routes, visit.id)
        for change in changes_of(self.problem, visit):
            for shift in near:
                may_come = visit.skills <= shift.skills if change.shift is None else True
                if change.shift in {None, shift.id} and may_come and shift.may_go_alone:
                    yield change, shift.id

    def _fits(self, visit: Visit, change: Change, shift_id: ShiftId, minutes: int) -> bool:
        day = changed_day(self.problem, visit.id, change, minutes)
        shift = next(shift for shift in day.shifts if shift.id == shift_id)
        route: Route | None = self.routes.get(shift_id)
        if change.kind is ChangeKind.STAFF:
            shift, route = working_staff(shift), None
        wanted = next(v for v in day.visits if v.id == visit.id)
        question = without_costs(round_alone(day, shift, route, wanted))
        return self.asking.solve(question, most_s=_ROUND_S).routes is not None

    def _from_day(self, visit: Visit, best: _Found | None) -> _Found | None:
        """Return the smallest change with which the day, planned again, makes the visit."""
        for change in changes_of(self.problem, visit):
            most = self._most_below(change, best)
            minutes = self._least(most, partial(self._makes, visit, change))
            if minutes is not None:
                best = _Found(
                    change=change,
                    minutes=minutes,
                    asks_gbp=change.asks_of(minutes),
                    shift=change.shift or self.problem.shifts[0].id,
                )
        return best

    def _lessened(self, visit: Visit, found: _Found) -> _Found:
        """Return a change with as little of it as the day, planned again, needs."""
        minutes = found.minutes
        while minutes > self.step and self._makes(visit, found.change, minutes - self.step):
            minutes -= self.step
        return replace(found, minutes=minutes, asks_gbp=found.change.asks_of(minutes))

    def _makes(self, visit: Visit, change: Change, minutes: int) -> bool:
        day = changed_day(self._question(visit.id), visit.id, change, minutes)
        asked = self.asking.solve(without_costs(day), start=self.plan)
        self.is_proven = self.is_proven and (asked.routes is not None or asked.is_proven)
        return asked.routes is not None

    def _most_below(self, change: Change, best: _Found | None) -> int | None:
        """Return the most minutes that ask less than the best; ``None`` if none do."""
        if change.most_minutes == 0:
            return 0 if best is None or change.asks_gbp < best.asks_gbp else None
        steps = change.most_minutes // self.step
        while best is not None and steps and change.asks_of(steps * self.step) >= best.asks_gbp:
            steps -= 1
        return steps * self.step or None

    def _least(self, most: int | None, does: Callable[[int], bool]) -> int | None:
        """Return the least minutes that do, in steps; ``None`` if the most do not."""
        if most is None or self.asking.left_s <= 0 or not does(most):
            return None
        too_few, enough = 0, most // self.step
        while enough - too_few > 1:
            middle = (too_few + enough) // 2
            if does(middle * self.step):
                enough = middle
            else:
                too_few = middle
        return enough * self.step

    def _verified(self, visit: Visit, found: _Found) -> SmallestChange:
        """Return a change with what the plan then costs more."""
        day = changed_day(self._question(visit.id), visit.id, found.change, found.minutes)
        asked = self.asking.solve(day, start=self.plan)
        change = SmallestChange(
            kind=found.change.kind,
            shift=found.shift,
            minutes=found.minutes,
            skill=found.change.skill,
            step_minutes=self.step,
        )
        if asked.routes is None:
            return change
        is_best = asked.is_proven and self.plan.report.status is SolveStatus.OPTIMAL
        return replace(
            change,
            shift=found.change.shift or crew_of(asked.routes, visit.id)[0],
            cost_gbp=round(asked.cost_gbp - self.cost_gbp, 2),
            is_verified=True,
            is_proven=is_best and self.is_proven and self.is_small,
        )
