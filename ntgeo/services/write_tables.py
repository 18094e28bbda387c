"""The tables and layers of a run."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

import geopandas as gpd
import pandas as pd

from ntgeo import reports
from ntgeo.reports.columns import columns_table
from ntgeo.services.answer_rounds import Rounds
from ntgeo.services.desk import Desk
from ntgeo.services.shown_siting import ShownSiting

__all__ = ["write_for_staff", "write_layers", "write_tables"]

_SITING_TABLES: Final = {
    "sites": "Every site and its use",
    "areas": "Every area: its site, and its journey before and after",
    "access_by_decile": "Journeys before and after, by deprivation",
    "access_by_age": "Journeys before and after, by age of residents",
    "supply_by_decile": "Supply within reach of each 1,000 of demand, by deprivation",
    "siting_changes": "What closing and forcing each site would cost",
    "siting_next_best": "The next-best plans",
    "siting_flips": "How far demand and travel times can grow before the answer changes",
    "allocations": "Who goes where, where areas are split",
}
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
    if "hyper" in desk.scenario.exports:
        reports.write_hyper(desk.folder / "tables.hyper", {**shown, "columns": meanings})
        yield "tables.hyper", "All tables for Tableau"
    if "qvd" in desk.scenario.exports:
        for name, table in {**shown, "columns": meanings}.items():
            reports.write_qvd(desk.folder / f"{name}.qvd", table)
            yield f"{name}.qvd", f"{name}.csv for Qlik"


def _tables(desk: Desk) -> Iterator[tuple[str, pd.DataFrame, str]]:
    demand = desk.answer.demand
    rejects = desk.rejects
    if len(rejects):
        yield "rejects.csv", rejects, "Rows that were set aside, and why"
    yield "demand.csv", desk.shown.by_area, "Use, rates and expected use by area and service"
    if desk.shown.by_decile is not None and demand.inequality is not None:
        yield "use_by_decile.csv", desk.shown.by_decile, "Use by national deprivation decile"
        yield "inequality.csv", demand.inequality, "Slope and relative index of inequality"
    if desk.siting is not None:
        yield from _siting_tables(desk.siting)
    if desk.answer.rounds is not None:
        yield from _rounds_tables(desk.answer.rounds)


def _siting_tables(shown: ShownSiting) -> Iterator[tuple[str, pd.DataFrame, str]]:
    for name, table in shown.tables().items():
        if table is not None:
            yield f"{name}.csv", table, _SITING_TABLES[name]


def _rounds_tables(rounds: Rounds) -> Iterator[tuple[str, pd.DataFrame, str]]:
    problem, plan = rounds.problem, rounds.plan
    stops = reports.rounds_stops_table(problem, plan, reports.ways_in_words(rounds.steps))
    yield "stops.csv", stops, "Every stop of every round, and how to go there"
    yield "shifts.csv", reports.rounds_shifts_table(problem, plan), "Every shift in figures"
    yield "unmade.csv", reports.unmade_table(problem, plan), "Visits not made, and why"
    yield "costs.csv", reports.rounds_costs_table(plan), "What the rounds cost, term by term"
    if rounds.next_best:
        table = reports.next_best_table(rounds.next_best)
        yield "next_best.csv", table, "Who would make each visit instead, and what that costs"
    seen = reports.rounds_continuity_table(problem, plan)
    yield "continuity.csv", seen, "Who comes to visits that have usual or preferred staff"


def write_layers(desk: Desk) -> Described:
    """Write every layer into one GeoPackage, and as asked; yield each file and what it is."""
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
    if "parquet" in desk.scenario.exports:
        for name, layer in layers.items():
            reports.write_geoparquet(desk.folder / f"{name}.parquet", layer)
            yield f"{name}.parquet", f"The layer {name} of plan.gpkg as GeoParquet"


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
