"""The words and tables of the rounds page: all that the map shows, for those who do not see it."""

from __future__ import annotations

from typing import Any

from ntgeo.domain.matrix import TravelMode
from ntgeo.domain.rounds_sense import breaks_taken, comings, continuity
from ntgeo.domain.rounds_words import (
    COST_TEXTS,
    break_text,
    change_cost_text,
    change_text,
    money_text,
    visit_window_text,
)
from ntgeo.domain.routing import StopKind
from ntgeo.domain.siting_words import value_text
from ntgeo.domain.units import METRES_PER_MILE, clock_text, duration_text
from ntgeo.mapping.content import RoundsMapContent
from ntgeo.mapping.palettes import SHIFT_COLOURS, SHIFT_DASHES
from ntgeo.mapping.rounds_figures import ShiftRow, day_span_s
from ntgeo.mapping.rounds_notes import stop_notes
from ntgeo.mapping.wording import MODE_TEXTS, counted, travel_text, travel_warnings

__all__ = ["clock", "colour_and_dash", "distance_text", "rounds_facts"]

_HOUR_S = 3600


def colour_and_dash(position: int) -> tuple[str, str]:
    """Return the line of a shift; no two of the first thirty shifts have the same."""
    return SHIFT_COLOURS[position % len(SHIFT_COLOURS)], SHIFT_DASHES[position % len(SHIFT_DASHES)]


def distance_text(distance_m: float) -> str:
    """Return a distance as drivers claim it: ``12.3 miles``."""
    return f"{distance_m / METRES_PER_MILE:,.1f} miles"


def clock(content: RoundsMapContent, elapsed_s: float) -> str:
    """Return a time of the plan's day as ``HH:MM``."""
    return clock_text(content.problem.day, elapsed_s)


def rounds_facts(
    content: RoundsMapContent, rows: tuple[ShiftRow, ...], straight_legs: int
) -> dict[str, Any]:
    """Return all that the rounds template shows, as plain text and numbers.

    Args:
        content: The plan.
        rows: A row a round.
        straight_legs: How many ways are drawn straight because their path is missing.
    """
    problem, plan = content.problem, content.plan
    day = problem.day
    return {
        "title": content.title,
        "subtitle": f"Rounds of {day:%A} {day.day} {day:%B %Y}",
        "made_on": "",
        "page_kind": "rounds",
        "is_synthetic": content.is_synthetic,
        "sources": content.sources,
        "sentences": _sentences(content, rows),
        "warnings": _warnings(content, straight_legs),
        "headline": _headline(content, rows),
        "costs": _costs(content),
        "shifts": [_shift(content, row, position, rows) for position, row in enumerate(rows)],
        "hours": _hours(content, rows),
        "day_start_s": round(min((row.start_s for row in rows), default=0)),
        "day_end_s": round(max((row.end_s for row in rows), default=0)),
        "idle": _idle(content, rows),
        "unmade": _unmade(content),
        "proof": _proof(content),
        "has_crews": any(len(people) > 1 for people in comings(plan).values()),
        "is_manager": content.audience == "manager",
        "has_roads": content.backdrop.roads is not None,
        "visit_count": len(problem.visits),
        "unmade_count": len(plan.unmade),
    }


def _sentences(content: RoundsMapContent, rows: tuple[ShiftRow, ...]) -> list[str]:
    made = len(comings(content.plan))
    total = len(content.problem.visits)
    shifts = counted(len(rows), "shift")
    lead = (
        f"All {counted(total, 'visit')} are made, by {shifts}."
        if made == total
        else f"{made:,} of {counted(total, 'visit')} are made, by {shifts}; "
        f"{total - made:,} cannot be, and the list below says why."
    )
    return [lead, f"Status: {content.plan.report.status_text}."]


def _warnings(content: RoundsMapContent, straight_legs: int) -> list[str]:
    found = travel_warnings(content.problem.travel, content.backdrop)
    if straight_legs:
        found.append(
            f"{counted(straight_legs, 'way')} drawn as a straight line: its path is not known."
        )
    return found


def _headline(content: RoundsMapContent, rows: tuple[ShiftRow, ...]) -> list[tuple[str, str, str]]:
    travel_s = sum(row.travel_s for row in rows)
    distance_m = sum(row.distance_m for row in rows)
    tiles = [
        ("With people", duration_text(sum(row.visit_s for row in rows)), ""),
        ("On the way", duration_text(travel_s), distance_text(distance_m) if distance_m else ""),
        ("Waiting", duration_text(sum(row.wait_s for row in rows)), ""),
        ("Shifts used", f"{len(rows)}", ""),
        ("Cost", money_text(content.plan.cost.total_gbp), ""),
    ]
    known = continuity(content.problem, content.plan)
    if known.visits:
        new = counted(known.new_faces, "new face")
        tiles.append(("Seen by usual staff", f"{known.seen} of {known.visits}", new))
    return tiles


def _costs(content: RoundsMapContent) -> list[tuple[str, str]]:
    """Return what the plan costs, term by term, with the sum at the end."""
    cost = content.plan.cost
    terms = [(COST_TEXTS[name], money_text(gbp)) for name, gbp in cost.terms.items() if gbp]
    return [*terms, ("All", money_text(cost.total_gbp))] if terms else []


def _proof(content: RoundsMapContent) -> list[tuple[str, str]]:
    report = content.plan.report
    gap = report.gap_share
    stages = [
        (
            stage.name[:1].upper() + stage.name[1:],
            value_text(stage.objective, stage.unit) + (" (proven best)" if stage.is_proven else ""),
        )
        for stage in report.stages
    ]
    return [
        ("Status", report.status_text),
        *(stages or [("Objective", value_text(report.objective, report.unit))]),
        (
            "Bound",
            "not known" if report.bound is None else value_text(report.bound, report.unit),
        ),
        ("Gap", "not known" if gap is None else f"{gap:.2%}"),
        ("Method", report.method),
        ("Travel", travel_text(content.problem.travel)),
    ]


def _shift(
    content: RoundsMapContent, row: ShiftRow, position: int, rows: tuple[ShiftRow, ...]
) -> dict[str, Any]:
    colour, dash = colour_and_dash(position)
    return {
        "position": position,
        "letter": row.letter,
        "id": row.shift.id,
        "staff": row.shift.staff,
        "colour": colour,
        "dash": dash,
        "hours": f"{clock(content, row.shift.hours.start_s)} to "
        f"{clock(content, row.shift.hours.end_s)}",
        "summary": f"{counted(row.visits, 'visit')}, {clock(content, row.start_s)} to "
        f"{clock(content, row.end_s)}",
        "mode": MODE_TEXTS[row.shift.mode],
        "is_driven": row.shift.mode is TravelMode.CAR,
        "away": f"{duration_text(row.travel_s)} on the way, {distance_text(row.distance_m)}, "
        f"{duration_text(row.wait_s)} waiting",
        "parts": _strip(content, row, rows),
        "stops": _stops(content, row),
    }


def _strip(
    content: RoundsMapContent, row: ShiftRow, rows: tuple[ShiftRow, ...]
) -> list[dict[str, Any]]:
    """Return the parts of a shift as shares of the day that the page shows, in per cent."""
    start_s, end_s = day_span_s(rows)
    scale = 100 / (end_s - start_s)
    return [
        {
            "kind": part.kind,
            "left": round((part.start_s - start_s) * scale, 3),
            "width": round((part.end_s - part.start_s) * scale, 3),
            "label": part.label.removeprefix(row.letter),
            "title": f"{part.label or part.kind} {clock(content, part.start_s)} to "
            f"{clock(content, part.end_s)}",
        }
        for part in row.parts
    ]


def _hours(content: RoundsMapContent, rows: tuple[ShiftRow, ...]) -> list[dict[str, Any]]:
    start_s, end_s = day_span_s(rows)
    step_s = _HOUR_S if end_s - start_s <= 14 * _HOUR_S else 2 * _HOUR_S
    return [
        {
            "left": round(100 * (at_s - start_s) / (end_s - start_s), 3),
            "text": clock(content, at_s).split(" ")[0],
        }
        for at_s in range(start_s, end_s + 1, step_s)
    ]


def _stops(content: RoundsMapContent, row: ShiftRow) -> list[dict[str, Any]]:
    visits = {str(visit.id): visit for visit in content.problem.visits}
    coming = comings(content.plan)
    rests = iter(breaks_taken(row.shift, row.route))
    told = []
    for number, stop in enumerate(row.route.stops):
        window, notes = "", ""
        if stop.kind is StopKind.VISIT:
            visit = visits[stop.place]
            window = visit_window_text(content.problem.day, visit)
            facts = stop_notes(content, row.route, stop, visit, coming[visit.id])
            notes = "; ".join(f"{name.lower()} {text}" for name, text in facts)
        elif stop.kind is StopKind.BREAK and (rest := next(rests, None)) is not None:
            window = break_text(content.problem.day, rest)
        told.append(_stop(content, row, number) | {"window": window, "notes": notes})
    return told


def _stop(content: RoundsMapContent, row: ShiftRow, number: int) -> dict[str, Any]:
    stop, label = row.route.stops[number], row.labels[number]
    depots = {str(depot.id): depot.name for depot in content.problem.depots}
    is_visit = stop.kind is StopKind.VISIT
    what = {
        StopKind.START: f"Start at {depots.get(stop.place, stop.place)}",
        StopKind.END: f"End at {depots.get(stop.place, stop.place)}",
        StopKind.BREAK: "Break",
        StopKind.VISIT: stop.place,
    }[stop.kind]
    is_timed = is_visit or stop.kind is StopKind.BREAK
    return {
        "number": number,
        "label": label,
        "what": what,
        "is_visit": is_visit,
        "arrive": clock(content, stop.leave_s if stop.kind is StopKind.START else stop.arrive_s),
        "wait": duration_text(stop.wait_s) if stop.wait_s >= 1 else "",
        "begin": clock(content, stop.begin_s) if is_timed else "",
        "leave": clock(content, stop.leave_s) if is_timed else "",
        "lasts": duration_text(stop.leave_s - stop.begin_s) if is_timed else "",
        "travel": duration_text(stop.travel_s) if stop.travel_s else "",
        "distance": distance_text(stop.distance_m) if stop.distance_m else "",
    }


def _idle(content: RoundsMapContent, rows: tuple[ShiftRow, ...]) -> list[str]:
    used = {row.shift.id for row in rows}
    return [str(shift.id) for shift in content.problem.shifts if shift.id not in used]


def _unmade(content: RoundsMapContent) -> list[dict[str, Any]]:
    visits = {visit.id: visit for visit in content.problem.visits}
    return [
        {
            "position": position,
            "visit": unmade.visit,
            "window": visit_window_text(content.problem.day, visits[unmade.visit]),
            "lasts": duration_text(visits[unmade.visit].service_s),
            "skills": ", ".join(sorted(visits[unmade.visit].skills)) or "none",
            "priority": visits[unmade.visit].priority,
            "reason": unmade.reason,
            "change": ""
            if unmade.change is None
            else f"{change_text(unmade.change)}; {change_cost_text(unmade.change)}",
        }
        for position, unmade in enumerate(content.plan.unmade)
    ]
