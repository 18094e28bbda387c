"""Demand by deprivation as tidy tables."""

from __future__ import annotations

from typing import Final

import numpy as np
import pandas as pd

from ntgeo.reports.columns import require_columns, typed_frame

__all__ = ["expected_by_decile_table", "unmet_areas_table"]

_DECILE_COLUMNS: Final = (
    *("service", "imd_decile", "areas", "observed", "expected", "difference", "observed_share"),
)
_AREA_COLUMNS: Final = ("lsoa", "name", "service", "observed", "expected", "difference")


def expected_by_decile_table(expected: pd.DataFrame, areas: pd.DataFrame) -> pd.DataFrame:
    """Return observed and expected use by service and deprivation decile.

    Args:
        expected: ``lsoa, service, observed, expected`` of each area and service, as counted, not
            yet protected.
        areas: ``lsoa, imd_decile``; areas of unknown decile are left out.

    Returns:
        ``service, imd_decile, areas, observed, expected, difference, observed_share``, where
        difference is expected less observed.
    """
    require_columns(expected, ("lsoa", "service", "observed", "expected"), "expected demand")
    require_columns(areas, ("lsoa", "imd_decile"), "areas")
    deciles = pd.DataFrame(areas)[["lsoa", "imd_decile"]].drop_duplicates("lsoa")
    joined = pd.DataFrame(expected).merge(deciles, on="lsoa").dropna(subset=["imd_decile"])
    sums = (
        joined.groupby(["service", "imd_decile"], sort=True)
        .agg(areas=("lsoa", "nunique"), observed=("observed", "sum"), expected=("expected", "sum"))
        .reset_index()
    )
    sums["difference"] = sums["expected"] - sums["observed"]
    sums["observed_share"] = (sums["observed"] / sums["expected"]).where(sums["expected"] > 0)
    return typed_frame({name: sums[name].tolist() for name in _DECILE_COLUMNS}, _DECILE_COLUMNS)


def unmet_areas_table(
    expected: pd.DataFrame, areas: pd.DataFrame, *, service: str, most: int = 10
) -> pd.DataFrame:
    """Return the areas whose use of a service is furthest below what is expected of them.

    Args:
        expected: ``lsoa, service, observed, expected``; protected observations may be missing.
        areas: ``lsoa, name``.
        service: Which one.
        most: How many areas at most.

    Returns:
        ``lsoa, name, service, observed, expected, difference``, the greatest difference first;
        only areas with more expected than observed.
    """
    require_columns(expected, ("lsoa", "service", "observed", "expected"), "expected demand")
    require_columns(areas, ("lsoa", "name"), "areas")
    chosen = pd.DataFrame(expected)[expected["service"] == service]
    names = pd.DataFrame(areas)[["lsoa", "name"]].drop_duplicates("lsoa")
    joined = chosen.merge(names, on="lsoa")
    observed = pd.to_numeric(joined["observed"], errors="coerce").astype(np.float64)
    joined["difference"] = joined["expected"].astype(np.float64) - observed
    below = joined[joined["difference"] > 0]
    below = below.sort_values(["difference", "lsoa"], ascending=[False, True]).head(most)
    return typed_frame({name: below[name].tolist() for name in _AREA_COLUMNS}, _AREA_COLUMNS)
