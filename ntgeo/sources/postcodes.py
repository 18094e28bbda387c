"""Postcode look-ups: ONSPD, NSPL and files like them."""

from __future__ import annotations

from pathlib import Path
from typing import Final

import numpy as np
import numpy.typing as npt
import pandas as pd

from ntgeo.domain.places import LSOA_PATTERN
from ntgeo.errors import Fault, first_five
from ntgeo.sources.area_codes import clean_codes
from ntgeo.sources.coded import CodedTable, read_coded
from ntgeo.sources.local_file import raise_faults
from ntgeo.sources.noted import Noted
from ntgeo.sources.postcode_text import POSTCODE_PATTERN, normalise_postcodes

__all__ = ["read_postcodes"]

_MOST_ROWS: Final = 4_000_000


def read_postcodes(
    path: Path | str, *, vintage: str | None = None, with_terminated: bool = True
) -> Noted[pd.DataFrame]:
    """Read where postcodes are.

    The columns of the ONS Postcode Directory and the National Statistics Postcode Lookup are known
    by their pattern in every edition: ``pcds`` (or ``pcd7``, ``pcd8``, ``pcd``), ``oseast1m`` or
    ``east1m``, ``osnrth1m`` or ``north1m``, ``lsoa11``, ``lsoa21``, ``lsoa11cd`` or ``lsoa21cd``
    and ``doterm``; so are plain ``postcode, easting, northing`` with an LSOA code.

    Args:
        path: CSV or XLSX.
        vintage: ``"2011"`` or ``"2021"``: which LSOA code is wanted where a file has both; without
            it the one of 2021.
        with_terminated: Whether postcodes no longer in use are kept; old records hold them.

    Returns:
        Columns ``postcode`` (as "NE29 7PG"), ``easting_m, northing_m`` (EPSG:27700), ``lsoa``
        (``""`` outside England and Wales), by postcode. Postcodes without a place are left out.

    Raises:
        InputError: No such columns, a postcode is malformed or stands in two places,
            or a place is no number.
    """
    table = read_coded(
        path,
        required=("postcode", "easting", "northing"),
        optional=("lsoa11", "lsoa21", "lsoa", "doterm"),
        most_rows=_MOST_ROWS,
    )
    keep = np.ones(len(table), dtype=bool)
    if not with_terminated and "doterm" in table.columns:
        keep &= table.columns["doterm"].is_blank
    postcode, faults = _postcodes(table, keep)
    easting = _metres(table, "easting", faults)
    northing = _metres(table, "northing", faults)
    raise_faults(faults)
    frame = pd.DataFrame(
        {
            "postcode": postcode,
            "easting_m": easting,
            "northing_m": northing,
            "lsoa": _lsoas(table, vintage),
            "row": table.rows,
        }
    )
    placed = keep & np.isfinite(easting) & np.isfinite(northing) & (easting > 0)
    told = ["postcode", "easting_m", "northing_m", "lsoa"]
    frame = frame[placed].drop_duplicates(told).sort_values("postcode", ignore_index=True)
    raise_faults(_conflicts(table.file, frame))
    nowhere = int((keep & ~placed).sum())
    notes = list(table.notes)
    if nowhere:
        many = "1 postcode has" if nowhere == 1 else f"{nowhere:,} postcodes have"
        notes.append(f"{table.file}: {many} no easting and northing; nothing is placed by them.")
    if again := int(placed.sum()) - len(frame):
        many = "1 row says" if again == 1 else f"{again:,} rows say"
        notes.append(f"{table.file}: {many} the same as another, which is read once.")
    return Noted(read=frame[told], notes=tuple(notes))


def _postcodes(
    table: CodedTable, keep: npt.NDArray[np.bool_]
) -> tuple[npt.NDArray[np.object_], list[Fault]]:
    column = table.columns["postcode"]
    texts = normalise_postcodes(column.texts)
    valid = pd.Series(texts, dtype="object").str.fullmatch(POSTCODE_PATTERN).to_numpy(dtype=bool)
    faults = [
        table.fault(
            int(i), "postcode", what="is not a postcode", fix="correct it", code="bad-postcode"
        )
        for i in np.flatnonzero(~valid[column.codes] & keep)
    ]
    return texts[column.codes], faults


def _metres(table: CodedTable, name: str, faults: list[Fault]) -> npt.NDArray[np.float64]:
    """Return metres, NaN where blank; a fault for whatever else is no number."""
    column = table.columns[name]
    texts = pd.Series(column.texts, dtype="object")
    values = pd.to_numeric(texts, errors="coerce").to_numpy(dtype=np.float64)
    wrong = ~np.isfinite(values) & (texts != "").to_numpy(dtype=bool)
    faults.extend(
        table.fault(
            int(i),
            name,
            what="is not a number",
            fix="correct it, or leave it blank where the postcode has no place",
            code="bad-number",
        )
        for i in np.flatnonzero(wrong[column.codes])
    )
    return np.where(wrong, np.nan, values)[column.codes]


def _lsoas(table: CodedTable, vintage: str | None) -> npt.NDArray[np.object_]:
    order = ("lsoa11", "lsoa21", "lsoa") if vintage == "2011" else ("lsoa21", "lsoa11", "lsoa")
    name = next((name for name in order if name in table.columns), None)
    if name is None:
        return np.full(len(table), "", dtype=object)
    column = table.columns[name]
    cleaned = clean_codes(column.texts)
    known = [code if LSOA_PATTERN.fullmatch(code) else "" for code in cleaned]
    return np.array(known, dtype=object)[column.codes]


def _conflicts(file: str, frame: pd.DataFrame) -> list[Fault]:
    repeated = frame[frame["postcode"].duplicated(keep=False)]
    return [
        Fault(
            file=file,
            row=int(rows.iloc[0]),
            column="postcode",
            value=str(postcode),
            what=f"stands on rows {first_five(f'{row:,}' for row in rows)}, in different places",
            fix="keep one",
            code="duplicate-id",
        )
        for postcode, rows in repeated.groupby("postcode")["row"]
    ]
