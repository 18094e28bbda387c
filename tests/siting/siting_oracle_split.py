"""The best siting where areas may be split: every set of sites, a linear programme for each.

Each aim is a linear cost of the shares, once a figure it turns on is fixed: the worst time of
p-centre, the time where the worst tenth begins. Every such figure is tried.
"""

import itertools
import math
from dataclasses import dataclass, field

import numpy as np
from scipy.optimize import linprog

from ntgeo.domain.siting import CapacityRule, SitingObjective

__all__ = ["best_by_programmes"]

_TOLERANCE = 1e-7
_HALVINGS = 45


@dataclass(slots=True)
class Linear:
    """``fixed + cost · shares + price × demand over``; shares barred where it does not hold."""

    cost: np.ndarray
    fixed: float = 0.0
    barred: np.ndarray | None = None
    price: float = 0.0
    rows: list = field(default_factory=list)


class Splits:
    """The shares of one set of open sites."""

    def __init__(self, oracle, opened):
        self.oracle, self.opened = oracle, opened
        pairs = [(i, c) for i in range(len(oracle.rows)) for c in opened if oracle.reach[i, c]]
        self.area = np.array([i for i, _ in pairs], dtype=int)
        self.site = np.array([c for _, c in pairs], dtype=int)
        self.weight = oracle.weight[self.area]
        self.time = oracle.time[self.area, self.site]
        rules, sites = oracle.rules, oracle.problem.sites
        limited = rules.capacity is not CapacityRule.IGNORED
        self.limited = [c for c in opened if limited and sites[c].capacity is not None]
        self.soft = self.limited if rules.capacity is CapacityRule.SOFT else []
        self.rows = list(self._rows())

    def _row(self, shares, most, over=None):
        row = np.zeros(len(self.area) + len(self.soft))
        row[: len(self.area)] = shares
        if over is not None:
            row[len(self.area) + self.soft.index(over)] = -1.0
        return row, most

    def _rows(self):
        oracle, rules, sites = self.oracle, self.oracle.rules, self.oracle.problem.sites
        for i in range(len(oracle.rows)):
            yield self._row(self.area == i, 1.0)
        for c in self.limited:
            load = self.weight * (self.site == c)
            yield self._row(load, sites[c].capacity, c if c in self.soft else None)
        if rules.min_throughput is not None:
            for c in self.opened:
                yield self._row(-self.weight * (self.site == c), -rules.min_throughput)
        if rules.must_serve_all:
            yield self._row(-self.weight, -oracle.total)
        if SitingObjective.SET_COVER in oracle.problem.aims:
            yield self._row(-self.weight, -oracle.demand_to_cover())

    def least(self, stage, caps):
        """The least that a stage can come to; ``caps`` holds the most of each stage before."""
        if stage is SitingObjective.WORST_DECILE:
            return self._least_worst_decile(caps)
        least = math.inf
        ways = [self._ways(name, caps) for name in (stage, *caps)]
        for aim, *kept in itertools.product(*ways):
            found = self._solve(aim, zip(kept, caps.values(), strict=True))
            least = min(least, found)
        if stage is SitingObjective.KOLM_POLLAK and math.isfinite(least):
            served, kappa = self._served(caps), self.oracle.kappa()
            return math.log(least / served) / kappa if served > 0 else 0.0
        return least

    def _least_worst_decile(self, caps):
        nothing = Linear(cost=np.zeros(len(self.area)))
        low, high = 0.0, float(self.time.max(initial=0.0))
        if self.least_of(nothing, {**caps, SitingObjective.WORST_DECILE: high}) > 0:
            return math.inf
        for _ in range(_HALVINGS):
            middle = (low + high) / 2
            if self.least_of(nothing, {**caps, SitingObjective.WORST_DECILE: middle}) > 0:
                low = middle
            else:
                high = middle
        return high

    def least_of(self, aim, caps):
        ways = [self._ways(name, caps) for name in caps]
        return min(
            self._solve(aim, zip(kept, caps.values(), strict=True))
            for kept in itertools.product(*ways)
        )

    def _solve(self, aim, kept):
        rows, barred = list(self.rows), np.zeros(len(self.area), dtype=bool)
        for linear, most in [(aim, None), *kept]:
            if linear.barred is not None:
                barred |= linear.barred
            rows += [self._row(shares, limit) for shares, limit in linear.rows]
            if most is not None:
                row, _ = self._row(linear.cost, 0.0)
                row[len(self.area) :] = linear.price
                rows.append((row, most - linear.fixed + _TOLERANCE * max(1.0, abs(most))))
        if not len(self.area):
            return aim.fixed if all(most >= -_TOLERANCE for _, most in rows) else math.inf
        cost = np.concatenate([aim.cost, np.full(len(self.soft), aim.price)])
        most = [(0.0, 0.0 if bar else 1.0) for bar in barred] + [(0.0, None)] * len(self.soft)
        found = linprog(
            cost,
            A_ub=np.array([row for row, _ in rows]),
            b_ub=[most for _, most in rows],
            bounds=most,
        )
        return found.fun + aim.fixed if found.status == 0 else math.inf

    def _served(self, caps):
        return self.oracle.total - caps["demand left unserved"]

    def _ways(self, name, caps):
        """An aim as linear costs, one for each figure that it may turn on."""
        price = self.oracle.rules.over_capacity_price or 0.0
        ways = self._plain_ways(name, caps)
        for way in ways:
            way.price = price if name is self.oracle.problem.objective else 0.0
        return ways

    def _plain_ways(self, name, caps):
        turning = sorted({0.0, *self.time.tolist()})
        if name is SitingObjective.P_CENTRE:
            none = np.zeros(len(self.area))
            return [Linear(cost=none, fixed=t, barred=self.time > t) for t in turning]
        if name is SitingObjective.WORST_TENTH:
            tenth = self._served(caps) / 10
            beyond = [self.weight * np.maximum(0.0, self.time - t) for t in turning]
            return [
                Linear(cost=cost / tenth if tenth > 0 else cost, fixed=t)
                for cost, t in zip(beyond, turning, strict=True)
            ]
        if name is SitingObjective.WORST_DECILE:
            return [self._within_decile(caps[name])]
        return [self._plain(name)]

    def _within_decile(self, most_s):
        decile = self.oracle.decile[self.area]
        above = self.weight * (self.time - most_s - _TOLERANCE)
        rows = [(above * (decile == d), 0.0) for d in range(1, 11)]
        return Linear(cost=np.zeros(len(self.area)), rows=rows)

    def _plain(self, name):
        oracle, weight, time = self.oracle, self.weight, self.time
        rules, objective, none = oracle.rules, SitingObjective, np.zeros(len(self.area))
        outreach = rules.outreach_gbp or 0.0
        plain = {
            "demand left unserved": lambda: Linear(-weight, oracle.total),
            "travel of those served": lambda: Linear(weight * time),
            objective.P_MEDIAN: lambda: Linear(weight * time),
            objective.DEPRIVATION_P_MEDIAN: lambda: Linear(
                weight * oracle.need()[self.area] * time
            ),
            objective.KOLM_POLLAK: lambda: Linear(weight * np.exp(oracle.kappa() * time)),
            objective.MAX_COVERAGE: lambda: Linear(-weight * oracle.cover(self.area, time)),
            objective.MAX_ATTENDANCE: lambda: Linear(-weight * oracle.decayed(self.area, time)),
            objective.SET_COVER: lambda: Linear(none, len(self.opened)),
            objective.BACKUP_COVER: lambda: Linear(none, oracle.backup(self.opened)),
            objective.LEAST_COST: lambda: Linear(
                weight * (time * (rules.travel_gbp_per_hour or 0.0) / 3600 - outreach),
                oracle.fixed_cost(self.opened) + oracle.total * outreach,
            ),
        }
        return plain[name]()


def best_by_programmes(oracle):
    """The least that each stage can come to, in order; ``None`` if no plan keeps the rules."""
    splits, best = [Splits(oracle, opened) for opened in oracle.site_sets()], []
    for stage in oracle.stages:
        names = oracle.stages[: len(best)]
        caps = dict(zip(names, oracle.caps(best, stage), strict=True))
        if (kolm := SitingObjective.KOLM_POLLAK) in caps:
            served = oracle.total - caps["demand left unserved"]
            caps[kolm] = served * math.exp(oracle.kappa() * caps[kolm])
        least = [split.least(stage, caps) for split in splits]
        if not least or math.isinf(min(least)):
            return None
        splits = [s for s, value in zip(splits, least, strict=True) if math.isfinite(value)]
        best.append(min(least))
    return best
