"""Travel times for the shifts of a day: a matrix for each way of travelling among them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import time

from ntgeo.domain.matrix import TravelMode, TravelTimeMatrix
from ntgeo.domain.routing import Shift, VisitDay
from ntgeo.errors import Fault, InputError
from ntgeo.progress import SILENT, Progress
from ntgeo.services.known_roads import Roads
from ntgeo.services.travel_times import travel_times
from ntgeo.services.unreached import unreached_visits, walks_to_visits

__all__ = ["rounds_travel", "ways_of_travelling"]

Way = tuple[TravelMode, time | None]


def ways_of_travelling(shifts: Sequence[Shift], usual: Way) -> tuple[Way, ...]:
    """Return each mode and time of day among the shifts, the usual one first.

    On foot is one of them if somebody walks from a parked car.

    Args:
        shifts: Of the day; without any, the usual way is the only one.
        usual: The mode and time of day of those who do not say.
    """
    ways: set[Way] = {(shift.mode, shift.traffic_at) for shift in shifts} or {usual}
    is_walked = any(shift.walks_up_to_s is not None for shift in shifts)
    if is_walked and TravelMode.FOOT not in {mode for mode, _ in ways}:
        ways.add((TravelMode.FOOT, None))
    return tuple(
        sorted(ways, key=lambda way: (way != usual, way[0], way[1] is not None, way[1] or time()))
    )


def rounds_travel(
    known: Roads, day: VisitDay, *, progress: Progress = SILENT
) -> tuple[TravelTimeMatrix, ...]:
    """Return the travel times between the places of a day, by each way of travelling.

    Only those who drive meet traffic; by bicycle and on foot a time of day changes nothing.

    Raises:
        InputError: A road file is faulty, or shifts have a time of day where there are no roads.
        DataUnavailableError: A file is not there.
    """
    how = known.question.scenario.roads
    timed = [shift.id for shift in day.shifts if shift.traffic_at is not None]
    if timed and known.is_straight_line:
        raise InputError(
            Fault(
                file="shifts",
                column="traffic_at",
                what=f"means nothing on straight lines (shift {timed[0]})",
                fix="leave it blank, or name a network under [roads]",
                code="traffic-without-roads",
            )
        )
    locations, found = day.locations, []
    for mode, departs_at in ways_of_travelling(day.shifts, (how.staff_mode, how.staff_departs_at)):
        travel = travel_times(
            known, locations, locations, mode, departs_at=departs_at, progress=progress
        )
        found.append(replace(travel, departs_at=departs_at))
    _refuse_lost_depots(known, day)
    for note in unreached_visits(found, day, off_road=known.off_road):
        progress.note(note)
    driven = known.walked_m.get(TravelMode.CAR, {})
    on_road = {place: metres for place, metres in driven.items() if place not in known.off_road}
    walks = walks_to_visits(on_road, day)
    if walks is not None:
        progress.note(walks)
    return tuple(found)


def _refuse_lost_depots(known: Roads, day: VisitDay) -> None:
    """Refuse shifts that start or end at a place on no road.

    Raises:
        InputError: Naming each depot, and a shift of it.
    """
    asked = known.question.scenario
    used: dict[str, str] = {}
    for shift in day.shifts:
        for place in (shift.start_place, shift.end_place):
            if place is not None and place in known.off_road:
                used.setdefault(place, shift.id)
    if not used:
        return
    limit = f"{asked.roads.snap_limit_m:,.0f} m"
    raise InputError(
        [
            Fault(
                file="depots" if asked.rounds is None else str(asked.rounds.depots),
                column="depot_id",
                value=depot,
                what=f"lies on no road within {limit}, so shift {shift} cannot start or end there",
                fix="correct where it is, or raise roads.snap_limit_m",
                code="depot-off-road",
            )
            for depot, shift in sorted(used.items())
        ]
    )
