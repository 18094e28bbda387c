"""Rules of a visit: when it takes place, how many come, and who."""

from __future__ import annotations

from collections import defaultdict
from typing import Any, Final

import numpy as np
from ortools.sat.python import cp_model

from ntgeo.routing.exact.variables import Variables
from ntgeo.routing.figures import NEVER_MS

__all__ = ["add_visit_rules"]

_START, _FINISH = 0, 1
_TWO: Final = 2


def add_visit_rules(variables: Variables) -> None:
    """Add every rule of each visit."""
    for visit in range(len(variables.made)):
        add_crew(variables, visit)
        add_different_people(variables, visit)
        add_daylight(variables, visit)
        add_company(variables, visit)
        add_pinned_shifts(variables, visit)
        add_windows(variables, visit)


def add_crew(variables: Variables, visit: int) -> None:
    """As many come as are needed, or nobody does."""
    visits, model = variables.day.visits, variables.model
    made, is_dark = variables.made[visit], variables.is_dark.get(visit)
    by_day, after_dark = (int(c[visit]) for c in (visits.crew_by_day, visits.crew_after_dark))
    come = sum(takes for _, takes in variables.takers(visit))
    if is_dark is None:
        model.add(come == by_day * made)
    else:
        model.add(come == by_day * made + (after_dark - by_day) * is_dark)
        model.add_implication(is_dark, made)


def add_different_people(variables: Variables, visit: int) -> None:
    """Nobody comes to a visit twice, in two shifts of theirs."""
    for takes in _takes_by_staff(variables, visit).values():
        if len(takes) > 1:
            variables.model.add_at_most_one(takes)


def _takes_by_staff(variables: Variables, visit: int) -> dict[int, list[Any]]:
    by_staff: dict[int, list[Any]] = defaultdict(list)
    for shift, takes in variables.takers(visit):
        by_staff[int(variables.day.shifts.staff[shift])].append(takes)
    return by_staff


def add_daylight(variables: Variables, visit: int) -> None:
    """A visit is after dark if any of it is before or after the day's light, by a step at least."""
    is_dark = variables.is_dark.get(visit)
    if is_dark is None:
        return
    model, begin, made = variables.model, variables.begin[visit], variables.made[visit]
    prices = variables.day.prices
    if prices.light_from_ms >= NEVER_MS:
        model.add_implication(made, is_dark)
        return
    light_from = variables.scale.steps(prices.light_from_ms)
    light_until = variables.scale.steps(prices.light_until_ms)
    begins_dark = model.new_bool_var(f"begins dark {visit}")
    model.add(begin < light_from).only_enforce_if(begins_dark)
    model.add(begin >= light_from).only_enforce_if(made, is_dark.negated())
    dark = [is_dark.negated(), begins_dark]
    for shift, takes in variables.takers(visit):
        leaves_dark = model.new_bool_var(f"leaves dark {shift} {visit}")
        leave = variables.leave(shift, visit)
        model.add_implication(leaves_dark, takes)
        model.add(leave > light_until).only_enforce_if(leaves_dark)
        model.add(leave <= light_until).only_enforce_if(takes, is_dark.negated())
        dark.append(leaves_dark)
    model.add_bool_or(dark)


def add_company(variables: Variables, visit: int) -> None:
    """Those who may not go alone come only where at least two do."""
    if variables.day.visits.crew_by_day[visit] >= _TWO:
        return
    for shift, takes in variables.takers(visit):
        if not variables.day.shifts.may_go_alone[shift]:
            variables.model.add_implication(takes, variables.is_dark[visit])


def add_pinned_shifts(variables: Variables, visit: int) -> None:
    """Each shift that a visit is pinned to takes part, if it is made."""
    takes = dict(variables.takers(visit))
    for shift in np.flatnonzero(variables.day.visits.is_pinned_to[:, visit]):
        if int(shift) in takes:
            variables.model.add_implication(variables.made[visit], takes[int(shift)])
        else:
            variables.model.add(variables.made[visit] == 0)


def add_windows(variables: Variables, visit: int) -> None:
    """It begins, or is over, or staff come in, within one of its windows."""
    sense = variables.day.visits.sense[visit]
    windows = _windows(variables, visit)
    model, begin = variables.model, variables.begin[visit]
    if sense == _START:
        model.add_linear_expression_in_domain(begin, windows).only_enforce_if(variables.made[visit])
        return
    for shift, takes in variables.takers(visit):
        if sense == _FINISH:
            leave = variables.leave(shift, visit)
            model.add_linear_expression_in_domain(leave, windows).only_enforce_if(takes)
        else:
            _add_arrival(variables, shift, visit, windows)


def _add_arrival(variables: Variables, shift: int, visit: int, windows: cp_model.Domain) -> None:
    """Staff come in before they set up, which depends on where they come from."""
    ways: dict[int, list[Any]] = defaultdict(list)
    for arc, taken in variables.rounds[shift].arcs:
        if arc.after[0] == visit:
            ways[variables.scale.steps(arc.set_up_ms)].append(taken)
    for set_up, several in ways.items():
        came_in = variables.begin[visit] - set_up
        for taken in several:
            variables.model.add_linear_expression_in_domain(came_in, windows).only_enforce_if(taken)


def _windows(variables: Variables, visit: int) -> cp_model.Domain:
    open_ms = [w for w in variables.day.visits.windows_ms[visit] if w[0] < NEVER_MS]
    steps = [[variables.scale.steps(moment) for moment in window] for window in open_ms]
    return cp_model.Domain.from_intervals(steps)
