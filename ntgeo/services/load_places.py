"""Reads where people live, how many they are, and how deprived each area is."""

from __future__ import annotations

from dataclasses import dataclass

import geopandas as gpd
import numpy as np
import pandas as pd

from ntgeo import sources
from ntgeo.domain.places import Location
from ntgeo.errors import Fault, InputError, UnknownIdError, first_five
from ntgeo.progress import SILENT, Progress
from ntgeo.services.look_ups import load_lsoa_lookup
from ntgeo.services.question import Question

__all__ = ["Places", "load_places"]

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
    """

    areas: gpd.GeoDataFrame
    ages: pd.DataFrame | None
    vintage: str
    edition: str | None
    notes: tuple[str, ...]

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
    boundaries = sources.read_areas(question.path_of("areas.boundaries", table.boundaries))
    question.log("areas.boundaries", table.boundaries, rows=len(boundaries.frame))
    question.vintage = boundaries.vintage
    areas = boundaries.frame
    notes: list[str] = []
    areas = areas.join(_centroids(question, areas, boundaries.vintage, notes), on="lsoa")
    population = _population(question, list(areas["lsoa"]), boundaries.vintage)
    ages = population[["lsoa", *AGE_COLUMNS]] if "age_0" in population else None
    areas = areas.merge(population[["lsoa", "population"]], on="lsoa", validate="1:1")
    edition = None
    if table.deprivation is not None:
        areas, edition = _with_deprivation(question, areas, boundaries.vintage, notes)
    return Places(
        areas=areas, ages=ages, vintage=boundaries.vintage, edition=edition, notes=tuple(notes)
    )


def _centroids(
    question: Question, areas: gpd.GeoDataFrame, vintage: str, notes: list[str]
) -> pd.DataFrame:
    file = question.scenario.areas.centroids
    if file is None:
        notes.append("Areas are placed at the middle of their polygon: no centroids were given.")
        middle = areas.geometry.representative_point()
        return pd.DataFrame({"easting_m": middle.x, "northing_m": middle.y}).set_axis(areas["lsoa"])
    centroids = sources.read_centroids(question.path_of("areas.centroids", file))
    question.log("areas.centroids", file, rows=len(centroids))
    _refuse_other_census(question, file, centroids["lsoa"], list(areas["lsoa"]), vintage)
    _refuse_missing(file, areas["lsoa"], centroids["lsoa"], "centroid")
    return centroids.set_index("lsoa")[["easting_m", "northing_m"]]


def _population(question: Question, codes: list[str], vintage: str) -> pd.DataFrame:
    file = question.scenario.areas.population
    population = sources.read_population(question.path_of("areas.population", file))
    question.log("areas.population", file, rows=len(population))
    _refuse_other_census(question, file, population["lsoa"], codes, vintage)
    _refuse_missing(file, codes, population["lsoa"], "population")
    chosen = population.set_index("lsoa").loc[codes].reset_index()
    if not (chosen["population"] > 0).any():
        fault = Fault(
            file=file, what="no area has any residents", fix="use another file", code="no-residents"
        )
        raise InputError(fault)
    return chosen


def _with_deprivation(
    question: Question, areas: gpd.GeoDataFrame, vintage: str, notes: list[str]
) -> tuple[gpd.GeoDataFrame, str]:
    file = question.scenario.areas.deprivation
    assert file is not None  # noqa: S101 - the caller asked because there is one
    table = sources.read_deprivation(question.path_of("areas.deprivation", file))
    question.log("areas.deprivation", file, rows=len(table.frame))
    _refuse_other_census(question, file, table.frame["lsoa"], list(areas["lsoa"]), vintage)
    without = sorted(set(areas["lsoa"]) - set(table.frame["lsoa"]))
    if len(without) == len(areas):
        _refuse_missing(file, areas["lsoa"], table.frame["lsoa"], "deprivation")
    if without:
        notes.append(f'No deprivation is known for {first_five(without)}; shown as "no data".')
    return areas.merge(table.frame, on="lsoa", how="left", validate="1:1"), table.edition


def _refuse_other_census(
    question: Question, file: str, codes: pd.Series, areas: list[str], vintage: str
) -> None:
    faults = sources.find_vintage_faults(
        list(codes), areas, load_lsoa_lookup(question), file=file, vintage=vintage
    )
    if faults:
        raise UnknownIdError(faults)


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
