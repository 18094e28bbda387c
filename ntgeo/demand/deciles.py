"""Use by national deprivation decile."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final, Literal

import numpy as np
import pandas as pd

from ntgeo.demand.checks import aligned, check_counts, check_one_row_each, need_columns
from ntgeo.demand.denominators import AgeBand, band_of, check_bands, residents
from ntgeo.demand.limits import CONFIDENCE, per_1000, poisson_limits
from ntgeo.errors import Fault, InputError

__all__ = ["DECILES", "deciles_of", "use_by_decile"]

DECILES: Final = tuple(range(1, 11))
"""1 is the most deprived tenth of the country's areas, 10 the least."""
_UNKNOWN: Final = 0


def deciles_of(deprivation: pd.DataFrame, areas: pd.Series[Any]) -> pd.Series[Any]:
    """Return the IMD decile of each area (Int64, missing where the table has none).

    Raises:
        MissingColumnError, DuplicateIdError, UnknownIdError: The table is unusable.
        InputError: A decile is not a whole number from 1 to 10.
    """
    table = aligned(deprivation, areas.to_numpy(), ["imd_decile"], "deprivation")
    deciles = pd.to_numeric(table["imd_decile"], errors="coerce")
    is_wrong = ~deciles.isin(DECILES) & table["imd_decile"].notna()
    faults = [
        Fault(
            file="deprivation",
            column="imd_decile",
            value=f"{lsoa}: {value}",
            what="a decile is a whole number from 1 (most deprived) to 10",
            fix="take the decile column of the index, not the rank or score",
            code="bad-decile",
        )
        for lsoa, value in table.loc[is_wrong, "imd_decile"].sort_index().items()
    ]
    if faults:
        raise InputError(faults)
    return pd.Series(deciles.array, index=areas.index).astype("Float64").astype("Int64")


def use_by_decile(
    use: pd.DataFrame,
    deprivation: pd.DataFrame,
    population: pd.DataFrame,
    *,
    bands: Mapping[str, AgeBand] | None = None,
    measure: Literal["count", "people"] = "count",
    confidence: float = CONFIDENCE,
) -> pd.DataFrame:
    """Sum use and residents by national IMD decile, with rates and their limits.

    Args:
        use: ``lsoa, service, count`` (and ``people``), as from :func:`aggregate_use`.
        deprivation: ``lsoa, imd_decile``; 1 is the most deprived.
        population: ``lsoa, population`` and, for bands, ``age_0 … age_90``.
        bands: Ages a service is for; see :func:`use_rates`.
        measure: What is counted. Limits take events to be independent; where the same people come
            many times, ``"people"`` gives honest limits and ``"count"`` gives ones too narrow.
            The sum of people over areas counts who moved once in each area.
        confidence: Of the limits.

    Returns:
        ``service, imd_decile, areas, population, count, rate_per_1000, ci_low, ci_high``, by
        service and decile: ten rows a service, and an eleventh with decile ``<NA>`` if some areas
        have none, so that totals are those of ``use``. A decile without residents has NaN rates.
        Limits are exact Poisson ones (see :func:`~ntgeo.demand.limits.poisson_limits`).

    Raises:
        MissingColumnError, DuplicateIdError, UnknownIdError, InputError: A table is unusable.
    """
    need_columns(use.columns, ["lsoa", "service", measure], "use")
    check_one_row_each(use, ["lsoa", "service"], "use")
    check_counts(use[measure], "use")
    check_bands(bands, list(use["service"].unique()))
    tables = [
        _one_service(str(service), part, deprivation, population, band_of(str(service), bands))
        for service, part in use.assign(count=use[measure]).groupby("service", sort=True)
    ]
    table = pd.concat(tables, ignore_index=True)
    counts, people = table["count"].to_numpy(np.float64), table["population"].to_numpy(np.float64)
    low, high = poisson_limits(counts, confidence)
    table["rate_per_1000"] = per_1000(counts, people)
    table["ci_low"], table["ci_high"] = per_1000(low, people), per_1000(high, people)
    return table


def _one_service(
    service: str,
    use: pd.DataFrame,
    deprivation: pd.DataFrame,
    population: pd.DataFrame,
    band: AgeBand,
) -> pd.DataFrame:
    deciles = deciles_of(deprivation, use["lsoa"])
    people = residents(population, use["lsoa"].to_numpy(), band)
    cells = pd.DataFrame({"areas": 1, "population": people, "count": use["count"].to_numpy()})
    summed = cells.groupby(deciles.to_numpy(dtype=object, na_value=_UNKNOWN)).sum()
    rows = [*DECILES, *([_UNKNOWN] if _UNKNOWN in summed.index else [])]
    table = summed.reindex(rows).fillna(0).astype(summed.dtypes)
    table.insert(0, "imd_decile", pd.Series([r or pd.NA for r in rows], table.index, dtype="Int64"))
    table.insert(0, "service", service)
    return table.reset_index(drop=True)
