"""Shows how speeds fit observed journeys."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from ntgeo.cli.door import say

if TYPE_CHECKING:
    from ntgeo.roads import SpeedFit

__all__ = ["fit_facts", "show_fit"]


def fit_facts(fit: SpeedFit) -> dict[str, Any]:
    """Return what the fit found, as JSON holds it."""
    return {
        "used": fit.used,
        "refused": dict(fit.refused),
        "held_out": {"before": asdict(fit.before), "after": asdict(fit.after)},
        "range": asdict(fit.speeds.time_range),
        "parts": [asdict(factor) for factor in fit.parts],
        "time_of_day": [asdict(factor) for factor in fit.slots],
    }


def show_fit(fit: SpeedFit) -> None:
    """Print the journeys used, the error on those left out of the fit, and each factor."""
    refused = sum(count for _, count in fit.refused)
    say(f"Journeys: {fit.used:,} used, {refused:,} refused.")
    for reason, count in fit.refused:
        say(f"  {count:,} refused: {reason}")
    say(f"\n{'On journeys left out of the fit':<36}{'before':>10}{'after':>10}")
    errors = (fit.before, fit.after)
    rows = {
        "median error, seconds": [f"{error.median_s:.0f}" for error in errors],
        "median error, of the time": [f"{error.median_share:.1%}" for error in errors],
        "bias (below 0 is too optimistic)": [f"{error.bias_share:+.1%}" for error in errors],
    }
    for label, (was, now) in rows.items():
        say(f"  {label:<34}{was:>10}{now:>10}")
    told = fit.speeds.time_range
    say(
        f"Eight in ten of them took {told.low_share:g} to {told.high_share:g} times as long as "
        "expected: the range.\n"
    )
    say(f"{'Factor on the time of':<36}{'':>10}{'of time':>10}")
    for factor in (*fit.parts, *fit.slots):
        name = f"leaving from {factor.name}" if factor in fit.slots else factor.name
        spread = factor.factor * factor.spread_share
        shown = f"{factor.factor:.2f} ± {spread:.2f}" if factor.is_told else "as it was"
        say(f"  {name:<30}{shown:>14}{factor.time_share:>10.0%}")
