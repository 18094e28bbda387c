"""How many residents a service is for, from single years of age."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

import numpy as np
import numpy.typing as npt
import pandas as pd

from ntgeo.demand.checks import aligned, check_counts, need_columns
from ntgeo.errors import Fault, InputError, UnknownIdError

__all__ = ["ALL_AGES", "OLDEST_AGE", "ages_matrix", "band_of", "check_bands", "residents"]

FloatArray = npt.NDArray[np.float64]
AgeBand = tuple[int, int]

OLDEST_AGE: Final = 90
"""The last single year of age of ONS estimates; it stands for everyone of 90 and over."""
ALL_AGES: Final[AgeBand] = (0, OLDEST_AGE)
_TABLE: Final = "population"


def check_bands(bands: Mapping[str, AgeBand] | None, services: Sequence[str]) -> None:
    """Refuse a band that cannot be, or for a service that is not there.

    Raises:
        InputError: A band is not ``0 <= youngest <= oldest <= 90``.
        UnknownIdError: A band names no service of the table.
    """
    given = dict(bands or {})
    wrong = [
        Fault(
            file="age bands",
            column=service,
            value=str(band),
            what=f"a band is youngest and oldest age, 0 to {OLDEST_AGE}, the youngest first",
            fix=f"write it as (0, 17) or (65, {OLDEST_AGE}); {OLDEST_AGE} is 90 and over",
            code="bad-age-band",
        )
        for service, band in sorted(given.items())
        if not _is_band(band)
    ]
    if wrong:
        raise InputError(wrong)
    unknown = sorted(set(given) - set(services))
    if unknown:
        known = ", ".join(sorted(services)) or "none"
        raise UnknownIdError(
            [
                Fault(
                    file="age bands",
                    value=service,
                    what="no record is of this service",
                    fix=f"use the name as the records write it; they have {known}",
                    code="unknown-service",
                )
                for service in unknown
            ]
        )


def _is_band(band: object) -> bool:
    match band:
        case (int(youngest), int(oldest)) | [int(youngest), int(oldest)]:
            return 0 <= youngest <= oldest <= OLDEST_AGE
        case _:
            return False


def band_of(service: str, bands: Mapping[str, AgeBand] | None) -> AgeBand:
    """Return the ages a service is for, both ends included; all ages where none are stated."""
    youngest, oldest = (bands or {}).get(service, ALL_AGES)
    return youngest, oldest


def age_columns(band: AgeBand) -> list[str]:
    """Return the names of the population columns of a band."""
    return [f"age_{age}" for age in range(band[0], band[1] + 1)]


def ages_matrix(population: pd.DataFrame, areas: npt.NDArray[Any]) -> FloatArray | None:
    """Return residents as (areas, 91) by single year of age, or ``None`` if only totals are there.

    Raises:
        MissingColumnError, DuplicateIdError, UnknownIdError, InputError: The table is unusable.
    """
    columns = age_columns(ALL_AGES)
    if not any(column in population.columns for column in columns):
        return None
    need_columns(population.columns, columns, _TABLE)
    table = aligned(population, areas, columns, _TABLE)
    for column in columns:
        check_counts(table[column], _TABLE)
    return table.to_numpy(dtype=np.float64)


def residents(
    population: pd.DataFrame, areas: npt.NDArray[Any], band: AgeBand = ALL_AGES
) -> FloatArray:
    """Return how many residents each area has within an age band.

    Args:
        population: ``lsoa``, ``population`` and, where a band is asked for, ``age_0 … age_90``.
        areas: (n,) LSOA codes.
        band: Youngest and oldest age, both included; 90 is 90 and over.

    Returns:
        (n,) residents.

    Raises:
        MissingColumnError, DuplicateIdError, UnknownIdError, InputError: The table is unusable.
    """
    columns = ["population"] if tuple(band) == ALL_AGES else age_columns(band)
    if columns == ["population"] and "population" not in population.columns:
        columns = age_columns(ALL_AGES)
    table = aligned(population, areas, columns, _TABLE)
    for column in columns:
        check_counts(table[column], _TABLE)
    return table.to_numpy(dtype=np.float64).sum(axis=1)
