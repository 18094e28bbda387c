"""The peers that ``rounds.py`` measures ntgeo against; each gets the same whole numbers."""

from __future__ import annotations

import importlib.util
import time
from collections.abc import Callable
from datetime import timedelta
from itertools import pairwise
from typing import Any, Final, NamedTuple

import numpy as np
import numpy.typing as npt
from rounds_instance import Fleet, Published

__all__ = ["PEERS", "PeerAnswer", "ask_peer"]

IntArray = npt.NDArray[np.int64]
Rounds = list[list[int]]
"""Rows of the places of each round: depot, visits in order, depot."""


class PeerAnswer(NamedTuple):
    """What a peer found.

    Attributes:
        cost: Distance by the instance's convention.
        unmade: How many visits it left.
        wall_s: How long it took.
    """

    cost: float
    unmade: int
    wall_s: float


class _Whole(NamedTuple):
    """An instance in whole numbers.

    Attributes:
        apart: (places, places) distance and travel time.
        opens: (places,) earliest begin.
        closes: (places,) latest begin.
        service: (places,).
        load: (places,).
        fleets: With capacity and duration in the same numbers.
        depots: How many places are depots.
    """

    apart: IntArray
    opens: IntArray
    closes: IntArray
    service: IntArray
    load: IntArray
    fleets: tuple[Fleet, ...]
    depots: int


_NO_LIMIT: Final = 1 << 40


def _whole(published: Published) -> _Whole:
    per_unit, table = published.per_unit, published.table
    columns = [np.round(table[:, at] * per_unit).astype(np.int64) for at in (3, 4, 5)]
    return _Whole(
        apart=np.ceil(published.apart * per_unit - 1e-6).astype(np.int64),
        opens=columns[0],
        closes=columns[1],
        service=columns[2],
        load=table[:, 2].astype(np.int64),
        fleets=tuple(
            fleet._replace(
                capacity=_NO_LIMIT if np.isinf(fleet.capacity) else int(fleet.capacity),
                most_work=(fleet.most_work or _NO_LIMIT // per_unit) * per_unit,
            )
            for fleet in published.fleets
        ),
        depots=published.depots,
    )


def ask_peer(name: str, published: Published, limit_s: float, seed: int) -> PeerAnswer | str:
    """Solve an instance with a peer, or say why it cannot.

    Args:
        name: One of :data:`PEERS`.
        published: The instance.
        limit_s: Wall-clock seconds.
        seed: Of its random choices, where it takes one.
    """
    module, solve = PEERS[name]
    if importlib.util.find_spec(module) is None:
        return "it is not installed"
    if name == "vroom" and any(fleet.most_work for fleet in published.fleets):
        return "it does not know a longest duration of routes"
    whole = _whole(published)
    started = time.monotonic()
    rounds = solve(whole, limit_s, seed)
    wall_s = time.monotonic() - started
    cost = sum(
        float(published.apart[here, there]) for places in rounds for here, there in pairwise(places)
    )
    made = sum(len(places) - 2 for places in rounds)
    return PeerAnswer(cost, len(published.table) - published.depots - made, wall_s)


def _by_pyvrp(whole: _Whole, limit_s: float, seed: int) -> Rounds:
    """Solve by PyVRP's own ``solve`` and settings."""
    import pyvrp  # noqa: PLC0415 - a peer
    from pyvrp.stop import MaxRuntime  # noqa: PLC0415 - a peer

    places = range(len(whole.apart))
    data = pyvrp.ProblemData(
        [pyvrp.Location(0, 0) for _ in places],
        [
            pyvrp.Client(
                place,
                [int(whole.load[place])],
                service_duration=int(whole.service[place]),
                tw_early=int(whole.opens[place]),
                tw_late=int(whole.closes[place]),
            )
            for place in places[whole.depots :]
        ],
        [pyvrp.Depot(place) for place in places[: whole.depots]],
        [
            pyvrp.VehicleType(
                fleet.count,
                [int(fleet.capacity)],
                fleet.depot,
                fleet.depot,
                tw_early=int(whole.opens[fleet.depot]),
                tw_late=int(whole.closes[fleet.depot]),
                shift_duration=int(fleet.most_work or _NO_LIMIT),
            )
            for fleet in whole.fleets
        ],
        [whole.apart],
        [whole.apart],
    )
    best = pyvrp.solve(data, MaxRuntime(limit_s), seed, collect_stats=False).best
    if not best.is_feasible():
        return []
    return [
        [
            route.start_depot(),
            *(stop.idx + whole.depots for stop in route if stop.is_client()),
            route.end_depot(),
        ]
        for route in best.routes()
    ]


def _by_vroom(whole: _Whole, limit_s: float, _seed: int) -> Rounds:
    """Solve by VROOM at its greatest effort; it takes no seed, and stops when it is done."""
    import vroom  # noqa: PLC0415 - a peer
    from vroom.time_window import TimeWindow  # noqa: PLC0415 - a peer

    day = vroom.Input()
    day.set_durations_matrix("car", whole.apart.astype(np.uint32))
    depot_of = [fleet.depot for fleet in whole.fleets for _ in range(fleet.count)]
    for number, fleet in enumerate(f for f in whole.fleets for _ in range(f.count)):
        day.add_vehicle(
            vroom.Vehicle(
                number,
                start=fleet.depot,
                end=fleet.depot,
                profile="car",
                capacity=[int(fleet.capacity)],
                time_window=TimeWindow(
                    int(whole.opens[fleet.depot]), int(whole.closes[fleet.depot])
                ),
            )
        )
    for place in range(whole.depots, len(whole.apart)):
        window = TimeWindow(int(whole.opens[place]), int(whole.closes[place]))
        service = int(whole.service[place])
        load = [int(whole.load[place])]
        day.add_job(
            vroom.Job(
                place, location=place, default_service=service, delivery=load, time_windows=[window]
            )
        )
    found = day.solve(exploration_level=5, nb_threads=1, timeout=timedelta(seconds=limit_s))
    rounds: dict[int, list[int]] = {}
    for row in found.routes.to_dict("records"):
        if row["type"] == "job":
            rounds.setdefault(int(row["vehicle_id"]), []).append(int(row["id"]))
    return [[depot_of[number], *stops, depot_of[number]] for number, stops in rounds.items()]


def _by_ortools(whole: _Whole, limit_s: float, _seed: int) -> Rounds:
    """Solve by OR-Tools' routing library: its best setting, by distance."""
    from ortools.constraint_solver import pywrapcp, routing_enums_pb2  # noqa: PLC0415 - a peer

    vehicles = [fleet for fleet in whole.fleets for _ in range(fleet.count)]
    ends = [fleet.depot for fleet in vehicles]
    index = pywrapcp.RoutingIndexManager(len(whole.apart), len(vehicles), ends, ends)
    routing = pywrapcp.RoutingModel(index)
    routing.SetArcCostEvaluatorOfAllVehicles(routing.RegisterTransitMatrix(whole.apart.tolist()))
    lasting = whole.apart + whole.service[:, None]
    horizon = int(whole.closes.max())
    time_of = routing.RegisterTransitMatrix(lasting.tolist())
    routing.AddDimension(time_of, horizon, horizon, False, "time")  # noqa: FBT003 - as it is called
    load_of = routing.RegisterUnaryTransitVector(whole.load.tolist())
    capacities = [min(int(fleet.capacity), int(whole.load.sum())) for fleet in vehicles]
    routing.AddDimensionWithVehicleCapacity(load_of, 0, capacities, True, "load")  # noqa: FBT003
    clock = routing.GetDimensionOrDie("time")
    for place in range(whole.depots, len(whole.apart)):
        window = int(whole.opens[place]), int(whole.closes[place])
        clock.CumulVar(index.NodeToIndex(place)).SetRange(*window)
    for number, fleet in enumerate(vehicles):
        for end in (routing.Start(number), routing.End(number)):
            window = int(whole.opens[fleet.depot]), int(whole.closes[fleet.depot])
            clock.CumulVar(end).SetRange(*window)
        clock.SetSpanUpperBoundForVehicle(min(horizon, int(fleet.most_work or horizon)), number)
    search = pywrapcp.DefaultRoutingSearchParameters()
    first, then = (
        routing_enums_pb2.FirstSolutionStrategy,
        routing_enums_pb2.LocalSearchMetaheuristic,
    )
    one_depot = whole.depots == 1
    search.first_solution_strategy = (
        first.SAVINGS if one_depot else first.PARALLEL_CHEAPEST_INSERTION
    )
    search.local_search_metaheuristic = then.GUIDED_LOCAL_SEARCH
    search.time_limit.FromMilliseconds(int(limit_s * 1000))
    found = routing.SolveWithParameters(search)
    return [] if found is None else _ortools_rounds(routing, index, found)


def _ortools_rounds(routing: Any, index: Any, found: Any) -> Rounds:
    rounds = []
    for number in range(routing.vehicles()):
        at = routing.Start(number)
        places = [index.IndexToNode(at)]
        while not routing.IsEnd(at):
            at = found.Value(routing.NextVar(at))
            places.append(index.IndexToNode(at))
        if len(places) > 2:  # noqa: PLR2004 - more than the two ends
            rounds.append(places)
    return rounds


PEERS: Final[dict[str, tuple[str, Callable[[_Whole, float, int], Rounds]]]] = {
    "pyvrp": ("pyvrp", _by_pyvrp),
    "vroom": ("vroom", _by_vroom),
    "ortools": ("ortools", _by_ortools),
}
