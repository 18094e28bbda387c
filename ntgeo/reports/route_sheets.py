"""Route sheets: a printable page a shift, for the glove box."""

from __future__ import annotations

from collections.abc import Hashable, Mapping, Sequence
from pathlib import Path
from typing import Any, Final, TypeAlias

import pandas as pd

from ntgeo.domain.rounds_words import link_texts
from ntgeo.domain.routing import RoutePlan, RoutingProblem, Visit
from ntgeo.domain.units import (
    METRES_PER_MILE,
    SECONDS_PER_MINUTE,
    clock_text,
    duration_text,
)
from ntgeo.files import write_text
from ntgeo.reports.columns import ColumnKind
from ntgeo.reports.page import page_environment
from ntgeo.reports.plain import cell_text, counted, day_text, miles_text
from ntgeo.reports.rounds_tables import rounds_shifts_table, rounds_stops_table

__all__ = ["Ways", "route_sheets", "write_route_sheets"]

Ways: TypeAlias = Mapping[str, Sequence[str]]
"""Shift id → for each stop, how to go there in one line; empty where nobody moves."""

_WHAT: Final = {"start": "Start at", "visit": "Visit", "break": "Break", "end": "End at"}


def write_route_sheets(  # noqa: PLR0913 - what the staff are told
    path: Path,
    problem: RoutingProblem,
    plan: RoutePlan,
    *,
    title: str,
    place_lines: Mapping[str, str] | None = None,
    place_notes: Mapping[str, str] | None = None,
    ways: Ways | None = None,
    is_synthetic: bool = False,
) -> None:
    """Write the route sheets of a day as one HTML file that prints a page a shift.

    Args:
        path: Ends in ``.html``.
        problem: The question.
        plan: Its answer.
        title: Of the scenario.
        place_lines: Place id → where it is, in words for the staff who go there; without it the
            sheet has ids only.
        place_notes: Visit id → what to mind there, printed in the column that is written in.
        ways: How to go to each stop, where that is known.
        is_synthetic: Whether to say on each sheet that the place is made up.
    """
    template = page_environment().get_template("route_sheets.html.j2")
    page = {
        "title": title,
        "day": day_text(problem.day),
        "is_synthetic": is_synthetic,
        "is_straight_line": problem.travel.method.startswith("straight"),
        "sheets": route_sheets(problem, plan, place_lines or {}, ways, place_notes or {}),
        "unmade": len(plan.unmade),
        "has_ways": bool(ways) and not is_synthetic,
    }
    write_text(path, template.render(page=page))


def route_sheets(
    problem: RoutingProblem,
    plan: RoutePlan,
    place_lines: Mapping[str, str],
    ways: Ways | None = None,
    place_notes: Mapping[str, str] | None = None,
) -> list[dict[str, Any]]:
    """Return one sheet a round: who, when, how far, and its stops as text, in order of shift."""
    stops = rounds_stops_table(problem, plan, ways or {})
    shifts = rounds_shifts_table(problem, plan)
    totals_of: dict[str, dict[str, Any]] = {
        str(row["shift_id"]): {str(name): cell for name, cell in row.items()}
        for row in shifts.to_dict("records")
    }
    hours = {str(shift.id): shift.hours for shift in problem.shifts}
    names = {str(depot.id): depot.name for depot in problem.depots}
    asked = {str(visit.id): _asked_of(problem, visit) for visit in problem.visits}
    sheets = []
    for key, part in stops.groupby("shift_id", sort=True):
        shift = str(key)
        totals = totals_of[shift]
        window = hours[shift]
        sheets.append(
            {
                "shift": shift,
                "staff": str(totals["staff_id"]),
                "hours": f"{clock_text(problem.day, window.start_s)} to "
                f"{clock_text(problem.day, window.end_s)}",
                "facts": _facts_of(totals),
                "summary": f"{counted(int(totals['visits']), 'visit')}, "
                f"{miles_text(float(totals['distance_m']))}",
                "stops": _sheet_rows(part, names, asked, (place_lines, place_notes or {})),
            }
        )
    return sheets


def _facts_of(totals: Mapping[str, Any]) -> list[tuple[str, str]]:
    return [
        ("Visits", f"{totals['visits']:,}"),
        ("Out", str(totals["start"])),
        ("Back", str(totals["end"])),
        ("On visits", duration_text(float(totals["service_s"]))),
        ("Travel", duration_text(float(totals["travel_s"]))),
        *(
            [("Overtime", duration_text(float(totals["overtime_s"])))]
            if totals["overtime_s"] >= SECONDS_PER_MINUTE
            else []
        ),
        ("Distance", miles_text(float(totals["distance_m"]))),
        ("Mileage claim", cell_text(totals["mileage_claim_gbp"], ColumnKind.PENCE)),
    ]


def _sheet_rows(
    stops: pd.DataFrame,
    names: Mapping[str, str],
    asked: Mapping[str, Sequence[str]],
    told: tuple[Mapping[str, str], Mapping[str, str]],
) -> list[dict[str, Any]]:
    place_lines, place_notes = told
    rows = []
    for stop in stops.to_dict("records"):
        kind, place = str(stop["kind"]), str(stop["place_id"])
        is_break = kind == "break"
        rows.append(
            {
                "kind": kind,
                "number": str(stop["visit_number"]) if kind == "visit" else "",
                "what": "Break" if is_break else f"{_WHAT[kind]} {names.get(place, place)}",
                "where": "" if is_break else place_lines.get(place, ""),
                "arrive": str(stop["arrive"]),
                "begin": str(stop["begin"]),
                "leave": "" if kind == "end" else str(stop["leave"]),
                "window": str(stop["window"]),
                "better": f"better {stop['soft_window']}" if stop["soft_window"] else "",
                "length": _minutes(stop["service_s"], "{} min"),
                "wait": _minutes(stop["wait_s"], "wait {} min"),
                "set_up": _minutes(stop["set_up_s"], "set-up {} min"),
                "travel": _travel_texts(stop),
                "way": str(stop["way"]),
                "mind": place_notes.get(place, "") if kind == "visit" else "",
                "notes": _notes(stop, asked[place] if kind == "visit" else ()),
            }
        )
    return rows


def _minutes(seconds: float, told: str) -> str:
    minutes = seconds / SECONDS_PER_MINUTE
    return told.format(f"{minutes:.0f}") if round(minutes) else ""


def _travel_texts(stop: Mapping[Hashable, Any]) -> list[str]:
    """Tell how long the way is, how much of it is on foot, and how long it takes to park."""
    if stop["travel_s"] <= 0:
        return []
    miles = stop["distance_m"] / METRES_PER_MILE
    walk = _minutes(stop["walk_s"], "{} min of it on foot")
    park = _minutes(stop["parking_s"], "park {} min")
    return [f"{stop['travel_s'] / SECONDS_PER_MINUTE:.0f} min, {miles:.1f} mi", walk, park]


def _asked_of(problem: RoutingProblem, visit: Visit) -> tuple[str, ...]:
    """Tell what comes before and after a visit, and what it takes."""
    skills = ", ".join(sorted(visit.skills))
    return (*link_texts(problem.links, visit.id), *([f"needs {skills}"] if skills else []))


def _notes(stop: Mapping[Hashable, Any], asked: Sequence[str]) -> list[str]:
    """Tell with whom, after what, and what it takes: under the name of the visit."""
    return [
        *([f"with {stop['with_staff']}"] if stop["with_staff"] else []),
        *asked,
        *(["you are new to this visit"] if stop["face"] == "new face" else []),
    ]
