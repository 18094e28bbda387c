"""Several services that share sites: one building, one fixed cost, several doors."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

from ntgeo.domain.places import SiteId
from ntgeo.domain.siting import SitingObjective, SitingPlan, SitingProblem
from ntgeo.domain.solving import SolveReport

__all__ = ["SharedSitingPlan", "SharedSitingProblem"]

_ADDS_UP = {
    SitingObjective.P_MEDIAN,
    SitingObjective.DEPRIVATION_P_MEDIAN,
    SitingObjective.MAX_COVERAGE,
    SitingObjective.MAX_ATTENDANCE,
    SitingObjective.LEAST_COST,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class SharedSitingProblem:
    """Which services should run at which sites.

    Each service is a question of its own, with its own demand, limits and number of sites; a site
    that runs any of them is open once, and its own ``fixed_cost_gbp`` is paid once.

    Args:
        services: Name of the service → its question; all have the same sites (the same ids,
            places and fixed costs; a site may be excluded from one service and not from another)
            and the same objective, one whose values add up: p-median (weighted by deprivation or
            not), maximum coverage or attendance, or least cost. The whole is worth their sum; for
            least cost it is the travel and outreach of every service, the fixed cost of each open
            site once, and the running costs.
        running_cost_gbp: Name of the service → yearly cost of running it at one site, besides the
            site's own cost; 0 where absent.
        site_count: Most sites that are open, whatever runs there; ``None`` is any number.
        budget_gbp: Most that sites and running costs may add up to, a year.
    """

    services: Mapping[str, SitingProblem]
    running_cost_gbp: Mapping[str, float] = field(default_factory=dict)
    site_count: int | None = None
    budget_gbp: float | None = None

    def __post_init__(self) -> None:
        """Check that the services fit together."""
        for name in ("services", "running_cost_gbp"):
            ordered = dict(sorted(getattr(self, name).items()))
            object.__setattr__(self, name, MappingProxyType(ordered))
        for problem in self._misfits():
            raise ValueError(problem)

    def _misfits(self) -> list[str]:
        questions = list(self.services.values())
        sites = {tuple((s.id, s.location, s.fixed_cost_gbp) for s in q.sites) for q in questions}
        unknown = sorted(set(self.running_cost_gbp) - set(self.services))
        costs = (*self.running_cost_gbp.values(), self.budget_gbp or 0.0)
        objectives = {question.objective for question in questions}
        checks = [
            (not questions, "there are no services"),
            (len(sites) > 1, "the services do not have the same sites"),
            (len(objectives) > 1, "the services do not have the same objective"),
            (
                not objectives <= _ADDS_UP,
                f"the values of {min(objectives, default='')} do not add up",
            ),
            (bool(unknown), f"running_cost_gbp names services that are not there: {unknown}"),
            (not all(0 <= cost < math.inf for cost in costs), "a cost must be 0 or more"),
            (any(question.then for question in questions), "shared sites take one objective"),
            (
                self.site_count is not None and self.site_count < 1,
                f"site count {self.site_count}: it must be 1 or more",
            ),
        ]
        return [message for is_wrong, message in checks if is_wrong]


@dataclass(frozen=True, slots=True, kw_only=True)
class SharedSitingPlan:
    """The answer.

    Args:
        plans: Name of the service → its part of the plan.
        opened: Sites where any service runs, by id.
        fixed_cost_gbp: Of the sites and of running the services, a year; ``None`` where a cost of
            an open site is not known.
        report: The proof of the whole; each service's own report tells what its part is worth by
            its own question, without a bound.
    """

    plans: Mapping[str, SitingPlan]
    opened: tuple[SiteId, ...]
    fixed_cost_gbp: float | None
    report: SolveReport
