"""The words in which people are told of objectives and of their values."""

from __future__ import annotations

from types import MappingProxyType
from typing import Final

from ntgeo.domain.siting_rules import SitingObjective
from ntgeo.domain.solving import SolveReport
from ntgeo.domain.units import SECONDS_PER_HOUR, SECONDS_PER_MINUTE

__all__ = ["OBJECTIVE_TEXTS", "value_text", "value_tile", "worse_text"]

OBJECTIVE_TEXTS: Final = MappingProxyType(
    {
        SitingObjective.P_MEDIAN: "least travel time on average (p-median)",
        SitingObjective.DEPRIVATION_P_MEDIAN: "least travel time on average, deprived areas "
        "counted more (deprivation-weighted p-median)",
        SitingObjective.KOLM_POLLAK: "fairest travel times (Kolm-Pollak)",
        SitingObjective.P_CENTRE: "least longest travel time (p-centre)",
        SitingObjective.WORST_TENTH: "least travel time of the tenth that travels longest",
        SitingObjective.WORST_DECILE: "least travel time of the worst-off deprivation decile",
        SitingObjective.MAX_COVERAGE: "most demand within the travel limit (maximum coverage)",
        SitingObjective.MAX_ATTENDANCE: "most attendance, when fewer come from farther away",
        SitingObjective.SET_COVER: "fewest sites with everyone in reach (set cover)",
        SitingObjective.BACKUP_COVER: "a second open site within the travel limit (backup cover)",
        SitingObjective.LEAST_COST: "least cost a year of sites, travel and outreach",
        SitingObjective.MARKET_SHARE: "most demand won from other providers (Huff)",
    }
)
"""What each objective wants, for a heading."""

_TILES: Final = MappingProxyType(
    {
        SitingObjective.KOLM_POLLAK: "Equity-adjusted journey",
        SitingObjective.WORST_TENTH: "Mean of the tenth that travels longest",
        SitingObjective.WORST_DECILE: "Mean of the worst-off decile",
        SitingObjective.MAX_ATTENDANCE: "Expected to attend",
        SitingObjective.BACKUP_COVER: "With a second site in reach",
        SitingObjective.LEAST_COST: "Cost a year",
        SitingObjective.MARKET_SHARE: "Won from other providers",
    }
)
"""Names of values that no figure of every plan tells."""

_PERSON_SECONDS: Final = " × seconds"
_LARGE: Final = 100
_MANY_HOURS_S: Final = 1_000 * SECONDS_PER_HOUR


def value_text(value: float, unit: str) -> str:
    """Return the value of an objective as people read it: minutes for seconds, pounds with a sign.

    Args:
        value: In ``unit``.
        unit: Of a report, such as ``"residents × seconds"``, ``"seconds"`` or ``"pounds a year"``.
    """
    if _PERSON_SECONDS in unit:
        is_long = abs(value) >= _MANY_HOURS_S
        size, word = (SECONDS_PER_HOUR, "hours") if is_long else (SECONDS_PER_MINUTE, "minutes")
        whose = unit.replace(_PERSON_SECONDS, f" × {word}")
        return f"{_plain(value / size)} {word} of travel ({whose})"
    if unit.startswith("seconds"):
        rest = unit.removeprefix("seconds")
        return f"{_plain(value / SECONDS_PER_MINUTE)} minutes{rest}"
    if unit.startswith("pounds"):
        sign, decimals = "−" if value < 0 else "", 2 if unit == "pounds" else 0
        return f"{sign}£{abs(value):,.{decimals}f}{unit.removeprefix('pounds')}"
    return f"{_plain(value)} {unit.removesuffix('s') if value == 1 else unit}"


def value_tile(
    objective: SitingObjective, report: SolveReport, demand: float
) -> tuple[str, str, str] | None:
    """Return label, figure and what stands beneath it; ``None`` where other figures tell it.

    Args:
        objective: What was made best.
        report: Of the plan.
        demand: All of it.
    """
    label, value, unit = _TILES.get(objective), report.objective, report.unit
    if label is None or unit == "sites":
        return None
    if unit.startswith("seconds"):
        return label, f"{value / SECONDS_PER_MINUTE:.1f} min", ""
    if unit.startswith("pounds"):
        return label, f"£{value:,.0f}", ""
    return label, f"{value / demand:.0%}", f"of {unit}"


def worse_text(worse_by: float, unit: str, *, is_maximised: bool) -> str:
    """Return how much worse a value is, as people say it: ``"12 minutes more travel in all"``.

    Args:
        worse_by: In ``unit``; below 0 is better.
        unit: Of a report.
        is_maximised: Whether more of it is better.
    """
    amount, is_more = abs(worse_by), (worse_by > 0) != is_maximised
    if _PERSON_SECONDS in unit:
        is_long = amount >= _MANY_HOURS_S
        size = SECONDS_PER_HOUR if is_long else SECONDS_PER_MINUTE
        word = "hours" if is_long else "minutes"
        return f"{_plain(amount / size)} {word} {'more' if is_more else 'less'} travel in all"
    if unit.startswith("seconds"):
        return f"{_plain(amount / SECONDS_PER_MINUTE)} minutes {'longer' if is_more else 'shorter'}"
    if unit.startswith("pounds"):
        return f"£{amount:,.0f} {'more' if is_more else 'less'}{unit.removeprefix('pounds')}"
    word = "more" if is_more else "fewer"
    return f"{_plain(amount)} {word} {'site' if unit == 'sites' and amount == 1 else unit}"


def _plain(value: float) -> str:
    """Return a number with three figures, or all those before the point."""
    is_whole = abs(value - round(value)) < 5e-10  # noqa: PLR2004 - whole to a float
    text = f"{value:,.0f}" if is_whole or abs(value) >= _LARGE else f"{value:.3g}"
    text = text.removeprefix("-") if not text.strip("-0.,") else text
    return text.replace("-", "−")
