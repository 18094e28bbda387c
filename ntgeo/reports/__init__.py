"""Tables, charts, pages and exports of plans.

Plans become tidy tables and GeoDataFrames; these become files that other tools open, plain English,
charts, pictures, the report and route sheets. Every column is told in :data:`COLUMNS`.

Nothing is imported until it is asked for: the drawing libraries take a second to load.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from ntgeo.reports.calendars import write_calendars
    from ntgeo.reports.cartography import Picture
    from ntgeo.reports.columns import COLUMNS, Column, ColumnKind, columns_table
    from ntgeo.reports.content import (
        DemandSection,
        ReportContent,
        RoundsSection,
        SitingSection,
    )
    from ntgeo.reports.demand_tables import expected_by_decile_table, unmet_areas_table
    from ntgeo.reports.exports import (
        write_csv_table,
        write_geopackage,
        write_geoparquet,
        write_xlsx,
    )
    from ntgeo.reports.gpx import write_gpx
    from ntgeo.reports.layers import RoutePaths, rounds_layers, siting_layers, to_geodataframe
    from ntgeo.reports.mileage import mileage_gbp
    from ntgeo.reports.page import write_report
    from ntgeo.reports.rounds_picture import draw_rounds_picture
    from ntgeo.reports.rounds_tables import (
        rounds_shifts_table,
        rounds_stops_table,
        unmade_table,
    )
    from ntgeo.reports.route_sheets import write_route_sheets
    from ntgeo.reports.sentences import five_sentences, rounds_sentences, siting_sentences
    from ntgeo.reports.siting_picture import draw_siting_picture
    from ntgeo.reports.siting_tables import (
        access_by_decile_table,
        access_summary,
        siting_areas_table,
        siting_sites_table,
    )

_HOME = {
    "COLUMNS": "columns",
    "Column": "columns",
    "ColumnKind": "columns",
    "DemandSection": "content",
    "Picture": "cartography",
    "ReportContent": "content",
    "RoundsSection": "content",
    "RoutePaths": "layers",
    "SitingSection": "content",
    "access_by_decile_table": "siting_tables",
    "access_summary": "siting_tables",
    "columns_table": "columns",
    "draw_rounds_picture": "rounds_picture",
    "draw_siting_picture": "siting_picture",
    "expected_by_decile_table": "demand_tables",
    "five_sentences": "sentences",
    "mileage_gbp": "mileage",
    "rounds_layers": "layers",
    "rounds_sentences": "sentences",
    "rounds_shifts_table": "rounds_tables",
    "rounds_stops_table": "rounds_tables",
    "siting_areas_table": "siting_tables",
    "siting_layers": "layers",
    "siting_sentences": "sentences",
    "siting_sites_table": "siting_tables",
    "to_geodataframe": "layers",
    "unmade_table": "rounds_tables",
    "unmet_areas_table": "demand_tables",
    "write_calendars": "calendars",
    "write_csv_table": "exports",
    "write_geopackage": "exports",
    "write_geoparquet": "exports",
    "write_gpx": "gpx",
    "write_report": "page",
    "write_route_sheets": "route_sheets",
    "write_xlsx": "exports",
}

__all__ = [
    "COLUMNS",
    "Column",
    "ColumnKind",
    "DemandSection",
    "Picture",
    "ReportContent",
    "RoundsSection",
    "RoutePaths",
    "SitingSection",
    "access_by_decile_table",
    "access_summary",
    "columns_table",
    "draw_rounds_picture",
    "draw_siting_picture",
    "expected_by_decile_table",
    "five_sentences",
    "mileage_gbp",
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
    "unmet_areas_table",
    "write_calendars",
    "write_csv_table",
    "write_geopackage",
    "write_geoparquet",
    "write_gpx",
    "write_report",
    "write_route_sheets",
    "write_xlsx",
]


def __getattr__(name: str) -> Any:
    """Import a public name from its file when it is first asked for."""
    if name not in _HOME:
        msg = f"module {__name__!r} has no attribute {name!r}"
        raise AttributeError(msg)
    return getattr(import_module(f"{__name__}.{_HOME[name]}"), name)


def __dir__() -> list[str]:
    """List the public names."""
    return sorted(__all__)
