"""The siting answer in plain English."""

from __future__ import annotations

import math
from collections import Counter
from typing import Final

import pandas as pd

from ntgeo.domain.siting import SitingObjective, SitingPlan, SitingProblem
from ntgeo.domain.siting_words import OBJECTIVE_TEXTS, value_text
from ntgeo.reports.plain import (
    MODE_TEXTS,
    amount_text,
    are,
    capital,
    counted,
    joined,
    minutes_text,
    percent_text,
    tenths_text,
)
from ntgeo.reports.proof_words import proof_sentence
from ntgeo.reports.siting_access import access_summary
from ntgeo.reports.siting_tables import siting_areas_table

__all__ = ["siting_sentences"]

_BEST_AT: Final = {
    SitingObjective.P_MEDIAN: "gives a shorter average journey",
    SitingObjective.DEPRIVATION_P_MEDIAN: "gives a shorter average journey, with deprived areas "
    "counted more",
    SitingObjective.WORST_TENTH: "gives a shorter journey to the tenth that travels longest",
    SitingObjective.WORST_DECILE: "gives a shorter journey to the worst-off deprivation decile",
    SitingObjective.MAX_ATTENDANCE: "would be attended by more",
    SitingObjective.BACKUP_COVER: "gives more of the demand a second open site within the limit",
    SitingObjective.LEAST_COST: "costs less a year",
    SitingObjective.MARKET_SHARE: "wins more of the demand from other providers",
    SitingObjective.MAX_COVERAGE: "reaches more of the demand within the limit",
    SitingObjective.SET_COVER: "reaches everyone within the limit with fewer sites",
    SitingObjective.P_CENTRE: "has a shorter longest journey",
    SitingObjective.KOLM_POLLAK: "does better for those with long journeys (Kolm-Pollak)",
}
_SERVES_FIRST: Final = {
    *(SitingObjective.P_MEDIAN, SitingObjective.DEPRIVATION_P_MEDIAN),
    *(SitingObjective.KOLM_POLLAK, SitingObjective.P_CENTRE),
    *(SitingObjective.WORST_TENTH, SitingObjective.WORST_DECILE),
}
"""Objectives before which as little demand as can be is left unserved."""
_HALF: Final = 5
_SAME_S: Final = 3.0
"""A change below a twentieth of a minute reads as none."""


def siting_sentences(
    problem: SitingProblem, plan: SitingPlan, areas: pd.DataFrame, *, rounded_to: int = 0
) -> list[str]:
    """Return the siting answer as sentences, most important first.

    Args:
        problem: The question.
        plan: Its answer.
        areas: As for ``siting_areas_table``.
        rounded_to: Demand is rounded to so much, to protect small counts; 0 for none.

    Returns:
        Which sites open and close, and what the objective comes to, where journeys do not tell it;
        the journey before and after, and its range; the proof; who gains and loses by deprivation;
        how many areas gain and lose; who is unserved and why; how journeys were measured, where
        that was not on roads.
    """
    table = siting_areas_table(problem, plan, areas)
    return [
        " ".join([_sites_sentence(problem, plan), *_value_sentences(problem, plan, rounded_to)]),
        " ".join([_journey_sentence(problem, plan, table), *_range_sentences(problem, table)]),
        " ".join(
            [
                proof_sentence(plan.report, _better_siting(problem, plan)),
                *_next_aim_sentences(problem),
            ]
        ),
        *_deprivation_sentences(table),
        *_change_sentences(table),
        *_unserved_sentences(problem, plan, rounded_to),
        *_method_sentences(problem),
    ]


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
    elif abs(after_s - before_s) < _SAME_S or tenths_text(before_s) == after:
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
        sentence += f", and {counted(count, 'area')} {are(count)} not served"
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
            f"{capital(_areas_text(doubtful))} {'keeps' if one else 'keep'} within the limit by "
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
    objective, rules = problem.objective, problem.rules
    if objective is SitingObjective.SET_COVER and rules.target_share < 1:
        share = percent_text(rules.target_share)
        return f"choice of sites reaches {share} of the demand within the limit with fewer sites"
    if objective is SitingObjective.BACKUP_COVER and rules.site_count is None:
        return "choice of fewer sites gives everyone who could have one a second site in reach"
    best = _BEST_AT[objective]
    if objective is SitingObjective.MAX_COVERAGE and rules.decay is not None:
        best = "covers more of the demand, counted by how near it is"
    if plan.unserved and objective in _SERVES_FIRST:
        best = f"serves more, or as much and {best}"
    return f"{_choice_text(problem)} {best}"


def _next_aim_sentences(problem: SitingProblem) -> list[str]:
    """Say what was made best after the objective, and what of it might be given up for that."""
    told = []
    for aim in problem.then:
        sentence = f"After that it has the {OBJECTIVE_TEXTS[aim.objective]}"
        if aim.slack_share:
            sentence += (
                f", for which up to {percent_text(aim.slack_share)} of what was best before might "
                "be given up"
            )
        told.append(f"{sentence}.")
    return told


def _choice_text(problem: SitingProblem) -> str:
    """Which choices were open to the planner."""
    rules, objective = problem.rules, problem.objective
    if objective is SitingObjective.SET_COVER:
        return "choice of sites"
    most = "up to " if rules.may_open_fewer else ""
    count = "sites" if rules.site_count is None else counted(rules.site_count, "site")
    budget = "" if rules.budget_gbp is None else f" for £{rules.budget_gbp:,.0f} a year"
    return f"choice of {most}{count}{budget}"


def _value_sentences(problem: SitingProblem, plan: SitingPlan, rounded_to: int) -> list[str]:
    """Say what the objective comes to, where the sentence on journeys does not."""
    value, total = plan.report.objective, float(problem.demand.sum())
    objective, unit = problem.objective, problem.demand_unit
    part = f"{amount_text(_rounded(value, rounded_to))} of {amount_text(total)} {unit}"
    share = f"({percent_text(value / total)})"
    within = f"within {minutes_text(problem.rules.travel_limit_s or 0.0)}"
    told = {
        SitingObjective.KOLM_POLLAK: f"The equity-adjusted journey, in which long journeys weigh "
        f"more, is {tenths_text(value)}.",
        SitingObjective.WORST_TENTH: f"The tenth of the demand that travels longest has an average "
        f"journey of {tenths_text(value)}.",
        SitingObjective.WORST_DECILE: f"The average journey of the worst-off deprivation decile is "
        f"{tenths_text(value)}.",
        SitingObjective.MAX_ATTENDANCE: f"Of those who would come if it were near, {part} would "
        f"attend {share}.",
        SitingObjective.MARKET_SHARE: f"Against the other providers, it would win {part} {share}.",
        SitingObjective.LEAST_COST: f"It costs {value_text(value, 'pounds a year')} in all"
        f"{_of_which_sites(problem, plan)}.",
    }
    if objective is SitingObjective.MAX_COVERAGE and problem.rules.decay is not None:
        return [f"Counted by how near it is, {part} are covered {share}."]
    if objective is SitingObjective.BACKUP_COVER and problem.rules.site_count is not None:
        return [f"Two open sites {within} are there for {part} {share}."]
    return [told[objective]] if objective in told else []


def _of_which_sites(problem: SitingProblem, plan: SitingPlan) -> str:
    cost_of = {site.id: site.fixed_cost_gbp or 0.0 for site in problem.sites}
    fixed_gbp = sum(cost_of[site] for site in plan.opened)
    return f", of which £{fixed_gbp:,.0f} is for the sites"


def _rounded(amount: float, rounded_to: int) -> float:
    return amount if rounded_to == 0 else round(amount / rounded_to) * rounded_to


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
    return [f"{capital('; '.join(told))}."] if told else []


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
        f"{capital(_areas_text(shorter))} would have a shorter journey than today, "
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


def _unserved_sentences(problem: SitingProblem, plan: SitingPlan, rounded_to: int) -> list[str]:
    if not plan.unserved:
        return ["Every area is served."]
    demand = _rounded(sum(area.demand for area in plan.unserved), rounded_to)
    share = percent_text(demand / float(problem.demand.sum()))
    count = len(plan.unserved)
    common, times = Counter(area.reason.rstrip(".") for area in plan.unserved).most_common(1)[0]
    word = "" if count == 1 else "usual " if times > 1 else "first "
    sentence = (
        f"{capital(counted(count, 'area'))} {are(count)} not served, with "
        f"{amount_text(demand)} {problem.demand_unit} ({share}); "
        f"the {word}reason: {common}."
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
