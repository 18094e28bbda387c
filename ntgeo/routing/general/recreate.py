"""Putting visits back: alone, or bundled with those that are made only together with them."""

from __future__ import annotations

from typing import Any

import numpy as np

from ntgeo.routing.chance import draw
from ntgeo.routing.general.bench import BUNDLED, CHOSEN, IN_PAIRS, TRIED, energy, put, roll_back
from ntgeo.routing.general.facts import (
    AFTER_DARK,
    BY_DAY,
    FIRST,
    HAS_TIES,
    IS_BOTH,
    IS_ORDERED,
    LINKS_FROM,
    LINKS_TO,
    PRIORITIES_FIRST,
    SECOND,
    UNMADE_GBP,
)
from ntgeo.routing.general.insertion import best_places
from ntgeo.routing.general.rounds import (
    BUNDLE,
    COME,
    LOW_MS,
    PLANNED,
    TASK,
    close,
    keep_people,
    touch,
)
from ntgeo.routing.general.ties import lowest_begin, settle
from ntgeo.routing.kernel import inlined, kernel

__all__ = ["plan_bundle", "put_back"]

_FIRST_LIST, _NEXT_LIST = np.int64(0), np.int64(1)
_FIRST_PLACES, _NEXT_PLACES, _ONE_PLACE = np.int64(3), np.int64(2), np.int64(1)
_PAIR_FIRST_SHARE = 0.1
_STRICT_SHARE = 0.5


@kernel
def plan_bundle(day: Any, bench: Any, visit: int, attempt: int) -> bool:
    """Plan to put a visit back with those it is made together with; tell if there is need to.

    Visits that need company after dark are planned alone and in a pair: one at the first
    attempt, the other at the second.
    """
    rounds, tally = bench.rounds, bench.tally
    if rounds.made[visit, COME] > 0:
        return False
    if attempt == 0:
        _bundle(day, bench, visit)
        tally[IN_PAIRS] = draw(bench.chance) < _PAIR_FIRST_SHARE
    may_differ = False
    for at in range(tally[BUNDLED]):
        one = bench.listed[1, at]
        by_day, after_dark = day.visit[one, BY_DAY], day.visit[one, AFTER_DARK]
        may_differ = may_differ or by_day != after_dark
        in_pairs = tally[IN_PAIRS] != attempt
        rounds.made[one, PLANNED] = after_dark if in_pairs else by_day
    return attempt == 0 or may_differ


@inlined
def _bundle(day: Any, bench: Any, visit: int) -> None:
    """List the unmade visits that are made together with a visit, or must be made before it."""
    tally, listed = bench.tally, bench.listed
    listed[1, 0] = visit
    tally[BUNDLED] = 1
    at = 0
    while at < tally[BUNDLED]:
        one = listed[1, at]
        at += 1
        for place in range(day.visit[one, LINKS_FROM], day.visit[one, LINKS_TO]):
            link = day.link_of[place]
            other = day.link[link, FIRST] + day.link[link, SECOND] - one
            is_after = day.link[link, IS_ORDERED] > 0 and one == day.link[link, SECOND]
            is_new = (day.link[link, IS_BOTH] > 0 or is_after) and bench.rounds.made[
                other, COME
            ] == 0
            for known in range(tally[BUNDLED]):
                is_new = is_new and listed[1, known] != other
            if is_new:
                listed[1, tally[BUNDLED]] = other
                tally[BUNDLED] += 1
    for at in range(tally[BUNDLED] - 1, 0, -1):
        other = int(draw(bench.chance) * (at + 1))
        listed[1, at], listed[1, other] = listed[1, other], listed[1, at]


@inlined
def _worth(day: Any, bench: Any, visit: int, blink_share: float) -> float:
    """Return below which cost a visit is put back.

    Any, where visits made come first; else, in half of the tries of a search, its price: two that
    are not worth a round may be together.
    """
    if day.price[PRIORITIES_FIRST] > 0.0:
        return np.inf
    is_strict = blink_share == 0.0 or draw(bench.chance) < _STRICT_SHARE
    return day.figure[visit, UNMADE_GBP] if is_strict else np.inf


@inlined
def _choose(bench: Any, best: float, gbp: float) -> float:
    """Note the way tried to put the bundle back if it is the best so far; return the best."""
    if gbp >= best:
        return best
    bench.tally[CHOSEN] = bench.tally[TRIED]
    for at in range(bench.tally[TRIED]):
        for field in range(3):
            bench.plan[0, at, field] = bench.plan[1, at, field]
    return gbp


@kernel
def put_back(day: Any, bench: Any, blink_share: float) -> bool:
    """Put the planned bundle back where it adds least; tell if it fits.

    The first of its tasks is tried at a few places, with the others where they then add least.
    """
    rounds, kept, tally = bench.rounds, bench.kept, bench.tally
    first = bench.listed[1, 0]
    is_alone = tally[BUNDLED] == 1 and rounds.made[first, PLANNED] == 1
    for at in range(tally[BUNDLED]):
        rounds.made[bench.listed[1, at], LOW_MS] = 0
    rounds.made[first, LOW_MS] = lowest_begin(day, rounds, first)
    most = _NEXT_PLACES if is_alone else _FIRST_PLACES
    if day.price[HAS_TIES] == 0.0:
        most = _ONE_PLACE
    best = _worth(day, bench, first, blink_share)
    found = best_places(day, bench, first, (_FIRST_LIST, most, blink_share), best)
    best += energy(day, rounds)
    tally[CHOSEN], tally[TRIED] = 0, 0
    for number in range(found):
        if is_alone:
            if _put_rest(day, bench, number, blink_share):
                return True
            continue
        keep_people(rounds, kept, BUNDLE)
        if _put_rest(day, bench, number, blink_share):
            best = _choose(bench, best, energy(day, rounds))
        roll_back(day, rounds, kept, BUNDLE)
    close(kept, BUNDLE)
    tally[TRIED] = 0
    for at in range(tally[CHOSEN]):
        visit, shift, stop = bench.plan[0, at, 0], bench.plan[0, at, 1], bench.plan[0, at, 2]
        if not _put_task(day, bench, visit, shift, stop):
            return False
    return tally[CHOSEN] > 0


@kernel
def _put_task(day: Any, bench: Any, visit: int, shift: int, at: int) -> bool:
    """Put a visit at a place if all rounds can then be made; else leave everything as it was."""
    rounds, kept, tally = bench.rounds, bench.kept, bench.tally
    has_ties = day.price[HAS_TIES] > 0.0
    if has_ties:
        keep_people(rounds, kept, TASK)
        if rounds.made[visit, COME] == 0:
            rounds.made[visit, LOW_MS] = lowest_begin(day, rounds, visit)
    touch(rounds, kept, shift)
    put(day, rounds, visit, (shift, at))
    is_made = settle(day, rounds, kept)
    if has_ties:
        if not is_made:
            roll_back(day, rounds, kept, TASK)
        close(kept, TASK)
    if is_made:
        number = tally[TRIED]
        bench.plan[1, number, 0], bench.plan[1, number, 1] = visit, shift
        bench.plan[1, number, 2] = at
        tally[TRIED] = number + 1
    return is_made


@kernel
def _put_rest(day: Any, bench: Any, number: int, blink_share: float) -> bool:
    """Put the first task of the bundle at one of its places, the others where they add least."""
    rounds = bench.rounds
    bench.tally[TRIED] = 0
    shift, at = bench.place[0, number, 0], bench.place[0, number, 1]
    if not _put_task(day, bench, bench.listed[1, 0], shift, at):
        return False
    for place in range(bench.tally[BUNDLED]):
        visit = bench.listed[1, place]
        while rounds.made[visit, COME] < rounds.made[visit, PLANNED]:
            if rounds.made[visit, COME] == 0:
                rounds.made[visit, LOW_MS] = lowest_begin(day, rounds, visit)
            which = _NEXT_LIST, _NEXT_PLACES, blink_share
            found, come = best_places(day, bench, visit, which, np.inf), rounds.made[visit, COME]
            for choice in range(found):
                shift, at = bench.place[1, choice, 0], bench.place[1, choice, 1]
                if _put_task(day, bench, visit, shift, at):
                    break
            if rounds.made[visit, COME] == come:
                return False
    return True
