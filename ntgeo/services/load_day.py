"""Reads, or draws, the visits, shifts, depots and links of the ``[rounds]`` table."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from ntgeo import sources
from ntgeo.domain.places import Location
from ntgeo.domain.routing import VisitDay, VisitLink
from ntgeo.domain.scenario import RoundsTable
from ntgeo.domain.shifts import Depot
from ntgeo.domain.units import SECONDS_PER_MINUTE
from ntgeo.errors import Fault, InputError, UnknownIdError, first_five
from ntgeo.progress import SILENT, Progress
from ntgeo.sample.seeded_day import draw_day
from ntgeo.services.day_notes import day_notes
from ntgeo.services.look_ups import load_postcodes
from ntgeo.services.question import Question
from ntgeo.sources.noted import Noted

__all__ = [
    "load_day",
    "read_day_depots",
    "read_day_links",
    "read_day_shifts",
    "read_day_visits",
]

MOST_VISITS: Final = 2000
_SHOWN: Final = 5


def load_day(question: Question, *, progress: Progress = SILENT) -> VisitDay:
    """Read, or draw, the visits, shifts, depots and links of the ``[rounds]`` table.

    Raises:
        InputError: A file is faulty, or the files do not fit together; every fault is told.
        DataUnavailableError: A file is not there.
    """
    progress.stage("Reading visits and shifts")
    asked = question.scenario.rounds
    assert asked is not None  # noqa: S101 - the caller was asked for rounds
    day = _drawn(question, asked) if asked.seeded else _read(question, asked, progress)
    _refuse_misfits(asked, day)
    for note in day_notes(question.scenario, day):
        progress.note(note)
    return day


def _read(question: Question, asked: RoundsTable, progress: Progress) -> VisitDay:
    depots = read_day_depots(question, asked)
    visits = read_day_visits(question, asked)
    shifts = read_day_shifts(question, asked, depots.depots)
    links = read_day_links(question, asked, visits)
    tables = {
        "depots": (len(depots.depots), depots.notes),
        "visits": (len(visits.visits), visits.notes),
        "shifts": (len(shifts.shifts), shifts.notes),
        "links": (len(links.read), links.notes),
    }
    for table, (rows, notes) in tables.items():
        file = getattr(asked, table)
        if file is not None:
            question.log(f"rounds.{table}", file, rows=rows, notes=notes)
        for note in notes:
            progress.note(note)
    for fault in visits.set_aside[:_SHOWN]:
        progress.note(f"Set aside: {fault}")
    return VisitDay(
        visits=visits.visits,
        shifts=shifts.shifts,
        depots=depots.depots,
        links=links.read,
        set_aside=visits.set_aside,
    )


def read_day_depots(question: Question, asked: RoundsTable) -> sources.DepotTable:
    """Read the depots of a day by themselves.

    Raises:
        InputError, DataUnavailableError: The file is faulty, or not there.
    """
    assert asked.depots  # noqa: S101 - the scenario says so
    path = question.path_of("rounds.depots", asked.depots)
    return sources.read_depot_table(path, postcodes=load_postcodes(question))


def read_day_visits(question: Question, asked: RoundsTable) -> sources.VisitTable:
    """Read the visits of a day by themselves.

    Raises:
        InputError, DataUnavailableError: The file is faulty, or not there.
    """
    assert asked.visits  # noqa: S101 - the scenario says so
    return sources.read_visit_table(
        question.path_of("rounds.visits", asked.visits),
        day=asked.day,
        columns=asked.visit_columns,
        postcodes=load_postcodes(question),
        team=asked.team,
    )


def read_day_shifts(
    question: Question, asked: RoundsTable, depots: tuple[Depot, ...]
) -> sources.ShiftTable:
    """Read the shifts of a day, which start and end at ``depots``, and who is absent.

    Raises:
        InputError, DataUnavailableError: A file is faulty, or not there.
    """
    assert asked.shifts  # noqa: S101 - the scenario says so
    away: Noted[dict[str, str]] = Noted(read={})
    if asked.absences is not None:
        path = question.path_of("rounds.absences", asked.absences)
        away = sources.read_absences(path, day=asked.day)
        question.log("rounds.absences", asked.absences, rows=len(away.read), notes=away.notes)
    return sources.read_shift_table(
        question.path_of("rounds.shifts", asked.shifts),
        day=asked.day,
        depots=depots,
        columns=asked.shift_columns,
        usual=_usual_shift(question, asked),
        away=away.read,
    )


def read_day_links(
    question: Question, asked: RoundsTable, visits: sources.VisitTable
) -> Noted[tuple[VisitLink, ...]]:
    """Read what ``visits`` have to do with each other; nothing where the scenario names no file.

    A link to a visit that was set aside is refused, with what is wrong with that visit.

    Raises:
        InputError, DataUnavailableError: The file is faulty, or not there.
    """
    if asked.links is None:
        return Noted(read=())
    path = question.path_of("rounds.links", asked.links)
    try:
        return sources.read_visit_links(
            path,
            visits=visits.visits,
            day=asked.day,
            columns=asked.link_columns,
            of_other_days=visits.of_other_days,
        )
    except InputError as error:
        if not visits.set_aside:
            raise
        raise InputError([*visits.set_aside, *error.faults]) from None


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
    if not day.visits:
        what = f"no visit is of {asked.day:%A}, {asked.day:%d/%m/%Y}"
        raise InputError(
            Fault(file=file, what=what, fix="correct rounds.day, or the days", code="no-visits")
        )
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
