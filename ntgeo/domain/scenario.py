"""The whole question as one TOML file.

Every table of the file is a class here; every key is documented where it is declared, and
``ntgeo schema`` prints the same as a JSON Schema for editors.
"""

from __future__ import annotations

from typing import Annotated, Literal, Self

from pydantic import Field, StringConstraints, model_validator

from ntgeo.domain.scenario_roads import (
    ChosenRoads,
    CloseRoads,
    NewRoad,
    OneWayRoads,
    RoadEnd,
    RoadsChange,
    RoadsTable,
    SlowRoads,
)
from ntgeo.domain.scenario_rounds import (
    DaylightTable,
    ReplanTable,
    RoundsExplainTable,
    RoundsPricesTable,
    RoundsTable,
    SeededDay,
)
from ntgeo.domain.scenario_siting import (
    CautionsFile,
    DecayTable,
    ExplainTable,
    NextAimTable,
    ServiceTable,
    SitesFile,
    SitesTable,
    SitingTable,
)
from ntgeo.domain.scenario_table import FilePath, ScenarioTable, Title

__all__ = [
    "AreasTable",
    "CautionsFile",
    "ChosenRoads",
    "Cleansing",
    "CleansingTable",
    "CloseRoads",
    "DaylightTable",
    "DecayTable",
    "DemandTable",
    "ExplainTable",
    "NewRoad",
    "NextAimTable",
    "OneWayRoads",
    "RecordsFile",
    "ReplanTable",
    "RoadEnd",
    "RoadsChange",
    "RoadsTable",
    "RoundsExplainTable",
    "RoundsPricesTable",
    "RoundsTable",
    "Scenario",
    "SeededDay",
    "ServiceTable",
    "SitesFile",
    "SitesTable",
    "SitingTable",
    "SlowRoads",
]

Cleansing = Literal["encodings", "layouts", "blanks", "numbers", "dates", "postcodes", "codes"]
"""What may be done to a file so that it can be read: the keys of ``[cleansing]``."""

ScenarioId = Annotated[str, StringConstraints(pattern=r"^[a-z0-9][a-z0-9_-]{0,63}$")]


class CleansingTable(ScenarioTable):
    """``[cleansing]``: what may be done to the files; each time is noted beside the file.

    Where a kind is switched off (``numbers = false``), a file that would need it is refused.
    Repeated rows have a switch of their own: ``repeats`` of ``[[demand.records]]``.
    """

    encodings: bool = True
    """Read UTF-16 and Windows-1252 as well as UTF-8."""
    layouts: bool = True
    """Pass over title rows, take merged cells apart, know headings in other spellings, and columns
    parted by semicolons, tabs or bars."""
    blanks: bool = True
    """Take off non-breaking and other blanks that do not show."""
    numbers: bool = True
    """Read ``£1,234`` as 1234."""
    dates: bool = True
    """Take dates such as 31/12/2025 as day first where a row shows that they are."""
    postcodes: bool = True
    """Read postcodes in any spacing and capitals."""
    codes: bool = True
    """Read area codes and the names of services in any capitals and blanks, and codes in quotes."""

    def allows(self, kind: Cleansing) -> bool:
        """Tell whether a kind of cleansing is switched on."""
        return bool(getattr(self, kind))


class AreasTable(ScenarioTable):
    """``[areas]``: where people live, and how deprived each area is."""

    boundaries: FilePath
    """LSOA polygons: GeoJSON, GeoPackage or Shapefile."""
    layer: str | None = None
    """Layer of the boundaries' GeoPackage, where it has several."""
    code_column: str | None = None
    """Attribute of the boundaries that holds the codes, where it is not named like LSOA21CD."""
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


class RecordsFile(ScenarioTable):
    """``[[demand.records]]``: one file of service use."""

    file: FilePath
    service: str | None = None
    """The service, where the file has no column for it."""
    columns: dict[str, str] = Field(default_factory=dict)
    """Our column = the file's heading, where they differ."""
    age_band: tuple[int, int] | None = None
    """Youngest and oldest age served, both included; rates are per 1,000 of these."""
    sheet: str | None = None
    """Sheet of a workbook that has several."""
    day_first: bool | None = None
    """Whether 03/05/2026 is 3 May, where no date of the file shows it."""
    repeats: Literal["refuse", "add", "drop"] = "refuse"
    """Rows of a table of counts that differ in nothing but their count: refuse or add them; or
    drop rows that are the same as an earlier one altogether."""
    lsoa_year: Literal[2011, 2021] | None = None
    """Census of the codes; those of 2011 are converted to areas of 2021 by ``areas.lookup``."""


class DemandTable(ScenarioTable):
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

    @property
    def named_services(self) -> tuple[str, ...]:
        """Services as the scenario writes them, each once."""
        named = [self.service, *(item.service for item in self.records), *self.age_bands]
        return tuple(dict.fromkeys(name for name in named if name))


class Scenario(ScenarioTable):
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
    basemap: str | None = None
    """Ask for outside map tiles: ``osm``, ``os`` or a name of xyzservices, whose key, if it needs
    one, stands in ``NTGEO_BASEMAP_KEY``. Without it a map fetches nothing."""
    exports: tuple[Literal["parquet", "hyper", "qvd"], ...] = ()
    """Write the layers as GeoParquet too, and the tables for Tableau (hyper) or Qlik (qvd)."""
    cleansing: CleansingTable = CleansingTable()
    """What may be done to the files so that they can be read."""
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
