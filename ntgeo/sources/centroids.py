"""Population-weighted centroids of LSOAs."""

from __future__ import annotations

from pathlib import Path

import pandas as pd

from ntgeo.sources.area_codes import code_notes, parse_lsoa_codes
from ntgeo.sources.local_file import raise_faults
from ntgeo.sources.locate import Gazetteer, locate_rows
from ntgeo.sources.noted import Noted
from ntgeo.sources.tables import read_table

__all__ = ["read_centroids"]


def read_centroids(path: Path | str) -> Noted[pd.DataFrame]:
    """Read population-weighted centroids, as the ONS publishes them.

    Args:
        path: CSV or XLSX with an LSOA code and easting and northing, or lon and lat.

    Returns:
        Columns ``lsoa, easting_m, northing_m`` (EPSG:27700), by code.

    Raises:
        InputError: A code or a place is wrong, or a code stands twice.
    """
    table = read_table(path, required=("lsoa",), optional=("easting", "northing", "lon", "lat"))
    codes, faults = parse_lsoa_codes(table, is_unique=True)
    points = locate_rows(table.without("lsoa"), Gazetteer())
    faults.extend(points.faults)
    raise_faults(faults)
    frame = pd.DataFrame(
        {"lsoa": codes, "easting_m": points.easting_m, "northing_m": points.northing_m}
    )
    notes = (*table.notes, *code_notes(table), *points.notes)
    return Noted(read=frame.sort_values("lsoa", ignore_index=True), notes=notes)
