"""What a planner may want of a siting, and what every plan must keep.

Throughout: area *i* has demand ``w_i`` and lies ``t_ij`` seconds from site *j*; ``t_i`` is its time
to the site that serves it. A site is in reach of an area where there is a way and it takes no
longer than the area's limit. Areas without demand never change which plan is best.

The order of aims: the objectives as named, each made best among the plans that keep those before.
Just before the first of them that counts travel of those served (p-median, by deprivation or not,
Kolm-Pollak, p-centre, worst tenth, worst decile, least cost without outreach) the demand left
unserved is made least, since else the best plan would serve nobody; where none counts travel, this
comes after all that are named. Last, where sites still may differ, comes least travel of those
served; it is left out after p-median, by deprivation or not, Kolm-Pollak and least cost without
outreach, which count everybody's travel already.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

import numpy as np
import numpy.typing as npt

from ntgeo.domain.decay import Decay

__all__ = [
    "NO_AREA_RULES",
    "AreaRules",
    "Assignment",
    "CapacityRule",
    "NextAim",
    "SitingObjective",
    "SitingRules",
]

_STRONGEST_AVERSION = 10.0
_STRONGEST_WEIGHT = 10.0


class SitingObjective(StrEnum):
    """What the planner wants most."""

    P_MEDIAN = "p-median"
    """Least demand-weighted travel, ``Σ w_i t_i`` in demand × seconds (Hakimi 1964)."""
    DEPRIVATION_P_MEDIAN = "deprivation-p-median"
    """As p-median with each area's demand times ``1 + v (10 - decile) / 9``: the most deprived IMD
    decile counts ``1 + v`` times, the least deprived once, an area of unknown decile once."""
    KOLM_POLLAK = "kolm-pollak"
    """Least Kolm-Pollak equally distributed equivalent of travel time: the time that, if everyone
    had it, would be as bad as the times as they are, where long times weigh more than in a mean.
    ``ln(Σ w_i e^(κ t_i) / Σ w_i) / κ`` over the areas served, with κ the inequality aversion times
    ``Σ w_i t_i / Σ w_i t_i²`` of the times to the nearest site that may open and is in reach; where
    all of those are 0, divided by the longest time of an area with demand to a site in its reach,
    or by a second if that is longer (arXiv 2401.15452)."""
    P_CENTRE = "p-centre"
    """Least worst travel time of any area with demand, ``max t_i`` in seconds (Hakimi 1964)."""
    WORST_TENTH = "worst-tenth"
    """Least mean travel time, in seconds, of the tenth of the demand served that travels longest:
    the conditional value at risk at 90 % (Rockafellar and Uryasev 2000), known in siting as the
    k-centrum (Tamir 2001)."""
    WORST_DECILE = "worst-decile"
    """Least mean travel time, in seconds, of the IMD decile whose mean is longest:
    ``max_d Σ_{i in d} w_i t_i / Σ_{i in d} w_i`` over the areas served; areas of unknown decile
    are left out."""
    MAX_COVERAGE = "max-coverage"
    """Most demand within the travel limit, ``Σ w_i`` (Church and ReVelle 1974); with a decay each
    area counts by ``decay(t_i)`` instead of wholly (gradual cover, Berman and Krass 2002)."""
    MAX_ATTENDANCE = "max-attendance"
    """Most demand that attends, ``Σ w_i decay(t_i)``, when fewer come from farther away."""
    SET_COVER = "set-cover"
    """Fewest sites that serve, within the limit, every area with demand that some site that may
    open has in reach (Toregas et al. 1971), or at least a target share of all demand. A plan that
    serves less is none, whatever else is named besides."""
    BACKUP_COVER = "backup-cover"
    """Two open sites within the limit of an area (Hogan and ReVelle 1986). With a number of sites:
    most demand so covered. Without: fewest sites so that every area with demand has two of them, or
    one where only one site that may open is in reach; a plan that covers less is none."""
    LEAST_COST = "least-cost"
    """Least total cost in pounds a year: fixed costs of the open sites, travel of those served at
    pounds an hour, outreach at pounds a unit of demand to those that no site serves (uncapacitated
    facility location: Balinski 1965)."""
    MARKET_SHARE = "market-share"
    """Most demand won from competitors: area *i* goes to our open sites with probability
    ``U_i / (U_i + C_i)``, ``U_i = Σ_{open j} A_j t_ij^-β``, ``C_i`` the same sum over competitors,
    A the attractiveness of a site (Huff 1964). Times below a minute count as a minute; a site out
    of reach, ours or a competitor's, draws nobody, and where none draws our share is 0."""

    @property
    def is_maximised(self) -> bool:
        """Whether more is better."""
        return self in {
            SitingObjective.MAX_COVERAGE,
            SitingObjective.MAX_ATTENDANCE,
            SitingObjective.MARKET_SHARE,
        }

    @property
    def needs_travel_limit(self) -> bool:
        """Whether it means nothing without a travel limit."""
        return self in {
            SitingObjective.MAX_COVERAGE,
            SitingObjective.SET_COVER,
            SitingObjective.BACKUP_COVER,
        }

    @property
    def needs_decile(self) -> bool:
        """Whether it means nothing without IMD deciles."""
        return self in {SitingObjective.DEPRIVATION_P_MEDIAN, SitingObjective.WORST_DECILE}


class Assignment(StrEnum):
    """Who decides where an area goes."""

    WHOLE = "whole"
    """The plan sends each area whole to one site: to the nearest, unless a capacity, a least
    throughput or a group of areas makes another better. For these, or where outreach is cheaper, it
    may leave an area unserved that has an open site in reach."""
    SPLIT = "split"
    """The plan may split an area's demand between sites, and leave a part unserved, for the same
    reasons."""
    NEAREST = "nearest"
    """People go to the nearest open site in reach, ties to the first id, whatever its capacity; a
    plan whose nearest sites cannot hold them, or part a group, is not one (Wagner and Falkson
    1975)."""


class CapacityRule(StrEnum):
    """What the capacity of a site means."""

    IGNORED = "ignored"
    """Nothing; it is only told how far it is used."""
    HARD = "hard"
    """No site serves more."""
    SOFT = "soft"
    """A site may serve more at a price a unit of demand."""


@dataclass(frozen=True, slots=True, kw_only=True)
class NextAim:
    """What to make best next, once the aims before are as good as can be.

    Args:
        objective: What.
        slack_share: How much of the best value of each aim named before may be given up for it:
            0.05 lets the mean travel time grow by 5 %, or the demand covered shrink by 5 %. What
            was given up for an aim stays given up for those after it. The demand left unserved is
            nobody's to give up.
    """

    objective: SitingObjective
    slack_share: float = 0.0

    def __post_init__(self) -> None:
        """Refuse a slack that cannot be."""
        if not 0 <= self.slack_share <= 1:
            msg = f"slack {self.slack_share} of {self.objective}: it must be from 0 to 1"
            raise ValueError(msg)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class AreaRules:
    """What differs from area to area, in order of area; ``None`` where nothing does.

    Args:
        travel_limit_s: (areas,) own limit; NaN where the rules' own counts.
        decay_stretch: (areas,) how much more slowly attendance or cover falls,
            ``decay(t_i / stretch_i)``: 2 means that twice the time counts as much. 1 is as
            everywhere.
        group: (areas,) areas with the same word go to the same site, in reach of each of them with
            demand, or none of them is served; an area without demand goes along where it can. ""
            is alone.
    """

    travel_limit_s: npt.NDArray[np.float64] | None = None
    decay_stretch: npt.NDArray[np.float64] | None = None
    group: tuple[str, ...] | None = None

    def in_order(self, order: npt.NDArray[np.intp]) -> AreaRules:
        """Return the same rules with the areas in another order: place *k* was ``order[k]``."""
        limit_s, stretch, group = self.travel_limit_s, self.decay_stretch, self.group
        return AreaRules(
            travel_limit_s=None if limit_s is None else np.asarray(limit_s)[order],
            decay_stretch=None if stretch is None else np.asarray(stretch)[order],
            group=None if group is None else tuple(group[place] for place in order),
        )

    def misfits(self, area_count: int) -> list[str]:
        """Return what is wrong with them, in words."""
        found = []
        for name, may_lack in (("travel_limit_s", True), ("decay_stretch", False)):
            values = getattr(self, name)
            if values is None:
                continue
            fits = (values > 0) & np.isfinite(values)
            if values.shape != (area_count,):
                found.append(f"{name} of areas has shape {values.shape}; ({area_count},) is needed")
            elif not (fits | (np.isnan(values) if may_lack else False)).all():
                found.append(f"{name} of an area must be above 0 and finite")
        if self.group is not None and len(self.group) != area_count:
            found.append(f"{len(self.group)} groups are given for {area_count} areas")
        return found


NO_AREA_RULES: Final = AreaRules()
"""Every area is as every other."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SitingRules:
    """What every plan must keep.

    Args:
        site_count: How many sites are open in the plan, required ones included. Not needed where a
            budget, the fewest sites or the least cost decide.
        may_open_fewer: Whether ``site_count`` is a most, not an exact number.
        budget_gbp: Most that the fixed costs of the open sites may add up to, a year.
        travel_limit_s: An area farther than this from a site cannot be served from it; needed by
            the objectives that cover, optional otherwise.
        must_serve_all: Whether a plan that leaves demand unserved is none.
        inequality_aversion: How much more a long time weighs, for Kolm-Pollak; 0.5 is mild, 1
            usual, 2 strong.
        deprivation_weight: ``v`` of the deprivation-weighted p-median.
        decay: How attendance or cover falls with time.
        target_share: Share of all demand that set cover must cover, above 0, at most 1.
        keep_existing_at_least: Sites open today that stay open.
        close_at_most: Sites open today that may be closed, excluded ones among them.
        open_new_at_most: Sites not open today that may be opened, required ones among them.
        capacity: What capacities mean.
        over_capacity_price: Price of a unit of demand over a soft capacity, part of the value of
            the first objective named, in its unit: seconds of travel for those that count travel or
            time, pounds for least cost, units of demand for those that are made most, sites for
            those that open fewest.
        min_throughput: Least demand that each open site must serve.
        assignment: Who decides where an area goes.
        min_separation_m: Two open sites are at least so far apart, in a straight line.
        zone_minimums: Zones, each with the least number of its sites that are open.
        travel_gbp_per_hour: Value of an hour of travel of a unit of demand, for least cost.
        outreach_gbp: Cost of reaching a unit of demand that no site serves, for least cost;
            ``None``: as little as can be is left unserved.
        huff_exponent: β of market share.
    """

    site_count: int | None = None
    may_open_fewer: bool = False
    budget_gbp: float | None = None
    travel_limit_s: float | None = None
    must_serve_all: bool = False
    inequality_aversion: float = 1.0
    deprivation_weight: float = 1.0
    decay: Decay | None = None
    target_share: float = 1.0
    keep_existing_at_least: int | None = None
    close_at_most: int | None = None
    open_new_at_most: int | None = None
    capacity: CapacityRule = CapacityRule.IGNORED
    over_capacity_price: float | None = None
    min_throughput: float | None = None
    assignment: Assignment = Assignment.WHOLE
    min_separation_m: float | None = None
    zone_minimums: tuple[tuple[str, int], ...] = ()
    travel_gbp_per_hour: float | None = None
    outreach_gbp: float | None = None
    huff_exponent: float = 2.0

    def __post_init__(self) -> None:
        """Refuse rules that cannot be, whatever the sites."""
        for problem in (*self._amounts_that_cannot_be(), *self._contradictions()):
            raise ValueError(problem)

    def _amounts_that_cannot_be(self) -> list[str]:
        counts = ("keep_existing_at_least", "close_at_most", "open_new_at_most")
        amounts = (
            *("budget_gbp", "over_capacity_price", "min_throughput"),
            *("min_separation_m", "travel_gbp_per_hour", "outreach_gbp"),
        )
        found = [
            f"{name} is {value}: it must be a finite number, 0 or more"
            for name in (*counts, *amounts)
            if (value := getattr(self, name)) is not None and not 0 <= value < math.inf
        ]
        found += [
            f"zone {zone}: its minimum {least} must be 0 or more"
            for zone, least in self.zone_minimums
            if least < 0
        ]
        if self.site_count is not None and self.site_count < 1:
            found.append(f"site count {self.site_count}: it must be 1 or more")
        limit_s, strongest = self.travel_limit_s, _STRONGEST_AVERSION
        if limit_s is not None and not 0 < limit_s < math.inf:
            found.append(f"travel limit {limit_s} s: it must be above 0 and finite")
        if not 0 < self.inequality_aversion <= strongest:
            found.append(
                f"inequality aversion {self.inequality_aversion}: it must be above 0, at most 10"
            )
        if not 0 <= self.deprivation_weight <= _STRONGEST_WEIGHT:
            found.append(f"deprivation weight {self.deprivation_weight}: it must be from 0 to 10")
        if not 0 < self.target_share <= 1:
            found.append(f"target share {self.target_share}: it must be above 0, at most 1")
        if not 0 < self.huff_exponent <= strongest:
            found.append(f"huff exponent {self.huff_exponent}: it must be above 0, at most 10")
        return found

    def _contradictions(self) -> list[str]:
        is_soft = self.capacity is CapacityRule.SOFT
        checks = [
            (
                is_soft != (self.over_capacity_price is not None),
                "over_capacity_price goes with soft capacities, and they with it",
            ),
            (
                self.may_open_fewer and self.site_count is None,
                "may_open_fewer needs a site_count",
            ),
            (
                self.must_serve_all and self.outreach_gbp is not None,
                "must_serve_all leaves nobody for outreach; remove one of the two",
            ),
        ]
        return [message for is_wrong, message in checks if is_wrong]
