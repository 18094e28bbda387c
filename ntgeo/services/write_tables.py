"""The tables and layers of a run."""

from __future__ import annotations

from collections.abc import Iterator

import geopandas as gpd
import pandas as pd

from ntgeo import reports
from ntgeo.reports.columns import columns_table
from ntgeo.services.answer_scenario import Rounds, Siting
from ntgeo.services.desk import Desk

__all__ = ["write_for_staff", "write_layers", "write_tables"]

Described = Iterator[tuple[str, str]]


def write_tables(desk: Desk) -> Described:
    """Write every table as CSV, and all of them as a workbook; yield each file and what it is."""
    shown: dict[str, pd.DataFrame] = {}
    for name, table, description in _tables(desk):
        fit = shown[name.removesuffix(".csv")] = desk.as_shown(table)
        reports.write_csv_table(desk.folder / name, fit)
        yield name, description
    meanings = columns_table(shown)
    reports.write_csv_table(desk.folder / "columns.csv", meanings)
    yield "columns.csv", "What each column of each table means"
    reports.write_xlsx(desk.folder / "tables.xlsx", {**shown, "columns": meanings})
    yield "tables.xlsx", "All tables as a workbook"


def _tables(desk: Desk) -> Iterator[tuple[str, pd.DataFrame, str]]:
    demand = desk.answer.demand
    rejects = desk.rejects
    if len(rejects):
        yield "rejects.csv", rejects, "Rows that were set aside, and why"
    yield "demand.csv", desk.shown.by_area, "Use, rates and expected use by area and service"
    if desk.shown.by_decile is not None and demand.inequality is not None:
        yield "use_by_decile.csv", desk.shown.by_decile, "Use by national deprivation decile"
        yield "inequality.csv", demand.inequality, "Slope and relative index of inequality"
    if desk.answer.siting is not None:
        yield from _siting_tables(desk, desk.answer.siting)
    if desk.answer.rounds is not None:
        yield from _rounds_tables(desk.answer.rounds)


def _siting_tables(desk: Desk, siting: Siting) -> Iterator[tuple[str, pd.DataFrame, str]]:
    problem, plan = siting.problem, siting.plan
    areas = reports.siting_areas_table(problem, plan, desk.area_facts)
    yield "sites.csv", reports.siting_sites_table(problem, plan), "Every site and its use"
    yield "areas.csv", areas, "Every area: its site, and its journey before and after"
    if "imd_decile" in desk.area_facts:
        by_decile = reports.access_by_decile_table(
            areas, travel_limit_s=problem.rules.travel_limit_s
        )
        yield "access_by_decile.csv", by_decile, "Journeys before and after, by deprivation"


def _rounds_tables(rounds: Rounds) -> Iterator[tuple[str, pd.DataFrame, str]]:
    problem, plan = rounds.problem, rounds.plan
    yield "stops.csv", reports.rounds_stops_table(problem, plan), "Every stop of every round"
    yield "shifts.csv", reports.rounds_shifts_table(problem, plan), "Every shift in figures"
    yield "unmade.csv", reports.unmade_table(problem, plan), "Visits not made, and why"


def write_layers(desk: Desk) -> Described:
    """Write every layer into one GeoPackage; yield the file and what it is."""
    layers: dict[str, gpd.GeoDataFrame] = {}
    siting, rounds = desk.answer.siting, desk.answer.rounds
    if siting is not None:
        found = reports.siting_layers(siting.problem, siting.plan, desk.answer.places.areas)
        layers |= {name: desk.as_shown(layer) for name, layer in found.items()}
    if rounds is not None:
        layers |= reports.rounds_layers(rounds.problem, rounds.plan, rounds.paths)
    if layers:
        reports.write_geopackage(desk.folder / "plan.gpkg", layers)
        yield "plan.gpkg", "The plans as map layers (EPSG:27700) for QGIS and others"


def write_for_staff(desk: Desk) -> Described:
    """Write a calendar and a track for each round; yield each file and what it is."""
    rounds = desk.answer.rounds
    if rounds is None:
        return
    written = [
        *reports.write_calendars(desk.folder / "calendars", rounds.problem, rounds.plan),
        *reports.write_gpx(desk.folder / "gpx", rounds.problem, rounds.plan, rounds.paths),
    ]
    kinds = {".ics": "A round as a calendar", ".gpx": "A round as a track for satnavs"}
    for path in written:
        yield path.relative_to(desk.folder).as_posix(), kinds[path.suffix]
