"""Deprivation in its seven domains: poor by the river and on two estates, rich by the sea.

Scores, ranks and deciles look like those of the English Indices of Deprivation. Ranks are as if
among the 33,755 areas of England, 1 the most deprived, so that deciles follow from ranks.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt
from scipy.special import ndtr

from ntgeo.sample.areas import AREAS
from ntgeo.sample.ground import Floats, placed
from ntgeo.sample.streams import Part, stream

__all__ = ["DOMAINS", "NATIONAL_AREAS", "Deprivation", "build_deprivation"]

NATIONAL_AREAS: Final = 33_755
DOMAINS: Final = {
    "Income": 0.225,
    "Employment": 0.225,
    "Education": 0.135,
    "Health": 0.135,
    "Crime": 0.093,
    "Housing_and_Services": 0.093,
    "Environment": 0.093,
}
"""Weight of each domain in the index, as in the Indices of Deprivation."""

_HILLS: Final = (
    (4700, 2900, 750, 1.9), (6500, 2650, 600, 1.5), (4600, 700, 650, 1.7), (3000, 5600, 600, 1.6),
    (6600, 3500, 450, 1.0), (6600, 6200, 1000, -1.5), (7300, 1200, 800, -1.3),
    (2300, 4300, 900, -0.8), (7200, 4500, 600, -0.9), (1200, 1500, 1200, -0.7),
)  # fmt: skip
_COMMON_SHARE: Final = {
    "Income": 0.95,
    "Employment": 0.93,
    "Education": 0.88,
    "Health": 0.86,
    "Crime": 0.72,
    "Housing_and_Services": -0.15,
    "Environment": 0.45,
    "IDACI": 0.93,
    "IDAOPI": 0.85,
}
_SMOOTHING_M: Final = 650.0
_TOWN_MEAN: Final = 0.3
_TOWN_SPREAD: Final = 1.05


@dataclass(frozen=True, slots=True, kw_only=True)
class Deprivation:
    """An index or domain over the areas.

    Args:
        score: Greater is more deprived.
        rank: 1 is the most deprived of :data:`NATIONAL_AREAS`.
        decile: 1 is the most deprived tenth of the country.
    """

    score: Floats
    rank: npt.NDArray[np.int64]
    decile: npt.NDArray[np.int64]


def build_deprivation(centroids: Floats, seed: int) -> dict[str, Deprivation]:
    """Return the index (``IMD``), its domains, and ``IDACI`` and ``IDAOPI`` by name."""
    rng = stream(seed, Part.DEPRIVATION)
    common = _standard(_hills(centroids) + 0.35 * _smooth_noise(centroids, rng))
    latent = {}
    for name, share in _COMMON_SHARE.items():
        own = _smooth_noise(centroids, rng)
        mixed = share * common + np.sqrt(1 - share**2) * own
        latent[name] = _TOWN_MEAN * np.sign(share) + _TOWN_SPREAD * _standard(mixed)
    index = sum(weight * latent[name] for name, weight in DOMAINS.items())
    latent = {"IMD": _TOWN_MEAN + _TOWN_SPREAD * _standard(np.asarray(index)), **latent}
    return {name: _ranked(name, value) for name, value in latent.items()}


def _hills(centroids: Floats) -> Floats:
    height = np.zeros(len(centroids))
    for x, y, reach_m, rise in _HILLS:
        away_m = np.hypot(*(centroids - placed([(x, y)])[0]).T)
        height += rise * np.exp(-0.5 * (away_m / reach_m) ** 2)
    return height


def _smooth_noise(centroids: Floats, rng: np.random.Generator) -> Floats:
    away = centroids[:, None, :] - centroids[None, :, :]
    near = np.exp(-0.5 * (away**2).sum(axis=2) / _SMOOTHING_M**2)
    smooth = _standard((near * rng.standard_normal(AREAS)).sum(axis=1))
    return 0.8 * smooth + 0.6 * rng.standard_normal(AREAS)


def _standard(values: Floats) -> Floats:
    return (values - values.mean()) / values.std()


def _ranked(name: str, latent: Floats) -> Deprivation:
    """Turn a value, standard normal over the country, into a score, a rank and a decile."""
    share_below = ndtr(latent)
    rank = np.clip(np.round((1 - share_below) * NATIONAL_AREAS), 1, NATIONAL_AREAS).astype(np.int64)
    order = np.argsort(rank, kind="stable")
    taken = 0
    for place in order.tolist():
        taken = max(taken + 1, int(rank[place]))
        rank[place] = taken
    decile = -(-rank * 10 // NATIONAL_AREAS)
    return Deprivation(score=_score(name, rank), rank=rank, decile=decile)


def _score(name: str, rank: npt.NDArray[np.int64]) -> Floats:
    """Return a score that falls as the rank rises, on the scale of the published ones."""
    richer = (rank - 0.5) / NATIONAL_AREAS
    if name in {"Health", "Crime"}:
        return np.round(3.1 * (0.5 - richer) + 1.2 * (0.5 - richer) ** 3, 3)
    if name in {"Income", "Employment", "IDACI", "IDAOPI"}:
        most = {"Income": 0.62, "Employment": 0.5, "IDACI": 0.8, "IDAOPI": 0.75}[name]
        return np.round(most * (1 - richer) ** 2.2 + 0.004 * (1 - richer), 3)
    return np.round(-23.0 * np.log(richer + (1 - richer) * 0.02) * 0.98 + 0.5 * (1 - richer), 3)
