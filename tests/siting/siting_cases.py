"""Small random siting questions, and their answers by trying every set of sites."""

import itertools
import math

import numpy as np
from hypothesis import strategies as st

from ntgeo.domain.matrix import TravelTimeMatrix
from ntgeo.domain.places import CandidateSite, Location, SiteId, SiteStatus
from ntgeo.domain.siting import SitingObjective, SitingProblem, SitingRules

_NOWHERE = Location(easting_m=0, northing_m=0)
_STATUSES = [
    SiteStatus.CANDIDATE,
    SiteStatus.CANDIDATE,
    SiteStatus.EXISTING,
    SiteStatus.REQUIRED,
    SiteStatus.EXCLUDED,
    SiteStatus.COMPETITOR,
]


def make_problem(time_s, demand, statuses, *, objective, site_count=None, limit_s=None):
    time_s = np.asarray(time_s, dtype=float)
    sites = [
        CandidateSite(id=SiteId(f"S{j:02d}"), name=f"Site {j}", location=_NOWHERE, status=status)
        for j, status in enumerate(statuses)
    ]
    travel = TravelTimeMatrix.from_arrays(
        time_s,
        origins=[f"X01{i:06d}" for i in range(time_s.shape[0])],
        destinations=[site.id for site in sites],
        distance_m=time_s * 10,
    )
    return SitingProblem.from_arrays(
        demand=demand,
        travel=travel,
        sites=sites,
        objective=objective,
        rules=SitingRules(site_count=site_count, travel_limit_s=limit_s),
        demand_unit="people",
    )


@st.composite
def problems(draw, objectives=tuple(SitingObjective)):
    objective = draw(st.sampled_from(objectives))
    areas, sites = draw(st.integers(1, 7)), draw(st.integers(1, 7))
    times = st.one_of(st.just(math.nan), st.integers(0, 12).map(float))
    time_s = draw(st.lists(times, min_size=areas * sites, max_size=areas * sites))
    demand = draw(st.lists(st.integers(0, 5), min_size=areas, max_size=areas))
    demand[0] += sum(demand) == 0
    statuses = draw(st.lists(st.sampled_from(_STATUSES), min_size=sites, max_size=sites))
    if all(s in {SiteStatus.EXCLUDED, SiteStatus.COMPETITOR} for s in statuses):
        statuses[0] = SiteStatus.CANDIDATE
    usable = sum(s not in {SiteStatus.EXCLUDED, SiteStatus.COMPETITOR} for s in statuses)
    required = statuses.count(SiteStatus.REQUIRED)
    counted = objective is not SitingObjective.SET_COVER
    limited = objective is not SitingObjective.P_MEDIAN or draw(st.booleans())
    return make_problem(
        np.array(time_s).reshape(areas, sites),
        demand,
        statuses,
        objective=objective,
        site_count=draw(st.integers(max(1, required), usable)) if counted else None,
        limit_s=draw(st.integers(1, 12)) if limited else None,
    )


def worth(problem, opened):
    """(unserved demand, areas uncovered that could be covered, travel) of a set of sites."""
    limit = problem.rules.travel_limit_s or math.inf
    unserved, uncovered, travel = 0.0, 0, 0.0
    for row, demand in enumerate(problem.demand):
        times = problem.travel.time_s[row]
        least = min((times[c] for c in opened if times[c] <= limit), default=None)
        could = any(times[c] <= limit for c, site in enumerate(problem.sites) if site.may_open)
        if least is None:
            unserved += demand
            uncovered += could
        else:
            travel += demand * least
    return unserved, uncovered, travel


def best_by_trying_all(problem):
    """(first aim, travel) of the best set of sites: unserved demand, or number of sites."""
    usable = [c for c, site in enumerate(problem.sites) if site.may_open]
    required = {c for c, site in enumerate(problem.sites) if site.status is SiteStatus.REQUIRED}
    covering = problem.objective is SitingObjective.SET_COVER
    counts = range(len(usable) + 1) if covering else [problem.rules.site_count]
    best = None
    for count in counts:
        for opened in itertools.combinations(usable, count):
            if not required <= set(opened):
                continue
            unserved, uncovered, travel = worth(problem, opened)
            if covering and uncovered:
                continue
            value = (count if covering else unserved, travel)
            best = value if best is None else min(best, value)
    return best
