"""Rules of who comes, and of how many."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise

from ntgeo.domain.routing import NotAlone
from ntgeo.errors import first_five
from ntgeo.routing.verify.facts import SAME_S, Attendance, Facts, Said, differ, said

__all__ = [
    "after_dark",
    "begins_together",
    "crew_size",
    "different_people",
    "forbidden_staff",
    "may_go_alone",
    "one_place_at_a_time",
    "own_round",
    "pinned_shifts",
    "required_staff",
    "skills",
]


def own_round(facts: Facts) -> Iterator[Said]:
    """A round is made by whose shift it is."""
    for one in facts.rounds:
        owner, maker = one.shift.staff, one.route.staff
        if owner != maker:
            text = f"{one.shift.id} is {owner}'s, but {maker} makes its round"
            yield said(text, shift=one.shift.id)


def one_place_at_a_time(facts: Facts) -> Iterator[Said]:
    """Nobody works in two rounds at a time."""
    spans = sorted((o.shift.staff, o.start_s, o.end_s, o.shift.id) for o in facts.rounds)
    for (staff, _, end_s, shift), (other, start_s, _, later) in pairwise(spans):
        if staff == other and start_s < end_s - SAME_S:
            yield said(f"{staff} works {shift} and {later} at the same time", shift=later)


def skills(facts: Facts) -> Iterator[Said]:
    """Each who comes has every skill that the visit needs."""
    for visit, one in _attendances(facts):
        shift = one.round.shift
        for skill in sorted(facts.visits[visit].skills - shift.skills):
            text = f"{shift.id} at {visit}: {shift.id} lacks the skill {skill}"
            yield said(text, shift=shift.id, visit=visit)


def required_staff(facts: Facts) -> Iterator[Said]:
    """Each who comes is one of those whom the visit asks for."""
    for visit, one in _attendances(facts):
        shift, required = one.round.shift, facts.visits[visit].required_staff
        if required and shift.staff not in required:
            text = f"{shift.id} at {visit}: {shift.staff} is not one of {_named(required)}"
            yield said(text, shift=shift.id, visit=visit)


def forbidden_staff(facts: Facts) -> Iterator[Said]:
    """None of those who come is forbidden."""
    for visit, one in _attendances(facts):
        shift = one.round.shift
        if shift.staff in facts.visits[visit].forbidden_staff:
            text = f"{shift.id} at {visit}: {shift.staff} may not go there"
            yield said(text, shift=shift.id, visit=visit)


def crew_size(facts: Facts) -> Iterator[Said]:
    """As many people come as the visit needs, at any time of day."""
    for visit, crew in facts.crews.items():
        wanted = facts.visits[visit]
        if wanted.not_alone is not NotAlone.AFTER_DARK and len(crew) != wanted.least_crew:
            yield said(_crew_told(visit, crew, wanted.least_crew), visit=visit)


def after_dark(facts: Facts) -> Iterator[Said]:
    """Nobody is alone before or after the day's light where that is ruled out."""
    for visit, crew in facts.crews.items():
        wanted = facts.visits[visit]
        if wanted.not_alone is not NotAlone.AFTER_DARK:
            continue
        begin_s, end_s = crew[0].stop.begin_s, facts.last_leave_s(crew)
        light = facts.problem.daylight
        # A moment at the edge of the light counts as light, and as dark.
        needed = {
            wanted.crew_needed(begin_s + slack_s, end_s - slack_s, light)
            for slack_s in (SAME_S, -SAME_S)
        }
        if len(crew) not in needed:
            when = f"{facts.clock(begin_s)} to {facts.clock(end_s)}"
            yield said(f"{_crew_told(visit, crew, max(needed))} from {when}", visit=visit)


def different_people(facts: Facts) -> Iterator[Said]:
    """A crew is of different people."""
    for visit, crew in facts.crews.items():
        if len(facts.staff(crew)) < len({one.round.shift.id for one in crew}):
            shifts = first_five(one.round.shift.id for one in crew)
            yield said(f"{visit}: {shifts} are shifts of the same person", visit=visit)


def begins_together(facts: Facts) -> Iterator[Said]:
    """A crew begins at the same time."""
    for visit, crew in facts.crews.items():
        begins_s = [one.stop.begin_s for one in crew]
        if differ(min(begins_s), max(begins_s)):
            told = f"{facts.clock(min(begins_s))} and {facts.clock(max(begins_s))}"
            yield said(f"{visit}: its crew does not begin together, but at {told}", visit=visit)


def may_go_alone(facts: Facts) -> Iterator[Said]:
    """Those who may not go alone do not."""
    for visit, crew in facts.crews.items():
        shift = crew[0].round.shift
        if len(crew) == 1 and not shift.may_go_alone:
            text = f"{shift.id} at {visit}: {shift.staff} may not go alone"
            yield said(text, shift=shift.id, visit=visit)


def pinned_shifts(facts: Facts) -> Iterator[Said]:
    """Every shift that a visit is pinned to takes part, if it is made."""
    for visit, crew in facts.crews.items():
        missing = facts.visits[visit].pin.shifts - {one.round.shift.id for one in crew}
        for shift in sorted(missing):
            text = f"{visit} is pinned to {shift}, which does not take part"
            yield said(text, shift=shift, visit=visit)


def _attendances(facts: Facts) -> Iterator[tuple[str, Attendance]]:
    for visit, crew in facts.crews.items():
        for one in crew:
            yield visit, one


def _crew_told(visit: str, crew: list[Attendance], needed: int) -> str:
    people = "person comes" if len(crew) == 1 else "people come"
    return f"{visit}: {len(crew)} {people}, where it takes {needed}"


def _named(staff: frozenset[str] | frozenset[object]) -> str:
    return first_five(sorted(map(str, staff)))
