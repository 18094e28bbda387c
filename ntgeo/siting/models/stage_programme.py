"""One aim after another by mixed-integer programming, each kept while the next is made best."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace

import numpy as np
import numpy.typing as npt

from ntgeo.domain.siting import SitingObjective
from ntgeo.domain.solving import SolveLimits
from ntgeo.siting.clock import Clock
from ntgeo.siting.formulation import Outcome, solve_formulation
from ntgeo.siting.models.aims import Sum, keep_below, keep_equivalent_below, sum_of, with_price
from ntgeo.siting.models.area_rules import keep_area_rules
from ntgeo.siting.models.market_share import Tangents
from ntgeo.siting.models.site_rules import keep_site_rules
from ntgeo.siting.models.siting_model import SitingModel, read_sending, start_model
from ntgeo.siting.models.worst_off import worst_decile_sum, worst_tenth_sum, worst_time_sum
from ntgeo.siting.question import Aim, ImpliedAim, SitingQuestion
from ntgeo.siting.worth import Sending, value_of

__all__ = ["Express", "Found", "Kept", "StageProgramme"]

FloatArray = npt.NDArray[np.float64]
Express = Callable[[SitingModel], Sum]
_KEPT_SHARE = 1e-8
_MOST_RELAXED = 12


@dataclass(frozen=True, slots=True, kw_only=True)
class Kept:
    """An aim taken before, and the value that it must keep.

    Args:
        aim: Which.
        limit: At most this; at least this where more is better.
    """

    aim: Aim
    limit: float


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Found:
    """What is known of one aim.

    Args:
        plan: The best plan found; ``None`` if none was.
        bound: No plan that keeps the aims before is better; infinite in the harmless direction
            where not known.
        is_impossible: Whether it is proven that there is no plan.
    """

    plan: Sending | None
    bound: float
    is_impossible: bool = False


@dataclass(slots=True, kw_only=True, eq=False)
class StageProgramme:
    """The programme of a question, with what the aims so far have shown.

    Args:
        question: What is asked.
        limits: Gap and seed.
        kept: The aims taken so far.
        tangents: Of market share.
    """

    question: SitingQuestion
    limits: SolveLimits
    kept: list[Kept] = field(default_factory=list)
    tangents: Tangents = field(default_factory=Tangents)

    @property
    def served(self) -> float:
        """Demand that every plan serves at least, after the aims so far."""
        unserved = [kept.limit for kept in self.kept if kept.aim is ImpliedAim.UNSERVED]
        return self.question.total - min(unserved, default=self.question.total)

    @property
    def serves_all(self) -> bool:
        """Whether plans serve everyone who can be served, after the aims so far."""
        return self.served >= math.fsum(self.question.demand) * (1 - _KEPT_SHARE)

    def keep(self, best: Sequence[tuple[Aim, float]], slack_share: float) -> None:
        """Keep the aims taken so far.

        Args:
            best: Each with the best value that it came to.
            slack_share: How much of each that was named may be given up by now.
        """
        self.kept = []
        for aim, value in best:
            slack = slack_share * abs(value) if isinstance(aim, SitingObjective) else 0.0
            limit = value - slack if self.question.is_maximised(aim) else value + slack
            self.kept.append(Kept(aim=aim, limit=limit))

    def keeps(self, plan: Sending) -> bool:
        """Whether a plan keeps the aims taken so far."""
        for kept in self.kept:
            beyond = value_of(self.question, plan, kept.aim) - kept.limit
            if self.question.is_maximised(kept.aim):
                beyond = -beyond
            if beyond > _KEPT_SHARE * max(1.0, abs(kept.limit)):
                return False
        return True

    def is_priced(self, aim: Aim) -> bool:
        """Whether the value of an aim holds the price of demand over capacities."""
        return self.question.counts_price and aim is self.question.priced_aim

    def sum_of(self, model: SitingModel, aim: Aim) -> Sum:
        """Return an aim as a sum; for worst decile, where everyone who can be served is."""
        if aim is SitingObjective.WORST_TENTH:
            worth = worst_tenth_sum(model, self.served)
        elif aim is SitingObjective.P_CENTRE:
            worth = worst_time_sum(model)
        elif aim is SitingObjective.WORST_DECILE:
            return worst_decile_sum(model, 0.0)
        elif aim is SitingObjective.MARKET_SHARE:
            worth = self.tangents.sum_of(model)
        else:
            worth = sum_of(model, aim)
        return with_price(model, aim, worth)

    def best_by(
        self, express: Express | None, aim: Aim, clock: Clock, *, worst_s: float = math.inf
    ) -> Found:
        """Return the plan whose sum is best.

        With a market share it is solved again until the tangents tell the truth.

        Args:
            express: The sum; any plan will do without it.
            aim: Tells whether the sum is to be most.
            clock: When to stop.
            worst_s: Nobody travels longer.
        """
        best, rounds = None, 0
        while True:
            model = self._model(worst_s)
            worth = None if express is None else express(model)
            is_relaxed = model.won is not None and rounds < _MOST_RELAXED
            outcome = self._solve(model, worth, aim, clock, is_relaxed=is_relaxed)
            is_loose = outcome.values is not None and self.tangents.touch(model, outcome.values)
            rounds = rounds + 1 if is_loose else max(rounds + 1, _MOST_RELAXED)
            if is_relaxed and not outcome.is_infeasible and not clock.is_up():
                continue
            found = self._read(model, worth, outcome, is_relaxed=is_relaxed)
            best = self.better(aim, best, found.plan)
            if not is_loose or clock.is_up():
                return replace(found, plan=best)

    def _model(self, worst_s: float) -> SitingModel:
        """Return the model with every rule and every aim kept so far."""
        for kept in self.kept:
            if kept.aim is SitingObjective.P_CENTRE and not self.is_priced(kept.aim):
                worst_s = min(worst_s, kept.limit)
        model = start_model(self.question.no_farther(worst_s))
        keep_site_rules(model)
        keep_area_rules(model)
        for kept in self.kept:
            if kept.aim is not SitingObjective.P_CENTRE or self.is_priced(kept.aim):
                self._keep(model, kept)
        return model

    def _keep(self, model: SitingModel, kept: Kept) -> None:
        aim, limit = kept.aim, kept.limit
        if aim is SitingObjective.KOLM_POLLAK:
            keep_equivalent_below(model, limit)
        elif aim is SitingObjective.WORST_DECILE:
            keep_below(model, worst_decile_sum(model, limit), limit)
        elif self.question.is_maximised(aim):
            keep_below(model, self.sum_of(model, aim).times(-1.0), -limit)
        else:
            keep_below(model, self.sum_of(model, aim), limit)

    def _solve(
        self, model: SitingModel, worth: Sum | None, aim: Aim, clock: Clock, *, is_relaxed: bool
    ) -> Outcome:
        if worth is not None:
            model.form.set_aim(
                worth.variables,
                worth.coefficients / worth.unit,
                is_maximised=self.question.is_maximised(aim),
            )
        return solve_formulation(
            model.form, self.limits, time_left_s=clock.left_s(), is_relaxed=is_relaxed
        )

    def _read(
        self, model: SitingModel, worth: Sum | None, outcome: Outcome, *, is_relaxed: bool
    ) -> Found:
        plan = None
        if outcome.values is not None and not is_relaxed:
            plan = read_sending(model, outcome.values)
        bound = outcome.bound
        if worth is not None:
            bound = bound * worth.unit + worth.constant
        return Found(plan=plan, bound=bound, is_impossible=outcome.is_infeasible)

    def better(self, aim: Aim, one: Sending | None, other: Sending | None) -> Sending | None:
        """Return the better of two plans by an aim, if they keep those before."""
        plans = [plan for plan in (one, other) if plan is not None and self.keeps(plan)]
        sign = -1.0 if self.question.is_maximised(aim) else 1.0
        return min(plans, key=lambda plan: sign * value_of(self.question, plan, aim), default=None)
