"""Demand as weights for siting: what each area counts."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final, Literal, NoReturn

import numpy as np
import numpy.typing as npt

from ntgeo.demand.checks import check_shares
from ntgeo.errors import Fault, InputError
from ntgeo.progress import SILENT, Progress

__all__ = ["WeightKind", "demand_weights", "deprivation_factor"]

FloatArray = npt.NDArray[np.float64]
WeightKind = Literal["observed", "expected", "population"]

_KINDS: Final = ("observed", "expected", "population")
_TABLE: Final = "demand weights"
_LEAST_DEPRIVED: Final = 10
_MIDDLE_DECILE: Final = 5.5


def demand_weights(  # noqa: PLR0913 - each is a column or a choice, all by name
    *,
    observed: npt.ArrayLike | None = None,
    expected: npt.ArrayLike | None = None,
    population: npt.ArrayLike | None = None,
    kind: WeightKind = "observed",
    mix: Mapping[WeightKind, float] | None = None,
    deprivation_weight: float = 0.0,
    imd_decile: npt.ArrayLike | None = None,
    progress: Progress = SILENT,
) -> FloatArray:
    """Return what each area counts for in siting.

    With ``mix`` each part is scaled to one total, that of ``observed`` (or else of ``expected``, or
    of ``population``: the first of them that is given), so that the shares mean what they say;
    the mix then has that total too. Afterwards each area is multiplied by
    ``1 + deprivation_weight × (10 − decile) / 9``: 1 in the least deprived tenth of the country and
    ``1 + deprivation_weight`` in the most deprived.

    Args:
        observed: (n,) uses or users, at least 0.
        expected: (n,) as :func:`expected_demand` gives it, at least 0.
        population: (n,) residents the service is for, at least 0.
        kind: Which one counts, in its own unit; not used where there is a mix.
        mix: Shares that sum to 1, such as ``{"observed": 0.5, "expected": 0.5}``.
        deprivation_weight: At least 0; 0 takes no notice of deprivation, 1 counts a resident of
            decile 1 twice.
        imd_decile: (n,) 1 to 10, 1 the most deprived; needed with a deprivation weight. An area
            without one (NaN, ``None``, ``<NA>``) counts as the middle of the country, decile 5.5,
            and a note says how many there are.
        progress: Hears the note.

    Returns:
        (n,) weights, at least 0.

    Raises:
        InputError: A part is not given, is not 0 or more, is 0 everywhere in a mix, or shares,
            weight or deciles cannot be.
    """
    given = {"observed": observed, "expected": expected, "population": population}
    shares: dict[str, float] = {kind: 1.0} if mix is None else {str(k): mix[k] for k in mix}
    check_shares(shares, _TABLE)
    parts = {name: _part(name, given.get(name)) for name, share in shares.items() if share > 0}
    if len({part.size for part in parts.values()}) > 1:
        sizes = ", ".join(f"{name} {part.size}" for name, part in parts.items())
        _refuse("mix", sizes, "the parts have different numbers of areas", "give one row an area")
    if mix is None:
        weights = parts[kind]
    else:
        total = next(_part(name, given[name]).sum() for name in _KINDS if given[name] is not None)
        weights = np.zeros_like(next(iter(parts.values())))
        for name in _KINDS:
            if name in parts:
                weights = weights + shares[name] * _scaled(name, parts[name], float(total))
    return weights * deprivation_factor(
        imd_decile, deprivation_weight, len(weights), progress=progress
    )


def deprivation_factor(
    imd_decile: npt.ArrayLike | None,
    deprivation_weight: float,
    areas: int,
    *,
    progress: Progress = SILENT,
) -> FloatArray:
    """Return (areas,) multipliers ``1 + deprivation_weight × (10 − decile) / 9``.

    Raises:
        InputError: The weight is negative, or deciles are not there or not 1 to 10.
    """
    if not 0 <= deprivation_weight < np.inf:
        fix = "0 takes no notice of deprivation, 1 counts decile 1 twice"
        what = "the weight must be 0 or more"
        _refuse("deprivation_weight", f"{deprivation_weight:g}", what, fix)
    if deprivation_weight == 0:
        return np.ones(areas)
    if imd_decile is None:
        what = "a deprivation weight needs the IMD decile of each area"
        _refuse("imd_decile", None, what, "give the deciles, or set the weight to 0")
    deciles = np.array(
        [_number(decile) for decile in np.asarray(imd_decile, dtype=object).ravel()], np.float64
    )
    is_missing = np.isnan(deciles)
    odd = deciles[~is_missing & ~np.isin(deciles, range(1, _LEAST_DEPRIVED + 1))]
    if odd.size or deciles.size != areas:
        value = f"{odd[0]:g}" if odd.size else f"{deciles.size} deciles for {areas} areas"
        what = "deciles are 1 (most deprived) to 10, one for each area"
        _refuse("imd_decile", value, what, "take the decile column of the index")
    if is_missing.any():
        progress.note(
            f"{is_missing.sum():,} of {areas:,} areas have no IMD decile; they count as the middle"
            " of the country."
        )
    neutral = np.where(is_missing, _MIDDLE_DECILE, deciles)
    factor = 1 + deprivation_weight * (_LEAST_DEPRIVED - neutral) / (_LEAST_DEPRIVED - 1)
    return np.asarray(factor, np.float64)


def _number(decile: object) -> float:
    try:
        return float(decile)  # type: ignore[arg-type]
    except (TypeError, ValueError):
        return float("nan")


def _part(name: str, values: npt.ArrayLike | None) -> FloatArray:
    if name not in _KINDS:
        _refuse("mix", name, "there is no such weight", f"use {', '.join(_KINDS)}")
    if values is None:
        _refuse(name, None, f"{name} is asked for but not given", "give it, or choose another kind")
    weights = np.array(values, dtype=np.float64).ravel()
    wrong = weights[~(np.isfinite(weights) & (weights >= 0))]
    if wrong.size:
        what = "a weight must be a finite number that is 0 or more"
        _refuse(name, f"{wrong[0]:g}", what, "correct the figure")
    return weights


def _scaled(name: str, part: FloatArray, total: float) -> FloatArray:
    if part.sum() <= 0:
        what = "it is 0 everywhere, so it cannot be mixed with others"
        _refuse(name, "0", what, "leave it out of the mix")
    return part * (total / part.sum())


def _refuse(column: str, value: str | None, what: str, fix: str) -> NoReturn:
    raise InputError(
        Fault(file=_TABLE, column=column, value=value, what=what, fix=fix, code="bad-weight")
    )
