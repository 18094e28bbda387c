"""Deprivation indices by LSOA: English IoD 2019 and 2025, Welsh WIMD 2019, and the sample's."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Final

import numpy as np
import numpy.typing as npt
import pandas as pd

from ntgeo.errors import Fault
from ntgeo.sources.amounts import Range, as_whole, parse_amounts
from ntgeo.sources.area_codes import code_notes, find_vintage, parse_lsoa_codes
from ntgeo.sources.deprivation_headings import DOMAINS, MEASURES, find_deprivation_columns
from ntgeo.sources.headings import missing_column
from ntgeo.sources.local_file import raise_faults
from ntgeo.sources.tables import TextTable, read_sheet, select_columns

__all__ = ["AREAS_RANKED", "NO_DATA", "DeprivationTable", "read_deprivation"]

NO_DATA: Final = 'shown as "no data", not as decile 0'
_MOST_SET_ASIDE_SHARE: Final = 0.01

AREAS_RANKED: Final = {
    "IoD 2019": 32_844,
    "IoD 2025": 33_755,
    "WIMD 2019": 1_909,
    "WIMD 2025": 1_917,
}
"""How many areas each edition ranks."""

_RANGES: Final = {
    "score": Range(low=-1e6, may_be_blank=True),
    "rank": Range(low=1, high=40_000, is_whole=True, may_be_blank=True),
    "decile": Range(low=1, high=10, is_whole=True, may_be_blank=True),
}

Floats = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True, kw_only=True)
class DeprivationTable:
    """Deprivation by area.

    Args:
        frame: ``lsoa``, then ``imd_score, imd_rank, imd_decile`` and the same of each domain, as
            far as the file has them; rank and decile 1 are the most deprived, NaN is no data.
        edition: ``"IoD 2019"``, ``"IoD 2025"``, ``"WIMD 2019"``, ``"WIMD 2025"`` or ``"sample"``.
        vintage: Census of its LSOAs: ``"2011"``, ``"2021"`` or ``"sample"``.
        notes: What the user should know of the reading.
        set_aside: LSOA → why it has no IMD decile or lacks another measure.
    """

    frame: pd.DataFrame
    edition: str
    vintage: str
    notes: tuple[str, ...] = ()
    set_aside: Mapping[str, Fault] = field(default_factory=dict)


def read_deprivation(path: Path | str, *, sheet: str | None = None) -> DeprivationTable:
    """Read a deprivation index.

    Layouts: File 7 of the English Indices of Deprivation 2019 and 2025 (Ministry of Housing,
    Communities and Local Government), the short forms of it in common use, and WIMD 2019 (Welsh
    Government). A missing IMD decile is worked out from the rank as the publishers do. Where
    a value cannot be, the area has no data for that domain; in more than one row in a hundred it is
    the file that is wrong.

    Args:
        path: CSV or XLSX with an LSOA code and at least the IMD decile or rank.
        sheet: Sheet of a workbook.

    Raises:
        InputError: A code is wrong, or many scores, ranks or deciles, or ranks run the wrong way.
    """
    source = read_sheet(path, sheet=sheet)
    columns = find_deprivation_columns(source.headings)
    if not {"imd_decile", "imd_rank"} & columns.keys():
        raise_faults([missing_column(source.file, "imd_decile", source.headings)])
    table = select_columns(source, columns=columns, required=("lsoa",))
    codes, faults = parse_lsoa_codes(table, is_unique=True)
    values: dict[str, Floats] = {}
    notes = [*table.notes, *code_notes(table)]
    wrong: list[Fault] = []
    for name in _in_order(columns):
        amounts = parse_amounts(table, name, _RANGES[name.rpartition("_")[2]])
        values[name] = amounts.numbers
        wrong.extend(amounts.faults)
        notes.extend(amounts.notes)
    raise_faults(faults)
    edition, vintage = _edition(table, list(codes))
    wrong.extend(_rank_faults(table, values, edition))
    _set_aside(table, columns, values, wrong)
    _add_decile(values, edition)
    raise_faults([fault for domain in DOMAINS for fault in _direction(table, values, domain)])
    frame = pd.DataFrame({"lsoa": codes, **{n: as_whole(values[n]) for n in _in_order(values)}})
    frame = frame.sort_values("lsoa", ignore_index=True)
    return DeprivationTable(
        frame=frame,
        edition=edition,
        vintage=vintage,
        notes=tuple(notes),
        set_aside=_reasons(table, codes, values["imd_decile"], wrong),
    )


def _set_aside(
    table: TextTable, columns: Mapping[str, str], values: dict[str, Floats], wrong: list[Fault]
) -> None:
    """Forget what a row says of a domain of which one value is wrong; refuse if many are."""
    rows = {fault.row for fault in wrong}
    if len(rows) > max(1, _MOST_SET_ASIDE_SHARE * len(table)):
        raise_faults(wrong)
    domain_of = {heading: name.rpartition("_")[0] for name, heading in columns.items()}
    for fault in wrong:
        row = table.rows == fault.row
        for measure in MEASURES:
            name = f"{domain_of[str(fault.column)]}_{measure}"
            if name in values:
                values[name] = np.where(row, np.nan, values[name])


def _reasons(
    table: TextTable, codes: npt.NDArray[np.object_], decile: Floats, wrong: list[Fault]
) -> dict[str, Fault]:
    """Return LSOA → why it lacks something: no decile, or a value that cannot be."""
    column = "imd_decile" if table.has("imd_decile") else "imd_rank"
    reasons = {
        str(codes[i]): table.fault(
            i,
            column,
            what=f"this area has no IMD decile; {NO_DATA}",
            fix="fill it in from the published index, if it is there",
            code="no-decile",
        )
        for i in np.flatnonzero(~np.isfinite(decile)).tolist()
    }
    code_at = dict(zip(table.rows.tolist(), codes.tolist(), strict=True))
    for fault in reversed(wrong):
        reasons[code_at[fault.row]] = replace(fault, what=f"{fault.what}; {NO_DATA}")
    return reasons


def _in_order(names: object) -> list[str]:
    known = {f"{domain}_{measure}": None for domain in DOMAINS for measure in MEASURES}
    present = set(names)  # type: ignore[call-overload]
    return [name for name in known if name in present]


def _edition(table: TextTable, codes: list[str]) -> tuple[str, str]:
    countries = {code[0] for code in codes}
    if len(countries) > 1:
        what = "mixes English and Welsh areas, whose indices cannot be compared"
        fix = "use one country's index"
        raise_faults([Fault(file=table.file, what=what, fix=fix, code="two-countries")])
    vintage = find_vintage(codes, table.headings["lsoa"])
    if vintage == "sample":
        return "sample", vintage
    if countries == {"W"}:
        return ("WIMD 2025" if vintage == "2021" else "WIMD 2019"), vintage
    return ("IoD 2025" if vintage == "2021" else "IoD 2019"), vintage


def _rank_faults(table: TextTable, values: dict[str, Floats], edition: str) -> list[Fault]:
    ranked = AREAS_RANKED.get(edition, np.inf)
    return [
        table.fault(
            int(i),
            name,
            what=f"is beyond the {ranked:,} areas that {edition} ranks",
            fix="check that the file is of that edition",
            code="bad-rank",
        )
        for name in values
        if name.endswith("_rank")
        for i in np.flatnonzero(np.nan_to_num(values[name]) > ranked)
    ]


def _add_decile(values: dict[str, Floats], edition: str) -> None:
    if "imd_decile" in values:
        return
    rank = values["imd_rank"]
    ranked = AREAS_RANKED.get(edition, int(np.nanmax(rank)) if np.isfinite(rank).any() else 1)
    values["imd_decile"] = np.minimum(np.ceil(rank * 10 / ranked), 10)


def _direction(table: TextTable, values: dict[str, Floats], domain: str) -> list[Fault]:
    """Return faults where a decile contradicts its rank."""
    rank, decile = values.get(f"{domain}_rank"), values.get(f"{domain}_decile")
    if rank is None or decile is None or not table.has(f"{domain}_decile"):
        return []
    known = np.flatnonzero(np.isfinite(rank) & np.isfinite(decile))
    order = known[np.lexsort((decile[known], rank[known]))]
    if order.size == 0:
        return []
    first, last = order[0], order[-1]
    if decile[first] > decile[last]:
        what = (
            f"decile {decile[first]:.0f} has rank {rank[first]:,.0f} and decile "
            f"{decile[last]:.0f} has rank {rank[last]:,.0f}: the two run in opposite directions"
        )
        fix = "1 must be the most deprived in both; turn one of them round"
        column = f"{domain}_decile"
        return [table.fault(int(first), column, what=what, fix=fix, code="reversed-decile")]
    return [
        table.fault(
            int(order[at]),
            f"{domain}_decile",
            what=f"rank {rank[order[at]]:,.0f} cannot be in this decile: ranks near it are in "
            f"decile {near:.0f}",
            fix="correct the rank or the decile",
            code="rank-decile",
        )
        for at, near in _out_of_order(decile[order])
    ]


def _out_of_order(values: Floats) -> list[tuple[int, float]]:
    """Return the fewest positions without which values never fall, each with a value next to it.

    What stays is a longest non-decreasing subsequence (Fredman, Discrete Mathematics 11, 1975).
    """
    tails: list[float] = []
    length = np.empty(len(values), dtype=np.int64)
    for position, value in enumerate(values.tolist()):
        length[position] = bisect_right(tails, value)
        tails[length[position] : length[position] + 1] = [value]
    kept, wanted = np.zeros(len(values), dtype=bool), len(tails) - 1
    for position in range(len(values) - 1, -1, -1):
        if length[position] == wanted:
            kept[position] = True
            wanted -= 1
    stays = np.flatnonzero(kept)
    out = np.flatnonzero(~kept)
    near = values[stays[np.minimum(np.searchsorted(stays, out), len(stays) - 1)]]
    return list(zip(out.tolist(), near.tolist(), strict=True))
