"""What else could be done, as tables: other sites, the next-best plans, and when they win."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import pandas as pd

from ntgeo.domain.places import SiteId
from ntgeo.domain.siting import SitingPlan, SitingProblem
from ntgeo.domain.siting_words import value_text, worse_text
from ntgeo.domain.solving import SolveStatus
from ntgeo.domain.units import SECONDS_PER_HOUR
from ntgeo.reports.columns import typed_frame
from ntgeo.siting import ChangeKind, Flip, FlipEnd, GrowthKind, SiteChange

__all__ = ["Coarse", "changes_table", "flips_table", "plans_table"]

_CHANGES: Final = (
    *("what_if", "site_id", "name", "cost", "cost_bound", "unit", "more_unserved", "is_proven"),
    *("opened_instead", "closed_instead", "mean_time_s", "outcome"),
)
_PLANS: Final = (
    *("rank", "opened_instead", "closed_instead", "objective", "worse_by", "worse_share", "unit"),
    *("more_unserved", "mean_time_s", "is_proven", "outcome"),
)
_FLIPS: Final = (
    *("grows", "unchanged_until", "changes_at", "opened_instead", "closed_instead", "is_proven"),
    "outcome",
)
_KINDS: Final = {ChangeKind.CLOSE: "closed", ChangeKind.FORCE: "forced open"}
_NOTHING: Final = 1e-9
_NO_LOSS: Final = "no loss: it is as good"


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Coarse:
    """Rounds values so that they do not tell the demand of a single area.

    A value is rounded to what a number of uses could change it by at most: by that many times the
    longest journey, where the objective counts travel.

    Args:
        problem: The question.
        uses: How many; 0 leaves values as they are.
    """

    problem: SitingProblem
    uses: int

    def value(self, value: float | None, unit: str) -> float:
        """Return a value of an objective, rounded; NaN for none."""
        if value is None:
            return math.nan
        step = self.uses * self._most_of_one(unit)
        return value if step <= 0 else round(value / step) * step

    def _most_of_one(self, unit: str) -> float:
        """Most that one use adds to a value in the unit."""
        problem = self.problem
        longest_s = float(np.nanmax(problem.travel.time_s, initial=1.0))
        rules = problem.rules
        if unit == "sites":
            return 0.0
        if "× seconds" in unit:
            return longest_s * (1 + rules.deprivation_weight)
        if unit.startswith("seconds"):
            return longest_s / float(problem.demand.sum())
        if unit.startswith("pounds"):
            hour_gbp = rules.travel_gbp_per_hour or 0.0
            return max(longest_s / SECONDS_PER_HOUR * hour_gbp, rules.outreach_gbp or 0.0)
        return 1.0


def changes_table(
    plan: SitingPlan, changes: tuple[SiteChange, ...], coarse: Coarse
) -> pd.DataFrame:
    """Return one row a change: the dearest closing first, then the cheapest forced opening first.

    Returns:
        ``what_if, site_id, name, cost, cost_bound, unit, more_unserved, is_proven, opened_instead,
        closed_instead, mean_time_s, outcome``.
    """
    rows = [_change_row(plan, change, coarse) for change in changes]
    ordered = sorted(rows, key=_closing_first)
    return typed_frame({name: [row[name] for row in ordered] for name in _CHANGES}, _CHANGES)


def _closing_first(row: dict[str, Any]) -> tuple[Any, ...]:
    is_closed = row["what_if"] == _KINDS[ChangeKind.CLOSE]
    costs = [math.inf if math.isnan(c) else c for c in (row["more_unserved"], row["cost"])]
    return (not is_closed, *([-c for c in costs] if is_closed else costs), row["site_id"])


def _change_row(plan: SitingPlan, change: SiteChange, coarse: Coarse) -> dict[str, Any]:
    unit = plan.report.unit
    cost = coarse.value(change.cost, unit)
    unserved = coarse.value(change.unserved_cost, coarse.problem.demand_unit)
    names = {site.id: site.name for site in coarse.problem.sites}
    return {
        "what_if": _KINDS[change.kind],
        "site_id": change.site,
        "name": names[change.site],
        "cost": cost,
        "cost_bound": coarse.value(change.cost_bound, unit),
        "unit": unit,
        "more_unserved": unserved,
        "is_proven": change.is_proven,
        **_difference(plan, change.plan, coarse, but=change.site),
        "outcome": _change_text(change, cost, unserved, coarse),
    }


def _difference(
    plan: SitingPlan, other: SitingPlan | None, coarse: Coarse, *, but: SiteId | None = None
) -> dict[str, Any]:
    """What another plan opens and closes against the plan, and its mean journey."""
    if other is None:
        return {"opened_instead": "", "closed_instead": "", "mean_time_s": math.nan}
    names = {site.id: site.name for site in coarse.problem.sites}
    opened = [names[s] for s in other.opened if s not in plan.opened and s != but]
    closed = [names[s] for s in plan.opened if s not in other.opened and s != but]
    served = math.fsum(part.demand for part in other.allocations)
    travel = math.fsum(part.demand * part.time_s for part in other.allocations)
    return {
        "opened_instead": "; ".join(opened),
        "closed_instead": "; ".join(closed),
        "mean_time_s": coarse.value(travel / served if served > 0 else None, "seconds"),
    }


def _change_text(change: SiteChange, cost: float, unserved: float, coarse: Coarse) -> str:
    """What the change comes to, in words."""
    if change.plan is None:
        proven = "no plan keeps the rules"
        return proven if change.is_proven else "no plan was found in the time allowed"
    report = change.plan.report
    parts = []
    if abs(unserved) > _NOTHING:
        word = "more" if unserved > 0 else "less"
        parts.append(f"{value_text(abs(unserved), coarse.problem.demand_unit)} {word} unserved")
    if abs(cost) > _NOTHING:
        parts.append(worse_text(cost, report.unit, is_maximised=report.is_maximised))
    text = " and ".join(parts) or _NO_LOSS
    if change.is_proven:
        return text
    if unserved <= _NOTHING and cost < -_NOTHING:
        return f"{text}, a better plan than this one"
    return f"at most {text} (not proven)"


def plans_table(plan: SitingPlan, others: tuple[SitingPlan, ...], coarse: Coarse) -> pd.DataFrame:
    """Return one row a next-best plan, best first.

    Returns:
        ``rank, opened_instead, closed_instead, objective, worse_by, worse_share, unit,
        more_unserved, mean_time_s, is_proven, outcome``; the plan itself has rank 1.
    """
    rows = [_plan_row(plan, other, rank, coarse) for rank, other in enumerate(others, start=2)]
    return typed_frame({name: [row[name] for row in rows] for name in _PLANS}, _PLANS)


def _plan_row(plan: SitingPlan, other: SitingPlan, rank: int, coarse: Coarse) -> dict[str, Any]:
    report, value = other.report, plan.report.objective
    sign = -1.0 if report.is_maximised else 1.0
    worse = coarse.value(sign * (report.objective - value), report.unit)
    unserved = _unserved(other) - _unserved(plan)
    told = _NO_LOSS
    if abs(worse) > _NOTHING:
        told = worse_text(worse, report.unit, is_maximised=report.is_maximised)
    return {
        "rank": rank,
        **_difference(plan, other, coarse),
        "objective": coarse.value(report.objective, report.unit),
        "worse_by": worse,
        "worse_share": worse / abs(value) if value else math.nan,
        "unit": report.unit,
        "more_unserved": coarse.value(unserved, coarse.problem.demand_unit),
        "is_proven": report.status is SolveStatus.OPTIMAL,
        "outcome": told,
    }


def _unserved(plan: SitingPlan) -> float:
    return math.fsum(area.demand for area in plan.unserved)


def flips_table(flips: tuple[Flip, ...], problem: SitingProblem) -> pd.DataFrame:
    """Return one row a thing that may grow.

    Returns:
        ``grows, unchanged_until, changes_at, opened_instead, closed_instead, is_proven, outcome``;
        factors of today's figures.
    """
    names = {site.id: site.name for site in problem.sites}
    rows = [
        {
            "grows": _growth_text(flip, names),
            "unchanged_until": flip.unchanged_until,
            "changes_at": math.nan if flip.factor is None else flip.factor,
            "opened_instead": "; ".join(names[site] for site in flip.opens),
            "closed_instead": "; ".join(names[site] for site in flip.closes),
            "is_proven": flip.is_proven,
            "outcome": _flip_text(flip),
        }
        for flip in flips
    ]
    return typed_frame({name: [row[name] for row in rows] for name in _FLIPS}, _FLIPS)


def _growth_text(flip: Flip, names: dict[SiteId, str]) -> str:
    growth = flip.growth
    name = "" if growth.site is None else names[growth.site]
    return {
        GrowthKind.DEMAND: "all demand",
        GrowthKind.TIMES: "all travel times",
        GrowthKind.CATCHMENT_DEMAND: f"demand of those who go to {name}",
        GrowthKind.SITE_TIMES: f"travel times to {name}",
        GrowthKind.DECILE_DEMAND: f"demand of deprivation decile {growth.decile}",
    }[growth.kind]


def _flip_text(flip: Flip) -> str:
    doubt = "" if flip.is_proven else " (not proven)"
    until = f"{flip.unchanged_until:.3g}"
    if flip.end is FlipEnd.UNKNOWN:
        return f"holds up to {until} times; beyond is not known"
    if flip.factor is None:
        return f"holds up to {until} times, as far as was looked{doubt}"
    if flip.end is FlipEnd.NO_PLAN:
        return f"at {flip.factor:.3g} times no plan keeps the rules{doubt}"
    return f"changes at {flip.factor:.3g} times{doubt}"
