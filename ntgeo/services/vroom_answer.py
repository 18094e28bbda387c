"""A plan in VROOM's words: summary, routes with their steps, and what is unassigned."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ntgeo.domain.routing import Route, RoutePlan, RoutingProblem, Stop, StopKind, VisitId
from ntgeo.domain.units import METRES_PER_MILE, SECONDS_PER_HOUR
from ntgeo.sources.vroom import VroomDay
from ntgeo.sources.vroom_file import VroomBreak, VroomJob, VroomTask, VroomVehicle

__all__ = ["vroom_answer"]

_SUMS = ("cost", "setup", "service", "duration", "waiting_time", "priority", "distance")


def vroom_answer(
    day: VroomDay, problem: RoutingProblem, plan: RoutePlan, *, loading_ms: int = 0
) -> dict[str, Any]:
    """Return what VROOM would write; an unassigned task has a ``reason`` besides.

    Args:
        day: As it was read.
        problem: The question.
        plan: The answer.
        loading_ms: How long reading and travel times took.
    """
    has_distances = any(
        matrix.distance_m.any() for matrix in (problem.travel, *problem.more_travel)
    )
    routes = [
        _Steps(day, problem, route, has_distances=has_distances).told() for route in plan.routes
    ]
    summary: dict[str, Any] = {"cost": 0, "routes": len(routes), "unassigned": len(plan.unmade)}
    summary |= {
        name: sum(route[name] for route in routes)
        for name in _SUMS
        if has_distances or name != "distance"
    }
    if any(vehicle.capacity for vehicle in day.vehicles.values()):
        for name in ("delivery", "pickup"):
            summary[name] = [sum(sum(route[name]) for route in routes)]
    summary["violations"] = []
    solving_ms = round(1000 * plan.report.wall_time_s)
    summary["computing_times"] = {"loading": loading_ms, "solving": solving_ms, "routing": 0}
    unassigned = [_unassigned(day, visit.visit, visit.reason) for visit in plan.unmade]
    return {"code": 0, "summary": summary, "unassigned": unassigned, "routes": routes}


def _unassigned(day: VroomDay, visit: VisitId, reason: str) -> dict[str, Any]:
    kind, task = day.tasks[visit]
    return {"id": task.id, "type": kind, **_about(task), "reason": reason}


def _about(task: VroomTask | VroomBreak) -> dict[str, Any]:
    """Return what a step repeats of the file."""
    told: dict[str, Any] = {}
    if task.description is not None:
        told["description"] = task.description
    if isinstance(task, VroomTask):
        if task.location is not None:
            told["location"] = list(task.location)
        if task.location_index is not None:
            told["location_index"] = task.location_index
    return told


class _Steps:
    """The steps of a route, told one after another."""

    def __init__(
        self, day: VroomDay, problem: RoutingProblem, route: Route, *, has_distances: bool
    ) -> None:
        self._day, self._route, self._has_distances = day, route, has_distances
        self._shift = next(shift for shift in problem.shifts if shift.id == route.shift)
        self._vehicle: VroomVehicle = day.vehicles[route.shift]
        self._tasks = [
            day.tasks[VisitId(stop.place)][1] for stop in route.stops if stop.kind is StopKind.VISIT
        ]
        self._jobs = [task for task in self._tasks if isinstance(task, VroomJob)]
        self._has_loads = any(vehicle.capacity for vehicle in day.vehicles.values())
        self._load = self._amounts("delivery")
        self._rests = sorted(
            (rest for rest in self._vehicle.breaks if rest.service > 0),
            key=lambda rest: (rest.time_windows[:1] or ((0, 0),), rest.id),
        )
        self._duration = self._distance = 0.0

    def told(self) -> dict[str, Any]:
        """Return the route."""
        steps = [self._step(stop) for stop in self._route.stops]
        costs = self._shift.costs
        cost = costs.round_gbp + costs.travel_gbp_per_hour * self._duration / SECONDS_PER_HOUR
        cost += costs.mileage_gbp_per_mile * self._distance / METRES_PER_MILE
        route = {
            "vehicle": self._vehicle.id,
            "cost": round(cost),
            "delivery": self._amounts("delivery"),
            "pickup": self._amounts("pickup"),
            "setup": sum(step["setup"] for step in steps),
            "service": sum(step["service"] for step in steps),
            "duration": round(self._duration),
            "waiting_time": sum(step["waiting_time"] for step in steps),
            "priority": sum(
                self._day.priorities[VisitId(stop.place)]
                for stop in self._route.stops
                if stop.kind is StopKind.VISIT
            ),
            "steps": steps,
            "violations": [],
        }
        if self._vehicle.description is not None:
            route["description"] = self._vehicle.description
        return route | ({"distance": round(self._distance)} if self._has_distances else {})

    def _amounts(self, kind: str) -> list[int]:
        """Return the load of the route in the one dimension that there is; none without loads."""
        return [sum(sum(getattr(job, kind)) for job in self._jobs)] if self._has_loads else []

    def _step(self, stop: Stop) -> dict[str, Any]:
        self._duration += stop.travel_s
        self._distance += stop.distance_m
        is_start = stop.kind is StopKind.START
        at_s = stop.leave_s if is_start else stop.arrive_s
        begin_s = stop.leave_s if stop.kind in {StopKind.START, StopKind.END} else stop.begin_s
        step: dict[str, Any] = {
            "type": stop.kind.value,
            **self._what(stop),
            "setup": round(stop.set_up_s),
            "service": round(stop.leave_s - begin_s),
            "waiting_time": 0 if is_start else round(stop.wait_s),
            "arrival": round(at_s) + self._day.zero_s,
            "duration": round(self._duration),
            "violations": [],
        }
        if self._has_loads:
            step["load"] = list(self._load)
        return step | ({"distance": round(self._distance)} if self._has_distances else {})

    def _what(self, stop: Stop) -> Mapping[str, Any]:
        if stop.kind is StopKind.BREAK:
            rest = self._rests.pop(0)
            return {"id": rest.id, **_about(rest)}
        if stop.kind is StopKind.VISIT:
            kind, task = self._day.tasks[VisitId(stop.place)]
            if isinstance(task, VroomJob) and self._load:
                brought, fetched = (sum(amounts[:1]) for amounts in (task.delivery, task.pickup))
                self._load[0] += fetched - brought
            return {"type": kind, "id": task.id, **_about(task)}
        end = stop.kind.value
        index, lon_lat = getattr(self._vehicle, f"{end}_index"), getattr(self._vehicle, end)
        if index is None and lon_lat is None:  # it starts at its first task, or ends at its last
            places = _about(self._tasks[0 if stop.kind is StopKind.START else -1])
            return {key: places[key] for key in ("location", "location_index") if key in places}
        told = {} if lon_lat is None else {"location": list(lon_lat)}
        return told if index is None else {**told, "location_index": index}
