"""``[sites]`` and ``[siting]`` of a scenario file: which sites there are, and which to choose.

The keys are the words of :mod:`ntgeo.domain.siting_rules`; times are in minutes here.
"""

from __future__ import annotations

from dataclasses import fields
from typing import Annotated, Self

from pydantic import Field, model_validator

from ntgeo.domain.decay import Decay, DecayKind
from ntgeo.domain.places import SiteStatus
from ntgeo.domain.scenario_table import FilePath, ScenarioTable, Seconds
from ntgeo.domain.siting_rules import (
    Assignment,
    CapacityRule,
    NextAim,
    SitingObjective,
    SitingRules,
)
from ntgeo.domain.units import SECONDS_PER_MINUTE

__all__ = [
    "CautionsFile",
    "DecayTable",
    "ExplainTable",
    "NextAimTable",
    "ServiceTable",
    "SitesFile",
    "SitesTable",
    "SitingTable",
]

Amount = Annotated[float, Field(ge=0, allow_inf_nan=False)]
Count = Annotated[int, Field(ge=0)]
SiteCount = Annotated[int, Field(ge=1)]
Minutes = Annotated[float, Field(gt=0, le=600)]
Share = Annotated[float, Field(ge=0, le=1)]
Steepness = Annotated[float, Field(gt=0, le=10)]


class SitesFile(ScenarioTable):
    """``[[sites.files]]``: one file of sites."""

    file: FilePath
    columns: dict[str, str] = Field(default_factory=dict)
    """Our column = the file's heading, where they differ."""
    status: SiteStatus | None = None
    """What may be done with them, where the file has no column for it."""
    capacity: Amount | None = None
    """Most demand that each of them can serve, where the file does not tell."""
    fixed_cost_gbp: Amount | None = None
    """Pounds a year that each of them costs, where the file does not tell."""
    id_prefix: str = ""
    """Put before each id, so that two files do not clash."""
    where: dict[str, list[str]] = Field(default_factory=dict)
    """Keep only the rows whose column holds one of these values."""


class CautionsFile(ScenarioTable):
    """``[[sites.cautions]]``: ground where a site is allowed, but should be looked at."""

    file: FilePath
    """Polygons: GeoJSON, GeoPackage or Shapefile."""
    name: str = Field(min_length=1)
    """What the ground is, such as "Flood Zone 3"."""


class SitesTable(ScenarioTable):
    """``[sites]``: where the service is, or could be."""

    files: tuple[SitesFile, ...] = Field(min_length=1)
    required: tuple[str, ...] = ()
    """Ids that must be open."""
    excluded: tuple[str, ...] = ()
    """Ids that must not be open."""
    cautions: tuple[CautionsFile, ...] = ()
    """Ground such as flood zones and green belt: the sites on it are told."""


class NextAimTable(ScenarioTable):
    """``then = [{ … }]``: what to make best once the aims before are as good as can be."""

    objective: SitingObjective
    """What."""
    slack_share: Share = 0.0
    """How much of each aim before may be given up for it: 0.05 lets a mean journey grow by 5 %."""


class DecayTable(ScenarioTable):
    """``decay = { … }``: how attendance or cover falls with travel time."""

    kind: DecayKind
    """Straight down (linear), by a power, or halving again and again (exponential)."""
    full_min: float = Field(default=0.0, ge=0, le=600)
    """Minutes up to which everyone comes; above 0 for a power."""
    zero_min: Minutes | None = None
    """For linear: minutes from which nobody comes."""
    exponent: float | None = Field(default=None, gt=0, le=20)
    """For power: how steeply it falls; ``(full_min / minutes)^exponent`` come."""
    halving_min: Minutes | None = None
    """For exponential: half as many come with each so many minutes more."""

    @model_validator(mode="after")
    def _one_figure(self) -> Self:
        own = {"linear": "zero_min", "power": "exponent", "exponential": "halving_min"}[self.kind]
        keys = ("zero_min", "exponent", "halving_min")
        given = [key for key in keys if getattr(self, key) is not None]
        if given != [own]:
            msg = f"a {self.kind} decay needs {own}, and none of the other two"
            raise ValueError(msg)
        if self.kind is DecayKind.POWER and self.full_min <= 0:
            msg = "a power decay needs full_min, above 0"
            raise ValueError(msg)
        if self.zero_min is not None and self.zero_min <= self.full_min:
            msg = f"zero_min is {self.zero_min:g}; it must be above full_min, {self.full_min:g}"
            raise ValueError(msg)
        return self

    def to_decay(self) -> Decay:
        """Return it in seconds."""
        return Decay(
            kind=self.kind,
            full_s=self.full_min * SECONDS_PER_MINUTE,
            zero_s=_seconds(self.zero_min),
            exponent=self.exponent,
            halving_s=_seconds(self.halving_min),
        )


class ServiceTable(ScenarioTable):
    """``[[siting.services]]``: one of several services that share sites."""

    service: str = Field(min_length=1)
    """Its name in the records."""
    site_count: SiteCount | None = None
    """At how many sites it runs."""
    may_open_fewer: bool = False
    """Whether ``site_count`` is a most, not an exact number."""
    travel_limit_min: Minutes | None = None
    """Minutes beyond which an area counts as unserved by it; that of ``[siting]`` unless given."""
    running_cost_gbp: Amount = 0.0
    """Pounds a year to run it at one site, besides the cost of the site."""
    excluded: tuple[str, ...] = ()
    """Ids of sites where it cannot run."""


class ExplainTable(ScenarioTable):
    """``[siting.explain]``: what to tell of the plan beside the plan."""

    changes: bool = True
    """What closing each open site and forcing each rejected one open would cost."""
    next_best_count: int = Field(default=3, ge=0, le=100)
    """How many next-best plans."""
    next_best_within_share: Share | None = None
    """Instead: every plan whose value is within this share of the best, up to 100; 0.02 is 2 %."""
    flips: bool = True
    """How far demand and travel times can grow before another plan is better."""
    time_limit_s: Seconds = 60.0
    """For all of it together; what is not done by then is left out, and said to be."""


class SitingTable(ScenarioTable):
    """``[siting]``: which sites to choose, and what every plan must keep."""

    objective: SitingObjective = SitingObjective.P_MEDIAN
    """What to make best."""
    then: tuple[NextAimTable, ...] = ()
    """What to make best after that, in order."""
    site_count: SiteCount | None = None
    """How many sites are open, required ones included; not needed where a budget, the fewest sites
    or the least cost decide."""
    may_open_fewer: bool = False
    """Whether ``site_count`` is a most, not an exact number."""
    budget_gbp: Amount | None = None
    """Most that the fixed costs of the open sites may add up to, a year."""
    travel_limit_min: Minutes | None = None
    """Minutes beyond which an area counts as unserved."""
    must_serve_all: bool = False
    """Whether a plan that leaves demand unserved is none."""
    inequality_aversion: Steepness = 1.0
    """For kolm-pollak: how much more a long journey weighs; 0.5 is mild, 1 usual, 2 strong."""
    deprivation_weight: float = Field(default=1.0, ge=0, le=10)
    """For deprivation-p-median: the most deprived decile counts 1 + this, the least deprived 1."""
    decay: DecayTable | None = None
    """For max-attendance, and for gradual max-coverage: how many come from how far."""
    target_share: float = Field(default=1.0, gt=0, le=1)
    """For set-cover: share of all demand to have within the limit."""
    keep_existing_at_least: Count | None = None
    """Sites open today that stay open."""
    close_at_most: Count | None = None
    """Sites open today that may be closed."""
    open_new_at_most: Count | None = None
    """Sites not open today that may be opened."""
    capacity: CapacityRule = CapacityRule.IGNORED
    """Whether a site may serve more than its capacity: never (hard), at a price (soft), or freely
    (ignored)."""
    over_capacity_price: Amount | None = None
    """For soft capacities: price of a unit of demand over, in the unit of the objective."""
    min_throughput: Amount | None = None
    """Least demand that each open site must serve."""
    assignment: Assignment = Assignment.WHOLE
    """Who decides where an area goes: the plan, area by area (whole) or in parts (split), or the
    people, who go where is nearest (nearest)."""
    min_separation_m: Amount | None = None
    """Metres in a straight line that any two open sites are at least apart."""
    zone_minimums: dict[str, Count] = Field(default_factory=dict)
    """Zone of the sites file = least number of its sites that are open."""
    travel_gbp_per_hour: Amount | None = None
    """For least-cost: value of an hour of travel of a unit of demand."""
    outreach_gbp: Amount | None = None
    """For least-cost: cost of reaching a unit of demand that no site serves."""
    huff_exponent: Steepness = 2.0
    """For market-share: how steeply people prefer what is near."""
    area_rules: FilePath | None = None
    """What differs from area to area: columns ``lsoa, travel_limit_min, decay_stretch, group``."""
    services: tuple[ServiceTable, ...] = ()
    """Several services that share sites; ``site_count`` and ``budget_gbp`` are then of all."""
    explain: ExplainTable = ExplainTable()
    """What to tell of the plan."""
    time_limit_s: Seconds = 60.0
    """The solver's time limit."""

    @model_validator(mode="after")
    def _rules_agree(self) -> Self:
        self.to_rules()
        names = [item.service for item in self.services]
        twice = sorted({name for name in names if names.count(name) > 1})
        if twice:
            msg = f'service "{twice[0]}" stands twice among the services'
            raise ValueError(msg)
        return self

    def to_rules(self) -> SitingRules:
        """Return what every plan must keep, with times in seconds.

        Raises:
            ValueError: The rules contradict each other.
        """
        own = type(self).model_fields
        same = {f.name: getattr(self, f.name) for f in fields(SitingRules) if f.name in own}
        return SitingRules(
            **same
            | {
                "travel_limit_s": _seconds(self.travel_limit_min),
                "decay": None if self.decay is None else self.decay.to_decay(),
                "zone_minimums": tuple(sorted(self.zone_minimums.items())),
            }
        )

    def next_aims(self) -> tuple[NextAim, ...]:
        """Return what to make best after the objective."""
        return tuple(NextAim(objective=a.objective, slack_share=a.slack_share) for a in self.then)


def _seconds(minutes: float | None) -> float | None:
    return None if minutes is None else minutes * SECONDS_PER_MINUTE
