"""What use would be expected of each area, given who lives there; and so the need unmet."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final, Literal, NamedTuple, NoReturn

import numpy as np
import numpy.typing as npt
import pandas as pd
from scipy.stats import nbinom, poisson

from ntgeo.demand.checks import aligned, check_counts, check_one_row_each, need_columns
from ntgeo.demand.composition import Composition, composition_of
from ntgeo.demand.denominators import AgeBand, band_of, check_bands
from ntgeo.demand.limits import CONFIDENCE, poisson_limits
from ntgeo.demand.regression import Coefficient, CountFamily, CountFit, fit_counts
from ntgeo.errors import Fault, InputError

__all__ = ["DemandModel", "ExpectedDemand", "expected_demand"]

FloatArray = npt.NDArray[np.float64]

_FAMILIES: Final = ("auto", "poisson", "negative-binomial")
_MEASURES: Final = ("imd_score", "imd_rank", "imd_decile")


@dataclass(frozen=True, slots=True, kw_only=True)
class DemandModel:
    """How the expected use of a service was reckoned.

    Args:
        service: Of which.
        family: ``"none"`` where no use was recorded at all.
        offset: What the expectation is proportional to, in words.
        coefficients: The intercept first; see :class:`Coefficient`.
        deviance: Of the regression.
        dispersion: Pearson chi-square over degrees of freedom; about 1 in a good fit.
        overdispersion_p: p of the Cameron–Trivedi test that chose the family.
        areas: Areas that the regression was fitted to.
        alpha: Of the negative binomial's variance ``μ + αμ²``; 0 for Poisson.
        converged: Whether the iterations settled.
        scale: What the fitted counts were multiplied by so that the total expected is the total
            observed; 1 for Poisson unless use comes from areas without residents.
        notes: What a reader should know, in words.
    """

    service: str
    family: CountFamily | Literal["none"]
    offset: str
    coefficients: tuple[Coefficient, ...]
    deviance: float
    dispersion: float
    overdispersion_p: float
    areas: int
    alpha: float
    converged: bool
    scale: float
    notes: tuple[str, ...]


class ExpectedDemand(NamedTuple):
    """Expected use by area and service, and the models behind it, one a service by name."""

    frame: pd.DataFrame
    models: tuple[DemandModel, ...]


def expected_demand(
    use: pd.DataFrame,
    population_by_age: pd.DataFrame,
    deprivation: pd.DataFrame | None,
    *,
    bands: Mapping[str, AgeBand] | None = None,
    family: CountFamily | Literal["auto"] = "auto",
    use_by_age: pd.DataFrame | None = None,
) -> ExpectedDemand:
    """Reckon the use of areas alike in residents, ages and deprivation.

    Where uses by age are known, age is dealt with first, by indirect standardisation: borough-wide
    rates of each five-year age group times the area's residents of that age give an age-expected
    use, and the regression starts from it. Otherwise it starts from the residents of the service's
    age band, and shares of broad age groups are covariates beside deprivation.

    Args:
        use: ``lsoa, service, count``, as from :func:`aggregate_use`.
        population_by_age: ``lsoa, population`` and, unless only totals are known, ``age_0 …``.
        deprivation: ``lsoa`` and ``imd_score`` (or else ``imd_rank``, or ``imd_decile``); ``None``
            to leave deprivation out. An area without a figure takes the mean, and a note says so.
        bands: Ages a service is for; see :func:`use_rates`.
        family: See :func:`~ntgeo.demand.regression.fit_counts`.
        use_by_age: ``service, age, count``, as from :func:`aggregate_ages`.

    Returns:
        A frame by LSOA and service: ``lsoa, service, population`` (of the band) ``, observed,
        expected, difference`` (expected − observed: **above 0 is unmet need**) ``, unmet_need``
        (the difference where above 0, else 0) ``, ratio`` (observed ÷ expected) ``, ratio_low,
        ratio_high`` (exact Poisson limits, 95 %) ``, usual_low, usual_high`` (the 95 % of counts
        that the model would call usual for the area, extra variance included) and, by name of
        service, the models. For each service the total expected is the total observed. An area
        without residents of the band has expected 0 and ratio NaN.

    Raises:
        MissingColumnError, DuplicateIdError, UnknownIdError, InputError: A table is unusable.
    """
    need_columns(use.columns, ["lsoa", "service", "count"], "use")
    check_one_row_each(use, ["lsoa", "service"], "use")
    check_counts(use["count"], "use")
    check_bands(bands, list(use["service"].unique()))
    if family not in _FAMILIES:
        fix = f"use one of {', '.join(_FAMILIES)}"
        what = "there is no such family"
        raise InputError(Fault(file="demand", value=family, what=what, fix=fix, code="bad-family"))
    parts, models = [], []
    in_order = use.sort_values(["lsoa", "service"], ignore_index=True)
    for name, part in in_order.groupby("service", sort=True):
        service = str(name)
        people = composition_of(
            service, part["lsoa"].to_numpy(), population_by_age, band_of(service, bands), use_by_age
        )
        answer = _one_service(service, part, people, deprivation, family)
        parts.append(answer[0])
        models.append(answer[1])
    return ExpectedDemand(frame=pd.concat(parts).sort_index(), models=tuple(models))


def _one_service(
    service: str,
    use: pd.DataFrame,
    people: Composition,
    deprivation: pd.DataFrame | None,
    family: CountFamily | Literal["auto"],
) -> tuple[pd.DataFrame, DemandModel]:
    observed = use["count"].to_numpy(np.float64)
    covariate, notes = _deprivation_of(deprivation, use["lsoa"].to_numpy())
    notes = [*people.notes, *notes]
    lives = people.exposure > 0
    fit = None
    expected = np.zeros_like(observed)
    scale = 1.0
    if observed[lives].sum() > 0:
        terms = [(name, values[lives]) for name, values in (*covariate, *people.shares)]
        fit = fit_counts(observed[lives], people.exposure[lives], terms, family)
        scale = float(observed.sum() / fit.mean.sum())
        expected[lives] = fit.mean * scale
        if observed[~lives].sum() > 0:
            notes.append(
                f"{observed[~lives].sum():,.0f} uses come from areas without residents it is for;"
                " they are shared out among the expectations of the others"
            )
    elif observed.sum() > 0:
        _refuse_without_residents(service, observed.sum())
    else:
        notes.append("no use was recorded, so none is expected: this says nothing about need")
    model = _model(service, people, fit, scale, notes)
    return _answer(use, people.population, expected, model), model


def _refuse_without_residents(service: str, uses: float) -> NoReturn:
    raise InputError(
        Fault(
            file="population",
            value=service,
            what=f"{uses:,.0f} uses are recorded, but nobody of the ages it is for lives here",
            fix="widen the age band of the service, or use another population table",
            code="no-residents",
        )
    )


def _deprivation_of(
    deprivation: pd.DataFrame | None, areas: npt.NDArray[Any]
) -> tuple[list[tuple[str, FloatArray]], list[str]]:
    """Return the deprivation covariate, its name first, and what to say about it."""
    if deprivation is None:
        return [], []
    measure = next((name for name in _MEASURES if name in deprivation.columns), _MEASURES[0])
    table = aligned(deprivation, areas, [measure], "deprivation")
    figures = pd.to_numeric(table[measure], errors="coerce").to_numpy(np.float64, na_value=math.nan)
    is_missing = ~np.isfinite(figures)
    if is_missing.all():
        return [], [f"no area has an {measure}, so deprivation is not allowed for"]
    filled = np.where(is_missing, figures[~is_missing].mean(), figures)
    count = int(is_missing.sum())
    notes = [f"{count:,} areas have no {measure} and take the mean"] if count else []
    return [(measure, filled)], notes


def _model(
    service: str, people: Composition, fit: CountFit | None, scale: float, notes: list[str]
) -> DemandModel:
    return DemandModel(
        service=service,
        family=fit.family if fit else "none",
        offset=people.offset,
        coefficients=fit.coefficients if fit else (),
        deviance=fit.deviance if fit else 0.0,
        dispersion=fit.dispersion if fit else math.nan,
        overdispersion_p=fit.overdispersion_p if fit else math.nan,
        areas=len(fit.mean) if fit else 0,
        alpha=fit.alpha if fit else 0.0,
        converged=fit.converged if fit else True,
        scale=scale,
        notes=(*notes, *(fit.notes if fit else ())),
    )


def _answer(
    use: pd.DataFrame, population: FloatArray, expected: FloatArray, model: DemandModel
) -> pd.DataFrame:
    observed = use["count"].to_numpy(np.float64)
    has_any = expected > 0
    low, high = poisson_limits(observed)
    ratios = [
        np.divide(amount, expected, out=np.full(len(use), math.nan), where=has_any)
        for amount in (observed, low, high)
    ]
    usual_low, usual_high = _usual_range(expected, model.alpha)
    difference = expected - observed
    return pd.DataFrame(
        {
            "lsoa": use["lsoa"],
            "service": use["service"],
            "population": population,
            "observed": use["count"],
            "expected": expected,
            "difference": difference,
            "unmet_need": np.maximum(difference, 0.0),
            "ratio": ratios[0],
            "ratio_low": ratios[1],
            "ratio_high": ratios[2],
            "usual_low": usual_low,
            "usual_high": usual_high,
        },
        index=use.index,
    )


def _usual_range(expected: FloatArray, alpha: float) -> tuple[FloatArray, FloatArray]:
    """Quantiles of the model's own distribution: Poisson, or NB2 of variance μ + αμ²."""
    tails = ((1 - CONFIDENCE) / 2, (1 + CONFIDENCE) / 2)
    mean = np.where(expected > 0, expected, 1.0)
    if alpha > 0:
        shape = 1 / alpha
        ends = [nbinom.ppf(tail, shape, shape / (shape + mean)) for tail in tails]
    else:
        ends = [poisson.ppf(tail, mean) for tail in tails]
    low, high = (np.where(expected > 0, end, 0.0) for end in ends)
    return low, high
