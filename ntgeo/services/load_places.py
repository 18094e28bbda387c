"""Reads where people live, how many they are, and how deprived each area is."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from ntgeo import sources
from ntgeo.domain.places import Location
from ntgeo.domain.units import METRES_PER_KILOMETRE
from ntgeo.errors import Fault, InputError, UnknownIdError, first_five, first_of_each_kind
from ntgeo.progress import SILENT, Progress
from ntgeo.services.far_places import refuse_far_places
from ntgeo.services.look_ups import load_lsoa_lookup
from ntgeo.services.question import Question
from ntgeo.sources.deprivation import NO_DATA

__all__ = ["Places", "load_places", "read_boundaries"]

_STRAYED_M = 1_000.0
"""Boundaries are drawn more simply than they run, and centroids are rounded."""
_FEW_MISSING_SHARE = 0.2
AGE_COLUMNS = [f"age_{age}" for age in range(91)]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Places:
    """The demand areas of a scenario.

    Args:
        areas: ``lsoa, name, ward, geometry`` (EPSG:27700), ``easting_m, northing_m`` (of the
            centroid), ``population``, and ``imd_score, imd_rank, imd_decile`` and the domains where
            deprivation is known; in ascending order of ``lsoa``.
        ages: ``lsoa, age_0 … age_90`` in the same order; ``None`` where only totals are known.
        vintage: ``"2011"``, ``"2021"`` or ``"sample"``.
        edition: Of the deprivation index; ``None`` without one.
        notes: What a reader must know.
        set_aside: Why areas have no deprivation or no rates, a fault each.
        population_year: Of the estimate; ``None`` where it is not told.
    """

    areas: gpd.GeoDataFrame
    ages: pd.DataFrame | None
    vintage: str
    edition: str | None
    notes: tuple[str, ...]
    set_aside: tuple[Fault, ...] = ()
    population_year: int | None = None

    @property
    def codes(self) -> tuple[str, ...]:
        """LSOA codes in ascending order."""
        return tuple(self.areas["lsoa"])

    @property
    def centroids(self) -> dict[str, Location]:
        """Centroid of each area, by code."""
        return {
            code: Location(easting_m=x, northing_m=y)
            for code, x, y in zip(
                self.areas["lsoa"],
                self.areas["easting_m"].tolist(),
                self.areas["northing_m"].tolist(),
                strict=True,
            )
        }


def load_places(question: Question, *, progress: Progress = SILENT) -> Places:
    """Read the ``[areas]`` table of a scenario.

    Raises:
        InputError: A file is faulty, or lacks one of the areas.
        DataUnavailableError: A file is not there.
    """
    progress.stage("Reading areas, population and deprivation")
    table = question.scenario.areas
    boundaries = read_boundaries(question)
    question.log(
        "areas.boundaries", table.boundaries, rows=len(boundaries.frame), notes=boundaries.notes
    )
    question.vintage = boundaries.vintage
    found = _Found(question=question, vintage=boundaries.vintage)
    found.notes.extend(boundaries.notes)
    areas = boundaries.frame
    found.notes.extend(_gaps_note(found, table.boundaries, list(areas["lsoa"])))
    areas = areas.join(_centroids(found, areas), on="lsoa")
    population = _population(found, list(areas["lsoa"]))
    people = population.frame
    ages = people[["lsoa", *AGE_COLUMNS]] if "age_0" in people else None
    areas = areas.merge(people[["lsoa", "population"]], on="lsoa", validate="1:1")
    edition = None
    if table.deprivation is not None:
        areas, edition = _with_deprivation(found, areas)
    found.notes.extend(f"No data: {line}" for line in first_of_each_kind(found.set_aside))
    for note in found.notes:
        progress.note(note)
    return Places(
        areas=areas,
        ages=ages,
        vintage=boundaries.vintage,
        edition=edition,
        notes=tuple(found.notes),
        set_aside=tuple(found.set_aside),
        population_year=population.year,
    )


def read_boundaries(question: Question) -> sources.AreaTable:
    """Read the boundaries of a scenario by themselves.

    Raises:
        InputError: The file is faulty.
        DataUnavailableError: It is not there.
    """
    table = question.scenario.areas
    return sources.read_areas(
        question.path_of("areas.boundaries", table.boundaries),
        code_column=table.code_column,
        layer=table.layer,
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class _Found:
    """What goes along while the files are read: the census of the areas, and what is noted."""

    question: Question
    vintage: str
    notes: list[str] = field(default_factory=list)
    set_aside: list[Fault] = field(default_factory=list)

    def log(self, role: str, file: str, rows: int, notes: tuple[str, ...] = ()) -> None:
        """Log a file that was read, and tell what was done to it."""
        self.question.log(role, file, rows=rows, notes=notes)
        self.notes.extend(notes)

    def put_aside(self, reasons: Mapping[str, Fault], codes: Iterable[str]) -> None:
        """Tell why areas lack something, as far as they are of the scenario."""
        self.set_aside.extend(reasons[code] for code in codes if code in reasons)


def _centroids(found: _Found, areas: gpd.GeoDataFrame) -> pd.DataFrame:
    file = found.question.scenario.areas.centroids
    if file is None:
        what = "Areas are placed at the middle of their polygon: no centroids were given."
        found.notes.append(what)
        middle = areas.geometry.representative_point()
        return pd.DataFrame({"easting_m": middle.x, "northing_m": middle.y}).set_axis(areas["lsoa"])
    table = sources.read_centroids(found.question.path_of("areas.centroids", file))
    centroids = table.read
    found.log("areas.centroids", file, len(centroids), table.notes)
    _refuse_other_census(found, file, centroids["lsoa"], list(areas["lsoa"]))
    _refuse_missing(file, areas["lsoa"], centroids["lsoa"], "centroid")
    placed = centroids.set_index("lsoa").loc[list(areas["lsoa"]), ["easting_m", "northing_m"]]
    locations = {
        str(code): Location(easting_m=x, northing_m=y)
        for code, x, y in placed.itertuples(name=None)
    }
    refuse_far_places(locations, areas, file=file, column="lsoa")
    found.notes.extend(_strayed_note(file, areas, placed))
    return placed


def _strayed_note(file: str, areas: gpd.GeoDataFrame, placed: pd.DataFrame) -> list[str]:
    """Tell which centroids lie well outside their own area, as none does that is its own."""
    points = shapely.points(placed["easting_m"], placed["northing_m"])
    distance_m = shapely.distance(areas.geometry.to_numpy(), points)
    strayed = [
        f"{code} ({metres / METRES_PER_KILOMETRE:,.1f} km)"
        for code, metres in zip(areas["lsoa"], distance_m.tolist(), strict=True)
        if metres > _STRAYED_M
    ]
    if not strayed:
        return []
    return [f"{file}: centroids outside their own area: {first_five(strayed)}; check them."]


def _gaps_note(found: _Found, file: str, codes: list[str]) -> list[str]:
    """Tell which areas of a district the boundaries lack, where they hold most of it."""
    lookup = load_lsoa_lookup(found.question)
    if lookup is None or found.vintage not in {"2011", "2021"}:
        return []
    own = "lsoa11" if found.vintage == "2011" else "lsoa21"
    of_districts = lookup[lookup["district"] != ""].drop_duplicates(own)
    notes = []
    for district, known in of_districts.groupby("district")[own]:
        missing = sorted(set(known) - set(codes))
        if 0 < len(missing) <= _FEW_MISSING_SHARE * len(known):
            what = f"{file}: lacks {len(missing):,} of the {len(known):,} areas of {district}"
            notes.append(f"{what}: {first_five(missing)}; nobody there is planned for.")
    return notes


def _population(found: _Found, codes: list[str]) -> sources.PopulationTable:
    """Read the residents of the areas, in their order."""
    file = found.question.scenario.areas.population
    table = sources.read_population(found.question.path_of("areas.population", file))
    found.log("areas.population", file, len(table.frame), table.notes)
    _refuse_other_census(found, file, table.frame["lsoa"], codes)
    _refuse_missing(file, codes, table.frame["lsoa"], "population")
    chosen = table.frame.set_index("lsoa").loc[codes].reset_index()
    if not (chosen["population"] > 0).any():
        fault = Fault(
            file=file, what="no area has any residents", fix="use another file", code="no-residents"
        )
        raise InputError(fault)
    found.put_aside(table.empty, codes)
    return replace(table, frame=chosen)


def _with_deprivation(found: _Found, areas: gpd.GeoDataFrame) -> tuple[gpd.GeoDataFrame, str]:
    file = found.question.scenario.areas.deprivation
    assert file is not None  # noqa: S101 - the caller asked because there is one
    table = sources.read_deprivation(found.question.path_of("areas.deprivation", file))
    found.log("areas.deprivation", file, len(table.frame), table.notes)
    codes = [str(code) for code in areas["lsoa"]]
    index = "the index of 2025 (IoD or WIMD)" if found.vintage == "2021" else "that of 2019"
    fix = f"use {index}, which has the areas' own codes, or convert this one by the ONS look-up"
    _refuse_other_census(found, file, table.frame["lsoa"], codes, fix=fix)
    without = sorted(set(codes) - set(table.frame["lsoa"]))
    if len(without) == len(areas):
        _refuse_missing(file, areas["lsoa"], table.frame["lsoa"], "deprivation")
    if without:
        found.notes.append(
            f'No deprivation is known for {first_five(without)}; shown as "no data".'
        )
    absent = {
        code: Fault(
            file=file,
            column="lsoa",
            value=code,
            what=f"this area has no row; {NO_DATA}",
            fix="use the index of the areas' own census, which covers every area",
            code="no-deprivation",
        )
        for code in without
    }
    found.put_aside({**table.set_aside, **absent}, codes)
    return areas.merge(table.frame, on="lsoa", how="left", validate="1:1"), table.edition


def _refuse_other_census(
    found: _Found, file: str, codes: pd.Series, areas: list[str], *, fix: str | None = None
) -> None:
    faults = sources.find_vintage_faults(
        list(codes), areas, load_lsoa_lookup(found.question), file=file, vintage=found.vintage
    )
    if faults:
        raise UnknownIdError([replace(fault, fix=fix or fault.fix) for fault in faults])


def _refuse_missing(file: str, wanted: pd.Series | list[str], found: pd.Series, what: str) -> None:
    missing = sorted(set(wanted) - set(found))
    if not missing:
        return
    raise UnknownIdError(
        Fault(
            file=file,
            column="lsoa",
            what=f"no {what} for {len(missing):,} of {len(np.unique(list(wanted))):,} areas: "
            f"{first_five(missing)}",
            fix="use a file that covers every area, of the same year as the boundaries",
            code=f"no-{what}",
        )
    )
