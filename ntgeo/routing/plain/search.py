"""Ruin and recreate: the compiled search for good rounds.

Each step takes strings of visits that are near one another out of the rounds, puts them back one
by one where they add least, and keeps the outcome by simulated annealing: *slack induction by
string removals* (Christiaens and Vanden Berghe 2020, Transportation Science 54(2)), here with
skills, several windows, breaks, working time and visits that may stay unmade. Chance comes from a
generator of our own, so that a seed repeats a plan on any machine.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from ntgeo.routing.chance import draw
from ntgeo.routing.kernel import entry, inlined
from ntgeo.routing.plain.bench import KEYS, copy_round, copy_rounds, is_better, touch
from ntgeo.routing.plain.insertion import NOBODY, best_place, refresh, settle
from ntgeo.routing.plain.pool import keep_route

__all__ = ["improve", "recreate_all"]

_REMOVED_ON_AVERAGE = 10.0
_LONGEST_STRING = 10.0
_BLINK_SHARE = 0.02
_MOST_UNMADE_TRIED = 5
_MOST_LOOKED_AT = 50
_SPLIT_SHARE = 0.5
_BY_PRIORITY_SHARE = 0.5
_SPARE_MORE_SHARE = 0.01


@inlined
def _untouch(bench: Any) -> None:
    for shift in range(len(bench.touched)):
        bench.touched[shift] = False


@inlined
def _list(bench: Any, visit: int) -> None:
    bench.listed[bench.tally[0]] = visit
    bench.tally[0] += 1


@entry
def _list_unmade(bench: Any, most: int) -> None:
    """List visits that nobody makes, by chance and at most ``most``, to be tried again."""
    listed = bench.listed
    bench.tally[0] = 0
    for visit in range(len(listed)):
        if bench.rounds.made_by[visit] == NOBODY:
            _list(bench, visit)
    count = bench.tally[0]
    for at in range(min(most, count)):
        other = at + int(draw(bench.chance) * (count - at))
        listed[at], listed[other] = listed[other], listed[at]
    bench.tally[0] = min(most, count)


@inlined
def _remove_string(day: Any, bench: Any, visit: int, length: int) -> None:
    """Take ``length`` visits out of the round of ``visit``, from a string that it is in.

    Half the time a visit or more in the middle of the string are left where they are.
    """
    rounds = bench.rounds
    shift = rounds.made_by[visit]
    count = rounds.size[shift]
    touch(bench, shift)
    spared = 0
    if 1 < length < count and draw(bench.chance) < _SPLIT_SHARE:
        spared = 1
        while length + spared < count and draw(bench.chance) < _SPARE_MORE_SHARE:
            spared += 1
    stops = rounds.stops[shift]
    position = 1
    while stops[position] != visit + day.depot_count:
        position += 1
    lowest = max(1, position - length - spared + 1)
    highest = min(position, count - length - spared + 1)
    first = lowest + int(draw(bench.chance) * (highest - lowest + 1))
    spared_from = first + 1 + int(draw(bench.chance) * max(1, length - 1))
    write = first
    for read in range(first, count + 2):
        if read >= first + length + spared or spared_from <= read < spared_from + spared:
            stops[write] = stops[read]
            write += 1
        else:
            _list(bench, stops[read] - day.depot_count)
            rounds.made_by[stops[read] - day.depot_count] = NOBODY
    rounds.size[shift] = write - 2
    refresh(day, rounds, shift)


@entry
def _ruin(day: Any, bench: Any) -> None:
    rounds = bench.rounds
    visits = len(rounds.made_by)
    used, made = 0, 0
    for shift in range(len(rounds.size)):
        used += rounds.size[shift] > 0
        made += rounds.size[shift]
    seed = int(draw(bench.chance) * visits)
    if used == 0:
        return
    longest = min(_LONGEST_STRING, made / used)
    most_strings = 4.0 * _REMOVED_ON_AVERAGE / (1.0 + longest) - 1.0
    strings = int(1.0 + draw(bench.chance) * most_strings)
    for step in range(bench.near.shape[1]):
        if strings <= 0:
            return
        visit = bench.near[seed, step]
        shift = rounds.made_by[visit]
        if shift == NOBODY or bench.touched[shift]:
            continue
        most = min(float(rounds.size[shift]), longest)
        _remove_string(day, bench, visit, int(1.0 + draw(bench.chance) * most))
        strings -= 1


@inlined
def _sort_listed(day: Any, bench: Any) -> None:
    """Put the listed visits in the order in which they are put back."""
    listed, count = bench.listed, bench.tally[0]
    # Shuffled first, so that visits with the same key are in an order of chance.
    for at in range(count - 1, 0, -1):
        other = int(draw(bench.chance) * (at + 1))
        listed[at], listed[other] = listed[other], listed[at]
    column = int(draw(bench.chance) * KEYS)
    by_priority = draw(bench.chance) < _BY_PRIORITY_SHARE
    for at in range(1, count):
        visit = listed[at]
        weight = day.unmade_weight[visit] if by_priority else 0
        key = bench.key[visit, column]
        to = at
        while to > 0:
            other = listed[to - 1]
            heavier = (day.unmade_weight[other] if by_priority else 0) - weight
            if heavier > 0 or (heavier == 0 and bench.key[other, column] <= key):
                break
            listed[to] = other
            to -= 1
        listed[to] = visit


@inlined
def _mark_near(bench: Any, visit: int) -> None:
    """Mark as tried the shifts that make none of the visits nearest to a visit, but for empty ones.

    On large days most shifts are elsewhere, and looking at them would take most of the time.
    """
    rounds, near = bench.rounds, bench.near
    for shift in range(len(rounds.size)):
        bench.tried[shift] = rounds.size[shift] > 0
    for step in range(min(_MOST_LOOKED_AT, near.shape[1])):
        shift = rounds.made_by[near[visit, step]]
        if shift != NOBODY:
            bench.tried[shift] = False


@inlined
def _cheapest_shift(day: Any, bench: Any, visit: int, blink_share: float) -> tuple[Any, int]:
    """Return the shift, not marked as tried, to which a visit adds least, and after which stop."""
    rounds = bench.rounds
    best, best_at = np.inf, 0
    best_shift: Any = NOBODY
    for shift in range(len(rounds.size)):
        bench.is_kind_tried[shift] = False
    for shift in range(len(rounds.size)):
        if bench.tried[shift] or not day.may_make[shift, visit]:
            continue
        if rounds.size[shift] == 0:
            # Of shifts that are the same and empty, trying one is enough.
            if bench.is_kind_tried[day.kind[shift]]:
                continue
            bench.is_kind_tried[day.kind[shift]] = True
        if blink_share > 0.0 and draw(bench.chance) < blink_share:
            continue
        added, position = best_place(day, rounds, visit, shift, best)
        if added < best:
            best, best_at, best_shift = added, position, shift
    return best_shift, best_at


@inlined
def _put_back(day: Any, bench: Any, visit: int, blink_share: float) -> None:
    """Put a visit where it adds least: near by, or (without blinks) anywhere."""
    rounds = bench.rounds
    if blink_share > 0.0:
        _mark_near(bench, visit)
    else:
        bench.tried[:] = False
    best_shift, best_at = _cheapest_shift(day, bench, visit, blink_share)
    if best_shift == NOBODY:
        return
    touch(bench, best_shift)
    count = rounds.size[best_shift]
    stops = rounds.stops[best_shift]
    for position in range(count + 2, best_at + 1, -1):
        stops[position] = stops[position - 1]
    stops[best_at + 1] = visit + day.depot_count
    rounds.size[best_shift] = count + 1
    rounds.made_by[visit] = best_shift
    refresh(day, rounds, best_shift)


@entry
def _roll_back(day: Any, bench: Any) -> None:
    rounds = bench.rounds
    for shift in range(len(rounds.size)):
        if bench.touched[shift]:
            for position in range(1, rounds.size[shift] + 1):
                rounds.made_by[rounds.stops[shift, position] - day.depot_count] = NOBODY
    for shift in range(len(rounds.size)):
        if bench.touched[shift]:
            copy_round(bench.before, rounds, shift)
            for position in range(1, rounds.size[shift] + 1):
                rounds.made_by[rounds.stops[shift, position] - day.depot_count] = shift


@entry
def _energy(bench: Any) -> float:
    """Return what annealing compares: cost of the rounds, and a price for each unmade visit."""
    rounds = bench.rounds
    energy = 0.0
    for shift in range(len(rounds.size)):
        energy += rounds.cost[shift]
    for visit in range(len(rounds.made_by)):
        if rounds.made_by[visit] == NOBODY:
            energy += bench.unmade_cost[visit]
    return energy


@entry
def recreate_all(day: Any, bench: Any) -> None:
    """Put every unmade visit where it adds least, and settle the rounds so changed."""
    _untouch(bench)
    _list_unmade(bench, len(bench.listed))
    _sort_listed(day, bench)
    for at in range(bench.tally[0]):
        _put_back(day, bench, bench.listed[at], 0.0)
    for shift in range(len(bench.touched)):
        if bench.touched[shift]:
            settle(day, bench.rounds, shift)
    if is_better(day, bench.rounds, bench.best):
        copy_rounds(bench.rounds, bench.best)


@entry
def improve(day: Any, bench: Any, pool: Any, steps: int, heat: Any) -> None:
    """Take ``steps`` steps of ruin and recreate.

    Args:
        day: :class:`~ntgeo.routing.plain.figures.DayFigures`.
        bench: :class:`~ntgeo.routing.plain.bench.Bench`; its rounds and best are changed.
        pool: :class:`~ntgeo.routing.plain.pool.RoutePool` that keeps the routes met.
        steps: How many.
        heat: Temperature of the first step and of the last, in the unit of cost; and by which
            share of the best cost rounds may be worse for their routes to be kept.
    """
    energy = _energy(bench)
    best_energy = energy
    cooling = (heat[1] / heat[0]) ** (1.0 / max(steps, 1))
    temperature = heat[0]
    for _ in range(steps):
        temperature *= cooling
        _untouch(bench)
        _list_unmade(bench, _MOST_UNMADE_TRIED)
        _ruin(day, bench)
        _sort_listed(day, bench)
        for at in range(bench.tally[0]):
            _put_back(day, bench, bench.listed[at], _BLINK_SHARE)
        for shift in range(len(bench.touched)):
            if bench.touched[shift]:
                settle(day, bench.rounds, shift)
        tried = _energy(bench)
        if tried < best_energy * (1.0 + heat[2]):
            _pool_touched(day, bench, pool)
        if tried >= energy - temperature * np.log(1.0 - draw(bench.chance)):
            _roll_back(day, bench)
            continue
        energy = tried
        best_energy = min(best_energy, tried)
        if is_better(day, bench.rounds, bench.best):
            copy_rounds(bench.rounds, bench.best)


@entry
def _pool_touched(day: Any, bench: Any, pool: Any) -> None:
    rounds = bench.rounds
    for shift in range(len(rounds.size)):
        count = rounds.size[shift]
        if bench.touched[shift] and count > 0:
            keep_route(
                pool, day.kind[shift], rounds.stops[shift, 1 : count + 1], rounds.cost[shift]
            )
