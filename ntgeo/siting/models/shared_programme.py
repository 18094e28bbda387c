"""Several services that share sites, as one model: each service's own, joined by its sites.

Besides each service's variables there is ``z_j``, whether site *j* is open for any of them.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

from ntgeo.domain.siting import SitingObjective
from ntgeo.domain.solving import SolveLimits
from ntgeo.siting.clock import Clock
from ntgeo.siting.formulation import Formulation, solve_formulation
from ntgeo.siting.models.aims import Sum, keep_below, sum_of, with_price
from ntgeo.siting.models.area_rules import keep_area_rules
from ntgeo.siting.models.site_rules import keep_site_rules
from ntgeo.siting.models.siting_model import SitingModel, read_sending, start_model
from ntgeo.siting.question import Aim, SitingQuestion
from ntgeo.siting.worth import Sending, value_of

__all__ = ["SharedFound", "SharedProgramme", "SharedQuestion", "shared_value"]

FloatArray = npt.NDArray[np.float64]
IndexArray = npt.NDArray[np.intp]
Sendings = tuple[Sending, ...]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class SharedQuestion:
    """What is asked of several services together.

    Args:
        services: Each service's own question.
        fixed_gbp: (sites of the problem,) pounds a year of an open site, whatever runs there; NaN
            where not known.
        running_gbp: (services,) pounds a year of running the service at one site.
        site_count: Most sites open; ``None`` is any number.
        budget_gbp: Most that sites and running may cost; ``None`` is any amount.
    """

    services: tuple[SitingQuestion, ...]
    fixed_gbp: FloatArray
    running_gbp: tuple[float, ...]
    site_count: int | None
    budget_gbp: float | None

    def cost_gbp(self, plans: Sequence[Sending]) -> float:
        """Return what the open sites and the services that run there cost a year."""
        running = (
            gbp * len(plan.opened) for gbp, plan in zip(self.running_gbp, plans, strict=True)
        )
        return math.fsum([*np.nan_to_num(self.fixed_gbp[self.opened(plans)]), *running])

    def opened(self, plans: Sequence[Sending]) -> IndexArray:
        """Return the places of the sites where any service runs, ascending."""
        places = [
            question.columns[plan.opened]
            for question, plan in zip(self.services, plans, strict=True)
        ]
        return np.unique(np.concatenate(places))


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class SharedFound:
    """What is known of one aim: the plan of each service, and the bound of all together."""

    plans: Sendings | None
    bound: float
    is_impossible: bool


def shared_value(
    shared: SharedQuestion, plans: Sequence[Sending], aim: Aim, members: Sequence[int]
) -> float:
    """Return what the plans are worth together; for least cost each site is paid once.

    Args:
        shared: The question.
        plans: Of each service.
        aim: Which.
        members: Services that count.
    """
    values = [value_of(shared.services[k], plans[k], aim) for k in members]
    if aim is SitingObjective.LEAST_COST:
        values += [
            -float(shared.services[k].sites.fixed_gbp[plans[k].opened].sum()) for k in members
        ]
        values.append(shared.cost_gbp(plans))
    return math.fsum(values)


@dataclass(slots=True, kw_only=True, eq=False)
class SharedProgramme:
    """The programme of several services, with what the aims so far have shown.

    Args:
        shared: What is asked.
        limits: Gap and seed.
        kept: The aims taken so far, with the services that count and the value to be kept.
    """

    shared: SharedQuestion
    limits: SolveLimits
    kept: list[tuple[Aim, tuple[int, ...], float]] = field(default_factory=list)

    def solve(self, aim: Aim, members: tuple[int, ...], clock: Clock) -> SharedFound:
        """Make an aim best among the plans that keep those before.

        Args:
            aim: Which.
            members: Services that count.
            clock: When to stop.
        """
        form = Formulation()
        models = tuple(start_model(question, form) for question in self.shared.services)
        for model in models:
            keep_site_rules(model)
            keep_area_rules(model)
        shared_open = self._share_sites(form, models)
        is_most = self.shared.services[0].is_maximised
        for kept, counted, value in self.kept:
            sign = -1.0 if is_most(kept) else 1.0
            worth = self._sum_of(models, shared_open, kept, counted).times(sign)
            keep_below(models[0], worth, sign * value)
        worth = self._sum_of(models, shared_open, aim, members)
        form.set_aim(worth.variables, worth.coefficients / worth.unit, is_maximised=is_most(aim))
        outcome = solve_formulation(form, self.limits, time_left_s=clock.left_s())
        plans = None
        if outcome.values is not None:
            plans = tuple(read_sending(model, outcome.values) for model in models)
        return SharedFound(
            plans=plans,
            bound=outcome.bound * worth.unit + worth.constant,
            is_impossible=outcome.is_infeasible,
        )

    def _share_sites(self, form: Formulation, models: Sequence[SitingModel]) -> IndexArray:
        """A site is open where any service runs, ``y_sj ≤ z_j``; few enough, and cheap enough."""
        shared, fixed = self.shared, self.shared.fixed_gbp
        may_open = ~np.isnan(fixed) | (shared.budget_gbp is None)
        opened = form.add_amounts(np.zeros(len(fixed)), upper=may_open.astype(np.float64))
        for model in models:
            rows = np.arange(len(model.opened))
            both = np.concatenate([model.opened, opened[model.question.columns]])
            signs = np.repeat([1.0, -1.0], len(rows))
            form.add_rows(
                (np.tile(rows, 2), both, signs), lower=-np.inf, upper=0.0, count=len(rows)
            )
        if shared.site_count is not None:
            form.add_rows((0, opened, 1.0), lower=-np.inf, upper=shared.site_count)
        if shared.budget_gbp is not None:
            keep_below(models[0], self._cost(models, opened), shared.budget_gbp)
        return opened

    def _cost(self, models: Sequence[SitingModel], opened: IndexArray) -> Sum:
        """Pounds a year: ``Σ f_j z_j + Σ r_s y_sj``."""
        cost = Sum(variables=opened, coefficients=np.nan_to_num(self.shared.fixed_gbp))
        for gbp, model in zip(self.shared.running_gbp, models, strict=True):
            ones = np.ones(len(model.opened))
            cost = cost.plus(Sum(variables=model.opened, coefficients=ones), gbp)
        return cost

    def _sum_of(
        self,
        models: Sequence[SitingModel],
        opened: IndexArray,
        aim: Aim,
        members: tuple[int, ...],
    ) -> Sum:
        total = Sum(variables=opened[:0], coefficients=np.zeros(0))
        for model in (models[k] for k in members):
            total = total.plus(with_price(model, aim, sum_of(model, aim)))
            if aim is SitingObjective.LEAST_COST:
                fixed = model.question.sites.fixed_gbp
                total = total.plus(Sum(variables=model.opened, coefficients=fixed), -1.0)
        return (
            total.plus(self._cost(models, opened)) if aim is SitingObjective.LEAST_COST else total
        )
