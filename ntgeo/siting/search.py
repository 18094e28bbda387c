"""Good plans fast: greedy, then swaps, so that a plan exists before any proof is begun."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
from numba import njit

from ntgeo.siting.choice import SiteChoice

__all__ = ["cover_greedily", "improve_by_swaps", "open_greedily", "penalised_cost"]

FloatArray = npt.NDArray[np.float64]
IndexArray = npt.NDArray[np.intp]
_STEEPEST_PENALTY = 1e6
_MOST_ROUNDS = 10_000


def penalised_cost(choice: SiteChoice) -> FloatArray:
    """Return (areas, sites) demand × seconds, with a steep price where a site cannot serve.

    The price steers the search to serve all it can; no proof rests on it.
    """
    longest_s = float(choice.time_s[choice.within].max(initial=1.0))
    with_demand = choice.demand[choice.demand > 0]
    spread = float(with_demand.sum() / with_demand.min()) if len(with_demand) else 1.0
    price_s = longest_s * min(10.0 + spread, _STEEPEST_PENALTY)
    time_s = np.where(choice.within, choice.time_s, price_s)
    return np.ascontiguousarray(choice.demand[:, None] * time_s)


def open_greedily(cost: FloatArray, is_required: npt.NDArray[np.bool_], count: int) -> IndexArray:
    """Open the required sites, then one at a time the site that saves most.

    Args:
        cost: (areas, sites) cost of serving the area from the site.
        is_required: (sites,) open from the start.
        count: How many to open.

    Returns:
        (count,) sites in ascending order.
    """
    opened = [int(site) for site in np.flatnonzero(is_required)]
    is_open = is_required.copy()
    nearest = cost[:, opened].min(axis=1) if opened else cost.max(axis=1)
    while len(opened) < count:
        total = np.minimum(cost, nearest[:, None]).sum(axis=0)
        total[is_open] = np.inf
        best = int(np.argmin(total))
        opened.append(best)
        is_open[best] = True
        nearest = np.minimum(nearest, cost[:, best])
    return np.sort(np.array(opened, dtype=np.intp))


def cover_greedily(choice: SiteChoice) -> IndexArray:
    """Open sites until every area has one in reach, each covering most of what is left."""
    within = choice.within
    is_open = choice.is_required.copy()
    left = ~within[:, is_open].any(axis=1)
    while left.any():
        best = int(np.argmax(within[left].sum(axis=0)))
        is_open[best] = True
        left &= ~within[:, best]
    for site in np.flatnonzero(is_open & ~choice.is_required)[::-1]:
        is_open[site] = False
        if not within[:, is_open].any(axis=1).all():
            is_open[site] = True
    return np.flatnonzero(is_open)


def improve_by_swaps(
    cost: FloatArray, opened: IndexArray, is_required: npt.NDArray[np.bool_]
) -> IndexArray:
    """Swap one open for one closed site while that saves; return the sites in ascending order.

    Each round weighs every swap in one pass over the costs (Whitaker 1983; Schubert and
    Rousseeuw 2021) and makes the best of them.
    """
    chosen = opened.copy()
    is_open = np.zeros(cost.shape[1], dtype=np.bool_)
    is_open[chosen] = True
    by_site = np.ascontiguousarray(cost.T)
    _swap(by_site, chosen, is_open, is_required, _MOST_ROUNDS)
    return np.sort(chosen)


@njit(cache=True)
def _swap(by_site, chosen, is_open, is_required, most_rounds):  # type: ignore[no-untyped-def]  # noqa: ANN001, ANN202, C901, PLR0912 - compiled kernel
    site_count, area_count = by_site.shape
    first = np.empty(area_count, np.intp)
    nearest = np.empty(area_count)
    second = np.empty(area_count)
    loss = np.empty(len(chosen))
    change = np.empty(len(chosen))
    for _ in range(most_rounds):
        loss[:] = 0.0
        total = 0.0
        for i in range(area_count):
            nearest[i] = np.inf
            second[i] = np.inf
            for k in range(len(chosen)):
                value = by_site[chosen[k], i]
                if value < nearest[i]:
                    second[i] = nearest[i]
                    nearest[i] = value
                    first[i] = k
                elif value < second[i]:
                    second[i] = value
            total += nearest[i]
            loss[first[i]] += second[i] - nearest[i]
        best = -1e-9 * total
        best_in = -1
        best_out = -1
        for j in range(site_count):
            if is_open[j]:
                continue
            gain = 0.0
            change[:] = loss
            for i in range(area_count):
                value = by_site[j, i]
                if value < nearest[i]:
                    gain += value - nearest[i]
                    change[first[i]] -= second[i] - nearest[i]
                elif value < second[i]:
                    change[first[i]] -= second[i] - value
            for k in range(len(chosen)):
                if gain + change[k] < best and not is_required[chosen[k]]:
                    best = gain + change[k]
                    best_in = j
                    best_out = k
        if best_in < 0:
            break
        is_open[chosen[best_out]] = False
        is_open[best_in] = True
        chosen[best_out] = best_in
