"""Tables, charts, pages and exports of plans.

Plans become tidy tables and GeoDataFrames; these become files that other tools open, plain English,
charts, pictures, the report and route sheets. Every column is told in :data:`COLUMNS`.

Nothing is imported until it is asked for: the drawing libraries take a second to load.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import lazy_loader

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
        safe_cell,
        write_csv_table,
        write_geopackage,
        write_geoparquet,
        write_xlsx,
    )
    from ntgeo.reports.gpx import write_gpx
    from ntgeo.reports.layers import RoutePaths, rounds_layers, siting_layers, to_geodataframe
    from ntgeo.reports.page import write_report
    from ntgeo.reports.printing import write_pdf
    from ntgeo.reports.rejects import rejects_table
    from ntgeo.reports.roads_effect import (
        RoadsEffect,
        roads_effect,
        roads_effect_sentences,
        roads_effect_table,
    )
    from ntgeo.reports.rounds_asked import changes_table, next_best_table, offers_table
    from ntgeo.reports.rounds_effects import rounds_continuity_table, rounds_costs_table
    from ntgeo.reports.rounds_picture import draw_rounds_picture
    from ntgeo.reports.rounds_sentences import rounds_sentences
    from ntgeo.reports.rounds_tables import (
        rounds_shifts_table,
        rounds_stops_table,
        unmade_table,
    )
    from ntgeo.reports.route_sheets import write_route_sheets
    from ntgeo.reports.sentences import five_sentences
    from ntgeo.reports.shared_tables import (
        shared_answer,
        shared_services_table,
        shared_sites_table,
    )
    from ntgeo.reports.siting_access import (
        access_by_age_table,
        access_by_decile_table,
        access_summary,
        supply_by_decile_table,
    )
    from ntgeo.reports.siting_page import siting_answer
    from ntgeo.reports.siting_picture import draw_siting_picture
    from ntgeo.reports.siting_sentences import siting_sentences
    from ntgeo.reports.siting_tables import (
        siting_allocations_table,
        siting_areas_table,
        siting_sites_table,
    )
    from ntgeo.reports.visual_tools import require_exports, write_hyper, write_qvd
    from ntgeo.reports.way_text import ways_in_words

__all__ = [
    "COLUMNS",
    "Column",
    "ColumnKind",
    "DemandSection",
    "Picture",
    "ReportContent",
    "RoadsEffect",
    "RoundsSection",
    "RoutePaths",
    "SitingSection",
    "access_by_age_table",
    "access_by_decile_table",
    "access_summary",
    "changes_table",
    "columns_table",
    "draw_rounds_picture",
    "draw_siting_picture",
    "expected_by_decile_table",
    "five_sentences",
    "next_best_table",
    "offers_table",
    "rejects_table",
    "require_exports",
    "roads_effect",
    "roads_effect_sentences",
    "roads_effect_table",
    "rounds_continuity_table",
    "rounds_costs_table",
    "rounds_layers",
    "rounds_sentences",
    "rounds_shifts_table",
    "rounds_stops_table",
    "safe_cell",
    "shared_answer",
    "shared_services_table",
    "shared_sites_table",
    "siting_allocations_table",
    "siting_answer",
    "siting_areas_table",
    "siting_layers",
    "siting_sentences",
    "siting_sites_table",
    "supply_by_decile_table",
    "to_geodataframe",
    "unmade_table",
    "unmet_areas_table",
    "ways_in_words",
    "write_calendars",
    "write_csv_table",
    "write_geopackage",
    "write_geoparquet",
    "write_gpx",
    "write_hyper",
    "write_pdf",
    "write_qvd",
    "write_report",
    "write_route_sheets",
    "write_xlsx",
]

__getattr__, __dir__, _ = lazy_loader.attach(
    __name__,
    submod_attrs={
        "rounds_asked": ["changes_table", "next_best_table", "offers_table"],
        "calendars": ["write_calendars"],
        "cartography": ["Picture"],
        "columns": ["COLUMNS", "Column", "ColumnKind", "columns_table"],
        "content": ["DemandSection", "ReportContent", "RoundsSection", "SitingSection"],
        "demand_tables": ["expected_by_decile_table", "unmet_areas_table"],
        "exports": [
            "safe_cell",
            "write_csv_table",
            "write_geopackage",
            "write_geoparquet",
            "write_xlsx",
        ],
        "gpx": ["write_gpx"],
        "layers": ["RoutePaths", "rounds_layers", "siting_layers", "to_geodataframe"],
        "page": ["write_report"],
        "printing": ["write_pdf"],
        "roads_effect": [
            "RoadsEffect",
            "roads_effect",
            "roads_effect_sentences",
            "roads_effect_table",
        ],
        "rounds_effects": ["rounds_continuity_table", "rounds_costs_table"],
        "rejects": ["rejects_table"],
        "rounds_picture": ["draw_rounds_picture"],
        "rounds_sentences": ["rounds_sentences"],
        "rounds_tables": ["rounds_shifts_table", "rounds_stops_table", "unmade_table"],
        "route_sheets": ["write_route_sheets"],
        "sentences": ["five_sentences"],
        "siting_sentences": ["siting_sentences"],
        "shared_tables": ["shared_answer", "shared_services_table", "shared_sites_table"],
        "siting_access": [
            "access_by_age_table",
            "access_by_decile_table",
            "access_summary",
            "supply_by_decile_table",
        ],
        "siting_page": ["siting_answer"],
        "siting_picture": ["draw_siting_picture"],
        "siting_tables": [
            "siting_allocations_table",
            "siting_areas_table",
            "siting_sites_table",
        ],
        "visual_tools": ["require_exports", "write_hyper", "write_qvd"],
        "way_text": ["ways_in_words"],
    },
)
