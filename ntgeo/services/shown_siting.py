"""A siting answer as tables that may be shown: small counts tell nothing."""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd

from ntgeo import reports
from ntgeo import siting as siting_room
from ntgeo.demand import DISCLOSURE_RULES
from ntgeo.services.answer_scenario import Siting
from ntgeo.services.other_choices import Coarse, changes_table, flips_table, plans_table
from ntgeo.services.protected import ShownDemand, as_shown

__all__ = ["ShownSiting", "shown_siting"]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class ShownSiting:
    """The tables of a siting answer, with small counts protected.

    Args:
        sites: Every site and its use.
        areas: Every area, with its site and its journey before and after.
        by_decile: Access by deprivation decile; ``None`` where none is known.
        by_age: Access by age group; ``None`` where ages are not known.
        supply: Supply per head by deprivation decile; ``None`` as ``by_decile``.
        changes: What closing and forcing sites costs; ``None`` where not asked for.
        next_best: The next-best plans; ``None`` where not asked for.
        flips: How far demand and travel times can grow; ``None`` where not asked for.
        allocations: Who goes where, a row a part of an area; ``None`` where areas are not split.
        rounded_to: Demand in sentences is rounded to so much; 0 for none.
    """

    sites: pd.DataFrame
    areas: pd.DataFrame
    by_decile: pd.DataFrame | None
    by_age: pd.DataFrame | None
    supply: pd.DataFrame | None
    changes: pd.DataFrame | None
    next_best: pd.DataFrame | None
    flips: pd.DataFrame | None
    allocations: pd.DataFrame | None
    rounded_to: int

    def tables(self) -> dict[str, pd.DataFrame | None]:
        """Return each table by the name of its file."""
        return {
            "sites": self.sites,
            "areas": self.areas,
            "access_by_decile": self.by_decile,
            "access_by_age": self.by_age,
            "supply_by_decile": self.supply,
            "siting_changes": self.changes,
            "siting_next_best": self.next_best,
            "siting_flips": self.flips,
            "allocations": self.allocations,
        }


def shown_siting(
    siting: Siting, areas: pd.DataFrame, shown: ShownDemand, rule: str | None
) -> ShownSiting:
    """Return the tables of an answer as they may be shown.

    Where areas weigh their observed use, costs and means are rounded to what as many uses as the
    rule rounds to could make of them, so that no area's use can be worked out from a difference.

    Args:
        siting: The answer.
        areas: The areas, without their shapes.
        shown: Demand as it may be shown.
        rule: Name of a disclosure rule; ``None`` protects nothing.
    """
    problem, plan, told = siting.problem, siting.plan, siting.explained
    by_area = reports.siting_areas_table(problem, plan, areas)
    limit_s = problem.rules.travel_limit_s
    by_decile = by_age = supply = None
    if by_area["imd_decile"].notna().any():
        by_decile = reports.access_by_decile_table(by_area, travel_limit_s=limit_s)
        near = siting_room.spatial_access(problem, plan)
        supply = reports.supply_by_decile_table(
            by_area, (near.before, near.after), supply_unit=near.supply_unit
        )
    if told.age_groups:
        ages = told.age_groups
        by_age = reports.access_by_age_table(by_area, ages, travel_limit_s=limit_s)
    allocations = None
    if any(part.share < 1 for part in plan.allocations):
        allocations = as_shown(reports.siting_allocations_table(plan), shown, rule)
    coarse = Coarse(problem=problem, uses=_hidden_uses(shown, rule))
    return ShownSiting(
        sites=as_shown(reports.siting_sites_table(problem, plan), shown, rule),
        areas=as_shown(by_area, shown, rule),
        by_decile=None if by_decile is None else as_shown(by_decile, shown, rule),
        by_age=by_age,
        supply=supply,
        changes=None if told.changes is None else changes_table(plan, told.changes, coarse),
        next_best=None if told.next_best is None else plans_table(plan, told.next_best, coarse),
        flips=None if told.flips is None else flips_table(told.flips, problem),
        allocations=allocations,
        rounded_to=coarse.uses,
    )


def _hidden_uses(shown: ShownDemand, rule: str | None) -> int:
    """How many uses no figure may tell apart; 0 where none need protection."""
    if rule is None or not shown.is_observed:
        return 0
    return max(DISCLOSURE_RULES[rule].rounded_to, DISCLOSURE_RULES[rule].largest_hidden)
