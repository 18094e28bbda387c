"""Depots: where shifts start and end."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np
import pandas as pd

from ntgeo.domain.places import Location
from ntgeo.domain.routing import Depot, DepotId
from ntgeo.errors import first_five
from ntgeo.sources.local_file import raise_faults
from ntgeo.sources.locate import LOCATION_COLUMNS, Gazetteer, locate_rows
from ntgeo.sources.tables import read_table
from ntgeo.sources.unique_ids import alike_notes, parse_ids

__all__ = ["DepotTable", "read_depot_table", "read_depots"]

_YES_NO: Final = {"yes": True, "y": True, "true": True, "1": True} | dict.fromkeys(
    ("no", "n", "false", "0", ""), False
)


@dataclass(frozen=True, slots=True, kw_only=True)
class DepotTable:
    """The depots of a day, by id, and what the user should know of them."""

    depots: tuple[Depot, ...]
    notes: tuple[str, ...] = ()


def read_depots(
    path: Path | str,
    *,
    columns: Mapping[str, str] | None = None,
    postcodes: pd.DataFrame | None = None,
    centroids: pd.DataFrame | None = None,
) -> tuple[Depot, ...]:
    """Read depots as :func:`read_depot_table`, and return them by id.

    Raises:
        InputError: A row is wrong; all faults are told.
    """
    return read_depot_table(path, columns=columns, postcodes=postcodes, centroids=centroids).depots


def read_depot_table(
    path: Path | str,
    *,
    columns: Mapping[str, str] | None = None,
    postcodes: pd.DataFrame | None = None,
    centroids: pd.DataFrame | None = None,
) -> DepotTable:
    """Read depots from CSV or XLSX.

    Columns: ``depot_id``, ``name``, ``is_home`` (these may be absent) and a location.

    Args:
        path: The file.
        columns: Canonical name → the file's own heading, where they differ.
        postcodes: Of :func:`~ntgeo.sources.read_postcodes`, for depots placed by postcode.
        centroids: Of :func:`~ntgeo.sources.read_centroids`, for depots placed by LSOA.

    Raises:
        InputError: A row is wrong; all faults are told.
    """
    table = read_table(
        path,
        columns=columns,
        required=("depot_id",),
        optional=("name", "is_home", *LOCATION_COLUMNS),
    )
    ids, faults = parse_ids(table, "depot_id")
    gazetteer = Gazetteer(postcodes=postcodes, centroids=centroids)
    answers = [str(text).casefold() for text in table.texts("is_home")]
    faults.extend(
        table.fault(
            row, "is_home", what="is neither yes nor no", fix="write yes or no", code="yes-or-no"
        )
        for row, answer in enumerate(answers)
        if answer not in _YES_NO
    )
    homes = [name for name, answer in zip(ids, answers, strict=True) if _YES_NO.get(answer, False)]
    points = locate_rows(table, gazetteer, mapped=columns, is_hidden=bool(homes))
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
    notes = (*table.notes, *alike_notes(table, "depot_id"), *points.notes)
    if homes:
        told = (
            f"{table.file}: somebody lives at {first_five(homes)}; the rounds map, and sheets of "
            "shifts from or to it, show where. Keep those to the person and their manager."
        )
        notes = (*notes, told)
    return DepotTable(depots=tuple(sorted(depots, key=lambda depot: depot.id)), notes=notes)
