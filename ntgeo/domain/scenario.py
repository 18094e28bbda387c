"""The whole question as one TOML file.

Every table of the file is a class here; every key is documented where it is declared, and
``ntgeo schema`` prints the same as a JSON Schema for editors.
"""

from __future__ import annotations

from datetime import date, time
from typing import Annotated, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, Strict, StringConstraints, model_validator

from ntgeo.domain.matrix import TravelMode
from ntgeo.domain.places import SiteStatus
from ntgeo.domain.siting import SitingObjective

__all__ = [
    "AreasTable",
    "ChosenRoads",
    "CloseRoads",
    "DemandTable",
    "NewRoad",
    "OneWayRoads",
    "RecordsFile",
    "RoadEnd",
    "RoadsChange",
    "RoadsTable",
    "RoundsTable",
    "Scenario",
    "SeededDay",
    "SitesFile",
    "SitesTable",
    "SitingTable",
    "SlowRoads",
]

ScenarioId = Annotated[str, StringConstraints(pattern=r"^[a-z0-9][a-z0-9_-]{0,63}$")]
FilePath = Annotated[str, StringConstraints(min_length=1, max_length=1024)]
LocalTime = Annotated[time, Strict()]
Title = Annotated[str, StringConstraints(min_length=1, max_length=200)]
Seconds = Annotated[float, Field(gt=0, le=900)]


class _Table(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, use_attribute_docstrings=True)


class AreasTable(_Table):
    """``[areas]``: where people live, and how deprived each area is."""

    boundaries: FilePath
    """LSOA polygons: GeoJSON, GeoPackage or Shapefile."""
    population: FilePath
    """Residents by LSOA, by single year of age where it is there: CSV, XLSX or Parquet."""
    deprivation: FilePath | None = None
    """IoD 2019, IoD 2025 or WIMD 2019 by LSOA."""
    centroids: FilePath | None = None
    """Population-weighted centroids; without them the middle of each polygon is used."""
    lookup: FilePath | None = None
    """The LSOA 2011 to 2021 lookup, used to explain and to convert codes of the other year."""
    postcodes: FilePath | None = None
    """Postcode look-up: ONSPD, NSPL or Code-Point columns."""


class RecordsFile(_Table):
    """``[[demand.records]]``: one file of service use."""

    file: FilePath
    service: str | None = None
    """The service, where the file has no column for it."""
    columns: dict[str, str] = Field(default_factory=dict)
    """Our column = the file's heading, where they differ."""
    age_band: tuple[int, int] | None = None
    """Youngest and oldest age served, both included; rates are per 1,000 of these."""


class DemandTable(_Table):
    """``[demand]``: service use, and what it weighs when sites are chosen."""

    records: tuple[RecordsFile, ...] = Field(min_length=1)
    service: str | None = None
    """The service to site; needed where the records hold several."""
    weight: Literal["observed", "expected", "population"] = "observed"
    """What an area weighs: its use, the use its people would be expected to make, or its people."""
    mix: dict[Literal["observed", "expected", "population"], float] | None = None
    """Instead of ``weight``: shares that sum to 1, each scaled to the same total."""
    deprivation_weight: float = Field(default=0.0, ge=0, le=10)
    """How much more the most deprived decile counts: 0.5 means half as much again."""
    age_bands: dict[str, tuple[int, int]] = Field(default_factory=dict)
    """Age band by service, for records that hold several services."""


class ChosenRoads(_Table):
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


class RoadEnd(_Table):
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


class NewRoad(_Table):
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


class RoadsTable(_Table):
    """``[roads]``: how travel times come about."""

    network: FilePath | None = None
    """Roads: .osm.pbf, Overpass JSON, osmnx GraphML or GeoPackage. Without it, straight lines."""
    layer: str | None = None
    """Layer of a GeoPackage of roads that has several."""
    ferries: bool = False
    """Whether ferries of an OSM file may be taken, with a wait before boarding."""
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


class SitesFile(_Table):
    """``[[sites.files]]``: one file of sites."""

    file: FilePath
    columns: dict[str, str] = Field(default_factory=dict)
    """Our column = the file's heading, where they differ."""
    status: SiteStatus | None = None
    """What may be done with them, where the file has no column for it."""
    id_prefix: str = ""
    """Put before each id, so that two files do not clash."""
    where: dict[str, list[str]] = Field(default_factory=dict)
    """Keep only the rows whose column holds one of these values."""


class SitesTable(_Table):
    """``[sites]``: where the service is, or could be."""

    files: tuple[SitesFile, ...] = Field(min_length=1)
    required: tuple[str, ...] = ()
    """Ids that must be open."""
    excluded: tuple[str, ...] = ()
    """Ids that must not be open."""


class SitingTable(_Table):
    """``[siting]``: which sites to choose."""

    objective: SitingObjective = SitingObjective.P_MEDIAN
    """What to make best."""
    site_count: int | None = None
    """How many sites are open; set-cover finds it itself."""
    travel_limit_min: float | None = Field(default=None, gt=0, le=600)
    """Minutes beyond which an area counts as unserved."""
    inequality_aversion: float = Field(default=1.0, gt=0, le=10)
    """For kolm-pollak only: how much more a long journey weighs."""
    time_limit_s: Seconds = 60.0
    """The solver's time limit."""


class SeededDay(_Table):
    """``[rounds.seeded]``: a made-up day of visits at real postcodes, for trying things out."""

    visits: int = Field(ge=1, le=2000)
    """How many visits."""
    staff: int = Field(ge=1, le=200)
    """How many members of staff."""


class RoundsTable(_Table):
    """``[rounds]``: a day's visits, and the staff who turned up."""

    day: date
    """The day of the plan, in Europe/London."""
    depots: FilePath | None = None
    visits: FilePath | None = None
    shifts: FilePath | None = None
    visit_columns: dict[str, str] = Field(default_factory=dict)
    """Our column = the visits file's heading, where they differ."""
    shift_columns: dict[str, str] = Field(default_factory=dict)
    """Our column = the shifts file's heading, where they differ."""
    seeded: SeededDay | None = None
    """Instead of the three files."""
    time_limit_s: Seconds = 60.0
    """The solver's time limit."""

    @model_validator(mode="after")
    def _one_kind_of_day(self) -> Self:
        files = [self.depots, self.visits, self.shifts]
        if self.seeded is None and not all(files):
            msg = "name all of depots, visits and shifts, or ask for a [rounds.seeded] day"
            raise ValueError(msg)
        if self.seeded is not None and any(files):
            msg = "[rounds.seeded] stands instead of depots, visits and shifts; remove one"
            raise ValueError(msg)
        return self


class Scenario(_Table):
    """The whole question."""

    id: ScenarioId
    """Names the folder of its runs; a-z, 0-9, - and _."""
    title: Title
    """For people."""
    description: str = ""
    """Why the question is asked."""
    data_folder: str = "."
    """Where the files lie, relative to this file; ``${NAME}`` or ``${NAME:-default}`` is replaced
    by an environment variable."""
    is_synthetic: bool = False
    """Whether the place is made up; every page then says so."""
    seed: int = Field(default=1, ge=0)
    """Of every random choice."""
    sources: tuple[str, ...] = ()
    """Where the data came from and under which licence, shown on every map."""
    disclosure_rule: Literal["local-5", "ons-10", "nhs-hes"] | None = "local-5"
    """How small counts are protected in every map, table and report."""
    basemap: Literal["osm"] | None = None
    """Ask for outside map tiles; without it a map fetches nothing."""
    areas: AreasTable
    demand: DemandTable
    roads: RoadsTable = RoadsTable()
    sites: SitesTable | None = None
    siting: SitingTable | None = None
    rounds: RoundsTable | None = None

    @model_validator(mode="after")
    def _siting_needs_sites(self) -> Self:
        if self.siting is not None and self.sites is None:
            msg = "[siting] needs [[sites.files]]"
            raise ValueError(msg)
        if self.rounds is not None and self.rounds.seeded and self.areas.postcodes is None:
            msg = "[rounds.seeded] needs areas.postcodes to draw addresses from"
            raise ValueError(msg)
        return self
