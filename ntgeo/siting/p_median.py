"""Least travel: the p-median formulation (Hakimi 1964), with disaggregated links.

Variables: ``y_j`` whether site *j* is open, ``x_ij`` the share of area *i* that site *j* serves.
Minimise ``Σ w_i t_ij x_ij`` (demand × seconds). The links ``x_ij ≤ y_j`` are stated one by one,
not summed over areas: the sum is as correct, but its bound is far weaker (ReVelle and Swain 1970).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from ntgeo.siting.choice import SiteChoice
from ntgeo.siting.formulation import Formulation

__all__ = ["Service", "build_p_median", "useful_pairs"]

FloatArray = npt.NDArray[np.float64]
IndexArray = npt.NDArray[np.intp]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Service:
    """What a plan of least travel must keep up.

    Args:
        site_count: How many sites are open.
        must_serve: (areas,) true for each area that must have an open site in reach.
        served_at_least: Least demand served; ``None`` where ``must_serve`` says it all.
    """

    site_count: int
    must_serve: npt.NDArray[np.bool_]
    served_at_least: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class _Pairs:
    areas: IndexArray
    sites: IndexArray
    shares: IndexArray


def useful_pairs(choice: SiteChoice, site_count: int) -> tuple[IndexArray, IndexArray]:
    """Return the area and site of each pair that a best plan can use.

    A pair is left out where the area has no demand, where a required site is nearer, or where so
    many sites are nearer that one of them is open in any plan of ``site_count`` sites.
    """
    never_closed = choice.time_s.shape[1] - site_count + 1
    order = np.argsort(choice.time_s, axis=1, kind="stable")
    rank = np.empty_like(order)
    np.put_along_axis(rank, order, np.arange(order.shape[1])[None, :], axis=1)
    useful = choice.within & (rank < never_closed) & (choice.demand > 0)[:, None]
    if choice.is_required.any():
        nearest_required = choice.time_s[:, choice.is_required].min(axis=1)
        useful &= choice.time_s <= nearest_required[:, None]
    areas, sites = np.nonzero(useful)
    return areas, sites


def build_p_median(
    choice: SiteChoice, service: Service, *, unit_of_travel: float
) -> tuple[Formulation, IndexArray]:
    """Build the model; return it and the numbers of the ``y_j``.

    Args:
        choice: The question.
        service: What the plan keeps up.
        unit_of_travel: Demand × seconds that count as 1 in the model, for sound numerics.
    """
    model = Formulation()
    opened = model.add_choices(
        np.zeros(len(choice.is_required)), lower=choice.is_required.astype(np.float64)
    )
    areas, sites = useful_pairs(choice, service.site_count)
    cost = choice.demand[areas] * choice.time_s[areas, sites] / unit_of_travel
    pairs = _Pairs(areas=areas, sites=sites, shares=model.add_shares(cost))
    _open_the_asked_number(model, opened, service.site_count)
    _serve_each_area_once(model, choice, service, pairs)
    _serve_from_open_sites(model, opened, pairs)
    _reach_areas_without_demand(model, choice, service, opened)
    _serve_enough_demand(model, choice, service, pairs)
    return model, opened


def _open_the_asked_number(model: Formulation, opened: IndexArray, site_count: int) -> None:
    """Exactly the asked number of sites is open: ``Σ_j y_j = p``."""
    model.add_rows((0, opened, 1.0), lower=site_count, upper=site_count)


def _serve_each_area_once(
    model: Formulation, choice: SiteChoice, service: Service, pairs: _Pairs
) -> None:
    """Each area is served once, or at most once where it may be left out: ``Σ_j x_ij = 1``."""
    needed = service.must_serve.astype(np.float64) * (choice.demand > 0)
    model.add_rows(
        (pairs.areas, pairs.shares, 1.0), lower=needed, upper=1.0, count=len(choice.demand)
    )


def _serve_from_open_sites(model: Formulation, opened: IndexArray, pairs: _Pairs) -> None:
    """Only an open site serves: ``x_ij ≤ y_j``."""
    count = len(pairs.shares)
    links = np.arange(count)
    rows = np.concatenate([links, links])
    variables = np.concatenate([pairs.shares, opened[pairs.sites]])
    signs = np.repeat([1.0, -1.0], count)
    model.add_rows((rows, variables, signs), lower=-np.inf, upper=0.0, count=count)


def _reach_areas_without_demand(
    model: Formulation, choice: SiteChoice, service: Service, opened: IndexArray
) -> None:
    """An area without demand that must be served has an open site: ``Σ_{j in reach} y_j ≥ 1``."""
    rows = np.flatnonzero(service.must_serve & (choice.demand <= 0))
    if not len(rows):
        return
    row, site = np.nonzero(choice.within[rows])
    model.add_rows((row, opened[site], 1.0), lower=1.0, upper=np.inf, count=len(rows))


def _serve_enough_demand(
    model: Formulation, choice: SiteChoice, service: Service, pairs: _Pairs
) -> None:
    """No demand is given up for shorter travel: ``Σ w_i x_ij ≥`` what the first stage served."""
    if service.served_at_least is None:
        return
    weight = choice.demand[pairs.areas] / service.served_at_least
    model.add_rows((0, pairs.shares, weight), lower=1.0 - 1e-9, upper=np.inf)
