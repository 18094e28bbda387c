"""Rounds as calendar files (iCalendar, RFC 5545): one a shift, for a phone."""

from __future__ import annotations

import re
from collections.abc import Hashable, Iterator, Mapping
from datetime import UTC, date
from pathlib import Path
from typing import Any, Final

import pandas as pd

from ntgeo.domain.rounds_words import begin_clause
from ntgeo.domain.routing import RoutePlan, RoutingProblem
from ntgeo.domain.units import duration_text, moment
from ntgeo.files import write_bytes
from ntgeo.reports.rounds_tables import rounds_stops_table

__all__ = ["calendar_text", "file_name_of", "write_calendars"]

_LONGEST_LINE_BYTES: Final = 75
_NOT_IN_FILE_NAMES: Final = re.compile(r"[^A-Za-z0-9_-]+")
_CONTROLS: Final = re.compile("[\x00-\x08\x0b-\x1f\x7f\ud800-\udfff]")


def write_calendars(
    folder: Path,
    problem: RoutingProblem,
    plan: RoutePlan,
    *,
    place_lines: Mapping[str, str] | None = None,
) -> tuple[Path, ...]:
    """Write an ``.ics`` file a round into ``folder`` and return them in order of shift.

    They tell where people are visited and when: for the staff who go there, and nobody else.

    Args:
        folder: Made where it is not there.
        problem: The question.
        plan: Its answer.
        place_lines: Place id → where it is, in words.
    """
    stops = rounds_stops_table(problem, plan)
    written = []
    for shift, own in stops.groupby("shift_id", sort=True):
        path = folder / f"{file_name_of(str(shift))}.ics"
        text = calendar_text(problem.day, own, place_lines or {})
        write_bytes(path, text.encode("utf-8"))
        written.append(path)
    return tuple(written)


def file_name_of(shift: str) -> str:
    """Return a file name for a shift that no file system minds, different for different shifts."""
    plain = _NOT_IN_FILE_NAMES.sub("-", shift).strip("-")
    if plain == shift:
        return f"round-{plain}"
    return f"round-{plain}-{shift.encode('utf-8', 'surrogatepass').hex()[:24]}"


def calendar_text(day: date, stops: pd.DataFrame, place_lines: Mapping[str, str]) -> str:
    """Return the calendar of a round: an event a visit and a break, times in UTC.

    Its stamp is the midnight that starts the day, so that the same plan gives the same bytes.

    Args:
        day: Of the plan.
        stops: Of one shift, as from ``rounds_stops_table``.
        place_lines: Place id → where it is, in words.
    """
    lines = ["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//ntgeo//rounds//EN", "CALSCALE:GREGORIAN"]
    for stop in stops[stops["kind"].isin(["visit", "break"])].to_dict("records"):
        lines.extend(_event_lines(day, stop, place_lines))
    lines.append("END:VCALENDAR")
    return "".join(_folded(line) + "\r\n" for line in lines)


def _event_lines(
    day: date, stop: Mapping[Hashable, Any], lines: Mapping[str, str]
) -> Iterator[str]:
    place = stop["visit_id"]
    yield "BEGIN:VEVENT"
    number = f"{day:%Y%m%d}-{stop['shift_id']}-{stop['stop_number']}"
    yield f"UID:{_escaped(number)}@ntgeo.invalid"
    yield f"DTSTAMP:{_utc_text(day, 0)}"
    yield f"DTSTART:{_utc_text(day, stop['begin_s'])}"
    yield f"DTEND:{_utc_text(day, stop['leave_s'])}"
    yield f"SUMMARY:{_escaped(f'Visit {place}' if place else 'Break')}"
    if place in lines:
        yield f"LOCATION:{_escaped(lines[place])}"
    yield f"DESCRIPTION:{_escaped('; '.join(_told(stop)))}"
    yield "END:VEVENT"


def _told(stop: Mapping[Hashable, Any]) -> Iterator[str]:
    yield f"Shift {stop['shift_id']}"
    yield f"takes {duration_text(stop['service_s'])}"
    if stop["with_staff"]:
        yield f"with {stop['with_staff']}"
    if stop["window"]:
        yield begin_clause(str(stop["window"]))
    if stop["links"]:
        yield str(stop["links"])
    if stop["set_up_s"] > 0:
        yield f"set-up before it {duration_text(stop['set_up_s'])}"
    if stop["travel_s"] > 0:
        yield f"travel there {duration_text(stop['travel_s'])}"


def _utc_text(day: date, elapsed_s: float) -> str:
    return f"{moment(day, round(elapsed_s)).astimezone(UTC):%Y%m%dT%H%M%SZ}"


def _escaped(text: str) -> str:
    """Text with what the format gives a meaning to escaped, and control characters left out."""
    plain = _CONTROLS.sub(" ", text.replace("\r\n", "\n").replace("\r", "\n"))
    for character in ("\\", ";", ","):
        plain = plain.replace(character, f"\\{character}")
    return plain.replace("\n", "\\n")


def _folded(line: str) -> str:
    """A content line in pieces of at most 75 bytes, none of which ends within a character."""
    pieces, piece, size = [], "", 0
    for character in line:
        width = len(character.encode("utf-8"))
        if size + width > _LONGEST_LINE_BYTES:
            pieces.append(piece)
            piece, size = " ", 1
        piece, size = piece + character, size + width
    return "\r\n".join([*pieces, piece])
