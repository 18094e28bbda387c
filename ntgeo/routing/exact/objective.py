"""What a plan costs, in units of money, as CP-SAT sums it."""

from __future__ import annotations

from typing import Any

import numpy as np

from ntgeo.routing.exact.variables import Variables
from ntgeo.routing.figures import NEVER_MS

__all__ = ["total_cost", "unmade", "unmade_weight"]


def unmade_weight(variables: Variables) -> Any:
    """Return the weight of unmade visits, where one outweighs all of later priorities."""
    weights = zip(variables.day.visits.unmade_weight, variables.made, strict=True)
    return sum(int(weight) * (1 - made) for weight, made in weights)


def total_cost(variables: Variables) -> Any:
    """Return the whole cost; each term is a function here."""
    visits = range(len(variables.made))
    return (
        sum(round_cost(variables, shift) for shift in range(len(variables.rounds)))
        + sum(untimely(variables, visit) + unmade(variables, visit) for visit in visits)
        + worst_lateness(variables)
        + work_spread(variables)
        + visits_spread(variables)
    )


def round_cost(variables: Variables, shift: int) -> Any:
    """Return what a round costs by its shift's prices, and by who makes it."""
    return (
        pay(variables, shift)
        + overtime(variables, shift)
        + ways(variables, shift)
        + people(variables, shift)
        + having_a_round(variables, shift)
    )


def pay(variables: Variables, shift: int) -> Any:
    """Work has its price by the hour."""
    price = variables.scale.units_per_step(variables.day.shifts.pay_gbp_per_ms[shift])
    return price * variables.rounds[shift].work


def overtime(variables: Variables, shift: int) -> Any:
    """Work after a time of day costs more; unpaid breaks are no work."""
    shifts, scale, rounds = variables.day.shifts, variables.scale, variables.rounds[shift]
    price = scale.units_per_step(shifts.overtime_gbp_per_ms[shift])
    after_ms = int(shifts.overtime_after_ms[shift])
    if price == 0 or after_ms >= shifts.hours_ms[shift, 1]:
        return 0
    late = _late(variables, shift, rounds.end) - _late(variables, shift, rounds.start)
    for number, taken in enumerate(rounds.is_taken):
        if not shifts.is_break_paid[shift, number]:
            late -= _late_break(variables, shift, number, taken)
    return price * late


def _late(variables: Variables, shift: int, moment: Any) -> Any:
    """Return how long a moment is after overtime begins; 0 before."""
    scale, shifts = variables.scale, variables.day.shifts
    after = scale.steps(shifts.overtime_after_ms[shift])
    most = max(0, scale.steps(shifts.hours_ms[shift, 1]) - after)
    late = variables.model.new_int_var(0, most, f"late {shift}")
    variables.model.add_max_equality(late, [moment - after, 0])
    return late


def _late_break(variables: Variables, shift: int, number: int, taken: Any) -> Any:
    scale, rounds, model = variables.scale, variables.rounds[shift], variables.model
    length = scale.steps(variables.day.shifts.breaks_ms[shift, number, 2])
    begin = rounds.break_begin[number]
    over = model.new_int_var(0, 2 * scale.steps(variables.day.shifts.hours_ms[shift, 1]), "over")
    model.add(over == begin + length).only_enforce_if(taken)
    model.add(over == begin).only_enforce_if(taken.negated())
    after = scale.steps(variables.day.shifts.overtime_after_ms[shift])
    late = model.new_int_var(0, length, f"late break {shift} {number}")
    past = model.new_int_var(0, 2 * scale.steps(variables.day.shifts.hours_ms[shift, 1]), "past")
    model.add_max_equality(past, [over - after, 0])
    model.add(late == past - _late(variables, shift, begin))
    return late


def ways(variables: Variables, shift: int) -> Any:
    """Distance has its price by the mile, travel and parking theirs by the hour."""
    arcs = variables.rounds[shift].arcs
    return sum(variables.way_cost(shift, arc) * taken for arc, taken in arcs)


def people(variables: Variables, shift: int) -> Any:
    """A new face, and one that is not preferred, have their prices."""
    prices = variables.day.visits.assign_gbp[shift]
    takes = variables.rounds[shift].takes.items()
    return sum(variables.scale.units(prices[visit]) * take for visit, take in takes)


def having_a_round(variables: Variables, shift: int) -> Any:
    """A round has a price of its own."""
    price = variables.scale.units(variables.day.shifts.round_gbp[shift])
    return price * (1 - variables.rounds[shift].is_idle)


def untimely(variables: Variables, visit: int) -> Any:
    """Each minute before and after each soft window costs, if the visit is made."""
    cost: Any = 0
    model, begin, scale = variables.model, variables.begin[visit], variables.scale
    visits, made = variables.day.visits, variables.made[visit]
    for (first_ms, last_ms), prices in zip(
        visits.soft_ms[visit], visits.soft_gbp_per_ms[visit], strict=True
    ):
        early_price, late_price = map(scale.units_per_step, prices)
        if early_price > 0:
            early = model.new_int_var(0, _longest(variables), f"early {visit}")
            model.add(early >= scale.steps(first_ms) - begin).only_enforce_if(made)
            cost += early_price * early
        if late_price > 0:
            late = model.new_int_var(0, _longest(variables), f"late {visit}")
            model.add(late >= begin - scale.steps(last_ms)).only_enforce_if(made)
            cost += late_price * late
    return cost


def _longest(variables: Variables) -> int:
    """Return a time, in steps, that no earliness or lateness exceeds."""
    moments = variables.day.visits.soft_ms
    known = np.abs(moments[np.abs(moments) < NEVER_MS])
    return variables.scale.steps(
        max(known.max(initial=0), variables.day.shifts.hours_ms.max(initial=0))
    )


def unmade(variables: Variables, visit: int) -> Any:
    """An unmade visit has its price, where the prices put it in pounds."""
    return variables.scale.units(variables.day.visits.unmade_gbp[visit]) * (
        1 - variables.made[visit]
    )


def worst_lateness(variables: Variables) -> Any:
    """The visit latest against a soft window has a price by the minute of its lateness."""
    scale, model = variables.scale, variables.model
    price = scale.units_per_step(variables.day.prices.worst_lateness_gbp_per_ms)
    soft_ms = variables.day.visits.soft_ms
    if price == 0 or soft_ms.shape[1] == 0:
        return 0
    worst = model.new_int_var(0, _longest(variables), "worst lateness")
    for visit, (begin, made) in enumerate(zip(variables.begin, variables.made, strict=True)):
        last_ms = soft_ms[visit, :, 1].min()
        if last_ms < NEVER_MS:
            model.add(worst >= begin - scale.steps(last_ms)).only_enforce_if(made)
    return price * worst


def work_spread(variables: Variables) -> Any:
    """The difference between most and least work has a price by the hour."""
    price = variables.scale.units_per_step(variables.day.prices.work_spread_gbp_per_ms)
    return price * _spread(variables, [rounds.work for rounds in variables.rounds], price)


def visits_spread(variables: Variables) -> Any:
    """The difference between most and fewest visits has a price by the visit."""
    price = variables.scale.units(variables.day.prices.visits_spread_gbp)
    visits = [sum(rounds.takes.values()) for rounds in variables.rounds]
    return price * _spread(variables, visits, price)


def _spread(variables: Variables, amounts: list[Any], price: int) -> Any:
    if price == 0 or len(amounts) <= 1:
        return 0
    model = variables.model
    most = max(len(variables.made), variables.scale.steps(variables.day.shifts.hours_ms.max()))
    greatest = model.new_int_var(0, most, "greatest")
    least = model.new_int_var(0, most, "least")
    for amount in amounts:
        model.add(greatest >= amount)
        model.add(least <= amount)
    return greatest - least
