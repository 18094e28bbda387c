"""The best siting by trying every plan: every set of sites, and who goes where of each.

Written from the words of ``ntgeo.domain.siting_rules``, apart from the engine and from the check,
and only for questions of a few areas and sites. Every value is told so that less is better.
"""

import itertools
import math
from dataclasses import dataclass
from functools import partial

import numpy as np
from siting.siting_figures import Figures
from siting.siting_oracle_split import best_by_programmes

from ntgeo.domain.places import SiteStatus
from ntgeo.domain.siting import Assignment, CapacityRule, SitingObjective

__all__ = ["UNSERVED", "Oracle", "best_by_trying_all", "is_plan", "worth_of_plan"]

UNSERVED = "demand left unserved"
TRAVEL = "travel of those served"
NOWHERE = -1
_COUNTS_TRAVEL = {
    SitingObjective.P_MEDIAN,
    SitingObjective.DEPRIVATION_P_MEDIAN,
    SitingObjective.KOLM_POLLAK,
    SitingObjective.P_CENTRE,
    SitingObjective.WORST_TENTH,
    SitingObjective.WORST_DECILE,
}
_COUNTS_EVERYBODY = {
    SitingObjective.P_MEDIAN,
    SitingObjective.DEPRIVATION_P_MEDIAN,
    SitingObjective.KOLM_POLLAK,
}


@dataclass(frozen=True, slots=True)
class Trips:
    """Plans with the same open sites: (plans, pieces) where each piece of demand goes."""

    opened: tuple[int, ...]
    area: np.ndarray
    weight: np.ndarray
    site: np.ndarray


class Oracle(Figures):
    """Every plan of a question, and what it is worth."""

    @property
    def stages(self):
        """What is made least, in order."""
        names = []
        for aim in self.problem.aims:
            counts_travel = aim in _COUNTS_TRAVEL or (
                aim is SitingObjective.LEAST_COST and not self.has_outreach
            )
            if counts_travel and UNSERVED not in names:
                names.append(UNSERVED)
            names.append(aim)
        if UNSERVED not in names:
            names.append(UNSERVED)
        counted = names[-1] in _COUNTS_EVERYBODY or (
            names[-1] is SitingObjective.LEAST_COST and not self.has_outreach
        )
        return names if counted else [*names, TRAVEL]

    def slack_before(self, stage):
        """What each aim named before a stage may give up for it."""
        slack_of = {aim.objective: aim.slack_share for aim in self.problem.then}
        taken = self.stages[: self.stages.index(stage) + 1]
        return max(slack_of.get(name, 0.0) for name in taken)

    def caps(self, best, stage):
        """The most that each stage before may come to; ``best`` is the least each came to."""
        slack = self.slack_before(stage)
        return [
            value + (0.0 if name in {UNSERVED, TRAVEL} else slack * abs(value))
            for name, value in zip(self.stages, best, strict=False)
        ]

    # Which sites may be open together.

    def site_sets(self):
        for count in range(len(self.usable) + 1):
            for opened in itertools.combinations(self.usable, count):
                if self._may_open(opened):
                    yield opened

    def _may_open(self, opened):
        sites, rules = self.problem.sites, self.rules
        ours = {c for c, s in enumerate(sites) if s.status is not SiteStatus.COMPETITOR}
        today = {c for c in ours if sites[c].is_open_today}
        required = {c for c, s in enumerate(sites) if s.status is SiteStatus.REQUIRED}
        wanted = rules.site_count
        cost = math.fsum(sites[c].fixed_cost_gbp or 0.0 for c in opened)
        return (
            required <= set(opened)
            and (wanted is None or len(opened) == wanted or self._is_fewer(opened))
            and (rules.budget_gbp is None or cost <= rules.budget_gbp + 1e-9)
            and len(today & set(opened)) >= (rules.keep_existing_at_least or 0)
            and len(today - set(opened)) <= _or_any(rules.close_at_most)
            and len(set(opened) - today) <= _or_any(rules.open_new_at_most)
            and all(
                sum(sites[c].zone == zone for c in opened) >= least
                for zone, least in rules.zone_minimums
            )
            and self._are_apart(opened)
            and self._has_backup(opened)
        )

    def _is_fewer(self, opened):
        return self.rules.may_open_fewer and len(opened) < self.rules.site_count

    def _are_apart(self, opened):
        places = [self.problem.sites[c].location for c in opened]
        return self.rules.min_separation_m is None or all(
            math.hypot(a.easting_m - b.easting_m, a.northing_m - b.northing_m)
            >= self.rules.min_separation_m
            for a, b in itertools.combinations(places, 2)
        )

    def _has_backup(self, opened):
        if not (SitingObjective.BACKUP_COVER in self.problem.aims and self.counts_itself):
            return True
        could = np.minimum(self.reach[:, self.usable].sum(axis=1), 2)
        return bool((self.reach[:, list(opened)].sum(axis=1) >= could).all())

    # Who may go where.

    def trips_of(self, opened):
        """Every way to send the areas; ``None`` where there is none."""
        options = [self._options(unit, opened) for unit in self.units]
        if not all(len(option) for option in options):
            return None
        grid = np.indices([len(option) for option in options]).reshape(len(options), -1)
        site = np.empty((grid.shape[1], len(self.rows)), dtype=int)
        for place, unit in enumerate(self.units):
            site[:, unit] = np.array(options[place])[grid[place]]
        return Trips(opened, np.arange(len(self.rows)), self.weight, site)

    def _options(self, unit, opened):
        """Each way to send the areas of a unit, as one site an area."""
        rules, nowhere = self.rules, [NOWHERE] * len(unit)
        nearest = [self._nearest(area, opened) for area in unit]
        if rules.assignment is Assignment.NEAREST:
            return [nearest] if len(set(nearest)) == 1 else []
        if self.is_sent:
            to = [c for c in opened if self.reach[unit, c].all()]
            return [nowhere, *([site] * len(unit) for site in to)]
        return [nearest, nowhere] if self.has_outreach and nearest != nowhere else [nearest]

    @property
    def is_sent(self):
        """Whether a rule may send an area elsewhere than to its nearest open site."""
        rules = self.rules
        is_limited = rules.capacity is not CapacityRule.IGNORED or rules.min_throughput is not None
        return is_limited or self.problem.area_rules.group is not None

    def _nearest(self, area, opened):
        times = [(self.time[area, c], c) for c in opened if self.reach[area, c]]
        return min(times)[1] if times else NOWHERE

    # Which plans keep the rules, and what they are worth.

    def keeps_rules(self, trips):
        """(plans,) whether capacities, throughput and the demand to be served are kept."""
        rules, sites = self.rules, self.problem.sites
        kept = np.ones(len(trips.site), dtype=bool)
        for c in trips.opened:
            load = self._load(trips, c)
            if rules.capacity is CapacityRule.HARD and sites[c].capacity is not None:
                kept &= load <= sites[c].capacity + 1e-6
            if rules.min_throughput is not None:
                kept &= load >= rules.min_throughput - 1e-6
        served = self.total - self._unserved(trips)
        if rules.must_serve_all:
            kept &= served >= self.total - 1e-6
        if SitingObjective.SET_COVER in self.problem.aims:
            kept &= served >= self.demand_to_cover() - 1e-6
        return kept

    def _load(self, trips, site):
        return ((trips.site == site) * trips.weight).sum(axis=1)

    def _unserved(self, trips):
        return self._load(trips, NOWHERE)

    def worth(self, trips):
        """(plans, stages) values, least best."""
        time = np.where(trips.site == NOWHERE, np.inf, self.time[trips.area[None, :], trips.site])
        price = self.rules.over_capacity_price or 0.0
        over = sum(
            np.maximum(0.0, self._load(trips, c) - self.problem.sites[c].capacity)
            for c in trips.opened
            if self.problem.sites[c].capacity is not None
        )
        columns = []
        for name in self.stages:
            value = self._value(name, trips, time)
            columns.append(value + (price * over if name is self.problem.objective else 0.0))
        return np.column_stack(columns)

    def _value(self, name, trips, time):
        travel = partial(_sum, time=time)
        weight, every = trips.weight, np.ones(len(trips.site))
        rules, objective = self.rules, SitingObjective
        values = {
            UNSERVED: lambda: self._unserved(trips),
            TRAVEL: lambda: travel(weight * time),
            objective.P_MEDIAN: lambda: travel(weight * time),
            objective.DEPRIVATION_P_MEDIAN: lambda: travel(weight * self.need()[trips.area] * time),
            objective.KOLM_POLLAK: lambda: self._equivalent(weight, time),
            objective.P_CENTRE: lambda: np.where(np.isinf(time), 0.0, time).max(axis=1, initial=0),
            objective.WORST_TENTH: lambda: _worst_tenth(weight, time),
            objective.WORST_DECILE: lambda: self._worst_decile(trips, time),
            objective.MAX_COVERAGE: lambda: -travel(weight * self.cover(trips.area, time)),
            objective.MAX_ATTENDANCE: lambda: -travel(weight * self.decayed(trips.area, time)),
            objective.SET_COVER: lambda: len(trips.opened) * every,
            objective.BACKUP_COVER: lambda: self.backup(trips.opened) * every,
            objective.LEAST_COST: lambda: (
                self.fixed_cost(trips.opened)
                + travel(weight * time) * (rules.travel_gbp_per_hour or 0.0) / 3600
                + self._unserved(trips) * (rules.outreach_gbp or 0.0)
            ),
            objective.MARKET_SHARE: lambda: -self.won(trips.opened) * every,
        }
        with np.errstate(invalid="ignore"):
            return values[name]()

    def _equivalent(self, weight, time):
        served = _sum(weight * np.isfinite(time), time=time)
        grown = _sum(weight * np.exp(self.kappa() * time), time=time)
        with np.errstate(divide="ignore", invalid="ignore"):
            return np.where(served > 0, np.log(grown / served) / self.kappa(), 0.0)

    def _worst_decile(self, trips, time):
        worst = np.zeros(len(time))
        for decile in range(1, 11):
            weight = trips.weight * (self.decile[trips.area] == decile)
            served = _sum(weight * np.isfinite(time), time=time)
            mean = _sum(weight * time, time=time) / np.where(served > 0, served, 1.0)
            worst = np.maximum(worst, mean)
        return worst


def _or_any(most):
    return math.inf if most is None else most


def _sum(values, *, time):
    """(plans,) sum over the pieces that are served."""
    return np.where(np.isfinite(time), values, 0.0).sum(axis=1)


def _worst_tenth(weight, time):
    """Mean time of the tenth of the demand served that travels longest."""
    result = np.zeros(len(time))
    for plan, times in enumerate(time):
        pieces = [(t, w) for t, w in zip(times, weight, strict=True) if np.isfinite(t)]
        tenth = left = math.fsum(w for _, w in pieces) / 10
        for t, w in sorted(pieces, reverse=True):
            taken = min(w, left)
            result[plan] += t * taken / tenth
            left -= taken
    return result


def best_by_trying_all(problem):
    """The least that each stage can come to, in order; ``None`` if no plan keeps the rules."""
    oracle = Oracle(problem)
    if problem.rules.assignment is Assignment.SPLIT:
        return best_by_programmes(oracle)
    tables = []
    for opened in oracle.site_sets():
        trips = oracle.trips_of(opened)
        if trips is not None and (kept := oracle.keeps_rules(trips)).any():
            tables.append(oracle.worth(trips)[kept])
    if not tables:
        return None
    table, best = np.vstack(tables), []
    for place, stage in enumerate(oracle.stages):
        caps = np.array(oracle.caps(best, stage))
        within = table[:, :place] <= caps + 1e-9 * np.maximum(1.0, np.abs(caps))
        best.append(float(table[within.all(axis=1), place].min()))
    return best


def _trips_of_plan(oracle, plan):
    problem = oracle.problem
    place_of = {problem.areas[row]: place for place, row in enumerate(oracle.rows)}
    column_of = {site.id: column for column, site in enumerate(problem.sites)}
    pieces = [
        *((e.lsoa, e.demand, column_of[e.site]) for e in plan.allocations),
        *((e.lsoa, e.demand, NOWHERE) for e in plan.unserved),
    ]
    counted = [(place_of[a], w, site) for a, w, site in pieces if a in place_of and w > 0]
    area, weight, site = (np.array(column) for column in zip(*counted, strict=True))
    opened = tuple(column_of[name] for name in plan.opened)
    return Trips(opened, area, weight, site[None, :])


def worth_of_plan(problem, plan):
    """What a plan comes to, stage by stage, least best."""
    oracle = Oracle(problem)
    return oracle.worth(_trips_of_plan(oracle, plan))[0].tolist()


def is_plan(problem, plan):
    """Whether a plan is one of those that would have been tried."""
    oracle = Oracle(problem)
    trips = _trips_of_plan(oracle, plan)
    if trips.opened not in set(oracle.site_sets()) or not oracle.keeps_rules(trips).all():
        return False
    if problem.rules.assignment is Assignment.SPLIT and (oracle.is_sent or oracle.has_outreach):
        return True
    tried = oracle.trips_of(trips.opened)
    site = np.empty(len(oracle.rows), dtype=int)
    site[trips.area] = trips.site[0]
    return tried is not None and bool((tried.site == site).all(axis=1).any())
