"""``[roads]`` of a scenario file: how travel times come about, and what if roads change."""

from __future__ import annotations

from datetime import time
from typing import Annotated, Literal, Self

from pydantic import Field, Strict, model_validator

from ntgeo.domain.matrix import TravelMode
from ntgeo.domain.scenario_table import FilePath, ScenarioTable, Title

__all__ = [
    "ChosenRoads",
    "CloseRoads",
    "NewRoad",
    "OneWayRoads",
    "RoadEnd",
    "RoadsChange",
    "RoadsTable",
    "SlowRoads",
]

LocalTime = Annotated[time, Strict()]


class ChosenRoads(ScenarioTable):
    """Existing roads, chosen by way or by area; a link is changed from junction to junction."""

    title: Title
    """For people: "Elizabeth Way bridge closed"."""
    ways: tuple[Annotated[int, Field(ge=1)], ...] = ()
    """OSM ids of the ways."""
    within: FilePath | None = None
    """Instead of ``ways``: polygons in GeoJSON, GeoPackage or Shapefile."""
    layer: str | None = None
    """Layer of the GeoPackage, where it has several."""

    @property
    def file(self) -> str | None:
        """The file that it names."""
        return self.within

    @model_validator(mode="after")
    def _one_choice(self) -> Self:
        if bool(self.ways) == (self.within is not None):
            msg = "name the roads by ways or by within, one of the two"
            raise ValueError(msg)
        return self


class CloseRoads(ChosenRoads):
    """``[[roads.changes]]`` of kind "close": nobody may use these roads, walkers included.

    By area, every link of which some part lies inside is closed, bridges and the roads below them
    alike; name the ways to choose between these.
    """

    kind: Literal["close"]
    """Nobody may use them."""


class SlowRoads(ChosenRoads):
    """``[[roads.changes]]`` of kind "slow": nobody drives faster here; waiting stays.

    By area, links are slowed of which at least half lies inside.
    """

    kind: Literal["slow"]
    """Nobody drives faster than a speed."""
    most_mph: float = Field(ge=1, le=100)
    """Miles an hour; where it is slower today, it stays so."""


class OneWayRoads(ChosenRoads):
    """``[[roads.changes]]`` of kind "one-way": closed against one direction, but not on foot."""

    kind: Literal["one-way"]
    """Closed against one direction."""
    towards: Literal[
        "north", "north-east", "east", "south-east", "south", "south-west", "west", "north-west"
    ]
    """Where traffic may still go, as seen from end to end of each link."""


class RoadEnd(ScenarioTable):
    """An end of a new road: by grid, by degrees or by the OSM id of a junction."""

    easting_m: float | None = Field(default=None, allow_inf_nan=False)
    """Metres of British National Grid."""
    northing_m: float | None = Field(default=None, allow_inf_nan=False)
    """Metres of British National Grid."""
    lon: float | None = Field(default=None, ge=-180, le=180)
    """Degrees east."""
    lat: float | None = Field(default=None, ge=-90, le=90)
    """Degrees north."""
    junction: int | None = None
    """OSM id of a point where roads meet or end."""

    @model_validator(mode="after")
    def _one_place(self) -> Self:
        given = [key for key, value in self if value is not None]
        if given not in (["easting_m", "northing_m"], ["lon", "lat"], ["junction"]):
            msg = "give easting_m and northing_m, or lon and lat, or junction"
            raise ValueError(msg)
        return self


class NewRoad(ScenarioTable):
    """``[[roads.changes]]`` of kind "new": a road that joins the others at its two ends only."""

    kind: Literal["new"]
    """A road that is not there yet."""
    title: Title
    """For people: "Chisholm Trail bridge"."""
    start: RoadEnd | None = None
    """Where it begins."""
    end: RoadEnd | None = None
    """Where it ends."""
    line: FilePath | None = None
    """Instead of ``start`` and ``end``: a file with one line, in the direction of traffic."""
    layer: str | None = None
    """Layer of the GeoPackage, where it has several."""
    road_class: str = Field(default="unclassified", pattern=r"^[a-z_]+$")
    """Value of OSM's ``highway``."""
    name: str = ""
    """Of the street."""
    is_one_way: bool = False
    """Whether it may be used from start to end only."""
    limit_mph: float | None = Field(default=None, ge=1, le=100)
    """Speed limit; the usual one of the class unless given."""
    snap_limit_m: float = Field(default=50.0, gt=0, le=1000)
    """An end farther than this from every open road is refused."""

    @property
    def file(self) -> str | None:
        """The file that it names."""
        return self.line

    @model_validator(mode="after")
    def _one_course(self) -> Self:
        ends = [self.start, self.end]
        if (self.line is None) != all(ends) or (self.line is not None and any(ends)):
            msg = "give start and end, or a line"
            raise ValueError(msg)
        return self


RoadsChange = CloseRoads | SlowRoads | OneWayRoads | NewRoad


class RoadsTable(ScenarioTable):
    """``[roads]``: how travel times come about."""

    network: FilePath | None = None
    """Roads: .osm.pbf, Overpass JSON, osmnx GraphML or GeoPackage. Without it, straight lines."""
    layer: str | None = None
    """Layer of a GeoPackage of roads that has several."""
    ferries: bool = False
    """Whether ferries of an OSM file may be taken, with a wait before boarding."""
    least_connected_share: float = Field(default=0.9, ge=0, le=1)
    """Roads of which less of the length is joined are refused; lower it where islands are meant."""
    mode: TravelMode = TravelMode.CAR
    """How residents travel to a site."""
    staff_mode: TravelMode = TravelMode.CAR
    """How staff travel between visits."""
    detour_factor: float = Field(default=1.3, ge=1, le=5)
    """Road metres per straight metre, where there are no roads."""
    snap_limit_m: float = Field(default=1000.0, gt=0, le=20_000)
    """A place farther than this from every road is refused or unserved."""
    speeds: FilePath | None = None
    """Speeds and delays of your own, laid out as ntgeo/roads/speeds.toml; `ntgeo roads calibrate`
    writes one."""
    departs_at: LocalTime | None = None
    """When residents set out, such as 08:30:00; without it, between the peaks."""
    staff_departs_at: LocalTime | None = None
    """The time of day whose traffic staff meet all day long; without it, between the peaks."""
    changes: tuple[Annotated[RoadsChange, Field(discriminator="kind")], ...] = ()
    """What if: roads closed, slowed, made one-way or built."""

    @model_validator(mode="after")
    def _what_needs_roads(self) -> Self:
        keys = ("speeds", "departs_at", "staff_departs_at", "changes")
        asked = [key for key in keys if getattr(self, key)]
        if asked and self.network is None:
            msg = f"{' and '.join(asked)} mean nothing on straight lines; name a network"
            raise ValueError(msg)
        return self
