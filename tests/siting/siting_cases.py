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


OBJECTIVES = (
    SitingObjective.P_MEDIAN,
    SitingObjective.KOLM_POLLAK,
    SitingObjective.P_CENTRE,
    SitingObjective.MAX_COVERAGE,
    SitingObjective.SET_COVER,
)


@st.composite
def problems(draw, objectives=OBJECTIVES):
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


def kappa_of(problem):
    limit = problem.rules.travel_limit_s or math.inf
    weighted, square, longest = 0.0, 0.0, 1.0
    for row, demand in enumerate(problem.demand):
        times = [
            time
            for time, site in zip(problem.travel.time_s[row], problem.sites, strict=True)
            if site.may_open and time <= limit
        ]
        if times:
            weighted += demand * min(times)
            square += demand * min(times) ** 2
            longest = max(longest, *times)
    return problem.rules.inequality_aversion * (weighted / square if square else 1 / longest)


def worth(problem, opened):
    """The aims of a set of sites in their order, least first; ``None`` if a cover is not one."""
    limit = problem.rules.travel_limit_s or math.inf
    unserved, travel, worst, grown, served = 0.0, 0.0, 0.0, 0.0, 0.0
    kappa = kappa_of(problem)
    for row, demand in enumerate(problem.demand):
        times = problem.travel.time_s[row]
        least = min((times[c] for c in opened if times[c] <= limit), default=None)
        could = any(times[c] <= limit for c, site in enumerate(problem.sites) if site.may_open)
        if least is None:
            unserved += demand
            if could and problem.objective is SitingObjective.SET_COVER:
                return None
        else:
            travel += demand * least
            worst = max(worst, least if demand else 0.0)
            grown += demand * math.exp(kappa * least)
            served += demand
    if problem.objective is SitingObjective.SET_COVER:
        return len(opened), travel
    if problem.objective is SitingObjective.P_CENTRE:
        return unserved, worst, travel
    if problem.objective is SitingObjective.KOLM_POLLAK:
        return unserved, math.log(grown / served) / kappa if served else 0.0
    return unserved, travel


def best_by_trying_all(problem):
    """The aims of the best set of sites, in their order."""
    usable = [c for c, site in enumerate(problem.sites) if site.may_open]
    required = {c for c, site in enumerate(problem.sites) if site.status is SiteStatus.REQUIRED}
    covering = problem.objective is SitingObjective.SET_COVER
    counts = range(len(usable) + 1) if covering else [problem.rules.site_count]
    values = [
        worth(problem, opened)
        for count in counts
        for opened in itertools.combinations(usable, count)
        if required <= set(opened)
    ]
    return min(value for value in values if value is not None)
