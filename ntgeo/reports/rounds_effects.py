"""What a plan of rounds costs, and whom families see, as tidy tables."""

from __future__ import annotations

from typing import Final

import pandas as pd

from ntgeo.domain.rounds_sense import made_visits, strangers
from ntgeo.domain.rounds_words import COST_TEXTS
from ntgeo.domain.routing import RoutePlan, RoutingProblem
from ntgeo.domain.units import clock_text
from ntgeo.reports.columns import framed

__all__ = ["rounds_continuity_table", "rounds_costs_table"]

_COST_COLUMNS: Final = ("term", "meaning", "cost_gbp", "cost_share")
_CONTINUITY_COLUMNS: Final = (
    *("visit_id", "begin", "came", "usual_staff", "new_faces", "is_seen_by_usual"),
    *("preferred_staff", "not_preferred"),
)


def rounds_costs_table(plan: RoutePlan) -> pd.DataFrame:
    """Return one row a term of the plan's cost; the terms add up to the plan's objective.

    Returns:
        ``term, meaning, cost_gbp, cost_share``; the share is missing where nothing costs anything.
    """
    total = plan.cost.total_gbp
    rows = [
        {
            "term": term,
            "meaning": COST_TEXTS[term],
            "cost_gbp": gbp,
            "cost_share": gbp / total if total else None,
        }
        for term, gbp in plan.cost.terms.items()
    ]
    return framed(rows, _COST_COLUMNS)


def rounds_continuity_table(problem: RoutingProblem, plan: RoutePlan) -> pd.DataFrame:
    """Return one row a made visit that has usual or preferred staff, in order of id.

    Returns:
        ``visit_id, begin, came, usual_staff, new_faces, is_seen_by_usual, preferred_staff,
        not_preferred``.
    """
    day = problem.day
    rows = []
    for visit, people in made_visits(problem, plan):
        if not visit.usual_staff and not visit.preferred_staff:
            continue
        new = strangers(people, visit.usual_staff)
        others = strangers(people, visit.preferred_staff)
        rows.append(
            {
                "visit_id": visit.id,
                "begin": clock_text(day, people[0].stop.begin_s),
                "came": ", ".join(coming.route.staff for coming in people),
                "usual_staff": ", ".join(sorted(visit.usual_staff)),
                "new_faces": len(new) if visit.usual_staff else pd.NA,
                "is_seen_by_usual": bool(visit.usual_staff) and len(new) < len(people),
                "preferred_staff": ", ".join(sorted(visit.preferred_staff)),
                "not_preferred": len(others) if visit.preferred_staff else pd.NA,
            }
        )
    return framed(rows, _CONTINUITY_COLUMNS)
