"""The figures behind a siting map: who goes where today and in the plan, and what that changes."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Final

import numpy as np
import numpy.typing as npt

from ntgeo.domain.places import CandidateSite, SiteStatus
from ntgeo.domain.siting import SitingPlan, SitingProblem

__all__ = [
    "ROLE_LABELS",
    "Access",
    "DecileRow",
    "SiteRole",
    "SiteRow",
    "decile_rows",
    "plan_access",
    "site_rows",
    "today_access",
]

NOBODY: Final = -1
"""In place of a site's position: no site serves the area."""


class SiteRole(StrEnum):
    """What became of a site in the plan."""

    KEPT = "kept"
    NEW = "new"
    REQUIRED = "required"
    CLOSED = "closed"
    REJECTED = "rejected"
    EXCLUDED = "excluded"
    COMPETITOR = "competitor"


ROLE_LABELS: Final = {
    SiteRole.KEPT: "Open today, kept",
    SiteRole.NEW: "New in the plan",
    SiteRole.REQUIRED: "Open because required",
    SiteRole.CLOSED: "Open today, closed by the plan",
    SiteRole.REJECTED: "Considered, not chosen",
    SiteRole.EXCLUDED: "Ruled out beforehand",
    SiteRole.COMPETITOR: "Another provider",
}
_OPEN_ROLES: Final = (SiteRole.KEPT, SiteRole.NEW, SiteRole.REQUIRED)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Access:
    """Which site serves each area, and how far it is.

    Args:
        site_of: (areas,) position among the problem's sites, or ``NOBODY``.
        time_s: (areas,) NaN where nobody serves the area.
        distance_m: (areas,) as ``time_s``.
    """

    site_of: npt.NDArray[np.intp]
    time_s: npt.NDArray[np.float64]
    distance_m: npt.NDArray[np.float64]

    def mean_time_s(self, demand: npt.NDArray[np.float64]) -> float | None:
        """Return the demand-weighted mean time of those served; ``None`` if nobody is."""
        served = demand[self.site_of != NOBODY]
        if served.sum() <= 0:
            return None
        return float((served * self.time_s[self.site_of != NOBODY]).sum() / served.sum())

    def share_within(self, demand: npt.NDArray[np.float64], limit_s: float) -> float:
        """Return the share of demand that is served within ``limit_s``."""
        total = float(demand.sum())
        with np.errstate(invalid="ignore"):
            near = self.time_s <= limit_s
        return float(demand[near].sum()) / total if total else 0.0


def plan_access(problem: SitingProblem, plan: SitingPlan) -> Access:
    """Return the allocations of a plan, in the order of the problem's areas.

    An area that is split belongs to the site of its largest part, the first by id of equal ones;
    its time and distance are the means over its parts.
    """
    row_of = {area: row for row, area in enumerate(problem.areas)}
    column_of = {site.id: column for column, site in enumerate(problem.sites)}
    access = _nobody(len(problem.areas))
    weight = np.zeros(len(problem.areas))
    for part in sorted(plan.allocations, key=lambda part: (-part.share, part.site)):
        row = row_of[part.lsoa]
        if access.site_of[row] == NOBODY:
            access.site_of[row] = column_of[part.site]
            access.time_s[row] = access.distance_m[row] = 0.0
        weight[row] += part.share
        access.time_s[row] += part.share * part.time_s
        access.distance_m[row] += part.share * part.distance_m
    is_split = (weight > 0) & (weight != 1.0)
    access.time_s[is_split] /= weight[is_split]
    access.distance_m[is_split] /= weight[is_split]
    return access


def today_access(problem: SitingProblem) -> Access | None:
    """Return each area with the nearest site open today, or ``None`` if none is open.

    Ties go to the site that comes first by id. A site with a travel limit set in the rules still
    serves those beyond it here: people go there today.
    """
    is_open = np.array(
        [s.is_open_today and s.status is not SiteStatus.COMPETITOR for s in problem.sites]
    )
    if not is_open.any():
        return None
    nearest = problem.travel.nearest_among(np.flatnonzero(is_open))
    reached = np.flatnonzero(nearest >= 0)
    time_s, distance_m = np.full((2, len(nearest)), np.nan)
    time_s[reached], distance_m[reached] = problem.travel.of_pairs(reached, nearest[reached])
    return Access(
        site_of=np.where(nearest >= 0, nearest, NOBODY), time_s=time_s, distance_m=distance_m
    )


def _nobody(count: int) -> Access:
    return Access(
        site_of=np.full(count, NOBODY, dtype=np.intp),
        time_s=np.full(count, np.nan),
        distance_m=np.full(count, np.nan),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class SiteRow:
    """A site as the map and the table show it.

    Args:
        site: The site.
        role: What became of it.
        number: On the map and in the table; ``None`` unless open in the plan.
        areas: How many areas it serves in the plan.
        demand: What it serves in the plan; ``None`` where the audience must not see it.
        mean_time_s: Of that demand; ``None`` where there is none.
    """

    site: CandidateSite
    role: SiteRole
    number: int | None
    areas: int
    demand: float | None
    mean_time_s: float | None

    @property
    def used_share(self) -> float | None:
        """Demand as a share of capacity; ``None`` where not open, not known or not to be seen."""
        if not self.is_open or self.demand is None or not self.site.capacity:
            return None
        return self.demand / self.site.capacity

    @property
    def is_open(self) -> bool:
        """Whether it is open in the plan."""
        return self.role in _OPEN_ROLES


def site_rows(
    problem: SitingProblem,
    plan: SitingPlan,
    sites: tuple[CandidateSite, ...] | None = None,
) -> tuple[SiteRow, ...]:
    """Return a row a site: those open in the plan first and numbered, then by role, then by id."""
    opened = set(plan.opened)
    order = {role: rank for rank, role in enumerate(SiteRole)}
    drawn = problem.sites if sites is None else sites
    roles = {site.id: _role(site, is_open=site.id in opened) for site in drawn}
    ranked = sorted(
        drawn,
        key=lambda s: (0 if s.id in opened else 1 + order[roles[s.id]], s.id),
    )
    served: dict[str, list[tuple[float, float]]] = {}
    for allocation in plan.allocations:
        served.setdefault(allocation.site, []).append((allocation.demand, allocation.time_s))
    rows = []
    for position, site in enumerate(ranked, start=1):
        amounts = np.array(served.get(site.id, [])).reshape(-1, 2)
        demand = float(amounts[:, 0].sum())
        rows.append(
            SiteRow(
                site=site,
                role=roles[site.id],
                number=position if site.id in opened else None,
                areas=len(amounts),
                demand=demand,
                mean_time_s=float(amounts.prod(axis=1).sum()) / demand if demand else None,
            )
        )
    return tuple(rows)


def _role(site: CandidateSite, *, is_open: bool) -> SiteRole:
    if is_open:
        if site.status is SiteStatus.REQUIRED:
            return SiteRole.REQUIRED
        return SiteRole.KEPT if site.is_open_today else SiteRole.NEW
    if site.status is SiteStatus.COMPETITOR:
        return SiteRole.COMPETITOR
    if site.is_open_today:
        return SiteRole.CLOSED
    return SiteRole.EXCLUDED if site.status is SiteStatus.EXCLUDED else SiteRole.REJECTED


@dataclass(frozen=True, slots=True, kw_only=True)
class DecileRow:
    """A tenth of the country by deprivation, and how the plan treats its areas here.

    Args:
        decile: 1 is the most deprived.
        areas: How many of the problem's areas are in it.
        demand: Of those areas; ``None`` where the audience must not see it.
        today: Minutes, or share within the limit, today; ``None`` where nothing is open or served.
        plan: The same of the plan.
    """

    decile: int
    areas: int
    demand: float | None
    today: float | None
    plan: float | None


def decile_rows(
    problem: SitingProblem,
    deciles: npt.NDArray[np.float64],
    today: Access | None,
    plan: Access,
) -> tuple[DecileRow, ...]:
    """Return the access of each decile: the share within the limit, or mean seconds without one.

    Args:
        problem: The question.
        deciles: (areas,) 1 to 10, NaN where not known.
        today: As :func:`today_access` gives it.
        plan: As :func:`plan_access` gives it.
    """
    limit_s = problem.rules.travel_limit_s
    rows = []
    for decile in range(1, 11):
        inside = deciles == decile
        if not inside.any():
            continue
        demand = np.where(inside, problem.demand, 0.0)
        rows.append(
            DecileRow(
                decile=decile,
                areas=int(inside.sum()),
                demand=float(demand.sum()),
                today=None if today is None else _figure(today, demand, limit_s),
                plan=_figure(plan, demand, limit_s),
            )
        )
    return tuple(rows)


def _figure(access: Access, demand: npt.NDArray[np.float64], limit_s: float | None) -> float | None:
    if demand.sum() <= 0:
        return None
    if limit_s is None:
        return access.mean_time_s(demand)
    return access.share_within(demand, limit_s)
