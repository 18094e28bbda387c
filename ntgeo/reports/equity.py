"""How evenly journeys are spread over people."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

__all__ = ["gini_share", "kolm_pollak_s", "lorenz_curve", "scale_per_s"]

FloatArray = npt.NDArray[np.float64]

AVERSION = 1.0
"""Of inequality; 0.5 to 2 is usual, and 0 would be the mean."""


def scale_per_s(times_s: FloatArray, weights: FloatArray) -> float:
    """Return what makes the aversion to inequality free of units: Σwt ÷ Σwt², per second.

    Use one scale for all the plans that are compared, such as that of today. Journeys without a
    way (NaN) are left out. It is NaN where every journey takes no time.
    """
    known = ~np.isnan(times_s)
    times, people = times_s[known], weights[known]
    squares = float((people * times**2).sum())
    return float((people * times).sum()) / squares if squares > 0 else float("nan")


def kolm_pollak_s(
    times_s: FloatArray,
    weights: FloatArray,
    *,
    scale_per_s: float,
    aversion: float = AVERSION,
) -> float:
    """Return the journey that, were it everybody's, would be as good as these are.

    It is the mean where all travel alike, and above it by the more, the more unequal journeys are:
    ln(Σw·exp(κt) ÷ Σw) ÷ κ with κ = aversion × scale. Source: Kolm-Pollak equally distributed
    equivalent, as in arXiv 2401.15452.

    Args:
        times_s: Seconds; NaN where there is no way, which leaves the area out.
        weights: Of each area.
        scale_per_s: From :func:`scale_per_s`.
        aversion: To inequality, above 0.

    Returns:
        Seconds; NaN where nobody has a way.
    """
    known = ~np.isnan(times_s)
    times, people = times_s[known], weights[known]
    total = float(people.sum())
    if total <= 0:
        return float("nan")
    kappa = aversion * scale_per_s
    if not kappa > 0:
        return float((people * times).sum()) / total
    longest = float(times.max())  # taken out of the exponent, so that it cannot overflow
    mean = float((people * np.exp(kappa * (times - longest))).sum()) / total
    return longest + float(np.log(mean)) / kappa


def lorenz_curve(times_s: FloatArray, weights: FloatArray) -> tuple[FloatArray, FloatArray]:
    """Return the share of all travel that the share of people with the shortest journeys has.

    Returns:
        Shares of people and of their travel, both from 0 to 1 and as long; those without a way are
        left out. If nobody travels, the second is the first.
    """
    known = ~np.isnan(times_s)
    order = np.argsort(times_s[known], kind="stable")
    people = weights[known][order]
    travel = people * times_s[known][order]
    along = np.concatenate([[0.0], np.cumsum(people)])
    up = np.concatenate([[0.0], np.cumsum(travel)])
    if along[-1] <= 0:
        return np.array([0.0, 1.0]), np.array([0.0, 1.0])
    return along / along[-1], up / up[-1] if up[-1] > 0 else along / along[-1]


def gini_share(times_s: FloatArray, weights: FloatArray) -> float:
    """Return the Gini coefficient of journeys: 0 where all travel alike, towards 1 where few do."""
    along, up = lorenz_curve(times_s, weights)
    return float(1.0 - np.sum(np.diff(along) * (up[1:] + up[:-1])))
