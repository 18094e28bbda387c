"""Tries one round by itself."""

from __future__ import annotations

from typing import Final

from ntgeo.domain.routing import ShiftId, VisitId
from ntgeo.routing.verify import breaks, legs, people, rounds, windows
from ntgeo.routing.verify.facts import Facts
from ntgeo.routing.verify.timetable import build_routes

__all__ = ["keeps_every_rule"]

_OF_ONE_ROUND: Final = (
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
    people.crew_size,
    people.after_dark,
    people.may_go_alone,
    people.pinned_shifts,
)


def keeps_every_rule(facts: Facts, shift: ShiftId, order: tuple[VisitId, ...]) -> bool:
    """Tell whether a round is found to keep every rule that is its own, by nothing clever.

    Args:
        facts: The question.
        shift: Whose round.
        order: Its visits, none of which matters to other rounds.
    """
    (route,) = build_routes(facts, {shift: order}, {})
    alone = facts.of_route(route)
    return all(next(rule(alone), None) is None for rule in _OF_ONE_ROUND)
