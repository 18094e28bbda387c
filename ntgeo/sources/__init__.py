"""Files and official data sets, read into checked tables.

Every reader checks at the door and tells all faults of a table at once. Readers are loaded when
first used, since some of them bring slow packages along.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import lazy_loader

if TYPE_CHECKING:
    from ntgeo.sources.absences import read_absences
    from ntgeo.sources.area_codes import (
        find_missing_area_faults,
        find_vintage,
        find_vintage_faults,
    )
    from ntgeo.sources.area_rules import read_area_rules
    from ntgeo.sources.areas import AreaTable, read_areas
    from ntgeo.sources.centroids import read_centroids
    from ntgeo.sources.depots import DepotTable, read_depot_table, read_depots
    from ntgeo.sources.deprivation import DeprivationTable, read_deprivation
    from ntgeo.sources.hand_plan import read_hand_plan
    from ntgeo.sources.lsoa_lookup import convert_to_2021, read_lsoa_lookup
    from ntgeo.sources.observed_times import read_observed_times
    from ntgeo.sources.point_in_area import areas_of_points
    from ntgeo.sources.points import PointTable, read_points
    from ntgeo.sources.population import PopulationTable, read_population
    from ntgeo.sources.postcodes import read_postcodes
    from ntgeo.sources.record_census import convert_records
    from ntgeo.sources.records import RecordTable, read_records
    from ntgeo.sources.shifts import (
        SHIFT_COLUMNS,
        ShiftTable,
        UsualShift,
        read_shift_table,
        read_shifts,
    )
    from ntgeo.sources.sites import SiteTable, find_shared_places, read_site_table, read_sites
    from ntgeo.sources.tables import TextTable, read_table
    from ntgeo.sources.visit_links import LINK_COLUMNS, read_visit_links
    from ntgeo.sources.visits import VISIT_COLUMNS, VisitTable, read_visit_table, read_visits

__all__ = [
    "LINK_COLUMNS",
    "SHIFT_COLUMNS",
    "VISIT_COLUMNS",
    "AreaTable",
    "DepotTable",
    "DeprivationTable",
    "PointTable",
    "PopulationTable",
    "RecordTable",
    "ShiftTable",
    "SiteTable",
    "TextTable",
    "UsualShift",
    "VisitTable",
    "areas_of_points",
    "convert_records",
    "convert_to_2021",
    "find_missing_area_faults",
    "find_shared_places",
    "find_vintage",
    "find_vintage_faults",
    "read_absences",
    "read_area_rules",
    "read_areas",
    "read_centroids",
    "read_depot_table",
    "read_depots",
    "read_deprivation",
    "read_hand_plan",
    "read_lsoa_lookup",
    "read_observed_times",
    "read_points",
    "read_population",
    "read_postcodes",
    "read_records",
    "read_shift_table",
    "read_shifts",
    "read_site_table",
    "read_sites",
    "read_table",
    "read_visit_links",
    "read_visit_table",
    "read_visits",
]

__getattr__, __dir__, _ = lazy_loader.attach(
    __name__,
    submod_attrs={
        "absences": ["read_absences"],
        "area_codes": ["find_missing_area_faults", "find_vintage", "find_vintage_faults"],
        "area_rules": ["read_area_rules"],
        "areas": ["AreaTable", "read_areas"],
        "centroids": ["read_centroids"],
        "depots": ["DepotTable", "read_depot_table", "read_depots"],
        "deprivation": ["DeprivationTable", "read_deprivation"],
        "hand_plan": ["read_hand_plan"],
        "lsoa_lookup": ["convert_to_2021", "read_lsoa_lookup"],
        "observed_times": ["read_observed_times"],
        "point_in_area": ["areas_of_points"],
        "points": ["PointTable", "read_points"],
        "population": ["PopulationTable", "read_population"],
        "postcodes": ["read_postcodes"],
        "record_census": ["convert_records"],
        "records": ["RecordTable", "read_records"],
        "shifts": ["SHIFT_COLUMNS", "ShiftTable", "UsualShift", "read_shift_table", "read_shifts"],
        "sites": ["SiteTable", "find_shared_places", "read_site_table", "read_sites"],
        "tables": ["TextTable", "read_table"],
        "visit_links": ["LINK_COLUMNS", "read_visit_links"],
        "visits": ["VISIT_COLUMNS", "VisitTable", "read_visit_table", "read_visits"],
    },
)
