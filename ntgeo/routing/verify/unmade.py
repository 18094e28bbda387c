"""Checks what a plan says of the visits that it does not make; knows nothing of the solver.

Reasons that follow from skills, people, places and loads are reckoned again. Of those that lie in
the clock, in links or in other rounds, what can be refuted by an example is: a round made by
nothing cleverer than doing everything as soon as can be, that keeps every rule.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import replace

from ntgeo.domain.matrix import TravelMode
from ntgeo.domain.routing import (
    LONGEST_SHIFT_S,
    ChangeKind,
    NotAlone,
    RoutingProblem,
    Shift,
    ShiftId,
    SmallestChange,
    TimeWindow,
    UnmadeCode,
    UnmadeVisit,
    Visit,
    VisitId,
)
from ntgeo.domain.units import SECONDS_PER_MINUTE
from ntgeo.routing.verify.facts import SAME_GBP, SAME_S, Facts, Said, said
from ntgeo.routing.verify.trial import can_go_on, keeps_every_rule

__all__ = [
    "changes_of_known_shifts",
    "could_be_made",
    "dear_visits",
    "known_reasons",
    "least_changes",
    "named_reasons",
    "true_reasons",
]

_STANDING = (
    UnmadeCode.NO_STAFF,
    UnmadeCode.NO_SKILL,
    UnmadeCode.NOT_ALLOWED,
    UnmadeCode.TOO_FEW,
    UnmadeCode.NOT_ALONE,
    UnmadeCode.PINNED_SHIFT,
    UnmadeCode.TOO_HEAVY,
    UnmadeCode.UNREACHABLE,
    UnmadeCode.TOO_FAR,
)
_CLOCK = (UnmadeCode.TOO_LONG, UnmadeCode.NO_WINDOW, UnmadeCode.PINNED_TIME)
_TWO = 2
_UNTRUE = {
    UnmadeCode.TOO_DEAR: "no cost is worth an unmade visit",
    UnmadeCode.LINKED: "every visit that it is made with is made",
    UnmadeCode.CONTRADICTION: "no gap is asked for",
    UnmadeCode.AFTER_DARK: "one may be there alone after dark",
    UnmadeCode.PINNED_TIME: "it is pinned to no time",
}


def known_reasons(facts: Facts) -> Iterator[Said]:
    """A reason is one of those that there are."""
    for unmade in facts.plan.unmade:
        if unmade.code not in {*UnmadeCode}:
            yield said(f'{unmade.visit}: "{unmade.code}" is no known reason', visit=unmade.visit)


def named_reasons(facts: Facts) -> Iterator[Said]:
    """A reason names its visit."""
    for unmade in facts.plan.unmade:
        if not unmade.reason.startswith(str(unmade.visit)):
            yield said(f"{unmade.visit}: its reason does not name it", visit=unmade.visit)


def true_reasons(facts: Facts) -> Iterator[Said]:
    """The first reason that holds is told, as far as that can be reckoned."""
    for unmade, visit in _left(facts):
        if unmade.code not in {*UnmadeCode}:
            continue
        standing = _standing(facts, visit)
        if standing is not None:
            why = "" if unmade.code == standing else f"it is {standing}"
        elif unmade.code in _STANDING:
            why = "is not"
        else:
            why = _refuted(facts, visit, UnmadeCode(unmade.code))
        if why:
            yield said(f"{visit.id} is said to be {unmade.code}, but {why}", visit=visit.id)


def could_be_made(facts: Facts) -> Iterator[Said]:
    """No visit is left that an idle shift, or one at its end, could simply make.

    Asked only of visits that one goes to and nothing is linked to, and where no cost is worth an
    unmade visit.
    """
    if not facts.problem.prices.puts_priorities_first:
        return
    rounds = {one.shift.id: one for one in facts.rounds}
    for _, visit in _left(facts):
        if not _is_single(facts.problem, visit):
            continue
        for shift in facts.problem.shifts:
            one = rounds.get(shift.id)
            if visit.skills - shift.skills:
                continue
            if one is None and keeps_every_rule(facts, shift.id, (visit.id,)):
                yield _could(visit, shift, "and has no round")
            elif one is not None and can_go_on(facts, one, visit):
                yield _could(visit, shift, "as its last visit")


def _could(visit: Visit, shift: Shift, how: str) -> Said:
    text = f"{visit.id} is unmade, but {shift.id} could make it {how}"
    return said(text, shift=shift.id, visit=visit.id)


def changes_of_known_shifts(facts: Facts) -> Iterator[Said]:
    """A change is one of a shift that there is."""
    for visit, change in _changes(facts):
        if change.shift not in facts.shifts:
            text = f"the change is for {change.shift}, which is no shift of the problem"
            yield said(f"{visit.id}: {text}", visit=visit.id)


def least_changes(facts: Facts) -> Iterator[Said]:
    """No change is larger than it need be, as far as one more visit in a round can show."""
    for visit, change in _changes(facts):
        if change.shift not in facts.shifts or not _is_single(facts.problem, visit):
            continue
        less = _one_step_less(change)
        if less is not None and _makes(facts, visit, less):
            text = f"less than {change.minutes} minutes would do ({change.kind})"
            yield said(f"{visit.id}: {text}", shift=change.shift, visit=visit.id)


def dear_visits(facts: Facts) -> Iterator[Said]:
    """A visit left for its cost costs more than leaving it."""
    for visit, change in _changes(facts):
        price = facts.problem.prices.unmade_gbp_of(visit)
        is_dear = change.cost_gbp is None or change.cost_gbp > price - SAME_GBP
        if change.kind is ChangeKind.PRICE and not is_dear:
            text = f"it would cost £{change.cost_gbp:,.2f}, and leaving it £{price:,.2f}"
            yield said(f"{visit.id}: {text}", visit=visit.id)


def _left(facts: Facts) -> Iterator[tuple[UnmadeVisit, Visit]]:
    for unmade in facts.plan.unmade:
        if unmade.visit in facts.visits:
            yield unmade, facts.visits[unmade.visit]


def _changes(facts: Facts) -> Iterator[tuple[Visit, SmallestChange]]:
    for unmade, visit in _left(facts):
        if unmade.change is not None:
            yield visit, unmade.change


def _standing(facts: Facts, visit: Visit) -> UnmadeCode | None:
    """Return the first reason that needs no clock; ``None`` if none of them holds."""
    left = list(facts.problem.shifts)
    if not left:
        return UnmadeCode.NO_STAFF
    left = [s for s in left if not visit.skills - s.skills]
    if not left:
        return UnmadeCode.NO_SKILL
    left = [s for s in left if s.staff not in visit.forbidden_staff]
    left = [s for s in left if not visit.required_staff or s.staff in visit.required_staff]
    if not left:
        return UnmadeCode.NOT_ALLOWED
    if _people(left) < visit.least_crew:
        return UnmadeCode.TOO_FEW
    most = max(visit.crew, _TWO) if visit.not_alone else visit.crew
    if most == 1:
        left = [s for s in left if s.may_go_alone]
        if not left:
            return UnmadeCode.NOT_ALONE
    return _standing_of_pinned(facts, visit, left, most)


def _standing_of_pinned(
    facts: Facts, visit: Visit, left: list[Shift], most: int
) -> UnmadeCode | None:
    pinned = [s for s in left if s.id in visit.pin.shifts]
    if not len(visit.pin.shifts) == len(pinned) == _people(pinned) <= most:
        return UnmadeCode.PINNED_SHIFT
    left = pinned if len(pinned) == most else left
    left = [s for s in left if s.capacity is None or visit.load <= s.capacity]
    if _people(left) < visit.least_crew:
        return UnmadeCode.TOO_HEAVY
    left = [s for s in left if not math.isnan(_there_and_back(facts, s, visit)[0])]
    if _people(left) < visit.least_crew:
        return UnmadeCode.UNREACHABLE
    left = [s for s in left if not _is_too_far(s, *_there_and_back(facts, s, visit))]
    return UnmadeCode.TOO_FAR if _people(left) < visit.least_crew else None


def _people(shifts: list[Shift]) -> int:
    return len({shift.staff for shift in shifts})


def _there_and_back(facts: Facts, shift: Shift, visit: Visit) -> tuple[float, float]:
    """Return seconds of travel and parking, and metres driven or cycled, for a visit alone."""
    travel, row_of = facts.problem.travel_of(shift), facts.row_of
    there = row_of[shift.start_place], row_of[visit.id]
    time_s = float(travel.time_s[there]) + shift.parking_s
    distance_m = float(travel.distance_m[there])
    if shift.end_place is not None:
        back = row_of[visit.id], row_of[shift.end_place]
        time_s += float(travel.time_s[back])
        distance_m += float(travel.distance_m[back])
    return time_s, 0.0 if shift.mode is TravelMode.FOOT else distance_m


def _is_too_far(shift: Shift, time_s: float, distance_m: float) -> bool:
    most_s, most_m = shift.most_travel_s, shift.most_distance_m
    return (most_s is not None and time_s > most_s + SAME_S) or (
        most_m is not None and distance_m > most_m + SAME_S
    )


def _refuted(facts: Facts, visit: Visit, code: UnmadeCode) -> str:
    """Return why a reason that lies in the clock, in links or in prices is not true, if known."""
    problem = facts.problem
    left = {other.visit for other in facts.plan.unmade} - {visit.id}
    is_ordered = any(link.is_ordered for link in problem.links)
    untrue = {
        UnmadeCode.TOO_DEAR: problem.prices.puts_priorities_first,
        UnmadeCode.LINKED: not left & _needed(problem, visit.id),
        UnmadeCode.CONTRADICTION: not is_ordered,
        UnmadeCode.AFTER_DARK: visit.not_alone is not NotAlone.AFTER_DARK,
        UnmadeCode.PINNED_TIME: visit.pin.begin_s is None,
    }
    if untrue.get(code, False):
        return _UNTRUE[code]
    if code in _CLOCK and _is_single(problem, visit):
        able = [s.id for s in problem.shifts if keeps_every_rule(facts, s.id, (visit.id,))]
        return f"{able[0]} could make it, and nothing else" if able else ""
    if code not in _CLOCK and (late := _out_of_time(facts, visit)):
        return f"it is {late}"
    return ""


def _out_of_time(facts: Facts, visit: Visit) -> UnmadeCode | None:
    """Return the reason that surely lies in the clock, were it all that a shift did."""
    hours = [
        (s, s.hours.end_s - s.hours.start_s - _busy_s(facts, s, visit))
        for s in facts.problem.shifts
        if not visit.skills - s.skills
    ]
    if all(spare_s < -SAME_S for _, spare_s in hours if not math.isnan(spare_s)):
        return UnmadeCode.TOO_LONG
    at_s = visit.pin.begin_s
    spans = [(w.start_s, w.end_s) for w in visit.windows] if at_s is None else [(at_s, at_s)]
    if any(
        first_s <= s.hours.end_s and s.hours.start_s <= last_s
        for first_s, last_s in spans
        for s, _ in hours
    ):
        return None
    return UnmadeCode.NO_WINDOW if at_s is None else UnmadeCode.PINNED_TIME


def _busy_s(facts: Facts, shift: Shift, visit: Visit) -> float:
    rest_s = sum(rest.duration_s for rest in shift.breaks if rest.after_work_s is None)
    stay_s = visit.set_up_s + visit.service_s_of(shift.staff)
    return _there_and_back(facts, shift, visit)[0] + stay_s + rest_s


def _needed(problem: RoutingProblem, visit: VisitId) -> set[VisitId]:
    """Return every visit that must be made if this one is."""
    found, waiting = {visit}, [visit]
    while waiting:
        one = waiting.pop()
        for link in problem.links:
            with_first = link.is_ordered or link.both_or_neither
            more = {link.first} if one == link.second and with_first else set()
            more |= {link.second} if one == link.first and link.both_or_neither else set()
            waiting.extend(more - found)
            found |= more
    return found - {visit}


def _orders(facts: Facts) -> dict[ShiftId, tuple[VisitId, ...]]:
    return {one.shift.id: tuple(VisitId(stop.place) for stop in one.visits) for one in facts.rounds}


def _tied(facts: Facts) -> set[str]:
    """Return the visits whose times are not a round's own affair."""
    ends = {str(end) for link in facts.problem.links for end in (link.first, link.second)}
    return ends | {visit for visit, crew in facts.crews.items() if len(crew) > 1}


def _is_single(problem: RoutingProblem, visit: Visit) -> bool:
    """Tell whether one person makes the visit, whatever becomes of others."""
    is_linked = any(visit.id in {link.first, link.second} for link in problem.links)
    return visit.least_crew == 1 and not is_linked


def _one_step_less(change: SmallestChange) -> SmallestChange | None:
    if change.kind not in {ChangeKind.OVERTIME, ChangeKind.LATER, ChangeKind.EARLIER}:
        return None
    return replace(change, minutes=max(0, change.minutes - change.step_minutes))


def _makes(facts: Facts, visit: Visit, change: SmallestChange) -> bool:
    """Tell whether a change lets the visit into the shift's round, other rounds being as told."""
    made = _orders(facts).get(change.shift, ())
    if any(other in _tied(facts) for other in made):
        return False
    changed = Facts(_changed(facts.problem, visit, change), facts.plan)
    places = range(len(made) + 1)
    return any(
        keeps_every_rule(changed, change.shift, (*made[:at], visit.id, *made[at:])) for at in places
    )


def _changed(problem: RoutingProblem, visit: Visit, change: SmallestChange) -> RoutingProblem:
    by_s = change.minutes * SECONDS_PER_MINUTE
    if change.kind is ChangeKind.OVERTIME:
        shifts = tuple(
            _with_overtime(shift, by_s) if shift.id == change.shift else shift
            for shift in problem.shifts
        )
        return replace(problem, shifts=shifts)
    sooner_s = by_s if change.kind is ChangeKind.EARLIER else 0
    later_s = by_s if change.kind is ChangeKind.LATER else 0
    windows = tuple(
        TimeWindow(start_s=w.start_s - sooner_s, end_s=w.end_s + later_s) for w in visit.windows
    )
    widened = replace(visit, windows=windows)
    visits = tuple(widened if other.id == visit.id else other for other in problem.visits)
    return replace(problem, visits=visits)


def _with_overtime(shift: Shift, by_s: int) -> Shift:
    start_s, end_s = shift.hours.start_s, shift.hours.end_s + by_s
    most_s = None if shift.most_work_s is None else shift.most_work_s + by_s
    if most_s is None:
        end_s = min(end_s, start_s + LONGEST_SHIFT_S)
    return replace(shift, hours=TimeWindow(start_s=start_s, end_s=end_s), most_work_s=most_s)
