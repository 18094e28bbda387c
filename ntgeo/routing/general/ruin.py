"""Taking visits out of the rounds: strings of stops near one another, and what hangs on them."""

from __future__ import annotations

from typing import Any

import numpy as np

from ntgeo.routing.chance import draw
from ntgeo.routing.general.bench import IS_CUT, LISTED
from ntgeo.routing.general.facts import (
    FIRST,
    HAS_TIES,
    IS_BOTH,
    IS_ORDERED,
    KEY,
    KEYS,
    LINKS_FROM,
    LINKS_TO,
    SECOND,
    WEIGHT,
)
from ntgeo.routing.general.rounds import (
    COME,
    LEAD,
    LOW_MS,
    NOBODY,
    SIZE,
    TIED,
    VISIT,
    WHO,
    touch,
)
from ntgeo.routing.general.ties import enqueue
from ntgeo.routing.kernel import inlined, kernel

__all__ = ["list_unmade", "relax", "ruin", "sort_listed", "take_out", "take_out_bound"]

_REMOVED_ON_AVERAGE = 10.0
_LONGEST_STRING = 10.0
_SPLIT_SHARE = 0.5
_SPARE_MORE_SHARE = 0.01
_BY_PRIORITY_SHARE = 0.5


@kernel
def list_unmade(bench: Any, most: int) -> None:
    """List visits that nobody makes, by chance and at most ``most``, to be tried again."""
    listed = bench.listed[0]
    count = 0
    for visit in range(len(listed)):
        if bench.rounds.made[visit, COME] == 0:
            listed[count] = visit
            count += 1
    for at in range(min(most, count)):
        other = at + int(draw(bench.chance) * (count - at))
        listed[at], listed[other] = listed[other], listed[at]
    bench.tally[LISTED] = min(most, count)


@kernel
def take_out(bench: Any, visit: int) -> None:
    """Take a visit out of all its rounds, and list it."""
    rounds = bench.rounds
    for number in range(rounds.made[visit, COME]):
        shift = rounds.made[visit, WHO + number]
        touch(rounds, bench.kept, shift)
        write = 1
        for read in range(1, rounds.row[shift, SIZE] + 1):
            rounds.stop[shift, write, VISIT] = rounds.stop[shift, read, VISIT]
            write += rounds.stop[shift, read, VISIT] != visit
        rounds.row[shift, SIZE] = write - 1
        rounds.made[visit, WHO + number] = NOBODY
        enqueue(rounds, shift)
    rounds.made[visit, COME] = 0
    rounds.made[visit, LEAD] = NOBODY
    rounds.made[visit, LOW_MS] = 0
    bench.listed[0, bench.tally[LISTED]] = visit
    bench.tally[LISTED] += 1


@kernel
def take_out_bound(day: Any, bench: Any, first: int) -> None:
    """Take out what may not be made without the visits listed from ``first`` on."""
    rounds = bench.rounds
    at = first
    while at < bench.tally[LISTED]:
        visit = bench.listed[0, at]
        at += 1
        for place in range(day.visit[visit, LINKS_FROM], day.visit[visit, LINKS_TO]):
            link = day.link_of[place]
            other = day.link[link, FIRST] + day.link[link, SECOND] - visit
            hangs = day.link[link, IS_BOTH] > 0 or (
                day.link[link, IS_ORDERED] > 0 and visit == day.link[link, FIRST]
            )
            if hangs and rounds.made[other, COME] > 0:
                take_out(bench, other)


@inlined
def _cut_string(bench: Any, visit: int, shift: int, length: int) -> None:
    """Take ``length`` visits out of a round, from a string that ``visit`` is in.

    Half the time a visit or more in the middle of the string are left where they are.
    """
    rounds = bench.rounds
    count = rounds.row[shift, SIZE]
    spared = 0
    if 1 < length < count and draw(bench.chance) < _SPLIT_SHARE:
        spared = 1
        while length + spared < count and draw(bench.chance) < _SPARE_MORE_SHARE:
            spared += 1
    position = 1
    while rounds.stop[shift, position, VISIT] != visit:
        position += 1
    lowest = max(1, position - length - spared + 1)
    highest = min(position, count - length - spared + 1)
    first = lowest + int(draw(bench.chance) * (highest - lowest + 1))
    spared_from = first + 1 + int(draw(bench.chance) * max(1, length - 1))
    for at in range(first + length + spared - 1, first - 1, -1):
        if not spared_from <= at < spared_from + spared:
            take_out(bench, rounds.stop[shift, at, VISIT])


@kernel
def ruin(day: Any, bench: Any) -> None:
    """Take strings of visits out of the rounds, and queue the rounds so changed."""
    rounds = bench.rounds
    shifts, visits = len(bench.note), len(rounds.made)
    used, made, unmade = 0, 0, bench.tally[LISTED]
    for shift in range(shifts):
        bench.note[shift, IS_CUT] = 0
        used += rounds.row[shift, SIZE] > 0
        made += rounds.row[shift, SIZE]
    seed = int(draw(bench.chance) * visits)
    if used == 0:
        return
    longest = min(_LONGEST_STRING, made / used)
    most_strings = 4.0 * _REMOVED_ON_AVERAGE / (1.0 + longest) - 1.0
    strings = int(1.0 + draw(bench.chance) * most_strings)
    for step in range(day.near.shape[1]):
        visit = day.near[seed, step]
        for number in range(rounds.made[visit, COME]):
            if rounds.made[visit, COME] == 0:
                break
            shift = rounds.made[visit, WHO + number]
            if bench.note[shift, IS_CUT] > 0 or strings <= 0:
                continue
            bench.note[shift, IS_CUT] = 1
            most = min(float(rounds.row[shift, SIZE]), longest)
            _cut_string(bench, visit, shift, int(1.0 + draw(bench.chance) * most))
            strings -= 1
        if strings <= 0:
            break
    take_out_bound(day, bench, unmade)
    relax(day, rounds)


@inlined
def relax(day: Any, rounds: Any) -> None:
    """Queue all rounds with ties, each visit as soon as its own round allows."""
    if day.price[HAS_TIES] == 0.0:
        return
    for visit in range(len(rounds.made)):
        rounds.made[visit, LOW_MS] = 0
    for shift in range(len(day.shift)):
        if rounds.row[shift, TIED] > 0:
            enqueue(rounds, shift)


@kernel
def sort_listed(day: Any, bench: Any) -> None:
    """Put the listed visits in the order in which they are put back."""
    listed, count = bench.listed[0], bench.tally[LISTED]
    # Shuffled first, so that visits with the same key are in an order of chance.
    for at in range(count - 1, 0, -1):
        other = int(draw(bench.chance) * (at + 1))
        listed[at], listed[other] = listed[other], listed[at]
    column = int(draw(bench.chance) * KEYS)
    by_priority = draw(bench.chance) < _BY_PRIORITY_SHARE
    for at in range(1, count):
        visit = listed[at]
        weight = day.visit[visit, WEIGHT] if by_priority else np.int64(0)
        key = day.figure[visit, KEY + column]
        to = at
        while to > 0:
            other = listed[to - 1]
            heavier = (day.visit[other, WEIGHT] if by_priority else np.int64(0)) - weight
            if heavier > 0 or (heavier == 0 and day.figure[other, KEY + column] <= key):
                break
            listed[to] = other
            to -= 1
        listed[to] = visit
