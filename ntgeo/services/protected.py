"""Demand as it may be shown: small counts withheld before anything is drawn or exported."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, TypeVar

import numpy as np
import pandas as pd

from ntgeo import demand as demands
from ntgeo.domain.scenario import DemandTable
from ntgeo.services.build_demand import Demand

__all__ = [
    "ShownDemand",
    "as_shown",
    "compared",
    "decile_keys",
    "figures",
    "in_whole_uses",
    "shown_demand",
    "with_deciles",
]

_HALF: Final = 0.5
Table = TypeVar("Table", bound=pd.DataFrame)

_COUNTS: Final = ("count", "people")
_BY_DECILE: Final = ("service", "imd_decile")
_RATES: Final = ("rate_per_1000", "ci_low", "ci_high")
_UNKNOWN: Final = 0


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class ShownDemand:
    """Demand with its small counts protected.

    Args:
        by_area: ``lsoa, service, population, count, people, rate_per_1000, expected, difference,
            …``, withheld counts missing.
        by_decile: As the demand's; withheld counts missing.
        is_observed: Whether the weight in siting is made of observed use.
        withheld_areas: Areas whose weight in siting would give a withheld count away.
        rule_text: The rule in words; empty where none is applied.
    """

    by_area: pd.DataFrame
    by_decile: pd.DataFrame | None
    is_observed: bool
    withheld_areas: frozenset[str]
    rule_text: str


def shown_demand(
    found: Demand, areas: pd.DataFrame, asked: DemandTable, rule: str | None
) -> ShownDemand:
    """Protect demand by the scenario's rule.

    Args:
        found: Demand as it is.
        areas: ``lsoa`` and, where known, ``imd_decile``: the table by area is protected against
            subtraction from the table by decile, since both are published.
        asked: What the scenario says of demand.
        rule: Name of a rule; ``None`` protects nothing.
    """
    use, by_decile, text = found.use, found.by_decile, ""
    withheld: frozenset[str] = frozenset()
    if rule is not None:
        text = demands.DISCLOSURE_RULES[rule].text
        use = in_whole_uses(use)
        if by_decile is not None:
            by_decile = _protected_deciles(in_whole_uses(by_decile), use, areas, rule)
        use = _protected_use(use, areas, rule)
        if _shows_observed(asked):
            mine = found.of_service(use)
            withheld = frozenset(mine.loc[figures(mine["count"]).isna(), "lsoa"])
    return ShownDemand(
        by_area=compared(use, found.expected),
        by_decile=by_decile,
        is_observed=_shows_observed(asked),
        withheld_areas=withheld,
        rule_text=text,
    )


def in_whole_uses(table: pd.DataFrame) -> pd.DataFrame:
    """Round counts that are not whole, as rules need them: what is more than nothing is not 0."""
    if pd.api.types.is_integer_dtype(table["count"]):
        return table
    counts = table["count"].to_numpy(dtype=np.float64, na_value=np.nan)
    whole = np.where((counts > 0) & (counts < 1), 1.0, np.floor(counts + _HALF))
    counted = pd.Series(whole, index=table.index).astype("Int64")
    return table.assign(count=counted)


def _protected_use(use: pd.DataFrame, areas: pd.DataFrame, rule: str) -> pd.DataFrame:
    if "imd_decile" not in areas:
        return demands.protect_counts(use, _COUNTS, rule=rule, lines=["service"])
    # Sums of deciles are the service's total too.
    by_decile = with_deciles(use, areas)
    shown = demands.protect_counts(by_decile, _COUNTS, rule=rule, lines=[_BY_DECILE])
    return shown[list(use.columns)]


def _protected_deciles(
    by_decile: pd.DataFrame, use: pd.DataFrame, areas: pd.DataFrame, rule: str
) -> pd.DataFrame:
    """Protect the table by decile, and withhold what would tell of an area in a decile."""
    totals = demands.protect_totals(
        with_deciles(use, areas), _COUNTS, _BY_DECILE, rule=rule, lines=[_BY_DECILE]
    )
    shown = figures(totals.set_index(list(_BY_DECILE))["count"])
    # A decile that no area is of is 0 for all to see, and hides nothing.
    is_empty = by_decile["areas"] == 0
    there = by_decile[~is_empty]
    tells = shown.isna().reindex(decile_keys(there)).to_numpy(np.bool_)
    protected = demands.protect_counts(there, ["count"], rule=rule)
    mark = demands.DISCLOSURE_RULES[rule].mark
    count = protected["count"].mask(tells, pd.NA if mark is None else mark)
    rates = {rate: protected[rate].mask(tells) for rate in _RATES}
    empty = by_decile[is_empty].astype({"count": count.dtype})
    return pd.concat([protected.assign(count=count, **rates), empty]).sort_index()


def decile_keys(table: pd.DataFrame) -> pd.MultiIndex:
    """Return service and decile of each row; 0 where the decile is not known."""
    return pd.MultiIndex.from_frame(table[list(_BY_DECILE)].fillna({"imd_decile": _UNKNOWN}))


def with_deciles(use: pd.DataFrame, areas: pd.DataFrame) -> pd.DataFrame:
    """Return use by area with the ``imd_decile`` of each; 0 where it is not known."""
    deciles = areas[["lsoa", "imd_decile"]].fillna({"imd_decile": _UNKNOWN})
    return use.merge(deciles, on="lsoa", validate="m:1")


def compared(use: pd.DataFrame, expected: pd.DataFrame) -> pd.DataFrame:
    """Set shown use beside expected use; what follows from withheld use is withheld too."""
    wanted = expected[["lsoa", "service", "expected"]]
    table = use.merge(wanted, on=["lsoa", "service"], validate="1:1")
    shown = figures(table["count"])
    return table.assign(
        difference=table["expected"] - shown,
        unmet_need=(table["expected"] - shown).clip(lower=0),
        observed_share=(shown / table["expected"]).where(table["expected"] > 0),
    )


def figures(counts: pd.Series) -> pd.Series:
    """Return counts as floats, NaN where a rule withholds them or put its mark."""
    return pd.to_numeric(counts, errors="coerce").astype("float64")


def _shows_observed(asked: DemandTable) -> bool:
    if asked.mix is not None:
        return asked.mix.get("observed", 0) > 0
    return asked.weight == "observed"


def as_shown(table: Table, shown: ShownDemand, rule: str | None) -> Table:
    """Return a table whose ``demand`` tells no small count.

    Where areas weigh their observed use, the demand of an area that is withheld is missing, and all
    other demand is rounded as the rule rounds counts, sums apart from their parts; shares of it
    follow from what is rounded.

    Args:
        table: Any table of the siting.
        shown: Demand as it may be shown.
        rule: Name of a rule; ``None`` protects nothing.
    """
    if "demand" not in table or rule is None or not shown.is_observed:
        return table
    step = demands.DISCLOSURE_RULES[rule].rounded_to
    demand = (table["demand"] / step).round() * step
    if "lsoa" in table:
        demand = demand.mask(table["lsoa"].isin(shown.withheld_areas))
    fit = table.assign(demand=demand)
    if "demand_share" in table:
        fit["demand_share"] = demand / demand.sum() if demand.sum() > 0 else demand
    if "utilisation_share" in table:
        fit["utilisation_share"] = demand / table["capacity"].where(table["capacity"] > 0)
    return fit
