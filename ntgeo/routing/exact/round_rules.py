"""Rules of a round: what follows what, its hours, and its limits."""

from __future__ import annotations

import math
from typing import Any, Final

from ntgeo.routing.exact.rounds import DEPOT
from ntgeo.routing.exact.variables import Variables
from ntgeo.routing.figures import NEVER_MS

__all__ = ["add_round_rules"]

_PER_UNIT: Final = 1e6
"""Distance and load are told to the millionth."""
_FIRST, _LAST = 1, 2


def add_round_rules(variables: Variables) -> None:
    """Add every rule of each shift's round."""
    for shift in range(len(variables.rounds)):
        add_circuit(variables, shift)
        add_times(variables, shift)
        add_work(variables, shift)
        add_most_work(variables, shift)
        add_most_travel(variables, shift)
        add_most_distance(variables, shift)
        add_capacity(variables, shift)
        add_pinned_place(variables, shift)


def add_circuit(variables: Variables, shift: int) -> None:
    """A round goes from the depot through its visits and back, or there is none."""
    model, rounds = variables.model, variables.rounds[shift]
    standings = sorted({arc.after for arc, _ in rounds.arcs if arc.after != DEPOT})
    number_of = {DEPOT: 0, **{standing: n for n, standing in enumerate(standings, start=1)}}
    loops = [(0, 0, rounds.is_idle)]
    stands_at: dict[int, list[Any]] = {visit: [] for visit in rounds.takes}
    for standing in standings:
        stands = rounds.takes[standing[0]]
        if sum(one[0] == standing[0] for one in standings) > 1:
            stands = model.new_bool_var(f"stands {shift} {standing}")
        stands_at[standing[0]].append(stands)
        loops.append((number_of[standing], number_of[standing], stands.negated()))
    for visit, several in stands_at.items():
        if len(several) > 1:
            model.add(sum(several) == rounds.takes[visit])
    model.add_circuit(
        [*loops, *((number_of[a.before], number_of[a.after], taken) for a, taken in rounds.arcs)]
    )


def add_times(variables: Variables, shift: int) -> None:
    """A visit begins once somebody has come from the stop before and set up.

    They may wait at the door, but not on reaching the end.
    """
    model, scale, rounds = variables.model, variables.scale, variables.rounds[shift]
    for arc, taken in rounds.arcs:
        left = _left(variables, shift, arc.before[0])
        reached = left + scale.steps(arc.leg_ms)
        if arc.after == DEPOT:
            model.add(rounds.end == reached).only_enforce_if(taken)
        else:
            begin = variables.begin[arc.after[0]]
            model.add(begin >= reached + scale.steps(arc.set_up_ms)).only_enforce_if(taken)
    model.add(rounds.end == rounds.start).only_enforce_if(rounds.is_idle)
    model.add(rounds.start == scale.steps(variables.day.shifts.hours_ms[shift, 0])).only_enforce_if(
        rounds.is_idle
    )


def _left(variables: Variables, shift: int, visit: int) -> Any:
    """Return when a shift travels on from a visit, or from its start."""
    rounds = variables.rounds[shift]
    if rounds.ready:
        return rounds.ready[visit]
    return rounds.start if visit < 0 else variables.leave(shift, visit)


def add_work(variables: Variables, shift: int) -> None:
    """Work is the time from the start to the end, less unpaid breaks; it holds all that is done."""
    scale, rounds = variables.scale, variables.rounds[shift]
    is_paid = variables.day.shifts.is_break_paid[shift]
    lengths = [scale.steps(rest) for rest in variables.day.shifts.breaks_ms[shift, :, 2]]
    unpaid = sum(
        length * taken
        for length, taken, paid in zip(lengths, rounds.is_taken, is_paid, strict=False)
        if not paid
    )
    most = scale.steps(
        variables.day.shifts.hours_ms[shift, 1] - variables.day.shifts.hours_ms[shift, 0]
    )
    rounds.work = variables.model.new_int_var(0, most, f"work {shift}")
    variables.model.add(rounds.work == rounds.end - rounds.start - unpaid)
    visits = sum(variables.service(shift, visit) * take for visit, take in rounds.takes.items())
    ways = sum(scale.steps(arc.leg_ms + arc.set_up_ms) * taken for arc, taken in rounds.arcs)
    rests = sum(length * taken for length, taken in zip(lengths, rounds.is_taken, strict=False))
    variables.model.add(rounds.work >= visits + ways + rests - unpaid)


def add_most_work(variables: Variables, shift: int) -> None:
    """A round has at most so much work."""
    most_ms = int(variables.day.shifts.most_work_ms[shift])
    if most_ms < NEVER_MS:
        variables.model.add(variables.rounds[shift].work <= variables.scale.steps(most_ms))


def add_most_travel(variables: Variables, shift: int) -> None:
    """A round has at most so much travel and parking."""
    most_ms = int(variables.day.shifts.most_travel_ms[shift])
    if most_ms < NEVER_MS:
        ways = variables.rounds[shift].arcs
        variables.model.add(sum(arc.leg_ms * taken for arc, taken in ways) <= most_ms)


def add_most_distance(variables: Variables, shift: int) -> None:
    """A round is driven or cycled at most so far."""
    most_m = float(variables.day.shifts.most_distance_m[shift])
    if math.isfinite(most_m):
        ways = variables.rounds[shift].arcs
        driven = sum(round(arc.distance_m * _PER_UNIT) * taken for arc, taken in ways)
        variables.model.add(driven <= _limit(most_m, len(ways)))


def add_capacity(variables: Variables, shift: int) -> None:
    """All visits of a round together take at most its capacity."""
    most = float(variables.day.shifts.capacity[shift])
    if math.isfinite(most):
        takes, load = variables.rounds[shift].takes, variables.day.visits.load
        loads = sum(round(float(load[visit]) * _PER_UNIT) * take for visit, take in takes.items())
        variables.model.add(loads <= _limit(most, len(takes)))


def _limit(most: float, terms: int) -> int:
    """Return a limit in millionths that rounding each of some terms up does not break."""
    return math.floor(most * _PER_UNIT) + terms


def add_pinned_place(variables: Variables, shift: int) -> None:
    """A visit pinned to a place is the first or last of each round that it is in."""
    rounds = variables.rounds[shift]
    for visit, takes in rounds.takes.items():
        place = variables.day.visits.pinned_place[visit]
        if place == _FIRST:
            ways = [taken for arc, taken in rounds.arcs if _leads(arc.before, arc.after, visit)]
            variables.model.add(sum(ways) == takes)
        elif place == _LAST:
            ways = [taken for arc, taken in rounds.arcs if _leads(arc.after, arc.before, visit)]
            variables.model.add(sum(ways) == takes)


def _leads(depot: tuple[int, int], there: tuple[int, int], visit: int) -> bool:
    return depot == DEPOT and there[0] == visit
