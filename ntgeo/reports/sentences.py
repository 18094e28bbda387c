"""The answer in plain English."""

from __future__ import annotations

import math
from collections import Counter
from typing import Final

import pandas as pd

from ntgeo.domain.routing import RoutePlan, RoutingProblem
from ntgeo.domain.siting import SitingObjective, SitingPlan, SitingProblem
from ntgeo.domain.solving import SolveReport, SolveStatus
from ntgeo.domain.units import SECONDS_PER_MINUTE
from ntgeo.reports.plain import (
    MODE_TEXTS,
    amount_text,
    counted,
    day_text,
    hours_text,
    joined,
    miles_text,
    minutes_text,
    percent_text,
    tenths_text,
)
from ntgeo.reports.rounds_tables import rounds_shifts_table
from ntgeo.reports.siting_tables import access_summary, siting_areas_table

__all__ = ["five_sentences", "rounds_sentences", "siting_sentences"]

_BEST_AT: Final = {
    SitingObjective.P_MEDIAN: "gives a shorter average journey",
    SitingObjective.MAX_COVERAGE: "reaches more of the demand within the limit",
    SitingObjective.SET_COVER: "reaches everyone within the limit with fewer sites",
    SitingObjective.P_CENTRE: "has a shorter longest journey",
    SitingObjective.KOLM_POLLAK: "does better for those with long journeys (Kolm-Pollak)",
}
_UNMADE_WHY: Final = {
    "no-staff": "no one is on shift",
    "no-skill": "no one on shift has the skills",
    "no-window": "no shift covers the time asked for",
    "unreachable": "no road leads there",
    "too-heavy": "they need more than any shift can carry",
    "too-long": "they do not fit into any shift",
    "no-room": "the shifts are full",
}
_UNMADE_WHY_ONE: Final = _UNMADE_WHY | {
    "too-heavy": "it needs more than any shift can carry",
    "too-long": "it does not fit into any shift",
}
_HALF: Final = 5
_SAME_S: Final = 3.0
"""A change below a twentieth of a minute reads as none."""


def siting_sentences(problem: SitingProblem, plan: SitingPlan, areas: pd.DataFrame) -> list[str]:
    """Return the siting answer as sentences, most important first.

    Args:
        problem: The question.
        plan: Its answer.
        areas: As for ``siting_areas_table``.

    Returns:
        Which sites open and close; the journey before and after, and its range; the proof; who
        gains and loses by deprivation; how many areas gain and lose; who is unserved and why; how
        journeys were measured, where that was not on roads.
    """
    table = siting_areas_table(problem, plan, areas)
    return [
        _sites_sentence(problem, plan),
        " ".join([_journey_sentence(problem, plan, table), *_range_sentences(problem, table)]),
        _proof_sentence(plan.report, _better_siting(problem, plan)),
        *_deprivation_sentences(table),
        *_change_sentences(table),
        *_unserved_sentences(problem, plan),
        *_method_sentences(problem),
    ]


def rounds_sentences(problem: RoutingProblem, plan: RoutePlan) -> list[str]:
    """Return the rounds answer as sentences, most important first.

    Returns:
        Visits made, and why others are not; how staff spend the day; who has most and least to do;
        the proof.
    """
    shifts = rounds_shifts_table(problem, plan)
    return [
        _made_sentence(problem, plan),
        *_time_sentences(shifts),
        *_balance_sentences(shifts),
        _proof_sentence(plan.report, "choice of rounds does better"),
    ]


def five_sentences(
    *,
    siting: tuple[SitingProblem, SitingPlan, pd.DataFrame] | None = None,
    rounds: tuple[RoutingProblem, RoutePlan] | None = None,
) -> list[str]:
    """Return the answer in at most five sentences, for the command line.

    Args:
        siting: Problem, plan and the table of areas, where sites were asked for.
        rounds: Problem and plan, where rounds were asked for.
    """
    siting_part = siting_sentences(*siting) if siting is not None else []
    if rounds is None:
        return siting_part[:5]
    problem, plan = rounds
    rounds_part = rounds_sentences(problem, plan)
    if siting is None:
        return rounds_part[:5]
    return [*siting_part[:4], rounds_part[0]]


def _sites_sentence(problem: SitingProblem, plan: SitingPlan) -> str:
    sites = {site.id: site for site in problem.sites}
    opened = [sites[site] for site in plan.opened]
    new = [site.name for site in opened if not site.is_open_today]
    kept = [site.name for site in opened if site.is_open_today]
    closed = [sites[site].name for site in plan.closed]
    parts = []
    if new:
        parts.append(f"{joined(new)} would open")
    if kept:
        parts.append(f"{joined(kept)} would stay open")
    if closed:
        parts.append(f"{joined(closed)} would close")
    return f"The plan has {counted(len(opened), 'site')} open: {'; '.join(parts)}."


def _journey_sentence(problem: SitingProblem, plan: SitingPlan, table: pd.DataFrame) -> str:
    figures = access_summary(table, travel_limit_s=problem.rules.travel_limit_s)
    way = MODE_TEXTS[problem.travel.mode]
    compared = _compared(table)
    before_s, after_s = compared["mean_before_s"], compared["mean_after_s"]
    after = tenths_text(after_s)
    if math.isnan(after_s):
        return "No area can reach an open site."
    if math.isnan(before_s):
        sentence = f"The average journey {way} would be {after}; no site is open today to compare"
    elif abs(after_s - before_s) < _SAME_S:
        sentence = f"The average journey {way} stays at {after}"
    else:
        turn = "falls" if after_s < before_s else "rises"
        before = tenths_text(before_s).removesuffix(" minutes")
        sentence = f"The average journey {way} {turn} from {before} to {after}"
    limit_s = problem.rules.travel_limit_s
    if limit_s is not None:
        sentence += (
            f", and {percent_text(figures['within_after_share'])} of the demand is within "
            f"{minutes_text(limit_s)}"
        )
        if not math.isnan(before_s):
            sentence += f" (today {percent_text(figures['within_before_share'])})"
    sentence += f"; the longest is {minutes_text(figures['worst_after_s'])}"
    if plan.unserved:
        count = len(plan.unserved)
        sentence += f", and {counted(count, 'area')} {_are(count)} not served"
    return f"{sentence}."


def _range_sentences(problem: SitingProblem, table: pd.DataFrame) -> list[str]:
    """Say how far the times may be wrong, and which limits that leaves in doubt."""
    told, mean_s = problem.travel.time_range, _compared(table)["mean_after_s"]
    if not told.is_told or math.isnan(mean_s):
        return []
    sentences = [told.reading(mean_s)]
    doubtful = table[table["is_limit_doubtful"]]
    if not doubtful.empty:
        one = len(doubtful) == 1
        sentences.append(
            f"{_capital(_areas_text(doubtful))} {'keeps' if one else 'keep'} within the limit by "
            "these times, but not at the high end of the range."
        )
    return sentences


def _compared(table: pd.DataFrame) -> dict[str, float]:
    """Return the figures of the areas that reach a site both today and in the plan.

    An area that loses, or gains, its only way to a site would move the mean without any journey
    having changed. Where there are no such areas, of all.
    """
    has_both = table["time_before_s"].notna() & table["time_after_s"].notna()
    return access_summary(table[has_both] if has_both.any() else table)


def _better_siting(problem: SitingProblem, plan: SitingPlan) -> str:
    best = _BEST_AT[problem.objective]
    if problem.objective is SitingObjective.SET_COVER:
        return f"choice of sites {best}"
    if plan.unserved and problem.objective is not SitingObjective.MAX_COVERAGE:
        best = f"serves more, or as much and {best}"
    return f"choice of {counted(len(plan.opened), 'site')} {best}"


def _proof_sentence(report: SolveReport, better: str) -> str:
    if report.status is SolveStatus.OPTIMAL:
        return f"This is proven best: no other {better}."
    gap = report.gap_share
    if gap is None:
        return (
            "This is the best found in the time allowed; how much better another could be is not "
            "known."
        )
    if gap == 0:
        return f"This is proven best to within rounding: no other {better}."
    shown = f"{100 * gap:.1f}%" if gap >= 0.001 else "0.1%"  # noqa: PLR2004 - a tenth of a per cent
    return f"This is proven to be within {shown} of the best that any choice could do."


def _deprivation_sentences(table: pd.DataFrame) -> list[str]:
    decile = table["imd_decile"].to_numpy(float, na_value=math.nan)
    halves = (
        ("the more deprived half of the country's areas (deciles 1 to 5)", decile <= _HALF),
        ("the less deprived half (deciles 6 to 10)", decile > _HALF),
    )
    told = []
    for whose, is_in in halves:
        figures = _compared(table[is_in])
        if is_in.any() and not math.isnan(figures["mean_after_s"]):
            told.append(f"people in {whose} would travel {_change_text(figures)}")
    return [f"{_capital('; '.join(told))}."] if told else []


def _change_text(figures: dict[str, float]) -> str:
    after = tenths_text(figures["mean_after_s"])
    change_s = figures["change_s"]
    if math.isnan(change_s):
        return f"{after} on average"
    if abs(change_s) < _SAME_S:
        return f"as long as today on average ({after})"
    word = "less" if change_s < 0 else "more"
    return f"{tenths_text(abs(change_s))} {word} on average (to {after})"


def _change_sentences(table: pd.DataFrame) -> list[str]:
    change = table["change_s"]
    if change.isna().all():
        return []
    shorter, longer = table[change <= -_SAME_S], table[change >= _SAME_S]
    sentence = (
        f"{_capital(_areas_text(shorter))} would have a shorter journey than today, "
        f"{_areas_text(longer)} a longer one"
    )
    if not longer.empty:
        most = longer["change_s"].to_numpy(float)
        where = longer["name"].iloc[int(most.argmax())]
        sentence += f"; the most is {minutes_text(float(most.max()))} more, in {where}"
    return [f"{sentence}."]


def _areas_text(part: pd.DataFrame) -> str:
    text = counted(len(part), "area")
    people = part["population"]
    if part.empty or people.isna().any():
        return text
    return f"{text} ({counted(float(people.sum()), 'resident')})"


def _unserved_sentences(problem: SitingProblem, plan: SitingPlan) -> list[str]:
    if not plan.unserved:
        return ["Every area is served."]
    demand = sum(area.demand for area in plan.unserved)
    share = percent_text(demand / float(problem.demand.sum()))
    count = len(plan.unserved)
    common = Counter(area.reason.rstrip(".") for area in plan.unserved).most_common(1)[0][0]
    sentence = (
        f"{_capital(counted(count, 'area'))} {_are(count)} not served, with "
        f"{amount_text(demand)} {problem.demand_unit} ({share}); "
        f"the {'' if count == 1 else 'usual '}reason: {common}."
    )
    return [sentence]


def _method_sentences(problem: SitingProblem) -> list[str]:
    if not problem.travel.method.startswith("straight"):
        return []
    sentence = (
        "Journeys were measured in straight lines, not on roads, so read the minutes as a rough "
        "guide."
    )
    return [sentence]


def _made_sentence(problem: RoutingProblem, plan: RoutePlan) -> str:
    asked, unmade = len(problem.visits), len(plan.unmade)
    day = day_text(problem.day)
    by = counted(len(plan.routes), "shift")
    if asked == 0:
        return f"There are no visits to make on {day}."
    if unmade == asked:
        return f"None of the {counted(asked, 'visit')} on {day} can be made{_unmade_why(plan)}."
    if unmade == 0:
        whole = "The 1 visit is" if asked == 1 else f"All {counted(asked, 'visit')} are"
        return f"{whole} made on {day}, by {by}."
    made = asked - unmade
    return (
        f"{made:,} of {counted(asked, 'visit')} {_are(made)} made on {day}, by {by}; "
        f"{unmade:,} {_are(unmade)} not{_unmade_why(plan)}."
    )


def _are(count: int) -> str:
    return "is" if count == 1 else "are"


def _unmade_why(plan: RoutePlan) -> str:
    """Why visits are unmade, the commonest reason first: ``2 because …, 1 because …``."""
    codes = Counter(unmade.code for unmade in plan.unmade)
    spelt = {unmade.code: unmade.reason.rstrip(".") for unmade in reversed(plan.unmade)}
    ordered = sorted(codes.items(), key=lambda item: (-item[1], item[0]))
    why = [
        (count, (_UNMADE_WHY_ONE if count == 1 else _UNMADE_WHY).get(code, spelt[code]))
        for code, count in ordered
    ]
    if len(why) == 1:
        return f", because {why[0][1]}"
    return ": " + joined([f"{count:,} because {text}" for count, text in why])


def _time_sentences(shifts: pd.DataFrame) -> list[str]:
    working = shifts[shifts["visits"] > 0]
    if working.empty:
        return []
    total = working[["service_s", "travel_s", "wait_s", "distance_m"]].sum()
    parts = [
        f"{hours_text(total['service_s'])} on visits",
        f"{hours_text(total['travel_s'])} travelling ({miles_text(total['distance_m'])})",
    ]
    if total["wait_s"] >= SECONDS_PER_MINUTE:
        parts.append(f"{hours_text(total['wait_s'])} waiting")
    sentence = f"Staff spend {joined(parts)}."
    return [sentence]


def _balance_sentences(shifts: pd.DataFrame) -> list[str]:
    count = len(shifts)
    if count < 2:  # noqa: PLR2004 - one shift has nothing to be compared with
        return []
    used = shifts["utilisation_share"].to_numpy(float)
    names = shifts["shift_id"].tolist()
    most, least = int(used.argmax()), int(used.argmin())
    idle = int((shifts["visits"] == 0).sum())
    if idle:
        rest = f"; {counted(idle, 'shift')} {'has' if idle == 1 else 'have'} no visits"
    else:
        rest = f", the lightest {names[least]} ({percent_text(used[least])})"
    sentence = (
        f"The fullest shift is {names[most]}, with {percent_text(used[most])} of its hours on "
        f"visits and travel{rest}."
    )
    return [sentence]


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]
