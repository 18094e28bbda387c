"""Reads, or draws, the visits, shifts, depots and links of the ``[rounds]`` table."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Final

from ntgeo import sources
from ntgeo.domain.places import Location
from ntgeo.domain.routing import VisitDay
from ntgeo.domain.scenario import RoundsTable
from ntgeo.domain.shifts import Depot, Shift
from ntgeo.domain.units import SECONDS_PER_HOUR, SECONDS_PER_MINUTE
from ntgeo.domain.visits import Visit, VisitLink
from ntgeo.errors import Fault, InputError, UnknownIdError, first_five
from ntgeo.progress import SILENT, Progress
from ntgeo.sample.seeded_day import draw_day
from ntgeo.services.look_ups import load_postcodes
from ntgeo.services.question import Question

__all__ = [
    "load_day",
    "read_day_depots",
    "read_day_links",
    "read_day_shifts",
    "read_day_visits",
]

MOST_VISITS: Final = 2000
_LONG_S: Final = 4 * SECONDS_PER_HOUR


def load_day(question: Question, *, progress: Progress = SILENT) -> VisitDay:
    """Read, or draw, the visits, shifts, depots and links of the ``[rounds]`` table.

    Raises:
        InputError: A file is faulty, or the files do not fit together; every fault is told.
        DataUnavailableError: A file is not there.
    """
    progress.stage("Reading visits and shifts")
    asked = question.scenario.rounds
    assert asked is not None  # noqa: S101 - the caller was asked for rounds
    day = _drawn(question, asked) if asked.seeded else _read(question, asked)
    _refuse_misfits(asked, day)
    for note in _notes(day):
        progress.note(note)
    return day


def _read(question: Question, asked: RoundsTable) -> VisitDay:
    depots = read_day_depots(question, asked)
    visits = read_day_visits(question, asked)
    shifts = read_day_shifts(question, asked, depots)
    links = read_day_links(question, asked, visits)
    counts = {"depots": depots, "visits": visits, "shifts": shifts, "links": links}
    for table, items in counts.items():
        file = getattr(asked, table)
        if file is not None:
            question.log(f"rounds.{table}", file, rows=len(items))
    return VisitDay(visits=visits, shifts=shifts, depots=depots, links=links)


def read_day_depots(question: Question, asked: RoundsTable) -> tuple[Depot, ...]:
    """Read the depots of a day by themselves.

    Raises:
        InputError, DataUnavailableError: The file is faulty, or not there.
    """
    assert asked.depots  # noqa: S101 - the scenario says so
    path = question.path_of("rounds.depots", asked.depots)
    return sources.read_depots(path, postcodes=load_postcodes(question))


def read_day_visits(question: Question, asked: RoundsTable) -> tuple[Visit, ...]:
    """Read the visits of a day by themselves.

    Raises:
        InputError, DataUnavailableError: The file is faulty, or not there.
    """
    assert asked.visits  # noqa: S101 - the scenario says so
    return sources.read_visits(
        question.path_of("rounds.visits", asked.visits),
        day=asked.day,
        columns=asked.visit_columns,
        postcodes=load_postcodes(question),
    )


def read_day_shifts(
    question: Question, asked: RoundsTable, depots: tuple[Depot, ...]
) -> tuple[Shift, ...]:
    """Read the shifts of a day, which start and end at ``depots``.

    Raises:
        InputError, DataUnavailableError: The file is faulty, or not there.
    """
    assert asked.shifts  # noqa: S101 - the scenario says so
    return sources.read_shifts(
        question.path_of("rounds.shifts", asked.shifts),
        day=asked.day,
        depots=depots,
        columns=asked.shift_columns,
        usual=_usual_shift(question, asked),
    )


def read_day_links(
    question: Question, asked: RoundsTable, visits: tuple[Visit, ...]
) -> tuple[VisitLink, ...]:
    """Read what ``visits`` have to do with each other; nothing where the scenario names no file.

    Raises:
        InputError, DataUnavailableError: The file is faulty, or not there.
    """
    if asked.links is None:
        return ()
    return sources.read_visit_links(
        question.path_of("rounds.links", asked.links),
        visits=visits,
        day=asked.day,
        columns=asked.link_columns,
    )


def _usual_shift(question: Question, asked: RoundsTable) -> sources.UsualShift:
    how = question.scenario.roads
    return sources.UsualShift(
        mode=how.staff_mode,
        traffic_at=how.staff_departs_at,
        pay_gbp_per_hour=asked.pay_gbp_per_hour,
        parking_s=round(asked.parking_min * SECONDS_PER_MINUTE),
    )


def _drawn(question: Question, asked: RoundsTable) -> VisitDay:
    assert asked.seeded is not None  # noqa: S101 - the caller looked
    postcodes = load_postcodes(question)
    assert postcodes is not None  # noqa: S101 - the scenario refuses a seeded day without
    ordered = postcodes.sort_values("postcode")
    addresses = [
        Location(easting_m=x, northing_m=y)
        for x, y in zip(ordered["easting_m"].tolist(), ordered["northing_m"].tolist(), strict=True)
    ]
    try:
        drawn = draw_day(
            addresses,
            day=asked.day,
            visits=asked.seeded.visits,
            staff=asked.seeded.staff,
            seed=question.scenario.seed,
        )
    except ValueError as error:
        raise InputError(
            Fault(
                file=str(question.scenario.areas.postcodes),
                what=str(error),
                fix="ask for fewer visits",
                code="few-addresses",
            )
        ) from None
    usual = _usual_shift(question, asked)
    shifts = tuple(
        replace(
            shift,
            mode=usual.mode,
            traffic_at=usual.traffic_at,
            parking_s=usual.parking_s,
            costs=usual.costs_on(asked.day),
        )
        for shift in drawn.shifts
    )
    return replace(drawn, shifts=shifts)


def _refuse_misfits(asked: RoundsTable, day: VisitDay) -> None:
    """Refuse too many visits, ids that stand for two places, and pins to shifts not there."""
    file, faults = asked.visits or "rounds.seeded", []
    if len(day.visits) > MOST_VISITS:
        what = f"{len(day.visits):,} visits are too many for one plan of {MOST_VISITS:,} at most"
        raise InputError(
            Fault(file=file, what=what, fix="split them by team", code="too-many-visits")
        )
    both = sorted({*map(str, (v.id for v in day.visits))} & {str(d.id) for d in day.depots})
    if both:
        what = f"{first_five(both)}: a visit and a depot have the same id"
        faults.append(Fault(file=file, what=what, fix="rename one", code="visit-and-depot"))
    shifts = {shift.id for shift in day.shifts}
    for visit in day.visits:
        unknown = sorted(visit.pin.shifts - shifts)
        if unknown:
            what = f"visit {visit.id} is pinned to {first_five(unknown)}, not among the shifts"
            fix = "correct pinned_shifts, or add the shift"
            faults.append(
                Fault(file=file, column="pinned_shifts", what=what, fix=fix, code="unknown-shift")
            )
    if faults:
        raise UnknownIdError(faults)


def _notes(day: VisitDay) -> Iterator[str]:
    """Tell what is odd, but may be meant."""
    at_work = {shift.staff for shift in day.shifts}
    named = {
        person
        for visit in day.visits
        for person in (
            *visit.required_staff,
            *visit.preferred_staff,
            *visit.forbidden_staff,
            *visit.usual_staff,
            *visit.service_s_by_staff,
        )
    }
    if away := sorted(named - at_work):
        yield f"Visits name staff who have no shift that day: {first_five(away)}."
    if long := [visit.id for visit in day.visits if visit.service_s > _LONG_S]:
        yield f"Visits that last over 4 hours; check duration_min: {first_five(long)}."
