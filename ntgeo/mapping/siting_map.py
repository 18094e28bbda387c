"""The siting map: areas by demand and need, sites by what became of them, who goes where."""

from __future__ import annotations

from pathlib import Path
from typing import Any, Final

import numpy as np
import pandas as pd
import shapely

from ntgeo.domain.places import LsoaCode
from ntgeo.domain.siting import SitingProblem
from ntgeo.domain.units import duration_text
from ntgeo.mapping.audience import shown_sites
from ntgeo.mapping.backdrop import backdrop_parts, page_bounds
from ntgeo.mapping.catchments import catchment_shapes, catchment_tints
from ntgeo.mapping.classes import number_text
from ntgeo.mapping.content import SitingMapContent
from ntgeo.mapping.geometry import (
    AREA_TOLERANCE_M,
    area_parts,
    latitudes_longitudes,
    simplified_coverage,
)
from ntgeo.mapping.page import find_basemap, write_page
from ntgeo.mapping.siting_figures import (
    NOBODY,
    ROLE_LABELS,
    Access,
    SiteRole,
    SiteRow,
    plan_access,
    site_rows,
    today_access,
)
from ntgeo.mapping.siting_measures import catchment_measure, demand_decimals, page_measures
from ntgeo.mapping.siting_tables import siting_facts
from ntgeo.mapping.wording import counted

__all__ = ["draw_siting_map"]

_MOST_NAMED_SITES: Final = 9
_MOST_SVG_AREAS: Final = 3_000
"""More areas than this are painted on a canvas: browsers slow down on as many SVG paths."""
_REACH_TOLERANCE_M: Final = 15.0
_METRES_PER_KM: Final = 1000
_GROUP_OF: Final = {
    SiteRole.CLOSED: "closed",
    SiteRole.REJECTED: "rejected",
    SiteRole.EXCLUDED: "rejected",
    SiteRole.COMPETITOR: "competitor",
}
_ROADS: Final = {"colour": "#2b2f33", "weights": [2.2, 1.4, 0.7], "opacities": [0.5, 0.38, 0.24]}


def draw_siting_map(content: SitingMapContent, path: Path) -> None:
    """Write the siting map to ``path``, one HTML file that needs nothing beside it.

    The same content gives the same bytes. Nothing outside the file is asked for, unless the
    content names a basemap.

    Raises:
        SettingsError: The basemap is not known, or needs a key.
    """
    problem = content.problem
    basemap = find_basemap(content.basemap, content.basemap_key)
    areas = _ordered_areas(content)
    rows = shown_sites(site_rows(problem, content.plan, content.sites), content.audience)
    views = {"plan": plan_access(problem, content.plan)}
    today = today_access(problem)
    if today is not None:
        views["today"] = today
    measures = page_measures(content, areas, views["plan"], today)
    shapes = simplified_coverage(areas.geometry, AREA_TOLERANCE_M)
    drawn_views, catchments = _views(problem, shapes, views, rows)
    measures.append(catchments)
    drawing = {
        "bounds": page_bounds(_corners(areas)),
        "isOnTiles": basemap is not None,
        "roads": _ROADS,
        "backdrop": backdrop_parts(content.backdrop),
        "areNamesShown": {
            "plan": len(content.plan.opened) <= _MOST_NAMED_SITES,
            "today": sum(row.site.is_open_today for row in rows) <= _MOST_NAMED_SITES,
        },
        "areas": _drawn_areas(content, areas, shapes),
        "measures": measures,
        "reach": _reach(content),
        "views": drawn_views,
        "sites": [_drawn_site(row, problem) for row in rows],
    }
    facts = siting_facts(content, areas, rows, views, [m["label"] for m in measures])
    write_page(path, "siting", facts, drawing, basemap)


def _ordered_areas(content: SitingMapContent) -> pd.DataFrame:
    """Return a row for each area of the problem, in its order."""
    return content.areas.set_index("lsoa", drop=False).loc[list(content.problem.areas)]


def _centroids(areas: Any) -> np.ndarray[Any, Any]:
    if {"easting_m", "northing_m"} <= set(areas.columns):
        return areas[["easting_m", "northing_m"]].to_numpy(dtype=np.float64)
    inside = areas.geometry.representative_point()
    return np.column_stack([inside.x, inside.y])


def _corners(areas: Any) -> list[list[float]]:
    west, south, east, north = areas.total_bounds
    return latitudes_longitudes([[west, south], [west, north], [east, south], [east, north]])


def _drawn_areas(
    content: SitingMapContent, areas: Any, shapes: np.ndarray[Any, Any]
) -> dict[str, Any]:
    """Return names, shapes and facts of the areas that are not measures, each a list by area."""
    row_of = {code: row for row, code in enumerate(content.problem.areas)}
    wards = areas["ward"].fillna("") if "ward" in areas.columns else pd.Series("", areas.index)
    people = areas["population"] if "population" in areas.columns else pd.Series([], dtype=float)
    return {
        "areMany": len(areas) > _MOST_SVG_AREAS,
        "ids": areas["lsoa"].tolist(),
        "names": areas["name"].tolist(),
        "wards": wards.tolist(),
        "shapes": area_parts(shapes),
        "points": latitudes_longitudes(_centroids(areas)),
        "residents": people.round().astype("int64").tolist(),
        "notes": _notes(content, row_of),
    }


def _notes(content: SitingMapContent, row_of: dict[LsoaCode, int]) -> dict[str, list[list[str]]]:
    """Return what is told of single areas: where their parts go, and why they are not served."""
    names = {site.id: site.name for site in content.problem.sites}
    notes: dict[str, list[list[str]]] = {}
    for part in sorted(content.plan.allocations, key=lambda part: (-part.share, part.site)):
        if part.share < 1:
            row = notes.setdefault(str(row_of[part.lsoa]), [])
            row.append([f"{part.share:.0%} go to", names[part.site]])
    for area in content.plan.unserved:
        row = notes.setdefault(str(row_of[area.lsoa]), [])
        row += [["Why unserved", area.reason], ["What would help", area.change]]
    return notes


def _reach(content: SitingMapContent) -> list[dict[str, Any]]:
    """Return the outline of each reach, widest first, with the place of its label: its north."""
    if content.reach is None:
        return []
    widest_first = content.reach.sort_values("minutes", ascending=False, kind="stable")
    shapes = shapely.simplify(widest_first.geometry.to_numpy(), _REACH_TOLERANCE_M)
    found = []
    for minutes, shape, parts in zip(
        widest_first["minutes"].tolist(), shapes, area_parts(shapes), strict=True
    ):
        corners = shapely.get_coordinates(shape)
        north = latitudes_longitudes(corners[corners[:, 1].argmax()])[0]
        found.append({"label": f"{minutes:g} min", "shape": parts, "at": north})
    return found


def _views(
    problem: SitingProblem,
    shapes: np.ndarray[Any, Any],
    views: dict[str, Access],
    rows: tuple[SiteRow, ...],
) -> tuple[dict[str, Any], dict[str, Any]]:
    """Return catchments and journeys of each view, and the measure that tints the catchments."""
    drawn_at = {row.site.id: position for position, row in enumerate(rows)}
    numbers = {row.site.id: row.number for row in rows}
    plain = tuple(site.name for site in problem.sites)
    numbered = tuple(
        f"{numbers[s.id]}. {s.name}" if numbers.get(s.id) else s.name for s in problem.sites
    )
    positions = [drawn_at.get(site.id, NOBODY) for site in problem.sites]
    unions = {view: catchment_shapes(shapes, access.site_of) for view, access in views.items()}
    drawn = {
        view: {
            "catchments": area_parts(unions[view].values()),
            "siteOf": [
                NOBODY if column == NOBODY else positions[column]
                for column in access.site_of.tolist()
            ],
            "km": [
                None if np.isnan(metres) else round(metres / _METRES_PER_KM, 1)
                for metres in access.distance_m.tolist()
            ],
        }
        for view, access in views.items()
    }
    measure = catchment_measure(
        views,
        {view: numbered if view == "plan" else plain for view in views},
        {view: catchment_tints(union) for view, union in unions.items()},
        tuple(drawn_at.get(site.id, len(rows)) for site in problem.sites),
    )
    return drawn, measure


def _drawn_site(row: SiteRow, problem: SitingProblem) -> dict[str, Any]:
    site = row.site
    lines = [["Site id", str(site.id)]]
    if row.is_open:
        decimals = demand_decimals(problem.demand)
        lines.append(["Serves", counted(row.areas, "area")])
        if row.demand is not None:
            share = row.demand / float(problem.demand.sum())
            lines.append(["Demand served", f"{number_text(row.demand, decimals)} ({share:.0%})"])
        if row.mean_time_s is not None:
            lines.append(["Mean travel time", duration_text(row.mean_time_s)])
    if site.capacity is not None:
        used = f" ({row.used_share:.0%} used)" if row.used_share is not None else ""
        lines.append(["Capacity", f"{number_text(site.capacity, 0)}{used}"])
    if site.zone:
        lines.append(["Zone", site.zone])
    if site.fixed_cost_gbp is not None:
        lines.append(["Yearly cost", f"£{number_text(site.fixed_cost_gbp, 0)}"])
    at = latitudes_longitudes([[site.location.easting_m, site.location.northing_m]])[0]
    return {
        "name": site.name,
        "label": ROLE_LABELS[row.role],
        "role": str(row.role),
        "number": row.number,
        "isOpenToday": site.is_open_today and row.role is not SiteRole.COMPETITOR,
        "group": _GROUP_OF.get(row.role, "open"),
        "at": at,
        "rows": lines,
    }
