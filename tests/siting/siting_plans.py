"""Plans made by hand or by lot, sound or not, as a solver would tell them."""

import numpy as np
from hypothesis import strategies as st
from siting.siting_oracle import NOWHERE, Oracle, worth_of_plan

from ntgeo.domain.places import SiteStatus
from ntgeo.domain.siting import Allocation, Assignment, SitingPlan, UnservedArea
from ntgeo.domain.siting_stages import is_made_most
from ntgeo.domain.solving import SolveReport, SolveStatus

__all__ = ["plan_of", "plans_by_lot"]


def plan_of(problem, opened, goes_to):
    """The plan that opens some sites and sends each area to one of them, or nowhere.

    The report tells what the plan is worth, without a bound.
    """
    reach = problem.travel
    sites = problem.sites
    ids = tuple(sites[c].id for c in sorted(opened))
    ours = [s.id for s in sites if s.is_open_today and s.status is not SiteStatus.COMPETITOR]
    areas = list(enumerate(zip(problem.areas, problem.demand.tolist(), goes_to, strict=True)))
    plan = SitingPlan(
        opened=ids,
        closed=tuple(name for name in ours if name not in ids),
        allocations=tuple(
            Allocation(
                lsoa=area,
                site=sites[site].id,
                demand=demand,
                time_s=float(reach.time_s[row, site]),
                distance_m=float(reach.distance_m[row, site]),
            )
            for row, (area, demand, site) in areas
            if site != NOWHERE
        ),
        unserved=tuple(
            UnservedArea(lsoa=area, demand=demand, reason="by lot", change="draw again")
            for _, (area, demand, site) in areas
            if site == NOWHERE
        ),
        report=_report(problem, 0.0),
    )
    worth = worth_of_plan(problem, plan)[Oracle(problem).stages.index(problem.objective)]
    value = -worth if is_made_most(problem, problem.objective) else worth
    return SitingPlan(
        opened=plan.opened,
        closed=plan.closed,
        allocations=plan.allocations,
        unserved=plan.unserved,
        report=_report(problem, value),
    )


def _report(problem, value):
    return SolveReport(
        status=SolveStatus.FEASIBLE,
        objective=value,
        bound=None,
        unit="of its own",
        is_maximised=is_made_most(problem, problem.objective),
        method="by lot",
        seed=1,
        wall_time_s=0.0,
    )


@st.composite
def plans_by_lot(draw, problem):
    """A plan that may keep the rules or break them; every journey is one that can be made."""
    oracle = Oracle(problem)
    sets = list(oracle.site_sets())
    anything = st.sets(st.sampled_from(oracle.usable)).map(lambda drawn: tuple(sorted(drawn)))
    opened = draw(st.sampled_from(sets) if sets and draw(st.booleans()) else anything)
    goes_to = np.array([_nearest(oracle, row, opened) for row in range(len(problem.areas))])
    trips = oracle.trips_of(opened)
    if trips is not None and draw(st.booleans()):
        goes_to[oracle.rows] = trips.site[draw(st.integers(0, len(trips.site) - 1))]
    elif draw(st.booleans()):
        for place, row in enumerate(oracle.rows):
            reached = [c for c in opened if oracle.reach[place, c]]
            goes_to[row] = draw(st.sampled_from([NOWHERE, *reached]))
    _take_along(problem, goes_to)
    return plan_of(problem, opened, goes_to.tolist())


def _reached(problem, row, site):
    return problem.travel.time_s[row, site] <= problem.limit_s[row]


def _nearest(oracle, row, opened):
    time_s = oracle.problem.travel.time_s[row]
    times = [(time_s[c], c) for c in opened if _reached(oracle.problem, row, c)]
    return min(times)[1] if times else NOWHERE


def _take_along(problem, goes_to):
    """Areas without demand go with their group where they can."""
    group = problem.area_rules.group
    if group is None or problem.rules.assignment is Assignment.NEAREST:
        return
    for row in np.flatnonzero(problem.demand == 0):
        others = [k for k, word in enumerate(group) if word == group[row] and problem.demand[k] > 0]
        if group[row] and others:
            site = goes_to[others[0]]
            reached = site != NOWHERE and _reached(problem, row, site)
            goes_to[row] = site if reached else NOWHERE
