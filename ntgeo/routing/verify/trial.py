"""Tries one round by itself."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Final

from ntgeo.domain.routing import ShiftId, Stop, StopKind, Visit, VisitId
from ntgeo.routing.verify import breaks, legs, people, rounds, windows
from ntgeo.routing.verify.facts import Facts, Round, Said
from ntgeo.routing.verify.legs import Way, is_same_door, way_on, way_to
from ntgeo.routing.verify.timetable import begin_spans, build_routes

__all__ = ["can_go_on", "keeps_every_rule"]

Rule = Callable[[Facts], Iterator[Said]]

_OF_A_CREW: Final[tuple[Rule, ...]] = (
    people.crew_size,
    people.after_dark,
    people.may_go_alone,
    people.pinned_shifts,
)
_OF_ONE_ROUND: Final[tuple[Rule, ...]] = (
    rounds.hours,
    rounds.capacity,
    rounds.most_work,
    rounds.most_travel,
    rounds.most_distance,
    legs.reachable,
    legs.begins,
    breaks.break_windows,
    breaks.after_work,
    windows.start_in_window,
    windows.finish_in_window,
    windows.arrive_in_window,
    windows.pinned_time,
    windows.pinned_place,
    people.skills,
    people.required_staff,
    people.forbidden_staff,
    *_OF_A_CREW,
)


def keeps_every_rule(facts: Facts, shift: ShiftId, order: tuple[VisitId, ...]) -> bool:
    """Tell whether a round is found to keep every rule that is its own, by nothing clever.

    Args:
        facts: The question.
        shift: Whose round.
        order: Its visits, none of which matters to other rounds.
    """
    (route,) = build_routes(facts, {shift: order}, {})
    return _is_kept(facts.of_route(route), _OF_ONE_ROUND)


def can_go_on(facts: Facts, one: Round, visit: Visit) -> bool:
    """Tell whether a round can make one more visit before its end, the rest being as told.

    Args:
        facts: The plan.
        one: The round.
        visit: One that matters to no other round.
    """
    shift, before = one.shift, one.stops[-2]
    way = way_on(facts, one, visit.id)
    if math.isnan(way.travel_s):
        return False
    set_up_s = 0.0 if is_same_door(facts, before.place, visit.id) else float(visit.set_up_s)
    lasts_s = float(visit.service_s_of(shift.staff))
    arrive_s = before.leave_s + way.travel_s + way.parking_s
    ready_s, pinned_s = arrive_s + set_up_s, visit.pin.begin_s
    spans = begin_spans(visit, set_up_s, lasts_s) if pinned_s is None else [(pinned_s, pinned_s)]
    begins_s = [max(ready_s, first) for first, last in spans if ready_s <= last]
    if not begins_s:
        return False
    begin_s = min(begins_s)
    there = Stop(
        kind=StopKind.VISIT,
        place=visit.id,
        travel_s=way.travel_s,
        distance_m=way.distance_m,
        arrive_s=arrive_s,
        wait_s=begin_s - ready_s,
        begin_s=begin_s,
        leave_s=begin_s + lasts_s,
        parking_s=way.parking_s,
        set_up_s=set_up_s,
        walk_s=way.walk_s,
    )
    return _ends_well(facts, one, there, way.car)


def _ends_well(facts: Facts, one: Round, there: Stop, car: str) -> bool:
    """Tell whether a round that goes on to one more visit keeps the rules until its end."""
    end = one.shift.end_place or there.place
    still = Way(0.0, 0.0, 0.0, 0.0, car)
    way = still if end == there.place else way_to(facts, one.shift, there.place, car, end)
    if math.isnan(way.travel_s):
        return False
    end_s = there.leave_s + way.travel_s
    home = replace(
        one.stops[-1],
        place=end,
        travel_s=way.travel_s,
        distance_m=way.distance_m,
        walk_s=way.walk_s,
        arrive_s=end_s,
        begin_s=end_s,
        leave_s=end_s,
    )
    longer = replace(one.route, stops=(*one.stops[:-1], there, home))
    # Who else comes to the round's other visits is not known of one round alone.
    ours = tuple(rule for rule in _OF_ONE_ROUND if rule not in _OF_A_CREW)
    alone = replace(one.route, stops=(one.stops[0], there, home))
    return _is_kept(facts.of_route(longer), ours) and _is_kept(facts.of_route(alone), _OF_A_CREW)


def _is_kept(facts: Facts, rules: tuple[Rule, ...]) -> bool:
    return all(next(rule(facts), None) is None for rule in rules)
