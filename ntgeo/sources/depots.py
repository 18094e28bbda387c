"""Depots: where shifts start and end."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import numpy as np
import pandas as pd

from ntgeo.domain.places import Location
from ntgeo.domain.routing import Depot, DepotId
from ntgeo.sources.local_file import raise_faults
from ntgeo.sources.locate import LOCATION_COLUMNS, Gazetteer, locate_rows
from ntgeo.sources.tables import read_table
from ntgeo.sources.unique_ids import parse_ids

__all__ = ["read_depots"]


def read_depots(
    path: Path | str,
    *,
    columns: Mapping[str, str] | None = None,
    postcodes: pd.DataFrame | None = None,
    centroids: pd.DataFrame | None = None,
) -> tuple[Depot, ...]:
    """Read depots from CSV or XLSX.

    Columns: ``depot_id``, ``name`` (may be absent) and a location.

    Args:
        path: The file.
        columns: Canonical name → the file's own heading, where they differ.
        postcodes: Of :func:`~ntgeo.sources.read_postcodes`, for depots placed by postcode.
        centroids: Of :func:`~ntgeo.sources.read_centroids`, for depots placed by LSOA.

    Returns:
        Depots by id.

    Raises:
        InputError: A row is wrong; all faults are told.
    """
    table = read_table(
        path, columns=columns, required=("depot_id",), optional=("name", *LOCATION_COLUMNS)
    )
    ids, faults = parse_ids(table, "depot_id")
    gazetteer = Gazetteer(postcodes=postcodes, centroids=centroids)
    points = locate_rows(table, gazetteer, mapped=columns)
    raise_faults([*faults, *points.faults])
    names = table.texts("name")
    depots = [
        Depot(
            id=DepotId(ids[i]),
            name=str(names[i]) or ids[i],
            location=Location(
                easting_m=float(points.easting_m[i]), northing_m=float(points.northing_m[i])
            ),
        )
        for i in np.arange(len(table))
    ]
    return tuple(sorted(depots, key=lambda depot: depot.id))
