"""How unequal use is between the most and the least deprived residents."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt
import pandas as pd
from scipy.stats import norm

from ntgeo.demand.checks import check_counts, check_one_row_each, need_columns
from ntgeo.demand.limits import CONFIDENCE, per_1000

__all__ = ["inequality_indices"]

FloatArray = npt.NDArray[np.float64]

_FEWEST_DECILES: Final = 3
_LEAST_SHARE: Final = 0.05
"""The variance of a rate is reckoned from no less than this share of the overall rate."""
_ITERATIONS: Final = 100
_SETTLED: Final = 1e-11
_STEEPEST: Final = 20.0
_NO_RATIO: Final = {"rii": math.nan, "rii_low": math.nan, "rii_high": math.nan}


@dataclass(frozen=True, slots=True, kw_only=True)
class _Line:
    """A straight line of rates over rank, by its two ends, with their covariance."""

    most_deprived: float
    least_deprived: float
    covariance: FloatArray
    dispersion: float


def inequality_indices(by_decile: pd.DataFrame, *, confidence: float = CONFIDENCE) -> pd.DataFrame:
    r"""Measure inequality over the whole range of deprivation, not only between its ends.

    Residents are ranked from the most deprived (0) to the least (1); each decile stands at the
    middle of its share of the ranking (its ridit).

    - Slope index (SII): a straight line of rates over rank, weighted by population; its value at
      the most deprived end − that at the least deprived end, per 1,000 residents. **Above 0: the
      most deprived use it more; below 0: less; 0: no gradient.**
    - Relative index (RII): a Poisson regression of counts over rank, the logarithm of residents
      being the offset; the rate at the most deprived end ÷ that at the least deprived end. **Above
      1: the most deprived use it more.** Unlike the ratio of the straight line's ends, it cannot
      fall below 0 where the gradient is steep.

    The limits carry the Poisson variance of the counts (the RII's on a logarithmic scale), and are
    widened by the root of the Pearson dispersion where that is above 1: where people come often, or
    deciles stray from the line, counts alone would be too sure.

    Args:
        by_decile: As from :func:`use_by_decile`: ``service, imd_decile, population, count``. Rows
            without a decile or without residents are left out.
        confidence: Of the limits.

    Returns:
        By service: ``service, sii, sii_low, sii_high, rii, rii_low, rii_high, deciles,
        rate_per_1000`` (of all residents ranked) ``, most_deprived_per_1000,
        least_deprived_per_1000`` (ends of the straight line) ``, dispersion`` (about it). With
        fewer than three deciles, or without any use, the indices are NaN; so is the RII where all
        use is at one end.

    Raises:
        MissingColumnError, DuplicateIdError, InputError: The table is unusable.

    Source: J. P. Mackenbach and A. E. Kunst, "Measuring the magnitude of socio-economic
    inequalities in health", Social Science & Medicine 44 (1997); an additive line for the SII and a
    multiplicative one for the RII as in M. Moreno-Betancur and others, "Relative index of
    inequality and slope index of inequality: a structured regression framework for estimation",
    Epidemiology 26 (2015). Ranks, weights and the SII's line are those of the Office for Health
    Improvement and Disparities, whose SII has the other sign (least − most deprived).
    """
    need_columns(by_decile.columns, ["service", "imd_decile", "population", "count"], "deciles")
    check_one_row_each(by_decile, ["service", "imd_decile"], "deciles")
    check_counts(by_decile["population"], "deciles")
    check_counts(by_decile["count"], "deciles")
    z = float(norm.ppf((1 + confidence) / 2))
    rows = [
        {"service": service, **_indices(part, z)}
        for service, part in by_decile.groupby("service", sort=True)
    ]
    columns = ["service", *_indices(by_decile.iloc[:0], z)]
    return pd.DataFrame(rows, columns=columns)


def _indices(deciles: pd.DataFrame, z: float) -> dict[str, float]:
    ranked = deciles[deciles["imd_decile"].notna() & (deciles["population"] > 0)]
    ranked = ranked.sort_values("imd_decile")
    people = ranked["population"].to_numpy(np.float64)
    counts = ranked["count"].to_numpy(np.float64)
    can_fit = len(people) >= _FEWEST_DECILES and counts.sum() > 0
    rank = (np.cumsum(people) - people / 2) / max(people.sum(), 1.0)
    line = _fitted_line(rank, people, counts) if can_fit else None
    return {
        **_slope_index(line, z),
        **(_relative_index(rank, people, counts, z) if can_fit else _NO_RATIO),
        "deciles": len(people),
        "rate_per_1000": float(per_1000([counts.sum()], [people.sum()])[0]),
        "most_deprived_per_1000": line.most_deprived if line else math.nan,
        "least_deprived_per_1000": line.least_deprived if line else math.nan,
        "dispersion": line.dispersion if line else math.nan,
    }


def _fitted_line(rank: FloatArray, people: FloatArray, counts: FloatArray) -> _Line:
    rates = per_1000(counts, people)
    shape = np.column_stack([1 - rank, rank])
    ends_of = np.linalg.solve(shape.T @ (people[:, None] * shape), shape.T * people)
    ends = ends_of @ rates
    pooled = counts.sum() / people.sum()
    fitted = np.maximum(shape @ ends / 1000, pooled * _LEAST_SHARE)
    misfit = np.square(counts - people * fitted) / (people * fitted)
    spare = len(people) - 2
    dispersion = float(misfit.sum() / spare)
    variance = np.square(1000 / people) * people * fitted * max(1.0, dispersion)
    return _Line(
        most_deprived=float(ends[0]),
        least_deprived=float(ends[1]),
        covariance=(ends_of * variance) @ ends_of.T,
        dispersion=dispersion,
    )


def _slope_index(line: _Line | None, z: float) -> dict[str, float]:
    if line is None:
        return {"sii": math.nan, "sii_low": math.nan, "sii_high": math.nan}
    sii = line.most_deprived - line.least_deprived
    contrast = np.array([1.0, -1.0])
    half = z * math.sqrt(contrast @ line.covariance @ contrast)
    return {"sii": sii, "sii_low": sii - half, "sii_high": sii + half}


def _relative_index(
    rank: FloatArray, people: FloatArray, counts: FloatArray, z: float
) -> dict[str, float]:
    """Fit ``log(count) = log(people) + level + log(RII) × (½ − rank)`` by Newton's method."""
    shape = np.column_stack([np.ones(len(rank)), 0.5 - rank])
    answer = np.array([math.log(counts.sum() / people.sum()), 0.0])
    for _ in range(_ITERATIONS):
        mean = people * np.exp(shape @ answer)
        inverse = np.linalg.inv(shape.T @ (mean[:, None] * shape))
        step = inverse @ shape.T @ (counts - mean)
        answer = answer + np.clip(step, -1.0, 1.0)
        if np.abs(step).max() < _SETTLED or np.abs(answer[1]) > _STEEPEST:
            break
    if np.abs(step).max() >= _SETTLED:
        return dict(_NO_RATIO)
    dispersion = float((np.square(counts - mean) / mean).sum() / (len(rank) - 2))
    log_rii = float(answer[1])
    half = z * math.sqrt(inverse[1, 1] * max(1.0, dispersion))
    ends = {"rii": log_rii, "rii_low": log_rii - half, "rii_high": log_rii + half}
    return {name: math.exp(end) for name, end in ends.items()}
