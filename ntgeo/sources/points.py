"""Tables of points: any places with an id, and perhaps a weight."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np

from ntgeo.domain.places import Location
from ntgeo.sources.amounts import Range, parse_amounts
from ntgeo.sources.local_file import raise_faults
from ntgeo.sources.locate import Gazetteer, locate_rows
from ntgeo.sources.tables import read_table
from ntgeo.sources.unique_ids import parse_ids

__all__ = ["PointTable", "read_points"]

_COORDINATES: Final = ("easting", "northing", "lon", "lat")
_WEIGHTS: Final = Range(low=0.0, high=1e9)


@dataclass(frozen=True, slots=True, kw_only=True)
class PointTable:
    """Places by id.

    Args:
        locations: In British National Grid, in order of id.
        weights: What each counts for; ``None`` where no such column was asked for.
        notes: What was read leniently.
    """

    locations: Mapping[str, Location]
    weights: Mapping[str, float] | None
    notes: tuple[str, ...] = ()


def read_points(
    path: Path | str, *, weight: str | None = None, columns: Mapping[str, str] | None = None
) -> PointTable:
    """Read places from CSV or XLSX; no column but those named here is read.

    Columns: ``id`` (also ``site_id``, ``visit_id``, ``lsoa`` and their like), and ``easting`` and
    ``northing`` or ``lon`` and ``lat``.

    Args:
        path: The file.
        weight: Heading of the column that tells what a place counts for.
        columns: Canonical name → the file's own heading, where they differ.

    Raises:
        InputError: A row is wrong; all faults are told.
        DataUnavailableError: There is no such file.
    """
    mapped = {**(columns or {}), **({} if weight is None else {"weight": weight})}
    required = ("id",) if weight is None else ("id", "weight")
    table = read_table(path, columns=mapped, required=required, optional=_COORDINATES)
    ids, faults = parse_ids(table, "id")
    points = locate_rows(table, Gazetteer(), mapped=columns)
    amounts = None if weight is None else parse_amounts(table, "weight", _WEIGHTS)
    raise_faults([*faults, *points.faults, *(() if amounts is None else amounts.faults)])
    order = np.argsort(np.array(ids, object), kind="stable").tolist()
    return PointTable(
        locations={
            ids[row]: Location(
                easting_m=float(points.easting_m[row]), northing_m=float(points.northing_m[row])
            )
            for row in order
        },
        weights=None
        if amounts is None
        else {ids[row]: float(amounts.numbers[row]) for row in order},
        notes=(*points.notes, *(() if amounts is None else amounts.notes)),
    )
