"""The rounds part of the report."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

import pandas as pd

from ntgeo.domain.rounds_sense import continuity
from ntgeo.domain.rounds_words import money_text
from ntgeo.domain.routing import RoutePlan, RoutingProblem
from ntgeo.reports.content import RoundsSection
from ntgeo.reports.map_view import map_view
from ntgeo.reports.plain import counted, day_text, miles_text, percent_text
from ntgeo.reports.rounds_charts import balance_chart, cost_chart, shift_chart
from ntgeo.reports.rounds_effects import rounds_continuity_table, rounds_costs_table
from ntgeo.reports.rounds_tables import rounds_shifts_table, rounds_stops_table, unmade_table
from ntgeo.reports.siting_page import drawing
from ntgeo.reports.views import TableView, proof_view, table_view

__all__ = ["rounds_part"]

_MOST_ROUNDS: Final = 15
_MOST_SHIFTS: Final = 80
_MOST_VISITS: Final = 100
_SHIFTS: Final = (
    *("shift_id", "staff_id", "visits", "start", "end", "travel_s", "parking_s", "wait_s"),
    *("set_up_s", "service_s", "break_s", "spare_s", "utilisation_share", "miles"),
)
_MONEY: Final = (
    *("shift_id", "work_s", "overtime_s", "pay_gbp", "overtime_gbp", "mileage_gbp", "travel_gbp"),
    *("round_gbp", "shift_cost_gbp", "mileage_claim_gbp"),
)
_PEOPLE: Final = (
    *("shift_id", "visits", "late_visits", "usual_visits", "seen_visits", "usual_share"),
    *("new_faces",),
)
_SHIFTS_NOTE: Final = "In use: visits, set-up, parking and travel as a share of the shift's hours."
_MONEY_NOTE: Final = (
    "Mileage is the price in the plan's cost, at the shift's own rate. The claim is what may be "
    "claimed free of tax for one's own car or bicycle, at the rate for the first 10,000 miles of a "
    "tax year."
)
_STOPS: Final = (
    *("stop_number", "kind", "place_id", "with_staff", "travel_s", "walk_s", "parking_s"),
    *("arrive", "wait_s", "set_up_s", "begin", "leave", "service_s", "window", "soft_window"),
    *("late_s", "face", "links", "distance_m"),
)
_UNMADE_NOTE: Final = "Each change is of one thing, with every visit of the plan made as well."
_COSTS_NOTE: Final = "Terms that cost nothing are left out. The sum is the value of the plan."
_FIRST_NOTE: Final = (
    " Unmade visits have no price here: priorities come first, whatever the cost of keeping them."
)


def rounds_part(section: RoundsSection) -> dict[str, Any]:
    """Return the rounds part of the page: figures, proof, map, charts and tables."""
    problem, plan = section.problem, section.plan
    shifts = rounds_shifts_table(problem, plan)
    stops = rounds_stops_table(problem, plan)
    has_chart = 0 < len(shifts) <= _MOST_SHIFTS
    return {
        "figures": _figures(section, shifts),
        "proof": proof_view(plan.report, slug="rounds-proof", caption="Rounds: the proof"),
        "map": None
        if section.map_file is None
        else map_view(
            section.map_file,
            section.map_picture,
            name="Map of the rounds",
            alt=f"{counted(len(plan.routes), 'round')}, each in a colour and dash of its own, with "
            "numbered visits; the tables below hold the same stops",
        ),
        "sheets_file": section.sheets_file,
        "day": day_text(problem.day),
        "method": "; ".join(
            dict.fromkeys(matrix.method for matrix in (problem.travel, *problem.more_travel))
        ),
        "costs": _costs_view(problem, plan),
        "cost_chart": drawing(cost_chart(rounds_costs_table(plan)))
        if plan.cost.total_gbp
        else None,
        "charts": [drawing(shift_chart(shifts)), drawing(balance_chart(shifts))]
        if has_chart
        else [],
        "shifts": _shift_views(shifts),
        "continuity": _continuity_view(problem, plan),
        "rounds": _round_views(stops),
        "unmade": _unmade_view(unmade_table(problem, plan)),
        "changes": _asked_view(section.changes, "changes", "What changes for families and staff"),
        "next_best": _asked_view(
            section.next_best, "next-best", "Who could make each visit instead, at least cost"
        ),
    }


def _figures(section: RoundsSection, shifts: pd.DataFrame) -> list[tuple[str, str, str]]:
    problem, plan = section.problem, section.plan
    made, asked = len(problem.visits) - len(plan.unmade), len(problem.visits)
    by = f"by {counted(len(plan.routes), 'shift')}"
    figures = [
        ("Visits made", f"{made:,} of {asked:,}", ""),
        ("Travelled", miles_text(float(shifts["distance_m"].sum())), by),
        ("Cost of the day", money_text(plan.cost.total_gbp), ""),
    ]
    known = continuity(problem, plan)
    if known.visits:
        share = percent_text(known.seen / known.visits)
        figures.append(("Seen by usual staff", share, f"of {counted(known.visits, 'visit')}"))
    return figures


def _costs_view(problem: RoutingProblem, plan: RoutePlan) -> TableView:
    costs = rounds_costs_table(plan)
    shown = costs[costs["cost_gbp"] != 0]
    sum_row = {"meaning": "All", "cost_gbp": plan.cost.total_gbp, "cost_share": 1.0}
    note = _COSTS_NOTE + (_FIRST_NOTE if problem.prices.puts_priorities_first else "")
    return table_view(
        pd.concat([shown, pd.DataFrame([sum_row])], ignore_index=True) if len(shown) else shown,
        slug="rounds-costs",
        caption="What the plan costs, term by term",
        columns=("meaning", "cost_gbp", "cost_share"),
        note=note,
    )


def _shift_views(shifts: pd.DataFrame) -> list[TableView]:
    views = [
        table_view(
            shifts,
            slug="shifts",
            caption="Each shift's day",
            columns=_SHIFTS,
            labels={"service_s": "Visits (min)"},
            note=_SHIFTS_NOTE,
            most=_MOST_SHIFTS,
        ),
        table_view(
            shifts,
            slug="shift-costs",
            caption="Each shift's work and cost",
            columns=_with_amounts(shifts, _MONEY),
            note=_MONEY_NOTE,
            most=_MOST_SHIFTS,
        ),
    ]
    if shifts["usual_visits"].any() or shifts["late_visits"].any():
        views.append(
            table_view(
                shifts,
                slug="shift-people",
                caption="Whom each shift's visits see",
                columns=_with_amounts(shifts, _PEOPLE),
                most=_MOST_SHIFTS,
            )
        )
    return views


def _with_amounts(frame: pd.DataFrame, names: Sequence[str]) -> list[str]:
    """Leave out the figures that are 0 in every row."""
    return [
        name
        for name in names
        if not pd.api.types.is_numeric_dtype(frame[name].dtype) or frame[name].fillna(0).any()
    ]


def _continuity_view(problem: RoutingProblem, plan: RoutePlan) -> TableView | None:
    seen = rounds_continuity_table(problem, plan)
    strange = seen[(seen["new_faces"].fillna(0) > 0) | (seen["not_preferred"].fillna(0) > 0)]
    if strange.empty:
        return None
    return table_view(
        strange,
        slug="new-faces",
        caption="Visits that see a new face, or staff who are not preferred",
        columns=_with_amounts(strange, list(strange.columns)),
        most=_MOST_VISITS,
    )


def _round_views(stops: pd.DataFrame) -> list[TableView]:
    rounds = list(stops.groupby("shift_id", sort=True))
    if len(rounds) > _MOST_ROUNDS:
        return []
    return [
        table_view(
            part,
            slug=f"round-{number}",
            caption=f"Round of shift {shift}",
            columns=_with_amounts(part, _STOPS),
        )
        for number, (shift, part) in enumerate(rounds, start=1)
    ]


def _asked_view(table: pd.DataFrame | None, slug: str, caption: str) -> TableView | None:
    if table is None or table.empty:
        return None
    return table_view(table, slug=f"rounds-{slug}", caption=caption, most=_MOST_VISITS)


def _unmade_view(unmade: pd.DataFrame) -> TableView | None:
    if unmade.empty:
        return None
    return table_view(
        unmade,
        slug="unmade",
        caption="Visits that nobody makes, why, and the least that would let them be made",
        columns=_with_amounts(unmade, list(unmade.columns)),
        note=_UNMADE_NOTE,
        most=_MOST_VISITS,
    )
