"""The exact finish: mixed-integer programming on what the bounds leave open.

Variables: ``y_j`` whether site *j* is open, ``x_ij`` the share of area *i* that it serves (a
choice where areas go whole), ``u_i`` the share left unserved, ``o_j`` what is above the capacity
where that is soft, as a share of all demand ``D``. Minimise
``Σ f_j y_j + Σ c_ij x_ij + Σ u_i l_i + π D Σ o_j``. The links ``x_ij ≤ y_j`` are stated one by one
though the capacities imply them for whole plans: the bound is far stronger so (Cornuejols,
Sridharan and Thizy 1991). So is the row that says that the open sites hold all demand.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from ntgeo.domain.solving import SolveLimits
from ntgeo.siting.capacitated.question import CapacitatedPlan, CapacitatedQuestion, Links
from ntgeo.siting.clock import Clock
from ntgeo.siting.formulation import Formulation, solve_formulation
from ntgeo.siting.median.rows import IN, OUT

__all__ = ["build_capacitated", "finish_capacitated"]

FloatArray = npt.NDArray[np.float64]
IndexArray = npt.NDArray[np.intp]
Found = tuple[CapacitatedPlan | None, float]

_LEAST_SHARE = 1e-7
_START_TIME_SHARE = 0.3


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class _Variables:
    sites: IndexArray
    opened: IndexArray
    areas: IndexArray
    served_by: IndexArray
    shares: IndexArray
    left: IndexArray
    over: IndexArray


def finish_capacitated(
    offer: Callable[[Found], None],
    question: CapacitatedQuestion,
    starts: list[IndexArray],
    limits: SolveLimits,
    clock: Clock,
) -> Found:
    """Return the best plan, if any, and the solver's bound; infinite where no plan is left.

    Args:
        offer: Takes each better plan of the starts.
        question: The question, without the pairs and sites that a better plan could not use.
        starts: Sets of sites to try first.
        limits: Gap and seed.
        clock: When to stop.
    """
    best: CapacitatedPlan | None = None
    pace = clock.part(_START_TIME_SHARE)
    for opened in starts:
        state = np.full(len(question.state), OUT, dtype=np.int8)
        state[opened] = IN
        plan, _ = _solve(replace(question, state=state), limits, pace)
        if plan is not None and (best is None or plan.total < best.total):
            best = plan
            offer((best, -math.inf))
    plan, bound = _solve(question, limits, clock)
    if plan is not None and (best is None or plan.total < best.total):
        best = plan
    return best, bound


def _solve(question: CapacitatedQuestion, limits: SolveLimits, clock: Clock) -> Found:
    unit = _unit_of_cost(question)
    model, variables = build_capacitated(question, unit=unit)
    outcome = solve_formulation(model, limits, time_left_s=clock.left_s())
    if outcome.is_infeasible:
        return None, math.inf
    bound = outcome.bound * unit
    if outcome.values is None:
        return None, bound
    opened = variables.sites[outcome.values[variables.opened] > 1 / 2]
    shares = np.clip(outcome.values[variables.shares], 0.0, 1.0)
    if question.is_whole:
        shares = np.round(shares)
    kept = shares > _LEAST_SHARE
    links = Links(variables.areas[kept], variables.served_by[kept], shares[kept])
    plan = question.plan(opened, _rounded(question, links))
    return (plan if math.isfinite(plan.total) else None), bound


def _rounded(question: CapacitatedQuestion, links: Links) -> Links:
    """Let the shares of an area that must be served sum to 1, to the last digit."""
    together = np.bincount(links.areas, weights=links.shares, minlength=len(question.demand))
    is_whole = question.must_serve | (together > 1 - _LEAST_SHARE)
    scale = np.where(is_whole & (together > 0), together, 1.0)
    return links._replace(shares=links.shares / scale[links.areas])


def _unit_of_cost(question: CapacitatedQuestion) -> float:
    finite = question.cost[np.isfinite(question.cost)]
    return max(1e-9, float(np.abs(finite).mean())) if len(finite) else 1.0


def build_capacitated(
    question: CapacitatedQuestion, *, unit: float
) -> tuple[Formulation, _Variables]:
    """Build the model.

    Args:
        question: The question.
        unit: Cost that counts as 1 in the model, for sound numerics.
    """
    model = Formulation()
    sites = np.flatnonzero(question.state != OUT)
    areas, places = np.nonzero(np.isfinite(question.cost[:, sites]))
    leaving = np.flatnonzero(~question.must_serve)
    is_capped = np.isfinite(question.capacity[sites]) & (question.over_price is not None)
    opened = model.add_choices(
        question.open_cost[sites] / unit, lower=(question.state[sites] == IN).astype(np.float64)
    )
    add = model.add_choices if question.is_whole else model.add_shares
    shares = add(question.cost[areas, sites[places]] / unit)
    left = add(question.leave_cost[leaving] / unit)
    price = 0.0 if question.over_price is None else question.over_price
    each = question.demand.sum() * price / unit
    over = np.full(len(sites), -1, dtype=np.intp)
    over[is_capped] = model.add_shares(np.full(int(is_capped.sum()), each))
    variables = _Variables(
        sites=sites,
        opened=opened,
        areas=areas,
        served_by=sites[places],
        shares=shares,
        left=left,
        over=over,
    )
    _open_the_asked_number(model, question, variables)
    _serve_each_area_once(model, question, variables, leaving)
    _serve_from_open_sites(model, variables, places)
    _keep_capacities(model, question, variables, places)
    _hold_all_demand(model, question, variables)
    return model, variables


def _open_the_asked_number(
    model: Formulation, question: CapacitatedQuestion, variables: _Variables
) -> None:
    """Exactly the asked number of sites is open: ``Σ_j y_j = p``."""
    if question.count is not None:
        model.add_rows((0, variables.opened, 1.0), lower=question.count, upper=question.count)


def _serve_each_area_once(
    model: Formulation, question: CapacitatedQuestion, variables: _Variables, leaving: IndexArray
) -> None:
    """Each area is served once, or left where that is allowed: ``Σ_j x_ij + u_i = 1``."""
    rows = np.concatenate([variables.areas, leaving])
    columns = np.concatenate([variables.shares, variables.left])
    model.add_rows((rows, columns, 1.0), lower=1.0, upper=1.0, count=len(question.demand))


def _serve_from_open_sites(model: Formulation, variables: _Variables, places: IndexArray) -> None:
    """Only an open site serves: ``x_ij ≤ y_j``."""
    links = np.arange(len(places))
    model.add_rows(
        (
            np.concatenate([links, links]),
            np.concatenate([variables.shares, variables.opened[places]]),
            np.repeat([1.0, -1.0], len(places)),
        ),
        lower=-np.inf,
        upper=0.0,
        count=len(places),
    )


def _keep_capacities(
    model: Formulation, question: CapacitatedQuestion, variables: _Variables, places: IndexArray
) -> None:
    """An open site holds its capacity, and what is paid for: ``Σ_i q_i x_ij - D o_j ≤ Q_j y_j``."""
    capacity = question.capacity[variables.sites]
    capped = np.flatnonzero(np.isfinite(capacity))
    row_of = np.full(len(capacity), -1, dtype=np.intp)
    row_of[capped] = np.arange(len(capped))
    linked = row_of[places] >= 0
    priced = np.flatnonzero(variables.over >= 0)
    unit = np.maximum(1.0, capacity[capped])
    rows = np.concatenate([row_of[places[linked]], row_of[capped], row_of[priced]])
    weights = np.concatenate(
        [
            question.demand[variables.areas[linked]],
            -capacity[capped],
            np.full(len(priced), -question.demand.sum()),
        ]
    )
    columns = np.concatenate(
        [variables.shares[linked], variables.opened[capped], variables.over[priced]]
    )
    model.add_rows(
        (rows, columns, weights / unit[rows]), lower=-np.inf, upper=0.0, count=len(capped)
    )


def _hold_all_demand(
    model: Formulation, question: CapacitatedQuestion, variables: _Variables
) -> None:
    """The open sites hold all demand, where all must be served: ``Σ_j Q_j y_j ≥ D``."""
    capacity, total = question.capacity[variables.sites], float(question.demand.sum())
    is_bound = question.over_price is None and question.must_serve.all() and total > 0
    if is_bound and np.isfinite(capacity).all():
        model.add_rows((0, variables.opened, capacity / total), lower=1.0, upper=np.inf)
