"""Where the rows of a table are: easting and northing, lon and lat, postcode or LSOA."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any, Final

import numpy as np
import numpy.typing as npt
import pandas as pd
from pyproj import Transformer

from ntgeo.domain.units import BRITISH_NATIONAL_GRID, METRES_PER_KILOMETRE, WGS84
from ntgeo.errors import HIDDEN, Fault
from ntgeo.sources.amounts import Range, parse_amounts
from ntgeo.sources.area_codes import clean_codes, explain_code
from ntgeo.sources.postcode_text import explain_postcode, normalise_postcodes, postcode_note
from ntgeo.sources.tables import TextTable

__all__ = [
    "BRITISH_LAT",
    "BRITISH_LON",
    "LOCATION_COLUMNS",
    "Gazetteer",
    "Points",
    "coarse_note",
    "is_coarse",
    "locate_rows",
    "to_national_grid",
]

LOCATION_COLUMNS: Final = ("easting", "northing", "lon", "lat", "postcode", "lsoa")
_WAYS: Final = (("easting", "northing"), ("lon", "lat"), ("postcode",), ("lsoa",))
_ANY: Final = Range(low=-1e12, high=1e12, may_be_blank=True)
_GRID_EAST_M: Final = (0.0, 700_000.0)
_GRID_NORTH_M: Final = (0.0, 1_300_000.0)
BRITISH_LON: Final = (-9.0, 2.5)
BRITISH_LAT: Final = (49.5, 61.0)
_MOST_DEGREES: Final = 180.0
_NOWHERE: Final = ("0, 0 stands for no place", "give its coordinates, or leave both blank")
_SAME: Final = 1e-9

Floats = npt.NDArray[np.float64]
Bools = npt.NDArray[np.bool_]


@dataclass(frozen=True, slots=True, kw_only=True)
class Gazetteer:
    """What is known of where postcodes and areas are.

    Args:
        postcodes: Of :func:`~ntgeo.sources.read_postcodes`; ``None`` if there is none.
        centroids: Of :func:`~ntgeo.sources.read_centroids`; ``None`` if there are none.
    """

    postcodes: pd.DataFrame | None = None
    centroids: pd.DataFrame | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Points:
    """Where each row is, in British National Grid.

    Args:
        easting_m: (rows,) NaN where not known.
        northing_m: (rows,) NaN where not known.
        faults: One for each row that cannot be placed, with the reason.
        notes: What was read leniently.
    """

    easting_m: Floats
    northing_m: Floats
    faults: tuple[Fault, ...]
    notes: tuple[str, ...] = ()


@cache
def _transformer() -> Any:
    return Transformer.from_crs(WGS84, BRITISH_NATIONAL_GRID, always_xy=True)


def to_national_grid(lon: Floats, lat: Floats) -> tuple[Floats, Floats]:
    """Return easting and northing in metres of WGS84 degrees; NaN stays NaN."""
    easting, northing = _transformer().transform(lon, lat)
    nowhere = ~(np.isfinite(easting) & np.isfinite(northing))
    return np.where(nowhere, np.nan, easting), np.where(nowhere, np.nan, northing)


def _ordered_ways(table: TextTable, mapped: Mapping[str, str] | None) -> list[tuple[str, ...]]:
    there = [way for way in _WAYS if all(table.has(column) for column in way)]
    asked = mapped or {}
    return sorted(there, key=lambda way: not all(column in asked for column in way))


def locate_rows(
    table: TextTable,
    gazetteer: Gazetteer,
    *,
    mapped: Mapping[str, str] | None = None,
    is_hidden: bool = False,
) -> Points:
    """Place every row of a table.

    Coordinates are used first, then postcodes, then areas; columns that the user mapped come
    before all others. A row that is blank in one way is placed by the next.

    Args:
        table: With columns among :data:`LOCATION_COLUMNS`.
        gazetteer: Where postcodes and areas are.
        mapped: The user's column mapping.
        is_hidden: Whether places are personal, and kept out of messages.
    """
    ways = _ordered_ways(table, mapped)
    easting = np.full(len(table), np.nan)
    northing = np.full(len(table), np.nan)
    faults: list[Fault] = []
    notes: list[str] = []
    open_rows = np.ones(len(table), dtype=bool)
    for way in ways:
        filled = _filled(table, way) & open_rows
        if not filled.any():
            continue
        part = table.take(filled)
        found = _by_way(part, way, gazetteer, is_hidden=is_hidden)
        easting[filled], northing[filled] = found.easting_m, found.northing_m
        faults.extend(found.faults)
        notes.extend(found.notes)
        open_rows &= ~filled
    faults.extend(_unplaced(table, open_rows, ways))
    return Points(easting_m=easting, northing_m=northing, faults=tuple(faults), notes=tuple(notes))


def _filled(table: TextTable, way: tuple[str, ...]) -> Bools:
    filled = np.zeros(len(table), dtype=bool)
    for column in way:
        filled |= table.texts(column) != ""
    return filled


def _unplaced(table: TextTable, rows: Bools, ways: Sequence[tuple[str, ...]]) -> list[Fault]:
    if not rows.any():
        return []
    fix = "give easting and northing, lon and lat, a postcode or an LSOA code"
    if not ways:
        what = "no column says where the rows are"
        return [Fault(file=table.file, row=1, what=what, fix=fix, code="missing-column")]
    column = ways[0][0]
    return [
        table.fault(int(i), column, what="no location is given", fix=fix, code="no-location")
        for i in np.flatnonzero(rows)
    ]


def _by_way(
    table: TextTable, way: tuple[str, ...], gazetteer: Gazetteer, *, is_hidden: bool
) -> Points:
    if way == ("easting", "northing"):
        return _by_grid(table, is_hidden=is_hidden)
    if way == ("lon", "lat"):
        return _by_degrees(table, is_hidden=is_hidden)
    if way == ("postcode",):
        return _by_postcode(table, gazetteer.postcodes, is_hidden=is_hidden)
    return _by_lsoa(table, gazetteer.centroids)


def _pair(
    table: TextTable, way: tuple[str, str], *, is_hidden: bool
) -> tuple[Floats, Floats, list[Fault], tuple[str, ...]]:
    first = parse_amounts(table, way[0], _ANY, is_hidden=is_hidden)
    second = parse_amounts(table, way[1], _ANY, is_hidden=is_hidden)
    faults = [*first.faults, *second.faults]
    for column, one, other in ((way[0], first, second), (way[1], second, first)):
        half = (table.texts(column) == "") & ~np.isnan(other.numbers)
        faults.extend(
            table.fault(int(i), column, what="is missing", fix="give both", code="missing-value")
            for i in np.flatnonzero(half & np.isnan(one.numbers))
        )
    return first.numbers, second.numbers, faults, (*first.notes, *second.notes)


def _by_grid(table: TextTable, *, is_hidden: bool) -> Points:
    easting, northing, faults, notes = _pair(table, ("easting", "northing"), is_hidden=is_hidden)
    with np.errstate(invalid="ignore"):
        degrees = (np.abs(easting) <= _MOST_DEGREES) & (np.abs(northing) <= _MOST_DEGREES)
        inside = _within(easting, _GRID_EAST_M) & _within(northing, _GRID_NORTH_M)
    known = ~np.isnan(easting) & ~np.isnan(northing)
    nowhere = (easting == 0) & (northing == 0)
    in_metres = easting * METRES_PER_KILOMETRE, northing * METRES_PER_KILOMETRE
    kilometres = inside & ~degrees & _within(in_metres[0], _GRID_EAST_M)
    kilometres &= _within(in_metres[1], _GRID_NORTH_M)
    reasons = (
        (nowhere, *_NOWHERE),
        (kilometres, "looks like kilometres, not metres", "multiply both by 1000"),
        (known & degrees & ~nowhere, "looks like degrees, not metres of the British National Grid",
         "map the columns as lon and lat"),
        (known & ~degrees & ~inside, "lies outside the British National Grid",
         "check that easting and northing are metres in EPSG:27700"),
    )  # fmt: skip
    wrong = _add_faults(table, ("easting", "northing"), reasons, faults, is_hidden=is_hidden)
    easting[wrong | ~known], northing[wrong | ~known] = np.nan, np.nan
    return Points(easting_m=easting, northing_m=northing, faults=tuple(faults), notes=notes)


def _by_degrees(table: TextTable, *, is_hidden: bool) -> Points:
    lon, lat, faults, notes = _pair(table, ("lon", "lat"), is_hidden=is_hidden)
    known = ~np.isnan(lon) & ~np.isnan(lat)
    nowhere = (lon == 0) & (lat == 0)
    with np.errstate(invalid="ignore"):
        inside = _within(lon, BRITISH_LON) & _within(lat, BRITISH_LAT)
        swapped = _within(lat, BRITISH_LON) & _within(lon, BRITISH_LAT)
        metres = (np.abs(lon) > _MOST_DEGREES) | (np.abs(lat) > _MOST_DEGREES)
    reasons = (
        (nowhere, *_NOWHERE),
        (known & swapped, "lon and lat look swapped", "swap the two columns"),
        (known & metres, "looks like metres of the British National Grid, not degrees",
         "map the columns as easting and northing"),
        (known & ~inside & ~swapped & ~metres & ~nowhere, "lies outside Great Britain",
         "check lon and lat (degrees, WGS84)"),
    )  # fmt: skip
    wrong = _add_faults(table, ("lon", "lat"), reasons, faults, is_hidden=is_hidden)
    usable = known & ~wrong
    easting, northing = to_national_grid(
        np.where(usable, lon, np.nan), np.where(usable, lat, np.nan)
    )
    return Points(
        easting_m=easting,
        northing_m=northing,
        faults=tuple(faults),
        notes=(*notes, *coarse_note(table.file, int(is_coarse(lon, lat).sum()))),
    )


def _within(values: Floats, ends: tuple[float, float]) -> Bools:
    return np.asarray((values >= ends[0]) & (values <= ends[1]))


def is_coarse(lon: Floats, lat: Floats) -> Bools:
    """Tell which degrees have one decimal at most, which is about 11 km."""
    with np.errstate(invalid="ignore"):
        return np.asarray(
            (np.abs(lon * 10 - np.round(lon * 10)) < _SAME)
            & (np.abs(lat * 10 - np.round(lat * 10)) < _SAME)
        )


def coarse_note(file: str, count: int) -> tuple[str, ...]:
    """Return a note of points whose coordinates are coarse."""
    if not count:
        return ()
    note = f"{file}: {count:,} points have coordinates of one decimal (about 11 km)"
    return (f"{note}; where they are put is unreliable.",)


def _add_faults(
    table: TextTable,
    way: tuple[str, str],
    reasons: Sequence[tuple[Bools, str, str]],
    faults: list[Fault],
    *,
    is_hidden: bool,
) -> Bools:
    wrong = np.zeros(len(table), dtype=bool)
    heading = f"{table.headings.get(way[0], way[0])}, {table.headings.get(way[1], way[1])}"
    first, second = table.texts(way[0]), table.texts(way[1])
    for rows, what, fix in reasons:
        wrong |= rows
        faults.extend(
            Fault(
                file=table.file,
                row=int(table.rows[i]),
                column=heading,
                value=HIDDEN if is_hidden else f"{first[i]}, {second[i]}",
                what=what,
                fix=fix,
                code="bad-location",
            )
            for i in np.flatnonzero(rows)
        )
    return wrong


def _by_postcode(table: TextTable, postcodes: pd.DataFrame | None, *, is_hidden: bool) -> Points:
    nowhere = np.full(len(table), np.nan)
    heading = table.headings.get("postcode", "postcode")
    if postcodes is None:
        what = "rows are placed by postcode, but no postcode look-up is given"
        fix = "name a postcode file (ONSPD or NSPL) in the scenario, or give coordinates"
        fault = Fault(file=table.file, column=heading, what=what, fix=fix, code="no-postcodes")
        return Points(easting_m=nowhere, northing_m=nowhere.copy(), faults=(fault,))
    codes = normalise_postcodes(table.texts("postcode"))
    places = postcodes.drop_duplicates("postcode").set_index("postcode")
    found = places.reindex(pd.Index(codes, dtype="object"))
    easting = found["easting_m"].to_numpy(dtype=np.float64, copy=True)
    northing = found["northing_m"].to_numpy(dtype=np.float64, copy=True)
    faults = []
    for i in np.flatnonzero(np.isnan(easting)):
        what, fix, code = explain_postcode(str(codes[i]))
        faults.append(
            table.fault(int(i), "postcode", what=what, fix=fix, code=code, is_hidden=is_hidden)
        )
    mended = np.flatnonzero((codes != table.texts("postcode")) & ~np.isnan(easting))
    notes: tuple[str, ...] = ()
    if len(mended):
        first = int(table.rows[mended[0]])
        notes = (postcode_note(table.file, heading, len(mended), first),)
    return Points(easting_m=easting, northing_m=northing, faults=tuple(faults), notes=notes)


def _by_lsoa(table: TextTable, centroids: pd.DataFrame | None) -> Points:
    nowhere = np.full(len(table), np.nan)
    heading = table.headings.get("lsoa", "lsoa")
    if centroids is None:
        what = "rows are placed by LSOA, but no centroids are given"
        fix = "name a file of population-weighted centroids, or give coordinates"
        fault = Fault(file=table.file, column=heading, what=what, fix=fix, code="no-centroids")
        return Points(easting_m=nowhere, northing_m=nowhere.copy(), faults=(fault,))
    codes = clean_codes(table.texts("lsoa"))
    found = centroids.set_index("lsoa").reindex(pd.Index(codes, dtype="object"))
    easting = found["easting_m"].to_numpy(dtype=np.float64, copy=True)
    northing = found["northing_m"].to_numpy(dtype=np.float64, copy=True)
    unknown = ("is not among the areas", "use the code of an area of the plan", "unknown-lsoa")
    faults = []
    for i in np.flatnonzero(np.isnan(easting)):
        what, fix, code = explain_code(str(codes[i])) or unknown
        faults.append(table.fault(int(i), "lsoa", what=what, fix=fix, code=code))
    return Points(easting_m=easting, northing_m=northing, faults=tuple(faults))
