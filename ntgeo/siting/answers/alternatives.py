"""What each other choice of a site costs: closing an open one, forcing a rejected one open.

Each is the same question with one status changed, solved again; so each cost comes with its own
proof.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from ntgeo.domain.places import SiteId, SiteStatus
from ntgeo.domain.siting import SitingPlan, SitingProblem
from ntgeo.domain.solving import SolveLimits, SolveStatus
from ntgeo.progress import SILENT, Progress
from ntgeo.siting.answers.trial import Trial, try_solving, with_statuses
from ntgeo.siting.solve import clock_for

__all__ = ["ChangeKind", "SiteChange", "weigh_changes"]


class ChangeKind(StrEnum):
    """What is done to one site against the plan."""

    CLOSE = "close"
    """A site of the plan is not open; the others are chosen anew."""
    FORCE = "force"
    """A site that the plan rejects is open; the others are chosen anew."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class SiteChange:
    """What it costs to close or to force one site, with the best plan that then remains.

    Args:
        site: Which.
        kind: Closed or forced open.
        cost: How much worse the objective gets, in its unit; ``None`` where no plan with the change
            was found. Where both plans are proven and leave as much unserved, it is at least 0;
            negative otherwise may mean that the plan can be improved.
        cost_bound: No plan with the change that leaves as little unserved costs less than this
            more; it is ``cost`` where that is proven, and ``None`` where no bound is known.
        unserved_cost: How much more demand is left unserved; ``None`` where there is no plan.
        is_proven: Whether ``cost`` is exact; or, where there is no plan, whether it is proven that
            none keeps the rules with the change.
        plan: The best plan found with the change.
    """

    site: SiteId
    kind: ChangeKind
    cost: float | None
    cost_bound: float | None
    unserved_cost: float | None
    is_proven: bool
    plan: SitingPlan | None

    @property
    def is_impossible(self) -> bool:
        """Whether it is proven that no plan keeps the rules with the change."""
        return self.plan is None and self.is_proven


def weigh_changes(
    problem: SitingProblem,
    plan: SitingPlan,
    limits: SolveLimits,
    *,
    progress: Progress = SILENT,
) -> tuple[SiteChange, ...]:
    """Return the cost of closing each open site and of forcing each rejected one open.

    Required sites are not closed; excluded and competing sites are not forced; a change that the
    number of sites alone forbids is not told. By site id.

    Args:
        problem: The question.
        plan: Its answer.
        limits: For all the changes together; the time left is shared out evenly, and what then is
            left among the changes not proven.
        progress: Told how many are done; asked whether to stop, which ends the list early.
    """
    changes = tuple(_possible_changes(problem, plan))
    progress.stage("weighing each other choice", len(changes))
    clock = clock_for(limits, progress)
    trials: list[Trial] = []
    for done, (_, _, changed) in enumerate(changes):
        if clock.is_up():
            break
        part = clock.part(1.0 / (len(changes) - done))
        trials.append(try_solving(changed, limits, part, measured_by=problem))
        progress.advance(done + 1)
    open_ends = [place for place, trial in enumerate(trials) if not trial.is_settled]
    for done, place in enumerate(open_ends):
        if clock.is_up():
            break
        part = clock.part(1.0 / (len(open_ends) - done))
        again = try_solving(changes[place][2], limits, part, measured_by=problem)
        trials[place] = trials[place].or_better(again)
    return tuple(
        _told(plan, trial, site, kind)
        for (site, kind, _), trial in zip(changes, trials, strict=False)
    )


def _possible_changes(
    problem: SitingProblem, plan: SitingPlan
) -> Iterator[tuple[SiteId, ChangeKind, SitingProblem | None]]:
    """Yield each change with the question it leads to; ``None`` where that contradicts itself."""
    usable = sum(site.may_open for site in problem.sites)
    required = sum(site.status is SiteStatus.REQUIRED for site in problem.sites)
    count = problem.rules.site_count
    least = 1 if count is None or problem.rules.may_open_fewer else count
    for site in problem.sites:
        if site.id in plan.opened:
            if site.status is not SiteStatus.REQUIRED and usable > least:
                closed = with_statuses(problem, {site.id: SiteStatus.EXCLUDED})
                yield site.id, ChangeKind.CLOSE, closed
        elif site.may_open and (count is None or required < count):
            forced = with_statuses(problem, {site.id: SiteStatus.REQUIRED})
            yield site.id, ChangeKind.FORCE, forced


def _told(plan: SitingPlan, trial: Trial, site: SiteId, kind: ChangeKind) -> SiteChange:
    other = trial.plan
    if other is None:
        return SiteChange(
            site=site,
            kind=kind,
            cost=None,
            cost_bound=None,
            unserved_cost=None,
            is_proven=trial.is_impossible,
            plan=None,
        )
    sign = -1.0 if plan.report.is_maximised else 1.0
    value = plan.report.objective
    bounds = [sign * (b - value) for b in (plan.report.bound, other.report.bound) if b is not None]
    cost, bound = sign * (other.report.objective - value), max(bounds, default=None)
    unserved_cost = _unserved(other) - _unserved(plan)
    is_as_good = bound is not None and unserved_cost == 0 and cost <= bound
    return SiteChange(
        site=site,
        kind=kind,
        cost=cost,
        cost_bound=bound,
        unserved_cost=unserved_cost,
        is_proven=plan.report.status is SolveStatus.OPTIMAL and (trial.is_settled or is_as_good),
        plan=other,
    )


def _unserved(plan: SitingPlan) -> float:
    return sum(area.demand for area in plan.unserved)
