"""What VROOM can be asked and ntgeo cannot: each is refused in a sentence, none is guessed."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final

from ntgeo.domain.matrix import TravelMode
from ntgeo.domain.routing import LONGEST_SHIFT_S
from ntgeo.errors import Fault
from ntgeo.sources.vroom_file import VroomFile, VroomTask, VroomVehicle

__all__ = ["MODES", "refusals"]

MODES: Final = {
    "car": TravelMode.CAR,
    "driving": TravelMode.CAR,
    "driving-car": TravelMode.CAR,
    "bike": TravelMode.BICYCLE,
    "bicycle": TravelMode.BICYCLE,
    "cycling-regular": TravelMode.BICYCLE,
    "foot": TravelMode.FOOT,
    "walking": TravelMode.FOOT,
    "foot-walking": TravelMode.FOOT,
}
"""VROOM's usual profiles (those of OSRM, Valhalla and openrouteservice)."""

Said = tuple[str, str, str]


def refusals(asked: VroomFile, file: str) -> list[Fault]:
    """Return a fault for each thing asked that ntgeo cannot do."""
    said = [
        *_twice(asked),
        *_vehicles(asked),
        *_loads(asked),
        *_tasks(asked),
        *_matrices(asked),
    ]
    return [
        Fault(file=file, column=key, column_word="key", what=what, fix=fix, code="vroom-not-taken")
        for key, what, fix in said
    ]


def _twice(asked: VroomFile) -> Iterator[Said]:
    kinds = {
        "jobs": [job.id for job in asked.jobs],
        "shipments.pickup": [shipment.pickup.id for shipment in asked.shipments],
        "shipments.delivery": [shipment.delivery.id for shipment in asked.shipments],
        "vehicles": [vehicle.id for vehicle in asked.vehicles],
    }
    for key, ids in kinds.items():
        for one in sorted({one for one in ids if ids.count(one) > 1}):
            yield key, f"id {one} stands twice", "give each its own id"


def _vehicles(asked: VroomFile) -> Iterator[Said]:
    factors: dict[TravelMode, set[float]] = {}
    for vehicle in asked.vehicles:
        key = f"vehicles {vehicle.id}"
        mode = MODES.get(vehicle.profile)
        if mode is None:
            yield (
                f"{key}.profile",
                f'"{vehicle.profile}" is none of car, bike and foot',
                "name one of these (a lorry's times may go under car, as matrices)",
            )
        else:
            factors.setdefault(mode, set()).add(vehicle.speed_factor)
        if mode is TravelMode.FOOT and (vehicle.costs.per_km or vehicle.max_distance is not None):
            yield key, "distance on foot is neither priced nor limited here", "leave it out"
        yield from _times(vehicle, key)
        if vehicle.costs.per_task_hour:
            yield f"{key}.costs.per_task_hour", "time at tasks has no price here", "leave it out"
    for mode, found in factors.items():
        if len(found) > 1:
            yield (
                "vehicles.speed_factor",
                f"there are several among those who go by {mode}",
                "give all of one profile the same",
            )


def _times(vehicle: VroomVehicle, key: str) -> Iterator[Said]:
    window = vehicle.time_window
    if window is not None and window[1] <= window[0]:
        yield f"{key}.time_window", f"it ends ({window[1]}) before it starts", "correct it"
    for rest in vehicle.breaks:
        if rest.service > 0 and len(rest.time_windows) > 1:
            yield (
                f"{key}.breaks {rest.id}",
                "a break has one time window here",
                "keep the widest",
            )
        if any(end < start for start, end in rest.time_windows):
            yield f"{key}.breaks {rest.id}", "a time window ends before it starts", "correct it"
        if rest.max_load:
            yield f"{key}.breaks {rest.id}.max_load", "load does not bind breaks", "leave it out"
        if rest.service > LONGEST_SHIFT_S:
            yield f"{key}.breaks {rest.id}.service", "it is longer than 13 h", "shorten it"


def _loads(asked: VroomFile) -> Iterator[Said]:
    """Yield loads that are not one sum over a round: ntgeo knows no load that comes and goes."""
    sizes = {len(vehicle.capacity) for vehicle in asked.vehicles}
    sizes |= {len(amounts) for job in asked.jobs for amounts in (job.delivery, job.pickup)}
    if max(sizes, default=0) > 1:
        yield "vehicles.capacity", "loads have one dimension here", "keep the one that binds"
    is_brought, is_fetched = (
        any(any(getattr(job, kind)) for job in asked.jobs) for kind in ("delivery", "pickup")
    )
    if is_brought and is_fetched:
        yield (
            "jobs",
            "some bring and some fetch a load; one sum is kept over a round here",
            "use delivery or pickup for all",
        )
    for shipment in asked.shipments:
        if any(shipment.amount):
            yield (
                f"shipments {shipment.pickup.id}.amount",
                "a load that comes and goes within a round is not known here",
                "leave it out, where capacity does not bind",
            )
    counts_tasks = any(vehicle.max_tasks is not None for vehicle in asked.vehicles)
    if counts_tasks and any(any(vehicle.capacity) for vehicle in asked.vehicles):
        yield (
            "vehicles.max_tasks",
            "a number of tasks and a load cannot both be limited here",
            "keep one of max_tasks and capacity",
        )


def _tasks(asked: VroomFile) -> Iterator[Said]:
    tasks: list[tuple[str, VroomTask]] = [(f"jobs {job.id}", job) for job in asked.jobs]
    for shipment in asked.shipments:
        tasks += [
            (f"shipments.pickup {shipment.pickup.id}", shipment.pickup),
            (f"shipments.delivery {shipment.delivery.id}", shipment.delivery),
        ]
    for key, task in tasks:
        if task.setup_per_type:
            yield f"{key}.setup_per_type", "set-up lasts the same for all here", "leave it out"
        if any(end < start for start, end in task.time_windows):
            yield f"{key}.time_windows", "a time window ends before it starts", "correct it"
    if not tasks:
        yield "jobs", "there is nothing to be done", "give jobs or shipments"


def _matrices(asked: VroomFile) -> Iterator[Said]:
    profiles = {vehicle.profile for vehicle in asked.vehicles}
    needs_metres = any(
        vehicle.max_distance is not None or vehicle.costs.per_km for vehicle in asked.vehicles
    )
    for profile in sorted(profiles - set(asked.matrices)) if asked.matrices else ():
        yield "matrices", f'there is none for the profile "{profile}"', "add it"
    most = max([-1, *_indices(asked)])
    for profile, matrix in asked.matrices.items():
        key, size = f"matrices.{profile}", len(matrix.durations)
        tables = (matrix.durations, matrix.distances or matrix.durations)
        uneven = next(_uneven(tables, size), None)
        if uneven is not None:
            yield key, uneven, "export it again, with as many columns as rows"
        elif most >= size:
            yield key, f"it has {size} places, but index {most} is asked for", "add the place"
        if matrix.costs is not None:
            yield (
                f"{key}.costs",
                "costs of your own are not taken over",
                "price time and distance by the vehicles' costs",
            )
        if matrix.distances is None and needs_metres and profile in profiles:
            yield f"{key}.distances", "max_distance and per_km need them", "add them"


def _uneven(tables: Sequence[Sequence[Sequence[int]]], size: int) -> Iterator[str]:
    """Yield what keeps tables from being squares of one size."""
    for table in tables:
        if len(table) != size:
            yield f"its tables have {size} and {len(table)} rows"
        for number, row in enumerate(table, start=1):
            if len(row) != size:
                yield f"row {number} has {len(row)} of {size} entries"


def _indices(asked: VroomFile) -> Iterator[int]:
    found = [job.location_index for job in asked.jobs]
    for shipment in asked.shipments:
        found += [shipment.pickup.location_index, shipment.delivery.location_index]
    for vehicle in asked.vehicles:
        found += [vehicle.start_index, vehicle.end_index]
    yield from (index for index in found if index is not None)
