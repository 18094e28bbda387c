"""Faults of who goes where: ways, limits, the nearest site, groups, and how full sites are."""

from __future__ import annotations

import math
from collections.abc import Iterator

import numpy as np
import numpy.typing as npt

from ntgeo.domain.siting import Allocation, Assignment, CapacityRule
from ntgeo.siting.verify.facts import NOWHERE, SAME_SHARE, PlanFacts, members_of

__all__ = ["faults_of_journeys"]

IndexArray = npt.NDArray[np.intp]


def faults_of_journeys(facts: PlanFacts) -> Iterator[str]:
    """Tell each allocation that cannot be, and each rule that they break together."""
    opened = set(facts.plan.opened)
    _, distances_m = facts.problem.travel.of_pairs(facts.row, facts.column)
    for place, (entry, distance_m) in enumerate(
        zip(facts.plan.allocations, distances_m.tolist(), strict=True)
    ):
        if entry.site not in opened:
            yield f"area {entry.lsoa} is served by site {entry.site}, which is not open"
        else:
            yield from _faults_of_travel(facts, entry, place, distance_m)
    if facts.goes_to_nearest:
        yield from _faults_of_nearest(facts)
    yield from _faults_of_groups(facts)
    yield from _faults_of_loads(facts)


def _faults_of_travel(
    facts: PlanFacts, entry: Allocation, place: int, distance_m: float
) -> Iterator[str]:
    time_s = float(facts.time_s[place])
    if math.isinf(time_s):
        yield f"area {entry.lsoa} is served by site {entry.site}, which it cannot reach"
        return
    if entry.time_s != time_s:
        yield f"area {entry.lsoa}: time {entry.time_s:g} s is not the matrix's {time_s:g} s"
    if entry.distance_m != distance_m:
        yield (
            f"area {entry.lsoa}: distance {entry.distance_m:g} m is not the matrix's "
            f"{distance_m:g} m"
        )
    limit_s = float(facts.problem.limit_s[facts.row[place]])
    if time_s > limit_s:
        yield f"area {entry.lsoa} is served from {time_s:g} s away; the limit is {limit_s:g} s"


def _faults_of_nearest(facts: PlanFacts) -> Iterator[str]:
    nearest, least_s, opened = facts.nearest, facts.nearest_s, set(facts.plan.opened)
    for place, entry in enumerate(facts.plan.allocations):
        row, column = facts.row[place], facts.column[place]
        if entry.site not in opened or nearest[row] in {column, NOWHERE}:
            continue
        time_s, first = float(facts.time_s[place]), facts.problem.sites[nearest[row]].id
        if time_s > least_s[row]:
            yield (
                f"area {entry.lsoa} is served by site {entry.site}, {time_s:g} s away; "
                f"an open site is {least_s[row]:g} s away"
            )
        elif time_s == least_s[row]:
            yield (
                f"area {entry.lsoa} is served by site {entry.site}; "
                f"site {first} is as near and comes first by id"
            )


def _faults_of_groups(facts: PlanFacts) -> Iterator[str]:
    goes_to = np.full(len(facts.problem.areas), NOWHERE)
    goes_to[facts.row] = facts.column
    for word, members in members_of(facts.problem):
        sites = sorted({int(place) for place in goes_to[members]})
        if len(sites) > 1:
            names = [facts.problem.sites[c].id if c != NOWHERE else "nowhere" for c in sites]
            yield f"group {word} goes to several places: {', '.join(sorted(names))}"
        if facts.problem.rules.assignment is not Assignment.NEAREST:
            yield from _faults_of_companions(facts, word, goes_to, sites[0])


def _faults_of_companions(
    facts: PlanFacts, word: str, goes_to: IndexArray, site: int
) -> Iterator[str]:
    """Areas without demand go along with their group, or nowhere."""
    words = facts.problem.area_rules.group or ()
    for row in np.flatnonzero(facts.problem.demand == 0):
        if words[row] == word and goes_to[row] not in {site, NOWHERE}:
            yield f"area {facts.problem.areas[row]} does not go along with its group {word}"


def _faults_of_loads(facts: PlanFacts) -> Iterator[str]:
    rules = facts.problem.rules
    load = np.bincount(facts.column, weights=facts.demand, minlength=len(facts.problem.sites))
    for column in facts.opened:
        site, served = facts.problem.sites[column], float(load[column])
        slack = SAME_SHARE * max(1.0, served)
        is_hard = rules.capacity is CapacityRule.HARD and site.capacity is not None
        if is_hard and served > (site.capacity or 0.0) + slack:
            yield f"site {site.id} serves {served:g}; it can hold {site.capacity:g}"
        least = rules.min_throughput
        if least is not None and served < least - slack:
            yield f"site {site.id} serves {served:g}; each open site must serve {least:g}"
