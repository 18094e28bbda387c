"""The rounds part of the report."""

from __future__ import annotations

from typing import Any, Final

import pandas as pd

from ntgeo.reports.charts import shift_chart
from ntgeo.reports.content import RoundsSection
from ntgeo.reports.plain import day_text, miles_text
from ntgeo.reports.rounds_tables import rounds_shifts_table, rounds_stops_table, unmade_table
from ntgeo.reports.siting_page import drawing
from ntgeo.reports.views import TableView, proof_view, table_view

__all__ = ["rounds_part"]

_MOST_ROUNDS: Final = 15
_MOST_SHIFTS: Final = 80
_MOST_UNMADE: Final = 100
_SHIFTS: Final = (
    *("shift_id", "staff_id", "visits", "start", "end", "travel_s", "wait_s", "service_s"),
    *("break_s", "spare_s", "utilisation_share", "miles", "mileage_gbp"),
)
_SHIFTS_NOTE: Final = (
    "In use: visits and travel as a share of the paid hours. Mileage: what may be claimed free of "
    "tax for one's own car or bicycle, at the rate for the first 10,000 miles of a tax year."
)
_STOPS: Final = (
    *("stop_number", "kind", "place_id", "arrive", "begin", "leave", "window", "travel_s"),
    *("wait_s", "service_s", "distance_m"),
)


def rounds_part(section: RoundsSection) -> dict[str, Any]:
    """Return the rounds part of the page: figures, proof, map, chart and tables."""
    problem, plan = section.problem, section.plan
    shifts = rounds_shifts_table(problem, plan)
    stops = rounds_stops_table(problem, plan)
    made = len(problem.visits) - len(plan.unmade)
    distance_m = float(shifts["distance_m"].sum())
    return {
        "figures": [
            ("Visits made", f"{made:,} of {len(problem.visits):,}", ""),
            ("Travelled", miles_text(distance_m), f"by {len(plan.routes):,} shifts"),
        ],
        "proof": proof_view(plan.report, slug="rounds-proof", caption="Rounds: the proof"),
        "map": None
        if section.map_file is None
        else {"file": section.map_file, "name": "Map of the rounds", "text": ""},
        "sheets_file": section.sheets_file,
        "day": day_text(problem.day),
        "method": problem.travel.method,
        "chart": drawing(shift_chart(shifts)) if 0 < len(shifts) <= _MOST_SHIFTS else None,
        "shifts": table_view(
            shifts,
            slug="shifts",
            caption="Each shift's day",
            columns=_SHIFTS,
            labels={"service_s": "Visits (min)"},
            note=_SHIFTS_NOTE,
            most=_MOST_SHIFTS,
        ),
        "rounds": _round_views(stops),
        "unmade": _unmade_view(unmade_table(problem, plan)),
    }


def _round_views(stops: pd.DataFrame) -> list[TableView]:
    rounds = list(stops.groupby("shift_id", sort=True))
    if len(rounds) > _MOST_ROUNDS:
        return []
    return [
        table_view(part, slug=f"round-{number}", caption=f"Round of shift {shift}", columns=_STOPS)
        for number, (shift, part) in enumerate(rounds, start=1)
    ]


def _unmade_view(unmade: pd.DataFrame) -> TableView | None:
    if unmade.empty:
        return None
    return table_view(
        unmade, slug="unmade", caption="Visits that nobody makes, and why", most=_MOST_UNMADE
    )
