"""The maps of a run."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

import geopandas as gpd
import numpy as np

from ntgeo import mapping, sources
from ntgeo.domain.matrix import TravelMode
from ntgeo.services.answer_scenario import Rounds, Siting
from ntgeo.services.desk import Desk

__all__ = ["write_maps"]

_GRID: Final = "EPSG:27700"
_MEASURES: Final = (
    ("rate_per_1000", "Use per 1,000 residents", "per 1,000 residents", "quantile", "demand"),
    ("expected", "Expected use", "from age and deprivation", "quantile", "demand"),
    ("difference", "Expected less observed", "above 0: unmet need", "difference", "difference"),
)


def write_maps(desk: Desk) -> Iterator[tuple[str, str]]:
    """Draw every map; yield each file and what it is."""
    backdrop = _backdrop(desk)
    if desk.answer.siting is not None:
        mapping.draw_siting_map(
            _siting_content(desk, desk.answer.siting, backdrop), desk.folder / "map.html"
        )
        yield "map.html", "The siting map"
    if desk.answer.rounds is not None:
        mapping.draw_rounds_map(
            _rounds_content(desk, desk.answer.rounds, backdrop), desk.folder / "rounds.html"
        )
        yield "rounds.html", "The rounds map"


def _siting_content(
    desk: Desk, siting: Siting, backdrop: mapping.Backdrop
) -> mapping.SitingMapContent:
    service = desk.answer.demand.service
    mine = desk.answer.demand.of_service(desk.shown.by_area)
    columns = [column for column, *_ in _MEASURES]
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
            mapping.Measure(
                column=column,
                label=f"{label}: {service}",
                unit=unit,
                scheme=scheme,
                palette=palette,
                withheld_column=f"{column}_withheld",
                note=desk.shown.rule_text,
            )
            for column, label, unit, scheme, palette in _MEASURES
        ),
        backdrop=backdrop,
        sources=desk.scenario.sources,
        basemap=desk.scenario.basemap,
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
        audience="manager",
    )


def _backdrop(desk: Desk) -> mapping.Backdrop:
    areas = desk.answer.places.areas
    land = gpd.GeoDataFrame(geometry=[areas.geometry.union_all()], crs=_GRID)
    if desk.answer.roads.is_straight_line:
        return mapping.Backdrop(boundary=land)
    network = desk.answer.roads.network(TravelMode.CAR)
    highways = np.array(network.classes, dtype=object)[network.links.road_class]
    roads = gpd.GeoDataFrame({"highway": highways}, geometry=network.lines, crs=network.epsg)
    file = str(desk.scenario.roads.network)
    water = sources.read_water(desk.question.path_of("roads.network", file))
    return mapping.Backdrop(
        boundary=land, roads=roads.to_crs(_GRID), water=None if water.empty else water
    )
