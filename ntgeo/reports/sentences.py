"""The answer in plain English."""

from __future__ import annotations

from collections import Counter
from typing import Final

import pandas as pd

from ntgeo.domain.routing import RoutePlan, RoutingProblem
from ntgeo.domain.siting import SitingPlan, SitingProblem
from ntgeo.domain.units import SECONDS_PER_MINUTE
from ntgeo.reports.plain import (
    are,
    counted,
    day_text,
    hours_text,
    joined,
    miles_text,
    percent_text,
)
from ntgeo.reports.proof_words import proof_sentence
from ntgeo.reports.rounds_tables import rounds_shifts_table
from ntgeo.reports.siting_sentences import siting_sentences

__all__ = ["five_sentences", "rounds_sentences"]

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
        proof_sentence(plan.report, "choice of rounds does better"),
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
        f"{made:,} of {counted(asked, 'visit')} {are(made)} made on {day}, by {by}; "
        f"{unmade:,} {are(unmade)} not{_unmade_why(plan)}."
    )


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
