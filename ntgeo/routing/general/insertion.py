"""Where a visit can be put into the rounds as they stand: a filter, then a trial."""

from __future__ import annotations

from typing import Any

import numpy as np

from ntgeo.routing.chance import draw
from ntgeo.routing.general.begin import begin_after
from ntgeo.routing.general.bench import IS_NEAR, IS_TRIED
from ntgeo.routing.general.facts import (
    BREAKS,
    END,
    FIRST,
    FROM_MS,
    IS_TIED,
    KIND,
    LENGTH_MS,
    LINKS_FROM,
    LINKS_TO,
    PAY,
    PLACE,
    ROUND,
    SECOND,
    UNTIL_MS,
    VISITS_SPREAD,
    WALKS_MS,
    WORK_SPREAD,
    WORST,
)
from ntgeo.routing.general.legs import last_leg, place_of, set_up, way_between
from ntgeo.routing.general.rounds import (
    CAR,
    COME,
    COST,
    LATEST_MS,
    LEAD,
    LEG_MS,
    LEGS,
    NEVER,
    NOBODY,
    READY_MS,
    SIZE,
    SLACK_MS,
    TIED,
    VISIT,
    WHO,
    WORK_MS,
    WORST_MS,
)
from ntgeo.routing.general.ties import may_join, push_gbp
from ntgeo.routing.general.timing import pass_row
from ntgeo.routing.kernel import inlined, kernel

__all__ = ["best_places"]

_SAME_GBP = 1e-9
_FIRST, _LAST = 1, 2
_NEAR_FROM_SHIFTS, _NEAR_VISITS = 12, 30


@inlined
def _others(day: Any, bench: Any, shift: int) -> None:
    """Note most and least work and visits of the shifts but one."""
    rounds, spread = bench.rounds, bench.spread
    spread[0], spread[1], spread[2], spread[3] = -np.inf, np.inf, -np.inf, np.inf
    for other in range(len(day.shift)):
        if other != shift:
            spread[0] = max(spread[0], rounds.row[other, WORK_MS])
            spread[1] = min(spread[1], rounds.row[other, WORK_MS])
            spread[2] = max(spread[2], rounds.row[other, SIZE])
            spread[3] = min(spread[3], rounds.row[other, SIZE])


@inlined
def _unfair_gbp(day: Any, bench: Any, shift: int) -> float:
    """Return the price of unfairness as it stands, and note the shifts but one."""
    if day.price[WORK_SPREAD] == 0.0 and day.price[VISITS_SPREAD] == 0.0:
        return 0.0
    _others(day, bench, shift)
    work_ms, visits = bench.rounds.row[shift, WORK_MS], bench.rounds.row[shift, SIZE]
    return _spread_gbp(day, bench, float(work_ms), float(visits))


@inlined
def _spread_gbp(day: Any, bench: Any, work_ms: float, visits: float) -> float:
    """Return the price of unfairness if the one shift has so much work and so many visits."""
    spread = bench.spread
    if spread[0] < 0.0:
        return 0.0
    works = max(spread[0], work_ms) - min(spread[1], work_ms)
    counts = max(spread[2], visits) - min(spread[3], visits)
    return day.price[WORK_SPREAD] * works + day.price[VISITS_SPREAD] * counts


@inlined
def _soonest(day: Any, rounds: Any, shift: int, at: int, step: Any) -> Any:
    """Return the visit's beginning at the soonest; ``NEVER`` where it cannot fit."""
    visit, to_ms, set_up_ms, on_ms = step
    service_ms, breaks = day.service_ms[shift, visit], day.shift[shift, BREAKS]
    state, soonest_ms = rounds.state, NEVER
    for taken in range(breaks + 1):
        ready_ms = state[shift, at, taken, READY_MS]
        if ready_ms >= NEVER:
            continue
        begin_ms = begin_after(day, rounds, shift, visit, (ready_ms + to_ms, set_up_ms))
        left_ms, rest = begin_ms + service_ms, taken
        while left_ms + on_ms > state[shift, at + 1, rest, LATEST_MS] and rest < breaks:
            rest_ms = max(left_ms, day.rest[shift, rest, FROM_MS])
            if rest_ms > day.rest[shift, rest, UNTIL_MS]:
                break
            left_ms = rest_ms + day.rest[shift, rest, LENGTH_MS]
            rest += 1
        if left_ms + on_ms <= state[shift, at + 1, rest, LATEST_MS]:
            soonest_ms = min(soonest_ms, begin_ms)
    return soonest_ms


@inlined
def _own_gbp(day: Any, rounds: Any, visit: int, begin_ms: int, worst_ms: int) -> float:
    """Return what a visit's own lateness costs at least; infinite if it is never made."""
    if begin_ms >= NEVER:
        return np.inf
    if rounds.made[visit, COME] > 0:
        return 0.0
    gbp, late_ms = 0.0, np.int64(0)
    for soft in range(day.soft_ms.shape[1]):
        over_ms = max(np.int64(0), begin_ms - day.soft_ms[visit, soft, 1])
        gbp += day.soft_gbp[visit, soft, 1] * over_ms
        late_ms = max(late_ms, over_ms)
    return gbp + day.price[WORST] * max(np.int64(0), late_ms - worst_ms)


@inlined
def _worst_ms(day: Any, rounds: Any) -> Any:
    """Return the greatest lateness of all rounds."""
    worst_ms = np.int64(0)
    if day.price[WORST] > 0.0:
        for shift in range(len(day.shift)):
            worst_ms = max(worst_ms, rounds.row[shift, WORST_MS])
    return worst_ms


@inlined
def _try(day: Any, bench: Any, visit: int, where: Any, below: float) -> float:
    """Return what a visit adds after a stop of a round; infinite if it cannot be there."""
    shift, at, worst_ms = where
    rounds = bench.rounds
    row = len(rounds.row) - 2
    count = rounds.row[shift, SIZE]
    rounds.row[row, SIZE] = count + 1
    rounds.stop[row, at + 1, VISIT] = visit
    for stop in range(at + 1, count + 1):
        rounds.stop[row, stop + 1, VISIT] = rounds.stop[shift, stop, VISIT]
    if rounds.made[visit, COME] == 0:
        rounds.made[visit, LEAD] = shift
    if not pass_row(day, rounds, shift, row, at):
        return np.inf
    added = rounds.row_gbp[row, COST] - rounds.row_gbp[shift, COST]
    over_ms = max(np.int64(0), rounds.row[row, WORST_MS] - worst_ms)
    added += day.price[WORST] * over_ms
    if day.price[WORK_SPREAD] > 0.0 or day.price[VISITS_SPREAD] > 0.0:
        added -= _unfair_gbp(day, bench, shift)
        added += _spread_gbp(day, bench, float(rounds.row[row, WORK_MS]), count + 1.0)
    if added < below and (rounds.row[shift, TIED] > 0 or day.visit[visit, IS_TIED] > 0):
        added += push_gbp(day, rounds, (shift, at + 1), below - added)
    return added


@inlined
def _place_of_shift(bench: Any, which: Any, shift: int) -> int:
    """Return where among the best places that of a shift is; the last where it has none."""
    number, most = which
    for at in range(most):
        if bench.place[number, at, 0] == shift:
            return at
    return most - 1


@inlined
def _keep_place(bench: Any, number: int, to: int, offer: Any) -> None:
    """Keep a place among the best places instead of the one at ``to``."""
    added, shift, at = offer
    gbp, place = bench.place_gbp, bench.place
    while to > 0 and gbp[number, to - 1] > added:
        gbp[number, to] = gbp[number, to - 1]
        place[number, to, 0] = place[number, to - 1, 0]
        place[number, to, 1] = place[number, to - 1, 1]
        to -= 1
    gbp[number, to] = added
    place[number, to, 0], place[number, to, 1] = shift, at


@inlined
def _look_near(day: Any, bench: Any, visit: int) -> None:
    """Note which rounds are looked at for a visit: of many shifts, those that come near it."""
    made, note = bench.rounds.made, bench.note
    are_few = len(note) <= _NEAR_FROM_SHIFTS
    for shift in range(len(note)):
        note[shift, IS_NEAR] = are_few or bench.rounds.row[shift, SIZE] == 0
        note[shift, IS_TRIED] = 0
    if are_few:
        return
    for place in range(min(_NEAR_VISITS, day.near.shape[1])):
        other = day.near[visit, place]
        for number in range(made[other, COME]):
            note[made[other, WHO + number], IS_NEAR] = 1
    for place in range(day.visit[visit, LINKS_FROM], day.visit[visit, LINKS_TO]):
        link = day.link_of[place]
        other = day.link[link, FIRST] + day.link[link, SECOND] - visit
        for number in range(made[other, COME]):
            note[made[other, WHO + number], IS_NEAR] = 1


@kernel
def best_places(day: Any, bench: Any, visit: int, which: Any, below: float) -> int:
    """Look for the best places of a visit, the best of each shift; return how many were found.

    Args:
        day: The facts of the day.
        bench: ``place`` and ``place_gbp`` are filled, cheapest first.
        visit: Which.
        which: Number of the list of places, how many are wanted, and the share of shifts that
            are passed over by chance.
        below: Places that add as much are not looked for.
    """
    number, most, blink_share = which
    rounds, gbp = bench.rounds, bench.place_gbp
    for at in range(most):
        gbp[number, at], bench.place[number, at, 0] = below, NOBODY
    _look_near(day, bench, visit)
    _look(day, bench, visit, (number, most, blink_share))
    if gbp[number, 0] >= below and _look_far(bench):
        _look(day, bench, visit, (number, most, blink_share))
    if rounds.made[visit, COME] == 0:
        rounds.made[visit, LEAD] = NOBODY
    found = 0
    while found < most and gbp[number, found] < below:
        found += 1
    return found


@kernel
def _look(day: Any, bench: Any, visit: int, which: Any) -> None:
    """Look for the best places of a visit in the rounds that are noted.

    All places are listed by what they add at least, then tried from the least on.
    """
    number, most, blink_share = which
    rounds, note = bench.rounds, bench.note
    worst_ms, listed = _worst_ms(day, rounds), np.int64(0)
    for shift in range(len(note)):
        if note[shift, IS_NEAR] == 0 or not may_join(day, rounds, visit, shift):
            continue
        if rounds.row[shift, SIZE] == 0:
            # Of shifts that are the same and empty, looking at one is enough.
            kind = day.shift[shift, KIND]
            if note[kind, IS_TRIED] > 0:
                continue
            note[kind, IS_TRIED] = 1
        if blink_share > 0.0 and draw(bench.chance) < blink_share:
            continue
        where = shift, worst_ms, bench.place_gbp[number, most - 1]
        listed = _list_places(day, bench, visit, where, listed)
    _try_listed(day, bench, visit, (number, most, worst_ms, listed))


@inlined
def _try_listed(day: Any, bench: Any, visit: int, which: Any) -> None:
    """Try the listed places, from the least bound on, until none can be among the best."""
    number, most, worst_ms, listed = which
    gbp, offer_gbp, offer = bench.place_gbp, bench.offer_gbp, bench.offer
    for _ in range(listed):
        least = 0
        for at in range(1, listed):
            if offer_gbp[at] < offer_gbp[least]:
                least = at
        if offer_gbp[least] >= gbp[number, most - 1] - _SAME_GBP:
            break
        bound_gbp, shift, at = offer_gbp[least], offer[least, 0], offer[least, 1]
        offer_gbp[least] = np.inf
        to = _place_of_shift(bench, (number, most), shift)
        below = gbp[number, to] - _SAME_GBP
        if bound_gbp >= below:
            continue
        added = _try(day, bench, visit, (shift, at, worst_ms), below)
        if added < below:
            _keep_place(bench, number, to, (added, shift, at))


@inlined
def _look_far(bench: Any) -> bool:
    """Note the rounds that were not looked at; tell whether there are any."""
    note, are_any = bench.note, False
    for shift in range(len(note)):
        note[shift, IS_NEAR] = 1 - note[shift, IS_NEAR]
        are_any = are_any or note[shift, IS_NEAR] > 0
    return are_any


@inlined
def _span(day: Any, rounds: Any, visit: int, shift: int) -> Any:
    """Return the stops after which a visit may stand: pinned places are kept."""
    place, count = day.visit[visit, PLACE], rounds.row[shift, SIZE]
    first, last = np.int64(0), np.int64(count)
    if count > 0:
        first += day.visit[rounds.stop[shift, 1, VISIT], PLACE] == _FIRST
        last -= day.visit[rounds.stop[shift, count, VISIT], PLACE] == _LAST
    if place == _FIRST:
        return first, min(last, -first)
    return (max(first, np.int64(count)), last) if place == _LAST else (first, last)


@inlined
def _bound(day: Any, rounds: Any, shift: int, at: int, visit: int) -> Any:
    """Return what a visit adds at least after a stop, in legs and work, and the step there.

    The step is the visit, time to its door, its set-up, and from leaving it to the next beginning.
    """
    count, there = rounds.row[shift, SIZE], day.depot_count + visit
    here, car = place_of(day, rounds, shift, shift, at), rounds.stop[shift, at, CAR]
    to_ms, added, _, car = way_between(day, shift, car, here, there)
    added += day.assign_gbp[shift, visit]
    on_ms, old_ms, on_gbp, old_gbp = np.int64(0), np.int64(0), 0.0, 0.0
    if at < count:
        beyond = rounds.stop[shift, at + 1, VISIT]
        on_ms, on_gbp, _, _ = way_between(day, shift, car, there, day.depot_count + beyond)
        on_ms += set_up(day, there, beyond)
        old_ms = rounds.stop[shift, at + 1, LEG_MS] + set_up(day, here, beyond)
        old_gbp = rounds.gbp[shift, at + 1, LEGS] - rounds.gbp[shift, at, LEGS]
        old_gbp -= day.assign_gbp[shift, beyond]
    elif day.shift[shift, END] != NOBODY:
        on_ms, on_gbp, _, _ = way_between(day, shift, car, there, day.shift[shift, END])
        if count > 0:
            old_ms, old_gbp, _ = last_leg(day, rounds, shift, shift, count)
    if count == 0:
        added += day.shift_gbp[shift, ROUND]
    set_up_ms = set_up(day, here, visit)
    least_ms = to_ms + set_up_ms + day.service_ms[shift, visit] + on_ms - old_ms
    added += on_gbp - old_gbp
    added += day.shift_gbp[shift, PAY] * (least_ms - rounds.row[shift, SLACK_MS])
    if day.shift[shift, WALKS_MS] >= 0:
        # Later legs may change with the place of the car.
        added = -np.inf
    return added, (visit, to_ms, set_up_ms, on_ms)


@inlined
def _list_places(day: Any, bench: Any, visit: int, where: Any, listed: int) -> int:
    """List where a visit may stand in a round at less than a price; return how many are listed."""
    shift, worst_ms, below = where
    rounds, fairer_gbp = bench.rounds, _unfair_gbp(day, bench, shift)
    first, last = _span(day, rounds, visit, shift)
    for at in range(first, last + 1):
        bound, step = _bound(day, rounds, shift, at, visit)
        bound -= fairer_gbp
        if bound >= below - _SAME_GBP:
            continue
        bound += _own_gbp(day, rounds, visit, _soonest(day, rounds, shift, at, step), worst_ms)
        if bound < below - _SAME_GBP:
            bench.offer_gbp[listed] = bound
            bench.offer[listed, 0], bench.offer[listed, 1] = shift, at
            listed += 1
    return listed
