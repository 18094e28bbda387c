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
from ntgeo.siting.models.area_rules import keep_area_rules, keep_cover_rules
from ntgeo.siting.models.cut_aims import (
    cut_sum,
    equivalent_over,
    hold_all_together,
    keep_decile_means,
    leave_only_uncovered,
    worst_tenth_of_cuts,
)
from ntgeo.siting.models.cuts import Cuts
from ntgeo.siting.models.market_share import Tangents
from ntgeo.siting.models.site_rules import keep_site_rules
from ntgeo.siting.models.site_search import exchange_sites
from ntgeo.siting.models.siting_model import SitingModel, read_sending, start_model
from ntgeo.siting.models.worst_off import worst_decile_sum, worst_tenth_sum, worst_time_sum
from ntgeo.siting.question import Aim, ImpliedAim, SitingQuestion
from ntgeo.siting.worth import Sending, unserved_share, value_of

__all__ = ["Express", "Found", "Kept", "StageProgramme"]

FloatArray = npt.NDArray[np.float64]
Express = Callable[[SitingModel], Sum]
_KEPT_SHARE = 1e-8
_PROVEN_SHARE = 1e-7
_MOST_RELAXED = 60
_RELAXED_TIME_SHARE = 0.5
_ROUNDING_TIME_SHARE = 0.1
_SEARCH_TIME_SHARE = 0.3
_NOT_SEARCHED = {SitingObjective.BACKUP_COVER, SitingObjective.MARKET_SHARE}


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
        cuts: What stands for links, where each area goes to its nearest open site.
        tangents: Of market share.
        tell: Told a plan and its bound while better ones are looked for.
        only: Sites that may open, where the others are not looked at.
        is_relaxation: Whether the question lacks rules that send areas elsewhere; its bound holds
            with them too.
    """

    question: SitingQuestion
    limits: SolveLimits
    kept: list[Kept] = field(default_factory=list)
    cuts: Cuts | None = None
    tangents: Tangents = field(default_factory=Tangents)
    tell: Callable[[Sending, float], None] | None = None
    only: npt.NDArray[np.intp] | None = None
    is_relaxation: bool = False

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
        if self.cuts is not None:
            return self._cut_sum_of(model, self.cuts, aim)
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

    def _cut_sum_of(self, model: SitingModel, cuts: Cuts, aim: Aim) -> Sum:
        if aim is SitingObjective.WORST_TENTH:
            return worst_tenth_of_cuts(model, cuts, self.served)
        if aim is SitingObjective.WORST_DECILE:
            return keep_decile_means(model, cuts, 0.0)
        if aim is SitingObjective.MARKET_SHARE:
            return self.tangents.sum_of(model)
        return cut_sum(model, cuts, aim)

    def decile_sum(self, model: SitingModel, level_s: float) -> Sum:
        """Return the longest mean time of a decile; those left count as travelling for a level."""
        if self.cuts is not None:
            return keep_decile_means(model, self.cuts, level_s)
        return worst_decile_sum(model, level_s)

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
        best, opened, rounds = None, None, 0
        is_most, pace = self.question.is_maximised(aim), clock.part(_RELAXED_TIME_SHARE)
        proven = math.inf if is_most else -math.inf
        while True:
            model = self._model(worst_s)
            worth = None if express is None else express(model)
            is_relaxed = self._is_sharpened(model) and rounds < _MOST_RELAXED and not pace.is_up()
            if not is_relaxed and opened is not None and best is None:
                best = self._improve(aim, self._near(opened, worst_s, clock), clock)
                self._tell(best, proven, express)
            outcome = self._solve(
                model, worth, aim, pace if is_relaxed else clock, is_relaxed=is_relaxed
            )
            is_loose = outcome.values is not None and self._sharpen(model, outcome.values)
            rounds = rounds + 1 if is_loose else _MOST_RELAXED
            opened = None if outcome.values is None else outcome.values[model.opened]
            found = self._read(model, worth, outcome, is_relaxed=is_relaxed)
            best = self._improve(aim, self.better(aim, best, found.plan), clock)
            proven = min(proven, found.bound) if is_most else max(proven, found.bound)
            is_over = outcome.is_infeasible or clock.is_up()
            if is_over or not (is_relaxed or is_loose) or self._is_close(aim, best, proven):
                return replace(found, plan=best, bound=proven)

    def _tell(self, plan: Sending | None, bound: float, express: Express | None) -> None:
        """Tell a plan and its bound while better ones are looked for."""
        if plan is not None and express is not None and self.tell is not None:
            self.tell(plan, bound)

    def _near(self, opened: FloatArray, worst_s: float, clock: Clock) -> Sending | None:
        """Return a plan whose sites are those that a relaxed solution opens most."""
        model = self._model(worst_s)
        model.form.set_aim(model.opened, opened, is_maximised=True)
        outcome = solve_formulation(
            model.form, self.limits, time_left_s=clock.left_s(_ROUNDING_TIME_SHARE)
        )
        return None if outcome.values is None else read_sending(model, outcome.values)

    def _improve(self, aim: Aim, plan: Sending | None, clock: Clock) -> Sending | None:
        """Exchange sites while that is better; only where areas go to their nearest site."""
        is_searched = self.cuts is not None and not self.question.may_leave
        if plan is None or not is_searched or aim in _NOT_SEARCHED:
            return plan
        pace = clock.part(_SEARCH_TIME_SHARE)
        return exchange_sites(self.question, aim, plan, self._is_plan, pace)

    def _is_plan(self, plan: Sending) -> bool:
        """Whether a plan serves whom it must, and keeps the aims taken so far."""
        question = self.question
        left = unserved_share(question, plan)
        named = {aim for aim, _ in question.aims}
        needs_all = question.rules.must_serve_all or SitingObjective.SET_COVER in named
        if needs_all and math.fsum(question.demand * left) > 0:
            return False
        return not named & _NOT_SEARCHED and self.keeps(plan)

    def _is_sharpened(self, model: SitingModel) -> bool:
        return model.won is not None or bool(model.suffered)

    def _sharpen(self, model: SitingModel, values: FloatArray) -> bool:
        """State what a solution gets wrong, and say whether there was anything."""
        is_loose = self.tangents.touch(model, values)
        return (self.cuts is not None and self.cuts.touch(model, values)) or is_loose

    def _is_close(self, aim: Aim, best: Sending | None, bound: float) -> bool:
        """Whether the best plan is within the gap asked for, or as near as can be told."""
        if best is None or not math.isfinite(bound) or aim is SitingObjective.KOLM_POLLAK:
            return False
        value = value_of(self.question, best, aim)
        return abs(value - bound) <= max(self.limits.gap_share, _PROVEN_SHARE) * abs(value)

    def _model(self, worst_s: float) -> SitingModel:
        """Return the model with every rule and every aim kept so far."""
        for kept in self.kept:
            if kept.aim is SitingObjective.P_CENTRE and not self.is_priced(kept.aim):
                worst_s = min(worst_s, kept.limit)
        question = self.question.no_farther(worst_s)
        if self.only is not None:
            question = question.only_at(self.only)
        model = start_model(
            question,
            has_links=self.cuts is None,
            leaves_alike=not (self.cuts is None or self.is_relaxation or question.may_leave),
        )
        keep_site_rules(model)
        if self.only is not None:
            others = np.setdiff1d(model.opened, model.opened[self.only])
            model.form.add_rows((0, others, 1.0), lower=0.0, upper=0.0)
        if self.is_relaxation:
            hold_all_together(model)
        if self.cuts is None:
            keep_area_rules(model)
        else:
            leave_only_uncovered(model, question.within)
            keep_cover_rules(model)
        for kept in self.kept:
            if kept.aim is not SitingObjective.P_CENTRE or self.is_priced(kept.aim):
                self._keep(model, kept)
        return model

    def _keep(self, model: SitingModel, kept: Kept) -> None:
        aim, limit = kept.aim, kept.limit
        if aim is SitingObjective.KOLM_POLLAK and self.cuts is not None:
            keep_below(model, equivalent_over(model, self.cuts, limit), 0.0)
        elif aim is SitingObjective.KOLM_POLLAK:
            keep_equivalent_below(model, limit)
        elif aim is SitingObjective.WORST_DECILE:
            keep_below(model, self.decile_sum(model, limit), limit)
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
