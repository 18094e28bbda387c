"""Who lives in each area: what use is proportional to, and how ages differ."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import numpy.typing as npt
import pandas as pd

from ntgeo.demand.checks import check_counts, need_columns
from ntgeo.demand.denominators import ALL_AGES, OLDEST_AGE, AgeBand, ages_matrix, residents

__all__ = ["Composition", "age_expected", "composition_of"]

FloatArray = npt.NDArray[np.float64]

_GROUP_YEARS: Final = 5
_BROAD_GROUPS: Final = ((0, 15), (16, 24), (25, 44), (45, 64), (65, 79), (80, OLDEST_AGE))


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Composition:
    """What is known of residents before deprivation is asked about.

    Args:
        population: (n,) residents of the service's age band.
        exposure: (n,) what use is proportional to: age-expected use, or residents.
        offset: What ``exposure`` is, in words.
        shares: Name and (n,) share of the band's residents, for broad age groups; empty where ages
            are in the exposure already, or not known.
        notes: What a reader should know, in words.
    """

    population: FloatArray
    exposure: FloatArray
    offset: str
    shares: tuple[tuple[str, FloatArray], ...]
    notes: tuple[str, ...]


def composition_of(
    service: str,
    areas: npt.NDArray[Any],
    population: pd.DataFrame,
    band: AgeBand,
    use_by_age: pd.DataFrame | None,
) -> Composition:
    """Return what use of a service is proportional to in each area.

    Args:
        service: Its name.
        areas: (n,) LSOA codes.
        population: ``lsoa, population`` and perhaps ``age_0 … age_90``.
        band: Ages the service is for.
        use_by_age: ``service, age, count``, or ``None``.

    Raises:
        MissingColumnError, DuplicateIdError, UnknownIdError, InputError: A table is unusable.
    """
    people = residents(population, areas, band)
    words = _residents_text(band)
    ages = ages_matrix(population, areas)
    if ages is None:
        note = "the population table has no single years of age, so ages are not allowed for"
        return Composition(
            population=people, exposure=people, offset=words, shares=(), notes=(note,)
        )
    uses = None if use_by_age is None else _uses_by_year(service, use_by_age)
    if uses is not None and uses[band[0] : band[1] + 1].sum() > 0:
        return Composition(
            population=people,
            exposure=age_expected(uses, ages, band),
            offset=f"age-expected use: borough rates by five-year age group × {words}",
            shares=(),
            notes=(),
        )
    return Composition(
        population=people,
        exposure=people,
        offset=words,
        shares=_broad_shares(ages, people, band),
        notes=(),
    )


def age_expected(uses: FloatArray, ages: FloatArray, band: AgeBand) -> FloatArray:
    """Return the use each area would have at the borough's rate of each five-year age group.

    Args:
        uses: (91,) borough uses by single year of age.
        ages: (n, 91) residents by single year of age.
        band: Ages that count, both ends included.

    Returns:
        (n,) age-expected uses; their sum is that of the uses by ages at which someone lives.

    Source: indirect standardisation, as in Association of Public Health Observatories, "Technical
    Briefing 3: Commonly used public health statistics and their confidence intervals" (2008).
    """
    years = np.arange(band[0], band[1] + 1)
    starts = np.flatnonzero(np.r_[True, np.diff(years // _GROUP_YEARS) > 0])
    by_group = np.add.reduceat(uses[years], starts)
    living = np.add.reduceat(ages[:, years], starts, axis=1)
    total = living.sum(axis=0)
    rates = np.divide(by_group, total, out=np.zeros_like(by_group), where=total > 0)
    return np.asarray(living @ rates, np.float64)


def _residents_text(band: AgeBand) -> str:
    if tuple(band) == ALL_AGES:
        return "residents of all ages"
    oldest = f"{band[1]} and over" if band[1] == OLDEST_AGE else str(band[1])
    return (
        f"residents aged {band[0]} to {oldest}"
        if band[1] < OLDEST_AGE
        else f"residents aged {band[0]} and over"
    )


def _uses_by_year(service: str, use_by_age: pd.DataFrame) -> FloatArray:
    need_columns(use_by_age.columns, ["service", "age", "count"], "use by age")
    of_service = use_by_age[use_by_age["service"] == service]
    check_counts(of_service["age"], "use by age", whole=True)
    check_counts(of_service["count"], "use by age")
    years = of_service["age"].clip(upper=OLDEST_AGE).to_numpy(np.intp)
    counts = of_service["count"].to_numpy(np.float64)
    return np.bincount(years, weights=counts, minlength=OLDEST_AGE + 1).astype(np.float64)


def _broad_shares(
    ages: FloatArray, people: FloatArray, band: AgeBand
) -> tuple[tuple[str, FloatArray], ...]:
    """Shares of broad age groups within the band, but for the largest, which the others tell."""
    clipped = [(max(low, band[0]), min(high, band[1])) for low, high in _BROAD_GROUPS]
    groups = [(low, high) for low, high in clipped if low <= high]
    living = np.column_stack([ages[:, low : high + 1].sum(axis=1) for low, high in groups])
    overall = living.sum(axis=0) / max(living.sum(), 1.0)
    shares = np.divide(
        living, people[:, None], out=np.tile(overall, (len(people), 1)), where=people[:, None] > 0
    )
    largest = int(overall.argmax())
    return tuple(
        (
            f"share aged {low} to {high}" if high < OLDEST_AGE else f"share aged {low} and over",
            share,
        )
        for position, ((low, high), share) in enumerate(zip(groups, shares.T, strict=True))
        if position != largest
    )
