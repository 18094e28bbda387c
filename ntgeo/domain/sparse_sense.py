"""Whether a siting question can be answered from sparse travel times."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import fields
from typing import TYPE_CHECKING

from ntgeo.domain.siting_rules import SitingObjective, SitingRules
from ntgeo.domain.sparse_times import SparseTravelTimes

if TYPE_CHECKING:
    from ntgeo.domain.siting import SitingProblem

__all__ = ["misfits_of_sparse"]

_ANSWERED = (
    SitingObjective.P_MEDIAN,
    SitingObjective.DEPRIVATION_P_MEDIAN,
    SitingObjective.KOLM_POLLAK,
    SitingObjective.MAX_COVERAGE,
)
_KEPT = {"site_count", "travel_limit_s", "inequality_aversion", "deprivation_weight"}
_NO_RULES = SitingRules()


def misfits_of_sparse(problem: SitingProblem) -> Iterator[tuple[str, str, str]]:
    """Yield what a question asks that needs the times of every pair: rule, what is wrong, fix."""
    if not isinstance(problem.travel, SparseTravelTimes):
        return
    needs = "needs the travel times of every pair, and these are sparse"
    fix = "give a whole matrix"
    if problem.objective not in _ANSWERED:
        yield "objective", f"{problem.objective} {needs}", f"{fix}, or ask {' or '.join(_ANSWERED)}"
    if problem.then:
        yield "then", f"a second aim {needs}", fix
    for rule in fields(SitingRules):
        is_asked = getattr(problem.rules, rule.name) != getattr(_NO_RULES, rule.name)
        if is_asked and rule.name not in _KEPT:
            yield rule.name, f"{rule.name} {needs}", fix
    for name in ("decay_stretch", "group"):
        if getattr(problem.area_rules, name) is not None:
            yield name, f"{name} of areas {needs}", fix
