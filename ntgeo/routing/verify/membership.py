"""Rules of the plan as a whole: each visit and each shift is told of once."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from ntgeo.domain.routing import StopKind
from ntgeo.routing.verify.facts import Facts, Said, said

__all__ = [
    "in_order",
    "known_visits",
    "one_round_a_shift",
    "readable_rounds",
    "told_once",
    "twice_in_a_round",
]


def readable_rounds(facts: Facts) -> Iterator[Said]:
    """Each route is one of a known shift, between known places, from a start to an end."""
    for number, why in facts.unreadable.items():
        yield said(why, shift=facts.plan.routes[number].shift)


def known_visits(facts: Facts) -> Iterator[Said]:
    """Every visit of the plan is one of the problem."""
    for visit in sorted({*_made(facts), *_unmade(facts)} - set(facts.visits)):
        yield said(f"{visit} is in the plan, but is no visit of the problem", visit=visit)


def told_once(facts: Facts) -> Iterator[Said]:
    """Each visit is either made or said to be unmade, not both, and not twice unmade."""
    made, unmade = _made(facts), _unmade(facts)
    for visit in facts.visits:
        if not made[visit] and not unmade[visit]:
            yield said(f"{visit} is neither in a round nor said to be unmade", visit=visit)
        if made[visit] and unmade[visit]:
            yield said(f"{visit} is in a round and is said to be unmade", visit=visit)
        if unmade[visit] > 1:
            yield said(f"{visit} is said to be unmade {unmade[visit]} times", visit=visit)


def twice_in_a_round(facts: Facts) -> Iterator[Said]:
    """Nobody goes to a visit twice."""
    for one in facts.rounds:
        for visit, times in Counter(stop.place for stop in one.visits).items():
            if times > 1:
                shift = one.shift.id
                yield said(f"{visit} is {times} times in {shift}", shift=shift, visit=visit)


def one_round_a_shift(facts: Facts) -> Iterator[Said]:
    """A shift has one round."""
    for shift, times in Counter(str(route.shift) for route in facts.plan.routes).items():
        if times > 1:
            yield said(f"{shift} has {times} rounds", shift=shift)


def in_order(facts: Facts) -> Iterator[Said]:
    """Rounds stand in order of shift, unmade visits in order of id."""
    shifts = [str(route.shift) for route in facts.plan.routes]
    if shifts != sorted(shifts):
        yield said("the rounds are not in order of shift")
    unmade = [str(visit.visit) for visit in facts.plan.unmade]
    if unmade != sorted(unmade):
        yield said("the unmade visits are not in order of id")


def _made(facts: Facts) -> Counter[str]:
    return Counter(
        stop.place
        for route in facts.plan.routes
        for stop in route.stops
        if stop.kind is StopKind.VISIT
    )


def _unmade(facts: Facts) -> Counter[str]:
    return Counter(str(visit.visit) for visit in facts.plan.unmade)
