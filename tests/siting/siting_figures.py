"""A siting question as the figures that its objectives are made of, for the oracle alone."""

import math

import numpy as np

from ntgeo.domain.places import SiteStatus
from ntgeo.domain.siting import SitingObjective

__all__ = ["Figures"]

_MAXIMISED = {
    SitingObjective.MAX_COVERAGE,
    SitingObjective.MAX_ATTENDANCE,
    SitingObjective.MARKET_SHARE,
}


class Figures:
    """A question as arrays, its areas without demand left out."""

    def __init__(self, problem):
        self.problem, self.rules = problem, problem.rules
        self.rows = np.flatnonzero(problem.demand > 0)
        self.weight = problem.demand[self.rows]
        self.total = math.fsum(self.weight)
        limit = problem.limit_s[self.rows, None]
        time_s = problem.travel.time_s[self.rows]
        self.time = np.where(time_s <= limit, time_s, np.inf)
        self.usable = [c for c, site in enumerate(problem.sites) if site.may_open]
        self.reach = np.isfinite(self.time)
        stretch = problem.area_rules.decay_stretch
        self.stretch = np.ones(len(self.rows)) if stretch is None else stretch[self.rows]
        decile = problem.imd_decile
        self.decile = np.zeros(len(self.rows), int) if decile is None else decile[self.rows]
        self.units = self._units()
        self.counts_itself = self.rules.site_count is None
        self.has_outreach = (
            SitingObjective.LEAST_COST in problem.aims and self.rules.outreach_gbp is not None
        )

    def _units(self):
        group = self.problem.area_rules.group
        words = [""] * len(self.rows) if group is None else [group[row] for row in self.rows]
        units = {word or ("alone", place): [] for place, word in enumerate(words)}
        for place, word in enumerate(words):
            units[word or ("alone", place)].append(place)
        return list(units.values())

    def is_maximised(self, aim):
        backup = aim is SitingObjective.BACKUP_COVER and not self.counts_itself
        return aim in _MAXIMISED or backup

    def need(self):
        known = self.decile > 0
        return 1 + self.rules.deprivation_weight * np.where(known, 10 - self.decile, 0) / 9

    def kappa(self):
        reach = self.time[:, self.usable]
        nearest = reach.min(axis=1, initial=np.inf)
        near = np.isfinite(nearest)
        square = math.fsum(self.weight[near] * nearest[near] ** 2)
        if square > 0:
            scale = math.fsum(self.weight[near] * nearest[near]) / square
        else:
            scale = 1 / max(1.0, reach[np.isfinite(reach)].max(initial=0.0))
        return self.rules.inequality_aversion * scale

    def decayed(self, area, time):
        return self.rules.decay.share(time / self.stretch[area])

    def cover(self, area, time):
        return np.isfinite(time) * 1.0 if self.rules.decay is None else self.decayed(area, time)

    def fixed_cost(self, opened):
        return math.fsum(self.problem.sites[c].fixed_cost_gbp for c in opened)

    def backup(self, opened):
        if self.counts_itself:
            return len(opened)
        return -self.weight[self.reach[:, list(opened)].sum(axis=1) >= 2].sum()

    def won(self, opened):
        sites = self.problem.sites
        theirs = [c for c, site in enumerate(sites) if site.status is SiteStatus.COMPETITOR]
        draw = np.array([site.attractiveness for site in sites]) * np.where(
            self.reach, np.maximum(self.time, 60.0) ** -self.rules.huff_exponent, 0.0
        )
        ours, rivals = draw[:, list(opened)].sum(axis=1), draw[:, theirs].sum(axis=1)
        share = np.divide(ours, ours + rivals, out=np.zeros_like(ours), where=ours > 0)
        return math.fsum(self.weight * share)

    def demand_to_cover(self):
        if self.rules.target_share < 1:
            return self.rules.target_share * self.total
        return self.total - math.fsum(
            self.weight[unit].sum()
            for unit in self.units
            if not self.reach[np.ix_(unit, self.usable)].all(axis=0).any()
        )
