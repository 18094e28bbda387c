"""Files and official data sets, read into checked tables.

Every reader checks at the door and tells all faults of a table at once. Readers are loaded when
first used, since some of them bring slow packages along.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from ntgeo.sources.area_codes import (
        find_missing_area_faults,
        find_vintage,
        find_vintage_faults,
    )
    from ntgeo.sources.areas import AreaTable, read_areas
    from ntgeo.sources.centroids import read_centroids
    from ntgeo.sources.depots import read_depots
    from ntgeo.sources.deprivation import DeprivationTable, read_deprivation
    from ntgeo.sources.lsoa_lookup import convert_to_2021, read_lsoa_lookup
    from ntgeo.sources.point_in_area import areas_of_points
    from ntgeo.sources.population import read_population
    from ntgeo.sources.postcodes import read_postcodes
    from ntgeo.sources.records import RecordTable, read_records
    from ntgeo.sources.shifts import read_shifts
    from ntgeo.sources.sites import find_shared_places, read_sites
    from ntgeo.sources.tables import TextTable, read_table
    from ntgeo.sources.visits import read_visits

__all__ = [
    "AreaTable",
    "DeprivationTable",
    "RecordTable",
    "TextTable",
    "areas_of_points",
    "convert_to_2021",
    "find_missing_area_faults",
    "find_shared_places",
    "find_vintage",
    "find_vintage_faults",
    "read_areas",
    "read_centroids",
    "read_depots",
    "read_deprivation",
    "read_lsoa_lookup",
    "read_population",
    "read_postcodes",
    "read_records",
    "read_shifts",
    "read_sites",
    "read_table",
    "read_visits",
]

_HOME = {
    "AreaTable": "areas",
    "DeprivationTable": "deprivation",
    "RecordTable": "records",
    "TextTable": "tables",
    "areas_of_points": "point_in_area",
    "convert_to_2021": "lsoa_lookup",
    "find_missing_area_faults": "area_codes",
    "find_shared_places": "sites",
    "find_vintage": "area_codes",
    "find_vintage_faults": "area_codes",
    "read_areas": "areas",
    "read_centroids": "centroids",
    "read_depots": "depots",
    "read_deprivation": "deprivation",
    "read_lsoa_lookup": "lsoa_lookup",
    "read_population": "population",
    "read_postcodes": "postcodes",
    "read_records": "records",
    "read_shifts": "shifts",
    "read_sites": "sites",
    "read_table": "tables",
    "read_visits": "visits",
}


def __getattr__(name: str) -> Any:
    """Load a reader when it is first used."""
    if name not in _HOME:
        msg = f"module {__name__!r} has no attribute {name!r}"
        raise AttributeError(msg)
    return getattr(import_module(f"{__name__}.{_HOME[name]}"), name)
