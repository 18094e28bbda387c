"""Speeds fitted to observed journeys, and how well they foretell journeys they were not fitted to.

A journey's time is the sum of its parts along the fastest way: moving on each group of roads,
stops, junctions and turns. Each part has a factor on what the table says, moving that of the time
of day too. The logarithms of the factors are found by robust least squares on the logarithms of the
times (soft L1), and drawn towards 0, the table's own values, by a penalty on their squares; so few
journeys change little. Ways depend on times, so journeys are routed and fitted in turn.

Sources: P. J. Huber, "Robust Statistics", 1981, on the loss; A. E. Hoerl, R. W. Kennard, "Ridge
regression", Technometrics 12, 1970, on the drawing. The spreads of what is likely are ntgeo's own.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from typing import Final

import numpy as np
import numpy.typing as npt

from ntgeo.domain.matrix import TimeRange, TravelMode
from ntgeo.domain.observed import ObservedTimes
from ntgeo.progress import SILENT, Progress
from ntgeo.roads.calibration.observed_journeys import PlacedJourneys, place_journeys
from ntgeo.roads.calibration.time_parts import (
    FITTED,
    MOVING,
    PARTS,
    PartedRoads,
    group_of,
    scaled_speeds,
)
from ntgeo.roads.speeds import SpeedTable

__all__ = ["FitError", "FittedFactor", "SpeedFit", "fit_speeds"]

Floats = npt.NDArray[np.float64]
Longs = npt.NDArray[np.int64]

_ROUNDS: Final = 3
_FOLDS: Final = 5
_LEAST_IN_SLOT: Final = 20
_LEAST_NOISE: Final = 0.05
_TO_SIGMA: Final = 1.4826
_MOST_LOG: Final = float(np.log(3.0))
_LIKELY: Final = np.where(np.arange(len(PARTS)) < MOVING.stop, 0.2, 0.35)
_LIKELY_SLOT: Final = 0.1
"""How far the logarithm of a factor may well lie from 0, by part; and of a time of day."""
_TOLD_SHARE: Final = 0.01
_RANGE_PERCENT: Final = (10.0, 90.0)


@dataclass(frozen=True, slots=True, kw_only=True)
class FittedFactor:
    """One factor, for people.

    Args:
        name: A part of a journey's time, or when a time of day begins.
        factor: On the time that the table as it was gave.
        spread_share: Its standard error, as a share of it.
        time_share: Of all time of the journeys, how much it acts on.
        is_told: Whether the journeys had a say in it; if not, it stays as it was.
    """

    name: str
    factor: float
    spread_share: float
    time_share: float
    is_told: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class FitError:
    """How far expected times lie from observed ones.

    Args:
        median_s: Median of the absolute error, seconds.
        median_share: The same as a share of the observed time.
        bias_share: Median of expected over observed time, less 1; below 0 is too optimistic.
    """

    median_s: float
    median_share: float
    bias_share: float


@dataclass(frozen=True, slots=True, kw_only=True)
class SpeedFit:
    """Speeds fitted to observed journeys.

    Args:
        speeds: With the range that journeys left out of the fit lay in.
        parts: Factors of the parts of a journey's time.
        slots: Factors of the times of day, on those of the table as it was.
        used: How many journeys were used.
        refused: How many were not, by reason.
        before: Of the table as it was, on all journeys used.
        after: Of fitted tables, each on the fifth of journeys that it was not fitted to.
    """

    speeds: SpeedTable
    parts: tuple[FittedFactor, ...]
    slots: tuple[FittedFactor, ...]
    used: int
    refused: tuple[tuple[str, int], ...]
    before: FitError
    after: FitError


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class _Factors:
    """Factors of all parts and times of day, and the standard errors of their logarithms."""

    parts: Floats
    slots: Floats
    parts_spread: Floats
    slots_spread: Floats


def fit_speeds(
    roads: PartedRoads,
    observed: ObservedTimes,
    *,
    today: date,
    seed: int = 1,
    snap_limit_m: float = 1000.0,
    progress: Progress = SILENT,
) -> SpeedFit:
    """Fit the speeds of roads to observed journeys.

    Args:
        roads: With the table to start from.
        observed: The journeys.
        today: For the words of where the range is from.
        seed: Of which journeys are left out together.
        snap_limit_m: A journey with an end farther than this from every road is not used.
        progress: Told the fits done.

    Raises:
        InputError: Too few journeys can be used, or the roads bring their own times.
    """
    progress.stage("Routing the observed journeys")
    journeys = place_journeys(roads, observed, snap_limit_m=snap_limit_m, progress=progress)
    progress.stage("Fitting speeds", _FOLDS + 1)
    table = np.ones(len(PARTS))
    before_s = journeys.expected_s(table, journeys.slot_factor)
    after_s = _left_out_s(journeys, seed, progress)
    found = _fit(journeys, progress)
    progress.advance(_FOLDS + 1)
    low, high = np.percentile(journeys.observed_s / after_s, _RANGE_PERCENT)
    time_range = TimeRange(
        low_share=round(min(1.0, float(low)), 2),
        high_share=round(max(1.0, float(high)), 2),
        source=f"calibrated on {len(journeys):,} journeys, {f'{today:%d %B %Y}'.lstrip('0')}",
    )
    fitted = scaled_speeds(roads.speeds, found.parts, _time_of_day(journeys, found))
    return SpeedFit(
        speeds=replace(fitted, time_range=time_range),
        parts=_told_parts(journeys, found),
        slots=_told_slots(journeys, found),
        used=len(journeys),
        refused=journeys.refused,
        before=_error(before_s, journeys.observed_s),
        after=_error(after_s, journeys.observed_s),
    )


def _left_out_s(journeys: PlacedJourneys, seed: int, progress: Progress) -> Floats:
    """Return the seconds that a fit to the other four fifths foretells for each journey.

    Journeys between the same places are left out together, so that none foretells itself.
    """
    pair = journeys.pair
    fold = (np.random.default_rng(seed).permutation(pair.max() + 1) % _FOLDS)[pair]
    told_s = np.empty(len(journeys))
    for number in range(_FOLDS):
        found = _fit(journeys.take(np.flatnonzero(fold != number)), progress)
        left_out = journeys.take(np.flatnonzero(fold == number))
        rerouted = left_out.rerouted(found.parts, found.slots, progress=progress)
        told_s[fold == number] = rerouted.expected_s(found.parts, found.slots)
        progress.advance(number + 1)
    return told_s


def _fit(journeys: PlacedJourneys, progress: Progress) -> _Factors:
    """Fit and route in turn; the journeys come routed by the table as it is."""
    found = _solve(journeys)
    for _ in range(_ROUNDS - 1):
        found = _solve(journeys.rerouted(found.parts, found.slots, progress=progress))
    return found


def _solve(journeys: PlacedJourneys) -> _Factors:
    from scipy.optimize import least_squares  # noqa: PLC0415 - only here

    parts, slots = _told_part_numbers(journeys), _told_slot_numbers(journeys)
    likely = np.concatenate([_LIKELY[parts], np.full(len(slots), _LIKELY_SLOT)])
    log_s = np.log(journeys.observed_s)

    def unpacked(logs: Floats) -> tuple[Floats, Floats]:
        factors, slot_factor = np.ones(len(PARTS)), journeys.slot_factor.copy()
        factors[parts] = np.exp(logs[: len(parts)])
        slot_factor[slots] *= np.exp(logs[len(parts) :])
        return factors, slot_factor

    def residuals(logs: Floats) -> Floats:
        off = np.log(journeys.expected_s(*unpacked(logs))) - log_s
        return np.concatenate([_softened(off / noise), logs / likely])

    start = np.zeros(len(likely))
    noise = _noise(np.log(journeys.expected_s(*unpacked(start))) - log_s, 0)
    lowest = np.full(len(likely), -_MOST_LOG)
    lowest[: len(parts)] = _lowest_logs(journeys.roads.speeds)[parts]
    for _ in range(2):
        solved = least_squares(residuals, start, bounds=(lowest, _MOST_LOG))
        noise = _noise(np.log(journeys.expected_s(*unpacked(solved.x))) - log_s, len(likely))
        start = solved.x
    slope: Floats = np.asarray(solved.jac)
    spread = np.sqrt(np.diag(np.linalg.inv(slope.T @ slope)))
    factors, slot_factor = unpacked(solved.x)
    parts_spread, slots_spread = np.zeros(len(PARTS)), np.zeros(len(slot_factor))
    parts_spread[parts], slots_spread[slots] = np.split(spread, [len(parts)])
    return _Factors(
        parts=factors, slots=slot_factor, parts_spread=parts_spread, slots_spread=slots_spread
    )


def _told_part_numbers(journeys: PlacedJourneys) -> Longs:
    """Return the parts that make up enough of the journeys' time to be told."""
    share = journeys.parts_s.sum(axis=0) / journeys.parts_s.sum()
    return np.array([part for part in FITTED if share[part] >= _TOLD_SHARE], np.int64)


def _told_slot_numbers(journeys: PlacedJourneys) -> Longs:
    """Return the times of day that can be told: enough journeys there, and between the peaks.

    Times of day of factor 1 are what the others are measured against, and stay.
    """
    count = np.bincount(journeys.slot, minlength=len(journeys.slots))
    is_measure = journeys.slot_factor == 1
    if count[is_measure].sum() < _LEAST_IN_SLOT:
        return np.empty(0, np.int64)
    return np.flatnonzero(~is_measure & (count >= _LEAST_IN_SLOT))


def _lowest_logs(speeds: SpeedTable) -> Floats:
    """Return the least logarithm of each part: by car, nobody is let drive above the limit."""
    lowest = np.full(len(PARTS), -_MOST_LOG)
    if speeds.mode is TravelMode.CAR:
        for name, share in speeds.share.items():
            part = group_of(name)
            lowest[part] = max(lowest[part], min(np.log(share), -1e-6))
    return lowest


def _softened(off: Floats) -> Floats:
    """Return what has the soft L1 loss of ``off`` for its square: far-off journeys pull less."""
    return np.asarray(np.sign(off) * np.sqrt(2.0 * (np.sqrt(1.0 + off**2) - 1.0)))


def _noise(off: Floats, fitted: int) -> float:
    """Return how far journeys scatter, allowing for the figures that were fitted to them."""
    middling = float(np.median(np.abs(off - np.median(off))))
    freedom = len(off) / max(1, len(off) - fitted)
    return max(_LEAST_NOISE, _TO_SIGMA * middling * float(np.sqrt(freedom)))


def _error(expected_s: Floats, observed_s: Floats) -> FitError:
    off_s = np.abs(expected_s - observed_s)
    return FitError(
        median_s=float(np.median(off_s)),
        median_share=float(np.median(off_s / observed_s)),
        bias_share=float(np.median(expected_s / observed_s)) - 1.0,
    )


def _time_of_day(journeys: PlacedJourneys, found: _Factors) -> dict[str, float]:
    table = dict(zip(journeys.slots, found.slots.tolist(), strict=True))
    return {slot: table[slot] for slot in journeys.roads.speeds.time_of_day}


def _told_parts(journeys: PlacedJourneys, found: _Factors) -> tuple[FittedFactor, ...]:
    told = set(_told_part_numbers(journeys).tolist())
    share = journeys.parts_s.sum(axis=0) / journeys.parts_s.sum()
    return tuple(
        FittedFactor(
            name=PARTS[part],
            factor=float(found.parts[part]),
            spread_share=float(found.parts_spread[part]),
            time_share=float(share[part]),
            is_told=part in told,
        )
        for part in FITTED
    )


def _told_slots(journeys: PlacedJourneys, found: _Factors) -> tuple[FittedFactor, ...]:
    told = set(_told_slot_numbers(journeys).tolist())
    seconds = np.bincount(
        journeys.slot, journeys.parts_s.sum(axis=1), minlength=len(journeys.slots)
    )
    return tuple(
        FittedFactor(
            name=slot,
            factor=float(found.slots[number] / journeys.slot_factor[number]),
            spread_share=float(found.slots_spread[number]),
            time_share=float(seconds[number] / journeys.parts_s.sum()),
            is_told=number in told,
        )
        for number, slot in enumerate(journeys.slots)
        if slot in journeys.roads.speeds.time_of_day
    )
