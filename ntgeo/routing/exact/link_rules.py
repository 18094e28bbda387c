"""Rules of two linked visits: order, gaps, and who comes."""

from __future__ import annotations

from typing import Any

from ntgeo.routing.exact.variables import Variables
from ntgeo.routing.figures import NEVER_MS

__all__ = ["add_link_rules"]

_SAME, _DIFFERENT = 1, 2


def add_link_rules(variables: Variables) -> None:
    """Add every rule of each link."""
    for link in range(len(variables.day.links.first)):
        add_made_together(variables, link)
        add_gaps(variables, link)
        add_same_staff(variables, link)
        add_different_staff(variables, link)


def _ends(variables: Variables, link: int) -> tuple[int, int]:
    links = variables.day.links
    return int(links.first[link]), int(links.second[link])


def add_made_together(variables: Variables, link: int) -> None:
    """The second of an order is made only if the first is; of some links, neither without other."""
    first, second = (variables.made[visit] for visit in _ends(variables, link))
    links = variables.day.links
    if links.is_both_or_neither[link]:
        variables.model.add(first == second)
    elif links.is_ordered[link]:
        variables.model.add_implication(second, first)


def add_gaps(variables: Variables, link: int) -> None:
    """The second begins a least and at most a greatest gap after the first begins or is over."""
    links, scale = variables.day.links, variables.scale
    if not links.is_ordered[link]:
        return
    first, second = _ends(variables, link)
    stay = longest_service(variables, first) if links.is_from_end[link] else 0
    gap = variables.begin[second] - variables.begin[first] - stay
    is_made = variables.made[second]
    variables.model.add(gap >= scale.steps(links.least_ms[link])).only_enforce_if(is_made)
    if links.greatest_ms[link] < NEVER_MS:
        greatest = scale.steps(links.greatest_ms[link])
        variables.model.add(gap <= greatest).only_enforce_if(is_made)


def longest_service(variables: Variables, visit: int) -> Any:
    """Return how long the one of a crew who stays longest is there, in steps."""
    takers = variables.takers(visit)
    services = [variables.service(shift, visit) for shift, _ in takers]
    if len(set(services)) <= 1:
        return services[0] if services else 0
    longest = variables.model.new_int_var(0, max(services), f"longest {visit}")
    stays = [s * takes for s, (_, takes) in zip(services, takers, strict=True)]
    variables.model.add_max_equality(longest, stays)
    return longest


def _come(variables: Variables, visit: int, staff: int) -> Any:
    """Return whether a member of staff comes to a visit, in any shift of theirs."""
    of_staff = variables.day.shifts.staff
    return sum(takes for shift, takes in variables.takers(visit) if of_staff[shift] == staff)


def add_same_staff(variables: Variables, link: int) -> None:
    """The same people come to both, where both are made."""
    if variables.day.links.staff[link] != _SAME:
        return
    first, second = _ends(variables, link)
    made = variables.made[first], variables.made[second]
    for staff in set(variables.day.shifts.staff):
        one, other = (_come(variables, visit, staff) for visit in (first, second))
        variables.model.add(one - other == 0).only_enforce_if(*made)


def add_different_staff(variables: Variables, link: int) -> None:
    """Nobody comes to both."""
    if variables.day.links.staff[link] != _DIFFERENT:
        return
    first, second = _ends(variables, link)
    for staff in set(variables.day.shifts.staff):
        variables.model.add(_come(variables, first, staff) + _come(variables, second, staff) <= 1)
