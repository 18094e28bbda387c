"""The rounds answer in plain English."""

from __future__ import annotations

from collections import Counter
from typing import Final

import pandas as pd

from ntgeo.domain.rounds_sense import continuity
from ntgeo.domain.rounds_words import COST_TEXTS, money_text
from ntgeo.domain.routing import RoutePlan, RoutingProblem, UnmadeCode
from ntgeo.domain.units import SECONDS_PER_MINUTE
from ntgeo.reports.plain import (
    are,
    counted,
    day_text,
    hours_text,
    joined,
    miles_text,
    minutes_text,
    percent_text,
)
from ntgeo.reports.proof_words import proof_sentence
from ntgeo.reports.rounds_tables import rounds_shifts_table, rounds_stops_table

__all__ = ["rounds_sentences"]

_TERMS_TOLD: Final = 4
_TIMES: Final = ("service_s", "travel_s", "parking_s", "set_up_s", "wait_s", "distance_m")
_UNMADE_WHY: Final = {
    UnmadeCode.NO_STAFF: "no one is on shift",
    UnmadeCode.NO_SKILL: "no one on shift has the skills",
    UnmadeCode.NOT_ALLOWED: "no one who may come has the skills",
    UnmadeCode.TOO_FEW: "too few on shift can come together",
    UnmadeCode.NOT_ALONE: "no one who can come may go alone",
    UnmadeCode.PINNED_SHIFT: "the shift asked for cannot make them",
    UnmadeCode.TOO_HEAVY: "they need more than any shift can carry",
    UnmadeCode.UNREACHABLE: "no way leads there",
    UnmadeCode.TOO_FAR: "they are farther than any shift may travel",
    UnmadeCode.TOO_LONG: "they do not fit into any shift",
    UnmadeCode.NO_WINDOW: "no shift covers the time asked for",
    UnmadeCode.PINNED_TIME: "no shift covers the moment settled",
    UnmadeCode.AFTER_DARK: "after dark they take two, and too few are on shift",
    UnmadeCode.LINKED: "a visit they are made with is not made",
    UnmadeCode.CONTRADICTION: "the times between linked visits cannot all be kept",
    UnmadeCode.TOO_DEAR: "making them costs more than leaving them",
    UnmadeCode.NO_ROOM: "the shifts are full",
}
_UNMADE_WHY_ONE: Final = _UNMADE_WHY | {
    UnmadeCode.PINNED_SHIFT: "the shift asked for cannot make it",
    UnmadeCode.TOO_HEAVY: "it needs more than any shift can carry",
    UnmadeCode.TOO_FAR: "it is farther than any shift may travel",
    UnmadeCode.TOO_LONG: "it does not fit into any shift",
    UnmadeCode.AFTER_DARK: "after dark it takes two, and too few are on shift",
    UnmadeCode.LINKED: "a visit it is made with is not made",
    UnmadeCode.TOO_DEAR: "making it costs more than leaving it",
}


def rounds_sentences(problem: RoutingProblem, plan: RoutePlan) -> list[str]:
    """Return the rounds answer as sentences, most important first.

    Returns:
        Visits made, and why others are not; what it costs; the proof; who sees whom, and when it
        is late; how staff spend the day; who has most and least to do.
    """
    shifts = rounds_shifts_table(problem, plan)
    return [
        _made_sentence(problem, plan),
        *_cost_sentences(plan),
        proof_sentence(plan.report, "choice of rounds does better"),
        *_people_sentences(problem, plan),
        *_time_sentences(shifts),
        *_balance_sentences(shifts),
    ]


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
    ordered = sorted(codes.items(), key=lambda item: (-item[1], item[0]))
    why = [
        (count, (_UNMADE_WHY_ONE if count == 1 else _UNMADE_WHY)[code]) for code, count in ordered
    ]
    if len(why) == 1:
        return f", because {why[0][1]}"
    return ": " + joined([f"{count:,} because {text}" for count, text in why])


def _cost_sentences(plan: RoutePlan) -> list[str]:
    """What the plan costs: the greatest terms, and the rest together."""
    total = plan.cost.total_gbp
    if not total:
        return []
    terms = [(gbp, term) for term, gbp in plan.cost.terms.items() if gbp > 0]
    terms.sort(key=lambda item: (-item[0], item[1]))
    if len(terms) == 1:
        return [f"The plan costs {money_text(total)}, all of it {_told_term(terms[0][1])}."]
    parts = [f"{money_text(gbp)} {_told_term(term)}" for gbp, term in terms[:_TERMS_TOLD]]
    left = sum(gbp for gbp, _ in terms[_TERMS_TOLD:])
    if left:
        parts.append(f"{money_text(left)} for other terms")
    return [f"The plan costs {money_text(total)}: {joined(parts)}."]


def _told_term(term: str) -> str:
    text = COST_TEXTS[term].partition(",")[0]
    return f"for {text[:1].lower()}{text[1:]}"


def _people_sentences(problem: RoutingProblem, plan: RoutePlan) -> list[str]:
    told = []
    known = continuity(problem, plan)
    if known.visits:
        whole = counted(known.visits, "visit")
        share = percent_text(known.seen / known.visits)
        told.append(
            f"{known.seen:,} of {whole} with usual staff {are(known.seen)} seen by them ({share}); "
            f"{counted(known.new_faces, 'new face')} {'comes' if known.new_faces == 1 else 'come'}."
        )
    stops = rounds_stops_table(problem, plan).drop_duplicates("visit_id")
    late = stops[stops["late_s"] > 0]
    if len(late):
        told.append(
            f"{counted(len(late), 'visit')} {'begins' if len(late) == 1 else 'begin'} later than "
            f"{'it' if len(late) == 1 else 'they'} had better, the latest by "
            f"{minutes_text(float(late['late_s'].max()))}."
        )
    return told


def _time_sentences(shifts: pd.DataFrame) -> list[str]:
    working = shifts[shifts["visits"] > 0]
    if working.empty:
        return []
    total = working[list(_TIMES)].sum()
    parts = [
        f"{hours_text(total['service_s'])} on visits",
        f"{hours_text(total['travel_s'])} travelling ({miles_text(total['distance_m'])})",
    ]
    for column, doing in (("parking_s", "parking"), ("set_up_s", "setting up")):
        if total[column] >= SECONDS_PER_MINUTE:
            parts.append(f"{hours_text(total[column])} {doing}")
    if total["wait_s"] >= SECONDS_PER_MINUTE:
        parts.append(f"{hours_text(total['wait_s'])} waiting")
    sentence = f"Staff spend {joined(parts)}."
    return [sentence]


def _balance_sentences(shifts: pd.DataFrame) -> list[str]:
    count = len(shifts)
    if count < 2:  # noqa: PLR2004 - one shift has nothing to be compared with
        return []
    work = shifts["work_s"].to_numpy(float)
    names = shifts["shift_id"].tolist()
    most, least = int(work.argmax()), int(work.argmin())
    visits = shifts["visits"].astype(int)
    sentence = (
        f"Work runs from {hours_text(work[least])} ({names[least]}) to {hours_text(work[most])} "
        f"({names[most]}) a shift, visits from {visits.min():,} to {visits.max():,}."
    )
    if not visits.min():
        idle = int((visits == 0).sum())
        sentence = (
            f"{sentence[:-1]}; {counted(idle, 'shift')} {'has' if idle == 1 else 'have'} none."
        )
    late_s = float(shifts["overtime_s"].sum())
    if late_s >= SECONDS_PER_MINUTE:
        sentence = f"{sentence[:-1]}; {hours_text(late_s)} of it all is overtime."
    return [sentence]
