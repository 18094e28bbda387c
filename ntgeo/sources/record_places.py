"""The area of each service record, by its code, its postcode or its coordinates."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

import numpy as np
import pandas as pd

from ntgeo.errors import Fault, first_five
from ntgeo.sources.amounts import read_numbers
from ntgeo.sources.areas import AreaTable
from ntgeo.sources.cell_text import clean_cell
from ntgeo.sources.coded import CodedTable
from ntgeo.sources.headings import nearest_heading
from ntgeo.sources.local_file import raise_faults, refuse
from ntgeo.sources.locate import Gazetteer, coarse_note, is_coarse, locate_rows
from ntgeo.sources.point_in_area import areas_of_points
from ntgeo.sources.postcode_text import explain_postcode, normalise_postcodes, postcode_note
from ntgeo.sources.record_columns import Judged, Reason, first_row, judge_areas
from ntgeo.sources.tables import TextTable

__all__ = ["find_record_areas"]

_WAYS: Final = (("lsoa",), ("postcode",), ("easting", "northing"), ("lon", "lat"))
_NO_REASON: Final = ("cannot be placed", "check the coordinates", "bad-location")


def find_record_areas(
    table: CodedTable,
    mapped: Mapping[str, str],
    postcodes: pd.DataFrame | None,
    areas: AreaTable | Sequence[str] | None,
) -> Judged:
    """Return the LSOA of each record; ``""`` for coordinates that lie in none of the areas.

    Raises:
        MissingColumnError: No column says where the records are.
        InputError: Postcodes or coordinates cannot be placed for want of a look-up or shapes.
    """
    there = [way for way in _WAYS if all(column in table.columns for column in way)]
    there.sort(key=lambda way: not all(column in mapped for column in way))
    if not there:
        found = first_five(clean_cell(heading) for heading in table.all_headings)
        near = nearest_heading(("lsoa21cd", "postcode", "easting"), table.all_headings)
        hint = f'; did you mean "{near}"' if near else ""
        what = f"no column says where the records are; found {found}{hint}"
        fix = "map one to lsoa, postcode, easting and northing, or lon and lat"
        raise_faults([Fault(file=table.file, row=1, what=what, fix=fix, code="missing-column")])
    way = there[0]
    if way == ("lsoa",):
        return judge_areas(table)
    if way == ("postcode",):
        if postcodes is None:
            what = "records are placed by postcode, but no postcode look-up is given"
            refuse(table.file, what, "name a postcode file (ONSPD or NSPL)", "no-postcodes")
        return _by_postcode(table, postcodes)
    if not isinstance(areas, AreaTable):
        what = "records are placed by coordinates, but the shapes of the areas are not given"
        fix = "name a boundary file, or give each record its LSOA code"
        refuse(table.file, what, fix, "no-areas")
    return _by_point(table, way, areas)


def _by_postcode(table: CodedTable, postcodes: pd.DataFrame) -> Judged:
    texts = table.columns["postcode"]
    known = normalise_postcodes(texts.texts)
    lsoa_of = postcodes.drop_duplicates("postcode").set_index("postcode")["lsoa"]
    found = lsoa_of.reindex(pd.Index(known, dtype="object")).fillna("").to_numpy(dtype=object)
    wrong = found == ""
    notes: tuple[str, ...] = ()
    mended = (known != texts.texts) & ~wrong
    if mended.any():
        count = int(mended[texts.codes].sum())
        first = first_row(table, texts, mended)
        notes = (postcode_note(table.file, table.headings["postcode"], count, first),)
    return Judged(
        column="postcode",
        found=found[texts.codes],
        wrong=wrong[texts.codes],
        reason=lambda row: explain_postcode(str(known[texts.codes[row]])),
        is_hidden=True,
        notes=notes,
    )


def _by_point(table: CodedTable, way: tuple[str, ...], areas: AreaTable) -> Judged:
    pairs = pd.DataFrame({name: table.columns[name].codes for name in way})
    group, places = _different(pairs)
    first_row = np.full(len(places), len(table), dtype=np.int64)
    np.minimum.at(first_row, group, np.arange(len(table)))
    frame = pd.DataFrame(
        {name: table.columns[name].texts[places[name].to_numpy()] for name in way}, dtype=object
    )
    texts = TextTable(
        file=table.file, frame=frame, rows=table.rows[first_row], headings=table.headings
    )
    points = locate_rows(texts, Gazetteer(), is_hidden=True)
    area = areas_of_points(points.easting_m, points.northing_m, areas.frame.geometry.to_numpy())
    codes = areas.frame["lsoa"].to_numpy(dtype=object)
    found = np.where(area >= 0, codes[area], "")
    why = {fault.row: (fault.what, fault.fix, fault.code) for fault in points.faults}

    def reason(row: int) -> Reason:
        return why.get(int(texts.rows[group[row]]), _NO_REASON)

    return Judged(
        column=way[0],
        found=found[group],
        wrong=np.isnan(points.easting_m)[group],
        reason=reason,
        is_hidden=True,
        notes=_coarse_notes(texts, way, group),
    )


def _coarse_notes(texts: TextTable, way: tuple[str, ...], group: np.ndarray) -> tuple[str, ...]:
    if way != ("lon", "lat"):
        return ()
    lon, lat = (read_numbers(pd.Series(texts.texts(name), dtype="object"))[0] for name in way)
    return coarse_note(texts.file, int(is_coarse(lon, lat)[group].sum()))


def _different(pairs: pd.DataFrame) -> tuple[np.ndarray, pd.DataFrame]:
    grouped = pairs.groupby(list(pairs.columns), sort=False)
    return grouped.ngroup().to_numpy(), pairs.drop_duplicates(ignore_index=True)
