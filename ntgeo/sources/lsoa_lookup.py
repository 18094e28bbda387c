"""The ONS look-up from LSOA 2011 to LSOA 2021, and tables converted by it."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Final

import numpy as np
import pandas as pd

from ntgeo.errors import Fault, UnknownIdError, first_five
from ntgeo.sources.amounts import as_whole
from ntgeo.sources.area_codes import code_notes, parse_lsoa_codes
from ntgeo.sources.local_file import raise_faults
from ntgeo.sources.noted import Noted
from ntgeo.sources.tables import TextTable, read_table

__all__ = ["CHANGES", "conversion_notes", "convert_to_2021", "read_lsoa_lookup", "share_links"]

CHANGES: Final[Mapping[str, str]] = {
    "U": "unchanged",
    "S": "split into two or more",
    "M": "merged with others",
    "X": "redrawn irregularly",
}
_MEASURE: Final = re.compile(r".*_(score|rank|decile)")
_LEAST_WEIGHT: Final = 1e-9
_DISTRICT: Final = ("district", "district_name")
_PLACE_NAMES: Final = ("name", "ward")


def read_lsoa_lookup(path: Path | str) -> Noted[pd.DataFrame]:
    """Read the exact-fit look-up from LSOA 2011 to LSOA 2021.

    Args:
        path: CSV or XLSX as the ONS publishes it (``LSOA11CD, CHGIND, LSOA21CD``, and perhaps the
            district of each: ``LAD22CD, LAD22NM``).

    Returns:
        Columns ``lsoa11, change, lsoa21, district``, by codes; ``change`` is a key of
        :data:`CHANGES`, ``district`` a name with its code, or ``""`` where the file has none.

    Raises:
        InputError: A code or change is wrong, a pair stands twice, or they contradict each other.
    """
    table = read_table(path, required=("lsoa11", "change", "lsoa21"), optional=_DISTRICT)
    codes_11, faults = parse_lsoa_codes(table, "lsoa11")
    codes_21, faults_21 = parse_lsoa_codes(table, "lsoa21")
    change = pd.Series(table.texts("change"), dtype="object").str.upper().to_numpy(dtype=object)
    names, districts = table.texts("district_name"), table.texts("district")
    told = [
        f"{name} ({code})" if name and code else str(name or code)
        for name, code in zip(names, districts, strict=True)
    ]
    frame = pd.DataFrame(
        {"lsoa11": codes_11, "change": change, "lsoa21": codes_21, "district": told}
    )
    raise_faults([*faults, *faults_21, *_change_faults(table, frame)])
    notes = (*table.notes, *code_notes(table, "lsoa11"), *code_notes(table, "lsoa21"))
    return Noted(read=frame.sort_values(["lsoa11", "lsoa21"], ignore_index=True), notes=notes)


def _change_faults(table: TextTable, frame: pd.DataFrame) -> list[Fault]:
    repeats = frame.duplicated(["lsoa11", "lsoa21"]).to_numpy()
    unknown = ~frame["change"].isin(list(CHANGES)).to_numpy()
    moved = ((frame["change"] == "U") & (frame["lsoa11"] != frame["lsoa21"])).to_numpy()
    checks = (
        (repeats, "lsoa21", "this pair of codes stands twice", "keep one", "duplicate-id"),
        (unknown, "change", "is none of U, S, M, X", "use the ONS look-up", "bad-change"),
        (moved, "change", "is unchanged, but the two codes differ", "correct it", "bad-change"),
    )
    return [
        table.fault(int(i), column, what=what, fix=fix, code=code)
        for rows, column, what, fix, code in checks
        for i in np.flatnonzero(rows)
    ]


def convert_to_2021(
    frame: pd.DataFrame, lookup: pd.DataFrame, *, weights: Mapping[str, float] | None = None
) -> tuple[pd.DataFrame, tuple[str, ...]]:
    """Convert a table by LSOA 2011 into one by LSOA 2021.

    Amounts (counts, people) of a split area are shared among its parts by ``weights`` and those of
    merged areas added, so that totals stay as they are. Scores, ranks and deciles pass to the
    parts as they are, and are averaged where areas merge, by ``population`` if the table has it
    (ranks and deciles rounded).
    Other text columns, such as ``service``, are kept as keys; ``name`` and ``ward`` are dropped.

    Args:
        frame: With a column ``lsoa`` of 2011 codes.
        lookup: Of :func:`read_lsoa_lookup`.
        weights: LSOA 2021 → residents; without it parts share equally.

    Returns:
        The table, by code, and notes of what was approximated.

    Raises:
        UnknownIdError: A code is not in the look-up.
    """
    unknown = sorted(set(frame["lsoa"]) - set(lookup["lsoa11"]))
    if unknown:
        what = f"{len(unknown):,} codes are not in the 2011 to 2021 look-up: {first_five(unknown)}"
        fix = "use 2011 codes, and a look-up that covers them"
        raise UnknownIdError(
            Fault(file="table", column="lsoa", what=what, fix=fix, code="unknown-lsoa")
        )
    links = share_links(lookup[lookup["lsoa11"].isin(set(frame["lsoa"]))], weights)
    joined = frame.merge(links, left_on="lsoa", right_on="lsoa11", how="left", validate="m:m")
    numeric = [c for c in frame.columns if pd.api.types.is_numeric_dtype(frame[c])]
    measures = [name for name in numeric if _MEASURE.fullmatch(name)]
    amounts = [name for name in numeric if name not in measures]
    dropped = {"lsoa", *numeric, *_PLACE_NAMES}
    keys = ["lsoa21", *(name for name in frame.columns if name not in dropped)]
    weight = joined["weight"]
    if "population" in amounts:
        weight = (joined["population"] * joined["share"]).clip(lower=_LEAST_WEIGHT)
    parts = {name: joined[name] * joined["share"] for name in amounts}
    for name in measures:
        parts[name] = joined[name] * weight
        parts[f"{name} weight"] = weight.where(joined[name].notna(), 0.0)
    grouped = joined[keys].assign(**parts).groupby(keys, sort=True, as_index=False)
    summed = grouped[list(parts)].sum()
    for name in measures:
        total = summed[f"{name} weight"]
        mean = (summed[name] / total.where(total > 0)).to_numpy(dtype=np.float64)
        is_place = name.endswith(("_rank", "_decile"))
        summed[name] = as_whole(np.floor(mean + 0.5)) if is_place else mean
    converted = summed.rename(columns={"lsoa21": "lsoa"})[["lsoa", *keys[1:], *numeric]]
    return converted, conversion_notes(links, has_weights=weights is not None)


def share_links(lookup: pd.DataFrame, weights: Mapping[str, float] | None) -> pd.DataFrame:
    """Return links with the share of its area of 2011 that each part has, and its weight."""
    links = lookup.copy()
    known = pd.Series(dict(weights or {}), dtype="float64")
    weight = (
        known.reindex(links["lsoa21"]).fillna(0.0).to_numpy() if weights else np.ones(len(links))
    )
    links["weight"] = weight
    total = links.groupby("lsoa11")["weight"].transform("sum")
    count = links.groupby("lsoa11")["weight"].transform("size")
    links["share"] = np.where(total > 0, links["weight"] / total.where(total > 0, 1.0), 1 / count)
    links["weight"] = np.where(total > 0, links["weight"], 1.0)
    return links


def conversion_notes(links: pd.DataFrame, *, has_weights: bool) -> tuple[str, ...]:
    """Return notes of what was shared and added up along some links."""
    by_change = {code: sorted(set(links.loc[links["change"] == code, "lsoa11"])) for code in "SMX"}
    how = "by the residents of their parts" if has_weights else "equally among their parts"
    notes = []
    if by_change["S"]:
        notes.append(f"{len(by_change['S']):,} areas of 2011 were split; shared {how}.")
    if by_change["M"]:
        notes.append(f"{len(by_change['M']):,} areas of 2011 were merged; added up.")
    if by_change["X"]:
        shown = first_five(by_change["X"])
        notes.append(
            f"{len(by_change['X']):,} areas of 2011 were redrawn irregularly ({shown}); shared "
            f"{how}, which is only approximate."
        )
    return tuple(notes)
