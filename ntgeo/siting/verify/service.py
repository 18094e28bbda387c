"""Faults of who is left out, and of what the objective must cover."""

from __future__ import annotations

import math
from collections.abc import Iterator

import numpy as np
import numpy.typing as npt

from ntgeo.domain.siting import SitingObjective
from ntgeo.errors import first_five
from ntgeo.siting.verify.facts import (
    NOWHERE,
    SAME_SHARE,
    PlanFacts,
    count_in_reach,
    may_open_of,
    members_of,
    reach_of,
)

__all__ = ["faults_of_service"]

_TWICE = 2


def faults_of_service(facts: PlanFacts) -> Iterator[str]:
    """Tell each area that should not have been left out, and each cover that is not kept."""
    yield from _faults_of_unserved(facts)
    if facts.problem.rules.must_serve_all:
        left = [entry.lsoa for entry in facts.plan.unserved if entry.demand > 0]
        if left:
            yield f"every area must be served, but some are not: {first_five(left)}"
    if SitingObjective.SET_COVER in facts.problem.aims:
        yield from _faults_of_cover(facts)
    counts_itself = facts.problem.rules.site_count is None
    if SitingObjective.BACKUP_COVER in facts.problem.aims and counts_itself:
        yield from _faults_of_backup(facts)


def _faults_of_unserved(facts: PlanFacts) -> Iterator[str]:
    row_of = {area: row for row, area in enumerate(facts.problem.areas)}
    nearest = facts.nearest
    for entry in facts.plan.unserved:
        if nearest[row_of[entry.lsoa]] != NOWHERE and not facts.may_leave:
            yield f"area {entry.lsoa} is told as unserved, but an open site is in reach"
        if not entry.reason.strip():
            yield f"area {entry.lsoa} is unserved without a reason"
        if not entry.change.strip():
            yield f"area {entry.lsoa} is unserved without a change that would serve it"


def _faults_of_cover(facts: PlanFacts) -> Iterator[str]:
    """Set cover serves its target share, or leaves out only whom no site could serve."""
    target_share = facts.problem.rules.target_share
    if target_share < 1:
        total = math.fsum(facts.problem.demand.tolist())
        served, needed = total - facts.unserved, target_share * total
        if served < needed * (1 - SAME_SHARE):
            yield f"demand of {served:g} is covered; the target share needs {needed:g}"
        return
    could = dict(zip(facts.problem.areas, _could_be_served(facts).tolist(), strict=True))
    for entry in facts.plan.unserved:
        if could[entry.lsoa] and entry.demand > 0:
            yield f"area {entry.lsoa} is left uncovered, but a site that may open would cover it"


def _could_be_served(facts: PlanFacts) -> npt.NDArray[np.bool_]:
    """(areas,) whether a site that may open has the area, and all its group, in reach."""
    could = np.zeros(len(facts.problem.areas), dtype=np.bool_)
    for _, time_s in reach_of(facts.problem, may_open_of(facts.problem)):
        within = np.isfinite(time_s)
        for _, members in members_of(facts.problem):
            within[members] = within[members].all(axis=0)
        could |= within.any(axis=1)
    return could


def _faults_of_backup(facts: PlanFacts) -> Iterator[str]:
    could = count_in_reach(facts.problem, may_open_of(facts.problem))
    open_now = count_in_reach(facts.problem, facts.opened)
    short = (open_now < np.minimum(could, _TWICE)) & (facts.problem.demand > 0)
    for row in np.flatnonzero(short):
        yield (
            f"area {facts.problem.areas[row]} has {open_now[row]} open sites in reach; "
            f"it could have {min(int(could[row]), _TWICE)}"
        )
