"""Least travel: the p-median formulation (Hakimi 1964), with disaggregated links.

Variables: ``y_j`` whether site *j* is open, ``x_ij`` the share of area *i* that site *j* serves,
``u_i`` the share left unserved where that is allowed. Minimise ``Σ c_ij x_ij + Σ f_i u_i``. The
links ``x_ij ≤ y_j`` are stated one by one, not summed over areas: the sum is as correct, but its
bound is far weaker (ReVelle and Swain 1970).
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from ntgeo.siting.formulation import Formulation
from ntgeo.siting.median.rows import FREE, IN, OUT, CostRows, StateArray

__all__ = ["build_p_median"]

FloatArray = npt.NDArray[np.float64]
IndexArray = npt.NDArray[np.intp]


def build_p_median(
    rows: CostRows, state: StateArray, count: int, *, unit: float
) -> tuple[Formulation, IndexArray, float]:
    """Build the model of what the bounds have left open.

    Args:
        rows: Costs, with the useless entries taken out.
        state: (sites,) ``IN``, ``FREE`` or ``OUT``.
        count: How many sites are open.
        unit: Cost that counts as 1 in the model, for sound numerics.

    Returns:
        The model; the site of each of its first variables; the cost that every plan has, to be
        added to the model's objective times ``unit``.
    """
    model = Formulation()
    sites = np.flatnonzero(state != OUT)
    opened = np.full(len(state), -1, dtype=np.intp)
    opened[sites] = model.add_choices(np.zeros(len(sites)), lower=state[sites] == IN)
    least = _least_cost(rows)
    over = rows.arrays.cost - least[rows.entry_areas]
    shares = model.add_shares(over / unit)
    leaving = np.flatnonzero(rows.may_leave)
    left = model.add_shares((rows.leave_cost[leaving] - least[leaving]) / unit)
    _open_the_asked_number(model, opened[sites], count)
    _serve_each_area_once(model, rows, shares, (leaving, left))
    _serve_from_open_sites(model, rows, shares, np.where(state == FREE, opened, -1))
    return model, sites, float(least.sum())


def _least_cost(rows: CostRows) -> FloatArray:
    first = rows.arrays.start[:-1]
    has_any = np.diff(rows.arrays.start) > 0
    least = np.where(rows.may_leave, rows.leave_cost, 0.0)
    least[has_any] = np.minimum(rows.arrays.cost[first[has_any]], rows.leave_cost[has_any])
    return least


def _open_the_asked_number(model: Formulation, opened: IndexArray, count: int) -> None:
    """Exactly the asked number of sites is open: ``Σ_j y_j = p``."""
    model.add_rows((0, opened, 1.0), lower=count, upper=count)


def _serve_each_area_once(
    model: Formulation, rows: CostRows, shares: IndexArray, left: tuple[IndexArray, IndexArray]
) -> None:
    """Each area is served once, or left where that is allowed: ``Σ_j x_ij + u_i = 1``."""
    areas = np.concatenate([rows.entry_areas, left[0]])
    variables = np.concatenate([shares, left[1]])
    model.add_rows((areas, variables, 1.0), lower=1.0, upper=1.0, count=rows.area_count)


def _serve_from_open_sites(
    model: Formulation, rows: CostRows, shares: IndexArray, opened: IndexArray
) -> None:
    """Only an open site serves: ``x_ij ≤ y_j``; a site that is in needs no such row."""
    linked = np.flatnonzero(opened[rows.arrays.site] >= 0)
    links = np.arange(len(linked))
    model.add_rows(
        (
            np.concatenate([links, links]),
            np.concatenate([shares[linked], opened[rows.arrays.site[linked]]]),
            np.repeat([1.0, -1.0], len(linked)),
        ),
        lower=-np.inf,
        upper=0.0,
        count=len(linked),
    )
