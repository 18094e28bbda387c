"""How rounds depend on one another: crews, gaps between visits, and who may join whom.

Beginnings are pushed from round to round until every crew begins together and every gap is kept:
the soonest times that keep all links, found from below. Each round visited is worked out again;
a push that never ends (two rounds that wait for each other) runs out of its shift's hours, or of
the passes allowed.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from ntgeo.routing.general.facts import (
    CAPACITY,
    FIRST,
    GREATEST_MS,
    HAS_TIES,
    IS_FROM_END,
    IS_ORDERED,
    IS_TIED,
    LEAST_MS,
    LINKS_FROM,
    LINKS_TO,
    LOAD,
    LONGEST_MS,
    MAY_GO_ALONE,
    SECOND,
    STAFF,
    WITH,
)
from ntgeo.routing.general.rounds import (
    BEGIN_MS,
    COME,
    COST,
    HEAD,
    IS_QUEUED,
    LOADED,
    LOW_MS,
    NEVER,
    NEXT,
    NOBODY,
    PLANNED,
    SIZE,
    START_STOP,
    VISIT,
    WAITING,
    WHO,
    touch,
)
from ntgeo.routing.general.timing import pass_row, refresh
from ntgeo.routing.kernel import inlined, kernel

__all__ = ["empty_queue", "enqueue", "lowest_begin", "may_join", "push_gbp", "settle"]

_SAME, _DIFFERENT = 1, 2
_SAME_LOAD = 1e-9
_PASSES, _PASSES_PER_SHIFT = 60, 6


@kernel
def may_join(day: Any, rounds: Any, visit: int, shift: int) -> bool:
    """Tell whether a shift may take part in a visit with those who do already."""
    if day.service_ms[shift, visit] < 0:
        return False
    load = rounds.row_gbp[shift, LOADED] + day.figure[visit, LOAD]
    planned, come = rounds.made[visit, PLANNED], rounds.made[visit, COME]
    if load > day.shift_gbp[shift, CAPACITY] + _SAME_LOAD:
        return False
    if planned == 1 and day.shift[shift, MAY_GO_ALONE] == 0:
        return False
    if come > 0 and _comes(day, rounds, visit, day.shift[shift, STAFF]):
        return False
    if not day.is_pinned[shift, visit] and planned - come <= _pinned_missing(day, rounds, visit):
        return False
    return _staff_agree(day, rounds, visit, day.shift[shift, STAFF])


@inlined
def _pinned_missing(day: Any, rounds: Any, visit: int) -> int:
    """Return how many shifts that a visit is pinned to do not take part yet."""
    missing = 0
    for shift in range(len(day.shift)):
        missing += day.is_pinned[shift, visit]
    for number in range(rounds.made[visit, COME]):
        missing -= day.is_pinned[rounds.made[visit, WHO + number], visit]
    return missing


@inlined
def _staff_agree(day: Any, rounds: Any, visit: int, staff: int) -> bool:
    """Tell whether links let a member of staff come, given who comes to the linked visits."""
    for place in range(day.visit[visit, LINKS_FROM], day.visit[visit, LINKS_TO]):
        link = day.link_of[place]
        other = day.link[link, FIRST] + day.link[link, SECOND] - visit
        if day.link[link, WITH] == 0 or rounds.made[other, COME] == 0:
            continue
        if _comes(day, rounds, other, staff) == (day.link[link, WITH] == _DIFFERENT):
            return False
        differ = rounds.made[other, PLANNED] != rounds.made[visit, PLANNED]
        if day.link[link, WITH] == _SAME and differ:
            return False
    return True


@inlined
def _comes(day: Any, rounds: Any, visit: int, staff: int) -> bool:
    for number in range(rounds.made[visit, COME]):
        if day.shift[rounds.made[visit, WHO + number], STAFF] == staff:
            return True
    return False


@inlined
def _longest_stay(day: Any, rounds: Any, visit: int) -> Any:
    longest_ms = np.int64(0)
    for number in range(rounds.made[visit, COME]):
        shift = rounds.made[visit, WHO + number]
        longest_ms = max(longest_ms, day.service_ms[shift, visit])
    return longest_ms


@inlined
def _asked(day: Any, rounds: Any, link: int, visit: int, when: Any) -> Any:
    """Return the other visit of a link, and its soonest beginning.

    ``when``: beginning of ``visit``, and a shift that takes part in it.
    """
    begin_ms, shift = when
    first, second = day.link[link, FIRST], day.link[link, SECOND]
    if day.link[link, IS_ORDERED] == 0:
        return second if visit == first else first, -NEVER
    if visit == first:
        stay_ms = np.int64(0)
        if day.link[link, IS_FROM_END] > 0:
            own_ms = day.service_ms[shift, first]
            stay_ms = max(own_ms, _longest_stay(day, rounds, first))
        return second, begin_ms + stay_ms + day.link[link, LEAST_MS]
    if day.link[link, GREATEST_MS] >= NEVER:
        return first, -NEVER
    stay_ms = np.int64(0)
    if day.link[link, IS_FROM_END] > 0:
        stay_ms = _longest_stay(day, rounds, first)
        if rounds.made[first, COME] == 0:
            stay_ms = day.visit[first, LONGEST_MS]
    return first, begin_ms - day.link[link, GREATEST_MS] - stay_ms


@kernel
def lowest_begin(day: Any, rounds: Any, visit: int) -> Any:
    """Return the soonest beginning that the made partners of a visit ask for."""
    low_ms = np.int64(0)
    for place in range(day.visit[visit, LINKS_FROM], day.visit[visit, LINKS_TO]):
        link = day.link_of[place]
        other = day.link[link, FIRST] + day.link[link, SECOND] - visit
        if rounds.made[other, COME] > 0:
            when = rounds.made[other, LOW_MS], rounds.made[other, WHO]
            _, asked_ms = _asked(day, rounds, link, other, when)
            low_ms = max(low_ms, asked_ms)
    return low_ms


@kernel
def enqueue(rounds: Any, shift: int) -> None:
    """Note that a round is to be worked out again."""
    queue = rounds.queue
    last = len(queue) - 1
    if queue[shift, IS_QUEUED] == 0:
        queue[shift, IS_QUEUED] = 1
        queue[(queue[last, HEAD] + queue[last, WAITING]) % last, NEXT] = shift
        queue[last, WAITING] += 1


@kernel
def empty_queue(rounds: Any) -> None:
    """Note that no round is to be worked out again."""
    for shift in range(len(rounds.queue)):
        rounds.queue[shift, IS_QUEUED] = 0
    rounds.queue[len(rounds.queue) - 1, HEAD] = 0


@kernel
def _raise(rounds: Any, visit: int, low_ms: int, by: int) -> None:
    """Ask that a visit begin no sooner; its rounds, but for ``by``, are queued if it does."""
    if low_ms <= rounds.made[visit, LOW_MS]:
        return
    rounds.made[visit, LOW_MS] = low_ms
    for number in range(rounds.made[visit, COME]):
        if rounds.made[visit, WHO + number] != by:
            enqueue(rounds, rounds.made[visit, WHO + number])


@kernel
def _tell(day: Any, rounds: Any, shift: int) -> None:
    """Tell other rounds what the beginnings of a round ask of them."""
    for at in range(1, rounds.row[shift, SIZE] + 1):
        visit = rounds.stop[shift, at, VISIT]
        if day.visit[visit, IS_TIED] == 0:
            continue
        begin_ms = rounds.stop[shift, at, BEGIN_MS]
        _raise(rounds, visit, begin_ms, shift)
        when = max(begin_ms, rounds.made[visit, LOW_MS]), np.int64(shift)
        for place in range(day.visit[visit, LINKS_FROM], day.visit[visit, LINKS_TO]):
            other, asked_ms = _asked(day, rounds, day.link_of[place], visit, when)
            if rounds.made[other, COME] > 0:
                _raise(rounds, other, asked_ms, NOBODY)


@kernel
def settle(day: Any, rounds: Any, kept: Any) -> bool:
    """Work out the queued rounds, and those they push, until all fit; tell whether they do."""
    queue, last = rounds.queue, len(rounds.queue) - 1
    passes = _PASSES + _PASSES_PER_SHIFT * last
    while queue[last, WAITING] > 0:
        shift = queue[queue[last, HEAD], NEXT]
        queue[last, HEAD] = (queue[last, HEAD] + 1) % last
        queue[last, WAITING] -= 1
        queue[shift, IS_QUEUED] = 0
        touch(rounds, kept, shift)
        passes -= 1
        if passes < 0 or not pass_row(day, rounds, shift, shift, START_STOP):
            empty_queue(rounds)
            return False
        refresh(day, rounds, shift)
        if day.price[HAS_TIES] > 0.0:
            _tell(day, rounds, shift)
    return True


@kernel
def _raised_gbp(day: Any, rounds: Any, visit: int, low_ms: int, but: int) -> float:
    """Return what a later beginning of a visit costs its rounds, each by itself."""
    row = len(rounds.row) - 1
    own_ms, gbp = rounds.made[visit, LOW_MS], 0.0
    rounds.made[visit, LOW_MS] = low_ms
    for number in range(rounds.made[visit, COME]):
        shift = rounds.made[visit, WHO + number]
        if shift == but:
            continue
        at = 1
        while rounds.stop[shift, at, VISIT] != visit:
            at += 1
        if low_ms <= rounds.stop[shift, at, BEGIN_MS]:
            continue
        rounds.row[row, SIZE] = rounds.row[shift, SIZE]
        for stop in range(at, rounds.row[row, SIZE] + 1):
            rounds.stop[row, stop, VISIT] = rounds.stop[shift, stop, VISIT]
        if not pass_row(day, rounds, shift, row, at - 1):
            gbp = np.inf
            break
        gbp += rounds.row_gbp[row, COST] - rounds.row_gbp[shift, COST]
    rounds.made[visit, LOW_MS] = own_ms
    return gbp


@kernel
def push_gbp(day: Any, rounds: Any, trial: Any, below: float) -> float:
    """Return about what a trial costs the other rounds that it pushes; infinite if impossible.

    Args:
        day: The facts of the day.
        rounds: With the trial in the last row but one.
        trial: Whose trial, and the stop from which it differs from the round.
        below: A cost from which on the exact value does not matter.
    """
    shift, first = trial
    row, gbp = len(rounds.row) - 2, 0.0
    for at in range(first, rounds.row[row, SIZE] + 1):
        visit, begin_ms = rounds.stop[row, at, VISIT], rounds.stop[row, at, BEGIN_MS]
        # What begins no later than it does now pushes nobody: the rounds as they stand are settled.
        is_later = at == first or begin_ms > rounds.stop[shift, at - 1, BEGIN_MS]
        if day.visit[visit, IS_TIED] == 0 or not is_later:
            continue
        gbp += _raised_gbp(day, rounds, visit, begin_ms, shift)
        when = begin_ms, np.int64(shift)
        for place in range(day.visit[visit, LINKS_FROM], day.visit[visit, LINKS_TO]):
            if gbp >= below:
                return gbp
            other, asked_ms = _asked(day, rounds, day.link_of[place], visit, when)
            if rounds.made[other, COME] > 0 and asked_ms > rounds.made[other, LOW_MS]:
                gbp += _raised_gbp(day, rounds, other, asked_ms, shift)
    return gbp
