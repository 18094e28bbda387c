"""Sites of a service: those there are, and those there could be."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any, Final

import numpy as np
import numpy.typing as npt
import pandas as pd
import shapely

from ntgeo.domain.places import CandidateSite, Location, SiteId, SiteStatus
from ntgeo.errors import Fault, first_five
from ntgeo.sources.amounts import Amounts, Range, parse_amounts
from ntgeo.sources.area_codes import duplicate_faults
from ntgeo.sources.clock import ClockError, parse_day
from ntgeo.sources.delimited import Sheet
from ntgeo.sources.headings import match_headings, missing_column
from ntgeo.sources.local_file import raise_faults, refuse
from ntgeo.sources.locate import LOCATION_COLUMNS, Gazetteer, Points, locate_rows
from ntgeo.sources.tables import TextTable, read_sheet, select_columns
from ntgeo.sources.unique_ids import alike_notes, parse_words
from ntgeo.sources.vector_file import read_features

__all__ = ["SiteTable", "find_shared_places", "read_site_table", "read_sites"]

_AMOUNT: Final = Range(high=1e12, may_be_blank=True)
_AMOUNTS: Final = ("capacity", "fixed_cost_gbp", "attractiveness")
_POINT_SUFFIXES: Final = frozenset({".geojson", ".json", ".gpkg", ".shp"})
_OPTIONAL: Final = (
    *("site_id", "name", "status", "capacity", "fixed_cost_gbp", "is_open_today"),
    *("zone", "attractiveness", "services", "opened_on", "closed_on"),
)
_YES: Final = frozenset({"yes", "y", "true", "1", "open"})
_NO: Final = frozenset({"no", "n", "false", "0", "closed", ""})
_SAME_PLACE_M: Final = 5.0
_YEAR: Final = re.compile(r"(19|20)\d\d")


@dataclass(frozen=True, slots=True, kw_only=True)
class SiteTable:
    """Sites by id, and what the user should know of the reading."""

    sites: tuple[CandidateSite, ...]
    notes: tuple[str, ...] = ()


def read_sites(  # noqa: PLR0913 - the scenario may state each of these
    path: Path | str,
    *,
    columns: Mapping[str, str] | None = None,
    postcodes: pd.DataFrame | None = None,
    centroids: pd.DataFrame | None = None,
    status: SiteStatus | str | None = None,
    id_prefix: str = "",
    where: Mapping[str, Collection[str]] | None = None,
) -> tuple[CandidateSite, ...]:
    """Read sites as :func:`read_site_table`, and return them by id.

    Raises:
        InputError: A row is wrong; all faults are told.
        DuplicateIdError: An id stands twice.
    """
    return read_site_table(
        path,
        columns=columns,
        postcodes=postcodes,
        centroids=centroids,
        status=status,
        id_prefix=id_prefix,
        where=where,
    ).sites


def read_site_table(  # noqa: PLR0913 - the scenario may state each of these
    path: Path | str,
    *,
    columns: Mapping[str, str] | None = None,
    postcodes: pd.DataFrame | None = None,
    centroids: pd.DataFrame | None = None,
    status: SiteStatus | str | None = None,
    id_prefix: str = "",
    where: Mapping[str, Collection[str]] | None = None,
    service: str | None = None,
) -> SiteTable:
    """Read sites from a table, or from the points of a GeoJSON, GeoPackage or Shapefile.

    Columns: ``site_id, name, status, capacity, fixed_cost_gbp, is_open_today, zone,
    attractiveness, services, opened_on, closed_on`` (all but the name may be absent) and a location
    (``easting, northing``, ``lon, lat``, ``postcode`` or ``lsoa``). Where the file has no ids,
    sites are numbered in order of name and place. ``services`` are those a site is fitted for.

    Args:
        path: The file.
        columns: Canonical name → the file's own heading, where they differ.
        postcodes: Of :func:`~ntgeo.sources.read_postcodes`, for sites placed by postcode.
        centroids: Of :func:`~ntgeo.sources.read_centroids`, for sites placed by LSOA.
        status: Of every site, where the file has no such column; a candidate without it.
        id_prefix: Put before every id, so that several files can be joined.
        where: Heading → values; only rows with one of them in that column are read.
        service: The one that is sited; sites that are not fitted out for it are told.

    Raises:
        InputError: A row is wrong; all faults are told.
        DuplicateIdError: An id stands twice.
    """
    sheet = (
        _points_sheet(path) if Path(path).suffix.lower() in _POINT_SUFFIXES else read_sheet(path)
    )
    table = select_columns(sheet, columns=columns, optional=(*_OPTIONAL, *LOCATION_COLUMNS))
    if not table.has("name") and not table.has("site_id"):
        raise_faults([missing_column(sheet.file, "name", sheet.headings)])
    keep = _kept(sheet, where or {})
    if not keep.any():
        what = f"no row has {_where_text(where or {})}"
        refuse(sheet.file, what, "check the condition in the scenario", "no-rows")
    table = table.take(keep)
    gazetteer = Gazetteer(postcodes=postcodes, centroids=centroids)
    points = locate_rows(table, gazetteer, mapped=columns)
    amounts = {name: parse_amounts(table, name, _AMOUNT) for name in _AMOUNTS}
    told = (note for amount in amounts.values() for note in amount.notes)
    return SiteTable(
        sites=_built(table, points, amounts, status, id_prefix),
        notes=(
            *table.notes,
            *alike_notes(table, "site_id"),
            *points.notes,
            *told,
            *_unfit_note(table, service),
        ),
    )


def _unfit_note(table: TextTable, service: str | None) -> tuple[str, ...]:
    """Tell which sites are fitted out, but not for the service that is sited."""
    named = table.texts("site_id") if table.has("site_id") else table.texts("name")
    unfit = [
        f"{named[row]} ({'; '.join(sorted(offers))})"
        for row, text in enumerate(table.texts("services"))
        if service is not None
        and (offers := parse_words(str(text)))
        and service.casefold() not in offers
    ]
    if not unfit:
        return ()
    note = f'{table.file}: these sites have no "{service}", only what is in brackets'
    return (f"{note}; they may open all the same: {first_five(unfit)}.",)


def _refuse_closed_first(table: TextTable, faults: list[Fault]) -> None:
    for row in range(len(table)):
        days = [_day(table, row, column, faults) for column in ("opened_on", "closed_on")]
        if days[0] is not None and days[1] is not None and days[1] < days[0]:
            what = f"the site is closed before it opens ({table.texts('opened_on')[row]})"
            fix = "correct one of the two"
            faults.append(table.fault(row, "closed_on", what=what, fix=fix, code="closed-first"))


def _day(table: TextTable, row: int, column: str, faults: list[Fault]) -> date | None:
    text = str(table.texts(column)[row])
    if not text:
        return None
    try:
        return date(int(text), 1, 1) if _YEAR.fullmatch(text) else parse_day(text)
    except ClockError as error:
        fault = table.fault(row, column, what=error.what, fix=error.fix, code=error.code)
        faults.append(fault)
        return None


def _where_text(where: Mapping[str, Collection[str]]) -> str:
    return " and ".join(f"{column} among {sorted(values)}" for column, values in where.items())


def _kept(sheet: Sheet, where: Mapping[str, Collection[str]]) -> npt.NDArray[np.bool_]:
    keep = np.ones(len(sheet.records), dtype=bool)
    for heading, values in where.items():
        found = match_headings(sheet.headings, [heading])
        if heading not in found:
            raise_faults([missing_column(sheet.file, heading, sheet.headings)])
        accepted = {str(value).strip().casefold() for value in values}
        position = found[heading]
        keep &= [record[position].strip().casefold() in accepted for record in sheet.records]
    return keep


def _points_sheet(path: Path | str) -> Sheet:
    features = read_features(path)
    shapes = features.shapes
    missing = shapely.is_missing(shapes) | shapely.is_empty(shapes)
    wrong = ~missing & (shapely.get_type_id(shapes) != shapely.GeometryType.POINT)
    raise_faults(
        [
            Fault(
                file=features.file,
                what=f"feature {i + 1} is {shapes[i].geom_type} where a point is needed",
                fix="give the site as a point",
                code="not-point",
            )
            for i in np.flatnonzero(wrong)
        ]
    )
    is_degrees = features.crs.is_geographic
    if not is_degrees and features.crs.to_epsg() != 27700:  # noqa: PLR2004 - EPSG code
        refuse(features.file, "is neither in EPSG:27700 nor in degrees", "convert it", "crs")
    names = [str(name) for name in features.properties.columns]
    kept = [name for name in names if name.casefold() not in {*LOCATION_COLUMNS} - {"lsoa"}]
    cells = [["" if pd.isna(v) else str(v) for v in features.properties[name]] for name in kept]
    axes = ["lon", "lat"] if is_degrees else ["easting", "northing"]
    where = [
        [_number(x) for x in shapely.get_x(shapes)],
        [_number(y) for y in shapely.get_y(shapes)],
    ]
    return Sheet(
        file=features.file,
        headings=[*kept, *axes],
        records=[list(record) for record in zip(*cells, *where, strict=True)],
        rows=list(range(1, len(shapes) + 1)),
    )


def _number(value: float) -> str:
    return "" if np.isnan(value) else repr(float(value))


def _built(
    table: TextTable,
    points: Points,
    amounts: Mapping[str, Amounts],
    status: SiteStatus | str | None,
    id_prefix: str,
) -> tuple[CandidateSite, ...]:
    capacity, cost, attractiveness = (amounts[name] for name in _AMOUNTS)
    faults = [*points.faults, *capacity.faults, *cost.faults, *attractiveness.faults]
    statuses = _statuses(table, status, faults)
    _refuse_closed_first(table, faults)
    is_open = _open_today(table, faults)
    ids = _given_ids(table, faults)
    raise_faults(faults)
    if ids is None:
        ids = _made_ids(table, points)
    ids = [id_prefix + text for text in ids]
    names, zones = table.texts("name"), table.texts("zone")
    pull = np.nan_to_num(attractiveness.numbers, nan=1.0)
    sites = [
        CandidateSite(
            id=SiteId(ids[i]),
            name=str(names[i]) or ids[i],
            location=Location(
                easting_m=float(points.easting_m[i]), northing_m=float(points.northing_m[i])
            ),
            status=statuses[i],
            is_open_today=is_open[i],
            capacity=_or_none(capacity.numbers[i]),
            fixed_cost_gbp=_or_none(cost.numbers[i]),
            zone=str(zones[i]),
            attractiveness=float(pull[i]),
        )
        for i in range(len(table))
    ]
    return tuple(sorted(sites, key=lambda site: site.id))


def _or_none(value: float) -> float | None:
    return None if np.isnan(value) else float(value)


def _given_ids(table: TextTable, faults: list[Fault]) -> list[str] | None:
    if not table.has("site_id"):
        return None
    ids = table.texts("site_id")
    faults.extend(
        table.fault(int(i), "site_id", what="the id is missing", fix="give one", code="missing-id")
        for i in np.flatnonzero(ids == "")
    )
    faults.extend(duplicate_faults(table, "site_id", ids))
    return [str(text) for text in ids]


def _made_ids(table: TextTable, points: Points) -> list[str]:
    keys: list[tuple[Any, ...]] = [
        (str(name), float(easting), float(northing), i)
        for i, (name, easting, northing) in enumerate(
            zip(table.texts("name"), points.easting_m, points.northing_m, strict=True)
        )
    ]
    width = max(3, len(str(len(keys))))
    ids = [""] * len(keys)
    for rank, key in enumerate(sorted(keys), start=1):
        ids[key[-1]] = f"{rank:0{width}d}"
    return ids


def _statuses(
    table: TextTable, status: SiteStatus | str | None, faults: list[Fault]
) -> list[SiteStatus]:
    default = SiteStatus(status) if status is not None else SiteStatus.CANDIDATE
    known = {member.value: member for member in SiteStatus} | {"": default}
    texts = [str(text).casefold() for text in table.texts("status")]
    faults.extend(
        table.fault(
            i,
            "status",
            what="is not a status",
            fix=f"use one of {', '.join(SiteStatus)}",
            code="bad-status",
        )
        for i, text in enumerate(texts)
        if text not in known
    )
    return [known.get(text, default) for text in texts]


def _open_today(table: TextTable, faults: list[Fault]) -> list[bool]:
    texts = [str(text).casefold() for text in table.texts("is_open_today")]
    faults.extend(
        table.fault(
            i, "is_open_today", what="is not yes or no", fix="write yes or no", code="yes-no"
        )
        for i, text in enumerate(texts)
        if text not in _YES | _NO
    )
    return [text in _YES for text in texts]


def find_shared_places(
    sites: Sequence[CandidateSite], *, within_m: float = _SAME_PLACE_M
) -> tuple[str, ...]:
    """Return a note for each pair of sites that are at the same place.

    Args:
        sites: Any sites.
        within_m: Metres up to which two are the same place.
    """
    ordered = sorted(sites, key=lambda site: site.id)
    if not ordered:
        return ()
    doors = shapely.points([(s.location.easting_m, s.location.northing_m) for s in ordered])
    first, second = shapely.STRtree(doors).query(doors, predicate="dwithin", distance=within_m)
    pairs = sorted((i, j) for i, j in zip(first, second, strict=True) if i < j)
    return tuple(
        f"Sites {ordered[i].id} and {ordered[j].id} are {shapely.distance(doors[i], doors[j]):.0f} "
        "m apart."
        for i, j in pairs
    )
