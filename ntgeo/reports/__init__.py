"""Tables, charts, pages and exports of plans.

Plans become tidy tables and GeoDataFrames; these become files that other tools open, plain English,
charts, pictures, the report and route sheets. Every column is told in :data:`COLUMNS`.
"""

from __future__ import annotations

from ntgeo.reports.columns import COLUMNS, Column, ColumnKind
from ntgeo.reports.exports import write_csv_table, write_geopackage, write_xlsx
from ntgeo.reports.layers import RoutePaths, rounds_layers, siting_layers, to_geodataframe
from ntgeo.reports.rounds_tables import rounds_shifts_table, rounds_stops_table, unmade_table
from ntgeo.reports.sentences import five_sentences, rounds_sentences, siting_sentences
from ntgeo.reports.siting_tables import (
    access_by_decile_table,
    access_summary,
    siting_areas_table,
    siting_sites_table,
)

__all__ = [
    "COLUMNS",
    "Column",
    "ColumnKind",
    "RoutePaths",
    "access_by_decile_table",
    "access_summary",
    "five_sentences",
    "rounds_layers",
    "rounds_sentences",
    "rounds_shifts_table",
    "rounds_stops_table",
    "siting_areas_table",
    "siting_layers",
    "siting_sentences",
    "siting_sites_table",
    "to_geodataframe",
    "unmade_table",
    "write_csv_table",
    "write_geopackage",
    "write_xlsx",
]
