"""The rounds map: a day's shifts on the roads they take, stop by stop."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import pairwise
from pathlib import Path
from typing import Any, Final

import numpy as np

from ntgeo.domain.rounds_sense import Coming, comings
from ntgeo.domain.rounds_words import visit_window_text
from ntgeo.domain.routing import Stop, StopKind, Visit, VisitId
from ntgeo.domain.units import duration_text, moment
from ntgeo.mapping.backdrop import backdrop_parts, page_bounds
from ntgeo.mapping.content import RoundsMapContent
from ntgeo.mapping.geometry import latitudes_longitudes, page_line
from ntgeo.mapping.page import find_basemap, write_page
from ntgeo.mapping.rounds_figures import ShiftRow, shift_rows
from ntgeo.mapping.rounds_notes import stop_notes, unmade_facts
from ntgeo.mapping.rounds_tables import clock, colour_and_dash, distance_text, rounds_facts

__all__ = ["draw_rounds_map"]

_ROADS: Final = {"colour": "#8b7f69", "weights": [3.0, 1.8, 1.0], "opacities": [0.55, 0.4, 0.26]}


def draw_rounds_map(content: RoundsMapContent, path: Path) -> None:
    """Write the rounds map to ``path``, one HTML file that needs nothing beside it.

    The same content gives the same bytes. Nothing outside the file is asked for, unless the
    content names a basemap. Visits are shown by id; names and addresses are never in it.

    Raises:
        SettingsError: The basemap is not known, or needs a key.
    """
    basemap = find_basemap(content.basemap, content.basemap_key)
    rows = shift_rows(content.problem, content.plan)
    ways = [_ways(content, row) for row in rows]
    straight_legs = sum(is_straight for legs in ways for _, is_straight in legs)
    drawing = _drawing(content, rows, [[line for line, _ in legs] for legs in ways])
    drawing["isOnTiles"] = basemap is not None
    facts = rounds_facts(content, rows, straight_legs)
    write_page(path, "rounds", facts, drawing, basemap)


def _drawing(
    content: RoundsMapContent, rows: tuple[ShiftRow, ...], ways: list[list[list[int]]]
) -> dict[str, Any]:
    places = _places(content)
    at = dict(zip(places, latitudes_longitudes(list(places.values())), strict=True))
    visits = {visit.id: visit for visit in content.problem.visits}
    coming = comings(content.plan)
    return {
        "bounds": page_bounds(at.values()),
        "roads": _ROADS,
        "backdrop": backdrop_parts(content.backdrop),
        "shifts": [
            _drawn_shift(content, row, position, coming) | {"legs": ways[position]}
            for position, row in enumerate(rows)
        ],
        "at": at,
        "midnight": round(moment(content.problem.day, 0).timestamp()),
        "depots": [{"id": depot.id, "name": depot.name} for depot in content.problem.depots],
        "unmade": [
            {
                "place": unmade.visit,
                "rows": unmade_facts(content, unmade, visits[unmade.visit]),
            }
            for unmade in content.plan.unmade
        ],
    }


def _places(content: RoundsMapContent) -> dict[str, tuple[float, float]]:
    """Return easting and northing of each depot and visit, by id."""
    problem = content.problem
    found = {str(depot.id): depot.location for depot in problem.depots}
    found |= {str(visit.id): visit.location for visit in problem.visits}
    return {place: (spot.easting_m, spot.northing_m) for place, spot in found.items()}


def _ways(content: RoundsMapContent, row: ShiftRow) -> list[tuple[list[int], bool]]:
    """Return the way to each stop after the first, and whether it is a straight stand-in."""
    places = _places(content)
    known = content.paths.get(row.shift.id)
    legs = []
    for position, (here, there) in enumerate(pairwise(row.route.stops)):
        path = np.empty((0, 2)) if known is None else np.asarray(known[position])
        ends = np.array([places[here.place], places[there.place]])
        is_straight = len(path) == 0 and bool((ends[0] != ends[1]).any())
        legs.append((page_line(ends if is_straight else path), is_straight))
    return legs


def _drawn_shift(
    content: RoundsMapContent,
    row: ShiftRow,
    position: int,
    coming: Mapping[VisitId, tuple[Coming, ...]],
) -> dict[str, Any]:
    colour, dash = colour_and_dash(position)
    visits = {visit.id: visit for visit in content.problem.visits}
    return {
        "letter": row.letter,
        "id": row.shift.id,
        "colour": colour,
        "dash": dash,
        "walked": row.walked,
        "stops": [
            {
                "kind": str(stop.kind),
                "label": label,
                "place": stop.place,
                "arrive": round(stop.arrive_s),
                "begin": round(stop.begin_s),
                "leave": round(stop.leave_s),
                "isCrew": stop.kind is StopKind.VISIT and len(coming[VisitId(stop.place)]) > 1,
                "rows": _card(
                    content, row, stop, visits[VisitId(stop.place)], coming[VisitId(stop.place)]
                )
                if stop.kind is StopKind.VISIT
                else [],
            }
            for stop, label in zip(row.route.stops, row.labels, strict=True)
        ],
    }


def _card(
    content: RoundsMapContent,
    row: ShiftRow,
    stop: Stop,
    visit: Visit,
    people: tuple[Coming, ...],
) -> list[tuple[str, str]]:
    lines = [
        ("Arrive", clock(content, stop.arrive_s)),
        ("May start", visit_window_text(content.problem.day, visit)),
        ("Visit", f"{clock(content, stop.begin_s)} to {clock(content, stop.leave_s)}"),
        ("Way here", f"{duration_text(stop.travel_s)}, {distance_text(stop.distance_m)}"),
        *stop_notes(content, row.route, stop, visit, people),
    ]
    if stop.wait_s >= 1:
        lines.insert(1, ("Wait", duration_text(stop.wait_s)))
    if visit.skills:
        lines.append(("Skills", ", ".join(sorted(visit.skills))))
    return [*lines, ("Priority", str(visit.priority))]
