"""The maps of a run."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Final

import geopandas as gpd
import numpy as np

from ntgeo import mapping, reports
from ntgeo.domain.matrix import TravelMode
from ntgeo.services.answer_rounds import Rounds
from ntgeo.services.answer_scenario import Siting
from ntgeo.services.desk import Desk
from ntgeo.sources.water import read_water

__all__ = ["map_backdrop", "write_maps"]

_GRID: Final = "EPSG:27700"
_MEASURES: Final = (
    mapping.Measure(
        column="rate_per_1000", label="Use", unit="per 1,000 residents", palette="demand"
    ),
    mapping.Measure(
        column="expected", label="Expected use", unit="from age and deprivation", palette="demand"
    ),
    mapping.Measure(
        column="difference",
        label="Expected less observed use",
        unit="above 0: unmet need",
        scheme="difference",
        palette="difference",
    ),
)


def write_maps(desk: Desk, backdrop: mapping.Backdrop) -> Iterator[tuple[str, str]]:
    """Draw every map on the same ground; yield each file and what it is."""
    picture = _picture(desk, backdrop)
    siting, rounds = desk.answer.siting, desk.answer.rounds
    if siting is not None:
        mapping.draw_siting_map(_siting_content(desk, siting, backdrop), desk.folder / "map.html")
        yield "map.html", "The siting map"
        pictures = [desk.folder / file for file in ("map.png", "map.svg")]
        reports.draw_siting_picture(pictures, siting.problem, siting.plan, picture)
        yield from ((path.name, "The siting map as a picture") for path in pictures)
    if rounds is not None:
        mapping.draw_rounds_map(
            _rounds_content(desk, rounds, backdrop), desk.folder / "rounds.html"
        )
        yield "rounds.html", "The rounds map"
        pictures = [desk.folder / file for file in ("rounds.png", "rounds.svg")]
        reports.draw_rounds_picture(pictures, rounds.problem, rounds.plan, picture, rounds.paths)
        yield from ((path.name, "The rounds map as a picture") for path in pictures)


def _siting_content(
    desk: Desk, siting: Siting, backdrop: mapping.Backdrop
) -> mapping.SitingMapContent:
    service = desk.answer.demand.service
    mine = desk.answer.demand.of_service(desk.shown.by_area)
    columns = [measure.column for measure in _MEASURES]
    areas = desk.answer.places.areas.merge(mine[["lsoa", *columns]], on="lsoa", validate="1:1")
    for column in columns:
        areas[column] = areas[column].astype("float64")
        areas[f"{column}_withheld"] = areas[column].isna()
    return mapping.SitingMapContent(
        title=desk.scenario.title,
        areas=areas,
        problem=siting.problem,
        plan=siting.plan,
        made_on=desk.made_on,
        is_synthetic=desk.scenario.is_synthetic,
        measures=tuple(
            replace(
                measure,
                label=f"{measure.label}: {service}",
                withheld_column=f"{measure.column}_withheld",
                note=desk.shown.rule_text,
            )
            for measure in _MEASURES
        ),
        backdrop=backdrop,
        sources=desk.scenario.sources,
        basemap=desk.scenario.basemap,
        basemap_key=desk.basemap_key,
        audience="public" if desk.is_public or desk.shown.withheld_areas else "planner",
    )


def _rounds_content(
    desk: Desk, rounds: Rounds, backdrop: mapping.Backdrop
) -> mapping.RoundsMapContent:
    return mapping.RoundsMapContent(
        title=desk.scenario.title,
        problem=rounds.problem,
        plan=rounds.plan,
        paths=rounds.paths,
        is_synthetic=desk.scenario.is_synthetic,
        backdrop=backdrop,
        sources=desk.scenario.sources,
        basemap=desk.scenario.basemap,
        basemap_key=desk.basemap_key,
        audience="manager",
    )


def _picture(desk: Desk, backdrop: mapping.Backdrop) -> reports.Picture:
    return reports.Picture(
        title=desk.scenario.title,
        areas=desk.answer.places.areas,
        roads=backdrop.roads,
        water=backdrop.water,
        sources=desk.scenario.sources,
        is_synthetic=desk.scenario.is_synthetic,
    )


def map_backdrop(desk: Desk) -> mapping.Backdrop:
    """Return the ground under every map of a run: roads, water and outline."""
    areas = desk.answer.places.areas
    land = gpd.GeoDataFrame(geometry=[areas.geometry.union_all()], crs=_GRID)
    if desk.answer.roads.is_straight_line:
        return mapping.Backdrop(boundary=land)
    network = desk.answer.roads.network_today(TravelMode.CAR)
    highways = np.array(network.classes, dtype=object)[network.links.road_class]
    roads = gpd.GeoDataFrame({"highway": highways}, geometry=network.lines, crs=network.epsg)
    file = str(desk.scenario.roads.network)
    water = read_water(desk.question.path_of("roads.network", file))
    return mapping.Backdrop(
        boundary=land,
        roads=roads.to_crs(_GRID),
        water=None if water.empty else water,
        changes=_changes(desk, network.epsg),
        assumptions=desk.answer.roads.assumptions,
    )


def _changes(desk: Desk, epsg: int) -> gpd.GeoDataFrame | None:
    """Return the roads that the scenario changes for residents or staff, each once."""
    made = [change for mode in TravelMode for change in desk.answer.roads.changes(mode)]
    rows = [(change.title, change.kind, line) for change in made for line in change.lines]
    if not rows:
        return None
    titles, kinds, lines = zip(*rows, strict=True)
    found = gpd.GeoDataFrame({"title": titles, "kind": kinds}, geometry=list(lines), crs=epsg)
    return found.drop_duplicates().to_crs(_GRID)
