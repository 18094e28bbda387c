"""Records coded to the areas of 2011, counted in those of 2021."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

import numpy as np
import pandas as pd
import pyarrow as pa

from ntgeo.sources.lsoa_lookup import conversion_notes, share_links
from ntgeo.sources.records import RecordTable

__all__ = ["convert_records"]

_DECIMALS = 9


def convert_records(
    found: RecordTable,
    lookup: pd.DataFrame,
    areas: Sequence[str],
    weights: Mapping[str, float],
) -> RecordTable:
    """Share the records of areas of 2011 among the areas of 2021 that they became.

    A count of a split area is shared among its parts by their residents, or equally where those of
    a part are not known; the person counts as seen in each part. Totals stay as they are.

    Args:
        found: Records by codes of 2011, of which each has a row in ``lookup``.
        lookup: Of :func:`~ntgeo.sources.read_lsoa_lookup`.
        areas: The wanted areas of 2021.
        weights: LSOA 2021 → residents.
    """
    codes = found.table.column("lsoa").to_pandas()
    used = lookup[lookup["lsoa11"].isin(set(codes))]
    unknown = set(used.loc[~used["lsoa21"].isin(list(weights)), "lsoa11"])
    known = set(used.loc[~used["lsoa11"].isin(unknown), "lsoa21"])
    links = share_links(used, {code: people for code, people in weights.items() if code in known})
    links = links[links["share"] > 0]
    rows = pd.DataFrame({"lsoa11": codes, "row": np.arange(len(codes))})
    parts = rows.merge(links, on="lsoa11", how="inner", validate="m:m").sort_values(
        ["row", "lsoa21"], ignore_index=True
    )
    parts = parts[parts["lsoa21"].isin(list(areas))]
    table = found.table.take(pa.array(parts["row"].to_numpy()))
    counts = table.column("count").to_numpy() * parts["share"].to_numpy()
    if (counts == np.floor(counts)).all():
        counts = counts.astype(np.int64)
    for name, values in (("lsoa", pa.array(parts["lsoa21"].tolist())), ("count", pa.array(counts))):
        table = table.set_column(table.column_names.index(name), name, values)
    outside = found.source_total - found.set_aside - float(counts.sum())
    return replace(
        found,
        table=table,
        outside=round(max(0.0, outside), _DECIMALS),
        notes=(
            *found.notes,
            *(f"{found.file}: {note}" for note in conversion_notes(links, has_weights=True)),
        ),
    )
