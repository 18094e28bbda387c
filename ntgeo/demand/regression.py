"""Counts explained by covariates: Poisson and negative binomial regression with an offset."""

from __future__ import annotations

import math
import warnings
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any, Final, Literal

import numpy as np
import numpy.typing as npt
from scipy.optimize import minimize_scalar
from scipy.stats import norm
from statsmodels.genmod.families import NegativeBinomial, Poisson
from statsmodels.genmod.generalized_linear_model import GLM

__all__ = ["Coefficient", "CountFamily", "CountFit", "dispersion_test", "fit_counts"]

FloatArray = npt.NDArray[np.float64]
CountFamily = Literal["poisson", "negative-binomial"]

INTERCEPT: Final = "intercept"
_WORST: Final = 1e300
_SIGNIFICANT: Final = 0.05
_AREAS_PER_COVARIATE: Final = 10
_STEEPEST: Final = 10.0
_ALPHA_RANGE: Final = (1e-6, 1e3)
_FLAT: Final = 1e-8
_COLLINEAR: Final = 1e-3
"""A covariate with less of its variance to itself than this (a variance inflation factor above
1,000) is left out."""
_ITERATIONS: Final = 100
_TOLERANCE: Final = 1e-10
_RELATIVE_TOLERANCE: Final = 1e-13
_WIDEST_SCALE: Final = 3.0
"""A fit whose total is further than this from the total of the counts has gone astray."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Coefficient:
    """One term of a regression.

    Args:
        name: Of the covariate.
        estimate: Change of the logarithm of the expected count, for a rise of ``per``.
        standard_error: Of the estimate.
        per: Rise of the covariate, in its own unit, that the estimate is for: one standard
            deviation over the areas fitted; 1 for the intercept.
    """

    name: str
    estimate: float
    standard_error: float
    per: float

    @property
    def rate_ratio(self) -> float:
        """By how much a rise of ``per`` multiplies the expected count."""
        return math.exp(self.estimate)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class CountFit:
    """A fitted regression.

    Args:
        family: Poisson, or negative binomial with variance ``μ + αμ²`` (NB2).
        mean: (n,) fitted counts.
        coefficients: The intercept first.
        deviance: Of the fit.
        dispersion: Pearson chi-square over the degrees of freedom left; about 1 in a good fit.
        overdispersion_p: One-sided p of the Cameron–Trivedi test on the Poisson fit.
        alpha: Of NB2; 0 for Poisson.
        converged: Whether the iterations settled.
        notes: Covariates left out, and why, in words.
    """

    family: CountFamily
    mean: FloatArray
    coefficients: tuple[Coefficient, ...]
    deviance: float
    dispersion: float
    overdispersion_p: float
    alpha: float
    converged: bool
    notes: tuple[str, ...]


def fit_counts(
    counts: FloatArray,
    exposure: FloatArray,
    covariates: Sequence[tuple[str, FloatArray]],
    family: CountFamily | Literal["auto"] = "auto",
) -> CountFit:
    r"""Fit :math:`\log E(y) = \log(exposure) + \beta_0 + \sum_j \beta_j z_j`.

    Covariates are standardised to mean 0 and standard deviation 1. They are taken in the order
    given, one for every ten areas at most; one that does not vary, or repeats those before it, is
    left out; if the fit does not settle (a covariate that separates areas with use from areas
    without, say) the last is left out and the fit repeated, down to the intercept alone.

    Args:
        counts: (n,) at least 0, not all 0.
        exposure: (n,) above 0.
        covariates: Name and (n,) values, the most important first.
        family: ``"auto"`` is Poisson, unless :func:`dispersion_test` finds more variance than
            that at the 5 % level, and then negative binomial.

    Returns:
        The fit. A Poisson fit's total is that of ``counts``: the link is the canonical one and
        there is an intercept. A negative binomial fit's is not; scale it if that matters.

    Source: J. Nelder and R. Wedderburn, "Generalized linear models", JRSS A 135 (1972); A. C.
    Cameron and P. K. Trivedi, "Regression analysis of count data" (2nd ed., 2013).
    """
    terms, notes = _usable(covariates, len(counts))
    while True:
        fit = _attempt(counts, exposure, terms, family)
        if fit is not None and _is_settled(fit, counts):
            return replace(fit, notes=tuple(notes))
        if not terms:
            return _level_alone(counts, exposure, notes)
        name = terms.pop().name
        notes.append(f"{name} is left out: with it the regression does not settle")


def dispersion_test(counts: FloatArray, mean: FloatArray) -> float:
    r"""Test whether counts vary more than Poisson ones of the given means.

    The regression of :math:`((y-\mu)^2-y)/\mu` on :math:`\mu` without an intercept has slope alpha
    of NB2, 0 for Poisson.

    Returns:
        The one-sided p-value of alpha > 0; 1 where it cannot be told.

    Source: A. C. Cameron and P. K. Trivedi, "Regression-based tests for overdispersion in the
    Poisson model", Journal of Econometrics 46 (1990).
    """
    spare = len(counts) - 1
    if spare < 1 or not (mean > 0).all():
        return 1.0
    excess = (np.square(counts - mean) - counts) / mean
    slope = float(excess @ mean / (mean @ mean))
    error = float(np.square(excess - slope * mean).sum() / (mean @ mean))
    if not 0 < error < math.inf:
        return 1.0
    return float(norm.sf(slope / math.sqrt(error / spare)))


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class _Term:
    name: str
    standardised: FloatArray
    deviation: float


def _usable(
    covariates: Sequence[tuple[str, FloatArray]], areas: int
) -> tuple[list[_Term], list[str]]:
    """Standardise covariates; leave out what does not vary, repeats others, or is too many."""
    terms: list[_Term] = []
    notes: list[str] = []
    most = areas // _AREAS_PER_COVARIATE
    for name, values in covariates:
        deviation = float(values.std())
        if deviation <= _FLAT * max(1.0, float(np.abs(values).max(initial=0))):
            notes.append(f"{name} is left out: it is the same in every area")
            continue
        standardised = (values - values.mean()) / deviation
        if _repeats(standardised, terms):
            notes.append(f"{name} is left out: the covariates before it already tell it")
        elif len(terms) >= most:
            notes.append(f"{name} is left out: {areas} areas bear {most} covariates (one in ten)")
        else:
            terms.append(_Term(name=name, standardised=standardised, deviation=deviation))
    return terms, notes


def _repeats(standardised: FloatArray, terms: Sequence[_Term]) -> bool:
    if not terms:
        return False
    earlier = np.column_stack([term.standardised for term in terms])
    told = earlier @ np.linalg.lstsq(earlier, standardised, rcond=None)[0]
    return bool(np.square(standardised - told).sum() <= _COLLINEAR * len(standardised))


def _is_settled(fit: CountFit, counts: FloatArray) -> bool:
    """Whether estimates are ones that data can give: separated data send them to infinity."""
    figures = [abs(c.estimate) for c in fit.coefficients[1:]]
    figures += [c.standard_error for c in fit.coefficients]
    share = float(fit.mean.sum() / counts.sum())
    return (
        fit.converged
        and 1 / _WIDEST_SCALE <= share <= _WIDEST_SCALE
        and all(math.isfinite(f) and f <= _STEEPEST for f in figures)
    )


def _level_alone(counts: FloatArray, exposure: FloatArray, notes: Sequence[str]) -> CountFit:
    """Return one rate for all areas, which needs no iterations."""
    rate = float(counts.sum() / exposure.sum())
    mean = rate * exposure
    spare = len(counts) - 1
    logs = np.log(np.where(counts > 0, counts, 1.0) / mean)
    error = 1 / math.sqrt(counts.sum())
    level = Coefficient(name=INTERCEPT, estimate=math.log(rate), standard_error=error, per=1.0)
    pearson = float((np.square(counts - mean) / mean).sum())
    return CountFit(
        family="poisson",
        mean=mean,
        coefficients=(level,),
        deviance=float(2 * (np.where(counts > 0, counts * logs, 0.0) - (counts - mean)).sum()),
        dispersion=pearson / spare if spare else math.nan,
        overdispersion_p=dispersion_test(counts, mean),
        alpha=0.0,
        converged=True,
        notes=(*notes, "no regression settles on these counts: one rate is taken for all areas"),
    )


def _attempt(
    counts: FloatArray,
    exposure: FloatArray,
    terms: Sequence[_Term],
    family: CountFamily | Literal["auto"],
) -> CountFit | None:
    """Fit, or return ``None`` where the iterations break down."""
    with warnings.catch_warnings(), np.errstate(all="ignore"):
        warnings.simplefilter("ignore")  # separation and overflow are judged by the answer
        try:
            return _fit_terms(counts, exposure, terms, family)
        except (ValueError, np.linalg.LinAlgError):
            return None


def _fit_terms(
    counts: FloatArray,
    exposure: FloatArray,
    terms: Sequence[_Term],
    family: CountFamily | Literal["auto"],
) -> CountFit:
    design = np.column_stack([np.ones(len(counts)), *(term.standardised for term in terms)])
    poisson = _solve_glm(counts, exposure, design, alpha=0.0)
    overdispersion_p = dispersion_test(counts, poisson.mu)
    alpha, solved = 0.0, poisson
    spread = family == "negative-binomial"
    if spread or (family == "auto" and overdispersion_p < _SIGNIFICANT):
        alpha = _best_alpha(counts, exposure, design)
        spread = spread or alpha > 2 * _ALPHA_RANGE[0]
        solved = _solve_glm(counts, exposure, design, alpha=alpha) if spread else poisson
    pearson = float(np.square(solved.resid_pearson).sum())
    return CountFit(
        family="negative-binomial" if spread else "poisson",
        mean=np.asarray(solved.mu, np.float64),
        coefficients=_coefficients(solved, terms),
        deviance=float(solved.deviance),
        dispersion=pearson / float(solved.df_resid) if solved.df_resid > 0 else math.nan,
        overdispersion_p=overdispersion_p,
        alpha=alpha if spread else 0.0,
        converged=bool(solved.converged) and bool(np.isfinite(solved.mu).all()),
        notes=(),
    )


def _coefficients(solved: Any, terms: Sequence[_Term]) -> tuple[Coefficient, ...]:
    named = [(INTERCEPT, 1.0), *((term.name, term.deviation) for term in terms)]
    return tuple(
        Coefficient(name=name, estimate=float(estimate), standard_error=float(error), per=per)
        for (name, per), estimate, error in zip(named, solved.params, solved.bse, strict=True)
    )


def _solve_glm(counts: FloatArray, exposure: FloatArray, design: FloatArray, alpha: float) -> Any:
    family = NegativeBinomial(alpha=alpha) if alpha > 0 else Poisson()
    start = np.zeros(design.shape[1])
    start[0] = math.log(counts.sum() / exposure.sum())
    problem = GLM(counts, design, family=family, offset=np.log(exposure))
    return problem.fit(start, maxiter=_ITERATIONS, tol=_TOLERANCE, rtol=_RELATIVE_TOLERANCE)


def _best_alpha(counts: FloatArray, exposure: FloatArray, design: FloatArray) -> float:
    """Return alpha of greatest likelihood, all other parameters at their best for it."""

    def badness(log_alpha: float) -> float:
        try:
            solved = _solve_glm(counts, exposure, design, alpha=math.exp(log_alpha))
            likelihood = float(solved.llf)
        except (ValueError, np.linalg.LinAlgError):
            return _WORST
        return -likelihood if math.isfinite(likelihood) else _WORST

    low, high = (math.log(limit) for limit in _ALPHA_RANGE)
    found = minimize_scalar(
        badness, bounds=(low, high), method="bounded", options={"xatol": _TOLERANCE}
    )
    return math.exp(float(found.x))
