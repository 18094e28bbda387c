"""Faults of completeness: each area told once, or in parts that add up; lists in order."""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence

from ntgeo.domain.siting import Allocation, Assignment, SitingPlan, UnservedArea
from ntgeo.siting.verify.facts import PlanFacts, differ

__all__ = ["faults_of_areas", "faults_of_order"]


def faults_of_order(plan: SitingPlan) -> Iterator[str]:
    """Tell each list of the plan that repeats itself or is out of order."""
    lists: tuple[tuple[str, Sequence[str | tuple[str, str]]], ...] = (
        ("opened sites", plan.opened),
        ("closed sites", plan.closed),
        ("allocations", [(entry.lsoa, entry.site) for entry in plan.allocations]),
        ("unserved areas", [entry.lsoa for entry in plan.unserved]),
    )
    for label, entries in lists:
        repeated = sorted(entry for entry, count in Counter(entries).items() if count > 1)
        if repeated:
            first = repeated[0] if isinstance(repeated[0], str) else " at ".join(repeated[0])
            yield f"{label}: {first} stands more than once"
        elif list(entries) != sorted(entries):
            yield f"{label} are not in ascending order"


def faults_of_areas(facts: PlanFacts) -> Iterator[str]:
    """Tell each area that is lost, told twice, or told with another demand than it has."""
    if facts.problem.rules.assignment is Assignment.SPLIT:
        yield from _faults_of_parts(facts)
    else:
        yield from _faults_of_wholes(facts)
    told = math.fsum(entry.demand for entry in _entries(facts.plan))
    asked = math.fsum(facts.problem.demand.tolist())
    if differ(told, asked):
        yield f"demand served and unserved adds up to {told:g}; the question has {asked:g}"


def _entries(plan: SitingPlan) -> tuple[Allocation | UnservedArea, ...]:
    return (*plan.allocations, *plan.unserved)


def _demand_of(facts: PlanFacts) -> dict[str, float]:
    return dict(zip(facts.problem.areas, facts.problem.demand.tolist(), strict=True))


def _faults_of_wholes(facts: PlanFacts) -> Iterator[str]:
    times_served = Counter(entry.lsoa for entry in facts.plan.allocations)
    left = {entry.lsoa for entry in facts.plan.unserved}
    for area in sorted(set(times_served) & left):
        yield f"area {area} is told both as served and as unserved"
    for area in sorted(area for area, times in times_served.items() if times > 1):
        yield f"area {area} is served by several sites, but areas may not be split"
    for area in sorted(set(facts.problem.areas) - set(times_served) - left):
        yield f"area {area} is neither served nor told as unserved"
    for entry in facts.plan.allocations:
        if entry.share != 1:
            yield f"area {entry.lsoa} goes by a share of {entry.share:g}, but may not be split"
    demand_of = _demand_of(facts)
    for part in _entries(facts.plan):
        if part.demand != demand_of[part.lsoa]:
            yield f"area {part.lsoa}: demand {part.demand:g} is not the question's"


def _faults_of_parts(facts: PlanFacts) -> Iterator[str]:
    demand_of = _demand_of(facts)
    told: defaultdict[str, list[float]] = defaultdict(list)
    shares: defaultdict[str, list[float]] = defaultdict(list)
    for entry in facts.plan.allocations:
        shares[entry.lsoa].append(entry.share)
        if not 0 < entry.share <= 1:
            yield f"area {entry.lsoa}: a share of {entry.share:g} at site {entry.site} cannot be"
        if differ(entry.demand, entry.share * demand_of[entry.lsoa]):
            yield (
                f"area {entry.lsoa}: demand {entry.demand:g} at site {entry.site} is not "
                f"{entry.share:.4g} of the area's {demand_of[entry.lsoa]:g}"
            )
    for part in _entries(facts.plan):
        told[part.lsoa].append(part.demand)
    for area in facts.problem.areas:
        if area not in told:
            yield f"area {area} is neither served nor told as unserved"
            continue
        if (share := math.fsum(shares[area])) > 1 and differ(share, 1):
            yield f"area {area}: its shares add up to {share:.6g}"
        if differ(total := math.fsum(told[area]), demand_of[area]):
            yield f"area {area}: its parts add up to {total:g}; its demand is {demand_of[area]:g}"
