"""A question in VROOM's JSON, as visits, shifts and depots.

What VROOM means, ntgeo means too: staff come within a time window, and set-up follows the wait;
set-up is needed once at a place; a route costs ``fixed``, ``per_hour`` of travel and ``per_km``.
A break is taken at the task before it, where VROOM may take it on the way.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time
from pathlib import Path
from typing import Final

import numpy as np

from ntgeo.domain.matrix import TravelMode, TravelTimeMatrix
from ntgeo.domain.places import Location
from ntgeo.domain.routing import (
    LONGEST_SHIFT_S,
    Break,
    Depot,
    DepotId,
    Shift,
    ShiftCosts,
    ShiftId,
    StaffId,
    StaffLink,
    TimeWindow,
    Visit,
    VisitDay,
    VisitId,
    VisitLink,
    WindowSense,
)
from ntgeo.domain.units import LONDON, METRES_PER_KILOMETRE, METRES_PER_MILE
from ntgeo.errors import Fault, first_five
from ntgeo.sources.local_file import raise_faults
from ntgeo.sources.locate import BRITISH_LAT, BRITISH_LON, to_national_grid
from ntgeo.sources.vroom_file import (
    Coordinates,
    VroomFile,
    VroomJob,
    VroomTask,
    VroomVehicle,
    read_vroom_file,
)
from ntgeo.sources.vroom_matrices import as_square, matrix_notes
from ntgeo.sources.vroom_refusals import MODES, refusals

__all__ = ["ANYWHERE", "VroomDay", "read_vroom"]

ANYWHERE: Final = DepotId("anywhere")
"""Where a vehicle starts that has no start: no time away from everywhere."""
_NO_DAY: Final = date(2000, 1, 3)
_TIMESTAMP_S: Final = 10 * 86_400
"""Times from here on are timestamps; below they count from the beginning of the plan."""
_SHORTEST_S: Final = 1

Place = int | Coordinates


@dataclass(frozen=True, slots=True, kw_only=True)
class VroomDay:
    """A day as VROOM's JSON asks it.

    Args:
        places: Visits, shifts, depots and links.
        day: Its date; of no meaning where times count from the beginning of the plan.
        zero_s: The file's time at the midnight of that day.
        travel: A matrix for each profile; empty where the file has none.
        tasks: Visit → what it is called in the answer (``job``, ``pickup`` or ``delivery``), and
            the object of the file.
        vehicles: Shift → the object of the file.
        priorities: Visit → VROOM's priority, 100 the highest.
        speed_factors: Mode → how many times as fast its vehicles are.
        notes: What is not taken over as it stands.
    """

    places: VisitDay
    day: date
    zero_s: int
    travel: tuple[TravelTimeMatrix, ...]
    tasks: Mapping[VisitId, tuple[str, VroomTask]]
    vehicles: Mapping[ShiftId, VroomVehicle]
    priorities: Mapping[VisitId, int]
    speed_factors: Mapping[TravelMode, float]
    notes: tuple[str, ...]


def read_vroom(path: Path) -> VroomDay:
    """Read a question from VROOM's JSON.

    Raises:
        InputError: The file is faulty, or asks what ntgeo cannot do; all of it is told.
        DataUnavailableError: There is no such file.
    """
    asked = read_vroom_file(path)
    raise_faults(refusals(asked, path.name))
    reading = _reading(asked)
    raise_faults(
        [
            Fault(file=path.name, column=key, column_word="key", what=what, fix=fix, code="place")
            for key, what, fix in reading.unplaced()
        ]
    )
    return reading.finished()


def _reading(asked: VroomFile) -> _Reading:
    tasks: list[VroomTask] = [*asked.jobs]
    for one in asked.shipments:
        tasks += [one.pickup, one.delivery]
    windows = [window for task in tasks for window in task.time_windows]
    for vehicle in asked.vehicles:
        windows += [] if vehicle.time_window is None else [vehicle.time_window]
        windows += [window for rest in vehicle.breaks for window in rest.time_windows]
    earliest_s = min((start for start, _ in windows), default=0)
    day, zero_s = _NO_DAY, 0
    if earliest_s >= _TIMESTAMP_S:
        day = datetime.fromtimestamp(earliest_s, UTC).astimezone(LONDON).date()
        zero_s = round(datetime.combine(day, time(), tzinfo=LONDON).timestamp())
    latest_s = max((end for _, end in windows), default=zero_s) - zero_s
    longest = TimeWindow(start_s=0, end_s=latest_s + LONGEST_SHIFT_S)
    return _Reading(asked=asked, day=day, zero_s=zero_s, longest=longest)


@dataclass(slots=True, kw_only=True)
class _Reading:
    """A file whose objects are turned into nouns, one after another.

    Args:
        asked: The file.
        day: The day of its earliest time, in London.
        zero_s: Its time at midnight.
        longest: The hours and windows of what has none.
        tasks: As in the day.
        at: Where each depot and visit is.
    """

    asked: VroomFile
    day: date
    zero_s: int
    longest: TimeWindow
    tasks: dict[VisitId, tuple[str, VroomTask]] = field(default_factory=dict)
    at: dict[str, Place] = field(default_factory=dict)

    def finished(self) -> VroomDay:
        """Return the day."""
        visits = [
            *(self._visit("job", job, job) for job in self.asked.jobs),
            *(
                self._visit(kind, getattr(one, kind), one)
                for one in self.asked.shipments
                for kind in ("pickup", "delivery")
            ),
        ]
        depots, shifts = self._depots(), [self._shift(vehicle) for vehicle in self.asked.vehicles]
        by_visit = {_visit_id("job", job.id): job.priority for job in self.asked.jobs}
        for one in self.asked.shipments:
            for kind in ("pickup", "delivery"):
                by_visit[_visit_id(kind, getattr(one, kind).id)] = one.priority
        return VroomDay(
            places=VisitDay(
                visits=tuple(visits),
                shifts=tuple(shifts),
                depots=tuple(depots),
                links=tuple(_fetched_then_brought(self.asked)),
            ),
            day=self.day,
            zero_s=self.zero_s,
            travel=tuple(self._travel()),
            tasks=self.tasks,
            vehicles={_shift_id(vehicle): vehicle for vehicle in self.asked.vehicles},
            priorities=by_visit,
            speed_factors={MODES[v.profile]: v.speed_factor for v in self.asked.vehicles},
            notes=tuple(self._notes()),
        )

    def unplaced(self) -> Iterator[tuple[str, str, str]]:
        """Yield what has no place: key, what is wrong, what to do."""
        places = [("jobs", job.id, self._place_of(job)) for job in self.asked.jobs]
        for one in self.asked.shipments:
            places += [
                ("shipments.pickup", one.pickup.id, self._place_of(one.pickup)),
                ("shipments.delivery", one.delivery.id, self._place_of(one.delivery)),
            ]
        for vehicle in self.asked.vehicles:
            ends = (self._end_of(vehicle, "start"), self._end_of(vehicle, "end"))
            places += [("vehicles", vehicle.id, end) for end in ends if end is not None]
            if not any(end is not None for end in ends):
                places.append(("vehicles", vehicle.id, None))
        for key, number, place in places:
            if place is None:
                what = "has no index" if self.asked.matrices else "has no coordinates"
                yield f"{key} {number}", f"it {what}", "add where it is"
            elif not isinstance(place, int) and not _is_british(place):
                what = "it lies outside Great Britain, where ntgeo knows no distances"
                yield f"{key} {number}", what, "give matrices, and an index for each place"

    def _windows(self, windows: Sequence[tuple[int, int]]) -> tuple[TimeWindow, ...]:
        return tuple(
            TimeWindow(start_s=start - self.zero_s, end_s=end - self.zero_s)
            for start, end in windows
        )

    def _visit(self, kind: str, task: VroomTask, rules: object) -> Visit:
        visit = _visit_id(kind, task.id)
        self.tasks[visit] = (kind, task)
        place = self.at[visit] = self._place_of(task) or 0
        staff = {
            _staff_id(vehicle): max(task.service_per_type[vehicle.type], _SHORTEST_S)
            for vehicle in self.asked.vehicles
            if vehicle.type in task.service_per_type
        }
        return Visit(
            id=visit,
            location=_location(task.location),
            service_s=max(task.service, _SHORTEST_S),
            service_s_by_staff=staff,
            windows=self._windows(task.time_windows) or (self.longest,),
            window_sense=WindowSense.ARRIVE if task.setup else WindowSense.START,
            skills=frozenset(map(str, getattr(rules, "skills", ()))),
            address=str(place),
            set_up_s=task.setup,
            load=self._load(task),
        )

    def _load(self, task: VroomTask) -> float:
        if any(vehicle.max_tasks is not None for vehicle in self.asked.vehicles):
            return 1.0
        if not isinstance(task, VroomJob):
            return 0.0
        return float(sum(task.delivery) + sum(task.pickup))

    def _shift(self, vehicle: VroomVehicle) -> Shift:
        hours = self.longest
        if vehicle.time_window is not None:
            (hours,) = self._windows([vehicle.time_window])
        is_long = hours.end_s - hours.start_s > LONGEST_SHIFT_S
        capacity = vehicle.max_tasks
        if capacity is None and vehicle.capacity:
            capacity = vehicle.capacity[0]
        start, end = self._end_of(vehicle, "start"), self._end_of(vehicle, "end")
        costs = vehicle.costs
        return Shift(
            id=_shift_id(vehicle),
            staff=_staff_id(vehicle),
            start_place=ANYWHERE if start is None else _depot_id(start),
            end_place=None if end is None else _depot_id(end),
            hours=hours,
            skills=frozenset(map(str, vehicle.skills)),
            breaks=self._breaks(vehicle),
            capacity=capacity,
            mode=MODES[vehicle.profile],
            costs=ShiftCosts(
                pay_gbp_per_hour=0.0,
                travel_gbp_per_hour=costs.per_hour,
                mileage_gbp_per_mile=costs.per_km * METRES_PER_MILE / METRES_PER_KILOMETRE,
                round_gbp=costs.fixed,
            ),
            most_work_s=LONGEST_SHIFT_S if is_long else None,
            most_travel_s=vehicle.max_travel_time,
            most_distance_m=vehicle.max_distance,
        )

    def _breaks(self, vehicle: VroomVehicle) -> tuple[Break, ...]:
        taken = [rest for rest in vehicle.breaks if rest.service > 0]
        in_order = sorted(taken, key=lambda rest: (rest.time_windows[:1] or ((0, 0),), rest.id))
        return tuple(
            Break(
                duration_s=rest.service,
                window=next(iter(self._windows(rest.time_windows)), None),
            )
            for rest in in_order
        )

    def _depots(self) -> list[Depot]:
        found: dict[DepotId, Depot] = {}
        for vehicle in self.asked.vehicles:
            for end, lon_lat in (("start", vehicle.start), ("end", vehicle.end)):
                place = self._end_of(vehicle, end)
                name = ANYWHERE if place is None else _depot_id(place)
                if place is not None:
                    self.at[name] = place
                if place is not None or end == "start":
                    found[name] = Depot(id=name, name=name, location=_location(lon_lat))
        return list(found.values())

    def _travel(self) -> Iterator[TravelTimeMatrix]:
        if not self.asked.matrices:
            return
        used = {MODES[v.profile]: v.profile for v in self.asked.vehicles}
        index = np.array(list(self.at.values()), dtype=np.intp)
        square = np.ix_(index, index)
        for mode, profile in sorted(used.items()):
            matrix = self.asked.matrices[profile]
            metres = matrix.distances
            yield TravelTimeMatrix.from_arrays(
                as_square(matrix.durations)[square],
                origins=list(self.at),
                destinations=list(self.at),
                distance_m=None if metres is None else as_square(metres)[square],
                mode=mode,
                method="the file's own matrix",
            )

    def _place_of(self, task: VroomTask) -> Place | None:
        return task.location_index if self.asked.matrices else task.location

    def _end_of(self, vehicle: VroomVehicle, end: str) -> Place | None:
        place: Place | None = getattr(vehicle, f"{end}_index" if self.asked.matrices else end)
        return place

    def _notes(self) -> Iterator[str]:
        if self.asked.unknown_keys:
            yield f"Not taken over: {first_five(self.asked.unknown_keys)}."
        yield from matrix_notes(self.asked)
        short = sorted(str(task.id) for _, task in self.tasks.values() if task.service == 0)
        if short:
            yield f"Tasks without service are taken to last 1 s: {first_five(short)}."
        longest = self.longest
        hours = [
            (v.id, v.time_window or (longest.start_s, longest.end_s)) for v in self.asked.vehicles
        ]
        long = [str(number) for number, (a, b) in hours if b - a > LONGEST_SHIFT_S]
        if long:
            yield (
                "Vehicles that may be out for over 13 h work 13 h at most "
                f"(Working Time Regulations): {first_five(long)}."
            )


def _visit_id(kind: str, number: int) -> VisitId:
    return VisitId(f"{kind}-{number}")


def _shift_id(vehicle: VroomVehicle) -> ShiftId:
    return ShiftId(f"vehicle-{vehicle.id}")


def _staff_id(vehicle: VroomVehicle) -> StaffId:
    return StaffId(f"vehicle-{vehicle.id}")


def _depot_id(place: Place) -> DepotId:
    return DepotId(f"depot {place}")


def _is_british(lon_lat: Coordinates) -> bool:
    return all(
        low <= degrees <= high
        for degrees, (low, high) in zip(lon_lat, (BRITISH_LON, BRITISH_LAT), strict=True)
    )


def _location(lon_lat: Coordinates | None) -> Location:
    """Return where a place is; with a matrix it may be nowhere, since no distance is reckoned."""
    if lon_lat is None or not _is_british(lon_lat):
        return Location(easting_m=0.0, northing_m=0.0)
    lon, lat = lon_lat
    east, north = to_national_grid(np.array([lon]), np.array([lat]))
    return Location(easting_m=float(east[0]), northing_m=float(north[0]))


def _fetched_then_brought(asked: VroomFile) -> Iterator[VisitLink]:
    """Yield what keeps a shipment together: one vehicle, fetched before brought, both or none."""
    for one in asked.shipments:
        yield VisitLink(
            first=_visit_id("pickup", one.pickup.id),
            second=_visit_id("delivery", one.delivery.id),
            least_gap_s=0,
            staff=StaffLink.SAME,
            both_or_neither=True,
        )
