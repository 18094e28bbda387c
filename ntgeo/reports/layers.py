"""Plans as GeoDataFrames in British National Grid (EPSG:27700)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final, TypeAlias

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import pandas as pd
import shapely

from ntgeo.domain.routing import Depot, Route, RoutePlan, RoutingProblem, Visit
from ntgeo.domain.siting import SitingPlan, SitingProblem
from ntgeo.domain.units import BRITISH_NATIONAL_GRID
from ntgeo.errors import CrsError, Fault
from ntgeo.reports.columns import typed_frame
from ntgeo.reports.rounds_tables import rounds_shifts_table, rounds_stops_table, unmade_table
from ntgeo.reports.siting_tables import (
    siting_allocations_table,
    siting_areas_table,
    siting_sites_table,
)

__all__ = ["RoutePaths", "rounds_layers", "siting_layers", "to_geodataframe"]

RoutePaths: TypeAlias = Mapping[str, Sequence[npt.NDArray[np.float64]]]
"""Shift id → for each stop after the first, the way to it: (points, 2) easting and northing in
metres; empty where nobody moves, such as for a break."""

_ALLOCATION_COLUMNS: Final = ("lsoa", "site_id", "demand", "time_after_s", "distance_m")


def to_geodataframe(
    problem: SitingProblem | RoutingProblem,
    plan: SitingPlan | RoutePlan,
    layer: str,
    *,
    areas: gpd.GeoDataFrame | None = None,
    paths: RoutePaths | None = None,
) -> gpd.GeoDataFrame:
    """Return one layer of a plan.

    Args:
        problem: The question.
        plan: Its answer.
        layer: ``areas``, ``sites`` or ``allocations`` of a siting plan; ``stops``, ``routes``,
            ``depots`` or ``unmade`` of a round plan.
        areas: Needed for a siting plan; see :func:`siting_layers`.
        paths: See :func:`rounds_layers`.

    Raises:
        TypeError: Problem and plan are of different kinds.
        ValueError: There is no such layer, or the areas are missing.
        CrsError: ``areas`` is not in EPSG:27700.
    """
    layers: dict[str, gpd.GeoDataFrame]
    if isinstance(problem, SitingProblem) and isinstance(plan, SitingPlan):
        if areas is None:
            msg = "a siting plan needs the areas, with their shapes"
            raise ValueError(msg)
        layers = siting_layers(problem, plan, areas)
    elif isinstance(problem, RoutingProblem) and isinstance(plan, RoutePlan):
        layers = rounds_layers(problem, plan, paths)
    else:
        msg = "the problem is of one kind and the plan of another"
        raise TypeError(msg)
    if layer not in layers:
        msg = f'no layer "{layer}"; there are {", ".join(layers)}'
        raise ValueError(msg)
    return layers[layer]


def siting_layers(
    problem: SitingProblem, plan: SitingPlan, areas: gpd.GeoDataFrame
) -> dict[str, gpd.GeoDataFrame]:
    """Return the layers of a siting plan.

    Args:
        problem: The question.
        plan: Its answer.
        areas: ``lsoa, name, geometry`` and, where known, ``ward, population, imd_decile``, in
            EPSG:27700.

    Returns:
        ``areas`` (shapes, with the columns of ``siting_areas_table``), ``sites`` (points, those
        of ``siting_sites_table``) and ``allocations`` (lines from the middle of each served area
        to its site, or sites: ``lsoa, site_id, demand, time_after_s, distance_m``).

    Raises:
        CrsError: ``areas`` is not in EPSG:27700.
        MissingColumnError: ``areas`` lacks a column.
        UnknownIdError: ``areas`` lacks an area of the problem.
    """
    _require_grid(areas)
    areas_table = siting_areas_table(problem, plan, areas)
    sites_table = siting_sites_table(problem, plan)
    shapes = areas.drop_duplicates("lsoa").set_index("lsoa").geometry
    shapes = shapes.loc[areas_table["lsoa"].tolist()].reset_index(drop=True)
    served = siting_allocations_table(plan).rename(columns={"time_s": "time_after_s"})
    sites = sites_table.set_index("site_id").loc[served["site_id"].tolist()]
    rows = pd.Index(areas_table["lsoa"]).get_indexer(pd.Index(served["lsoa"]))
    middles = shapely.get_coordinates(shapely.point_on_surface(shapes.to_numpy()[rows]))
    ends = sites[["easting_m", "northing_m"]].to_numpy(float)
    lines = shapely.linestrings(np.stack([middles, ends], axis=1)) if len(served) else []
    allocated = served[list(_ALLOCATION_COLUMNS)].reset_index(drop=True)
    return {
        "areas": _placed(areas_table, shapes.to_numpy()),
        "sites": _placed(
            sites_table, shapely.points(sites_table[["easting_m", "northing_m"]].to_numpy(float))
        ),
        "allocations": _placed(allocated, lines),
    }


def rounds_layers(
    problem: RoutingProblem, plan: RoutePlan, paths: RoutePaths | None = None
) -> dict[str, gpd.GeoDataFrame]:
    """Return the layers of a round plan.

    Args:
        problem: The question.
        plan: Its answer.
        paths: The way to each stop, where it is known; other legs are drawn straight.

    Returns:
        ``routes`` (a line a round, with the columns of ``rounds_shifts_table`` and
        ``is_straight_line``), ``stops`` (points, ``rounds_stops_table``), ``depots`` (points,
        ``place_id, name``) and ``unmade`` (points, ``unmade_table``).
    """
    points = _points_of(problem)
    stops = rounds_stops_table(problem, plan)
    unmade = unmade_table(problem, plan)
    routes = sorted(plan.routes, key=lambda route: route.shift)
    drawn = [_route_line(route, points, (paths or {}).get(route.shift)) for route in routes]
    shifts = rounds_shifts_table(problem, plan).set_index("shift_id", drop=False)
    driven = shifts.loc[[str(route.shift) for route in routes]].reset_index(drop=True)
    depots = typed_frame(
        {
            "place_id": [depot.id for depot in problem.depots],
            "name": [depot.name for depot in problem.depots],
        },
        ("place_id", "name"),
    )
    return {
        "routes": _placed(
            driven.assign(is_straight_line=pd.Series([s for _, s in drawn], dtype=bool)),
            [line for line, _ in drawn],
        ),
        "stops": _placed(stops, _points(stops["place_id"], points)),
        "depots": _placed(depots, _points(depots["place_id"], points)),
        "unmade": _placed(unmade, _points(unmade["visit_id"], points)),
    }


def _points_of(problem: RoutingProblem) -> dict[str, tuple[float, float]]:
    places: tuple[Depot | Visit, ...] = (*problem.depots, *problem.visits)
    return {str(p.id): (p.location.easting_m, p.location.northing_m) for p in places}


def _route_line(
    route: Route,
    points: Mapping[str, tuple[float, float]],
    legs: Sequence[npt.NDArray[np.float64]] | None,
) -> tuple[Any, bool]:
    """The line of a round, and whether any leg of it had to be drawn straight."""
    known = legs if legs is not None else [np.empty((0, 2))] * (len(route.stops) - 1)
    drawn = [np.array([points[route.stops[0].place]])]
    is_straight = False
    for here, there, leg in zip(route.stops, route.stops[1:], known, strict=False):
        if here.place == there.place:
            continue
        is_straight |= len(leg) == 0
        ends = np.array([points[here.place], points[there.place]])
        drawn.append(np.asarray(leg, dtype=np.float64) if len(leg) else ends)
    line = np.concatenate(drawn)
    moves = np.concatenate([[True], (np.diff(line, axis=0) != 0).any(axis=1)])
    line = line[moves] if moves.sum() > 1 else np.repeat(line[:1], 2, axis=0)
    return shapely.linestrings(line), is_straight


def _points(places: pd.Series, points: Mapping[str, tuple[float, float]]) -> Any:
    where = np.array([points[place] for place in places], dtype=np.float64).reshape(-1, 2)
    return shapely.points(where)


def _placed(frame: pd.DataFrame, shapes: Any) -> gpd.GeoDataFrame:
    return gpd.GeoDataFrame(
        frame,
        geometry=gpd.GeoSeries(shapes, index=frame.index, crs=BRITISH_NATIONAL_GRID),
        crs=BRITISH_NATIONAL_GRID,
    )


def _require_grid(areas: gpd.GeoDataFrame) -> None:
    if areas.crs is None or areas.crs.to_epsg() != BRITISH_NATIONAL_GRID:
        raise CrsError(
            Fault(
                file="areas",
                value=str(areas.crs),
                what="the shapes are not in British National Grid",
                fix=f"reproject them to EPSG:{BRITISH_NATIONAL_GRID} first",
                code="crs",
            )
        )
