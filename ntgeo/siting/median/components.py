"""Towns apart: where what is left falls into parts that share no site, each is solved alone.

Once the reduced costs have struck out the pairs that no better plan uses, the areas and sites often
fall into parts. A part's least cost depends on how many sites it gets alone, so the whole is a
matter of sharing the sites out, which dynamic programming does exactly. Only the parts and numbers
that the best sharing uses are ever solved, and parts that are much alike, as the four drilled
plates of fl1400 are, only once.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from functools import partial

import numpy as np
import numpy.typing as npt
from scipy.sparse import coo_matrix
from scipy.sparse.csgraph import connected_components

from ntgeo.siting.clock import Clock
from ntgeo.siting.median.known import Known
from ntgeo.siting.median.lagrangian import Ascent
from ntgeo.siting.median.rows import FREE, IN, OUT, CostRows, RowArrays, StateArray, build_rows

__all__ = ["Part", "share_out", "split_rows"]

FloatArray = npt.NDArray[np.float64]
IndexArray = npt.NDArray[np.intp]
SolvePart = Callable[[tuple[CostRows, StateArray, int], Clock], Known]

_SLACK = 1e-6
_LEAST_TWIN, _LARGEST_TWIN = 20, 1_000
_FEWEST_TWINS = 2
_TWIN_SHARE = 1e-3
_FIRST_TRY_S = 0.4
_TRY_GROWTH = 8.0
_MOST_TRIES = 4


@dataclass(slots=True)
class Part:
    """Areas and sites that share no useful pair with the rest.

    Args:
        rows: Their costs, with sites renumbered.
        state: (sites,) what is settled.
        areas: (areas,) their numbers in the whole.
        sites: (sites,) their numbers in the whole.
        lower: (most + 1,) no plan of the part with so many sites costs less.
        solved: Plans by number of sites, with their own bounds.
        tries: How often each number was tried.
    """

    rows: CostRows
    state: StateArray
    areas: IndexArray
    sites: IndexArray
    lower: FloatArray
    solved: dict[int, Known] = field(default_factory=dict)
    tries: dict[int, int] = field(default_factory=dict)

    def is_settled(self, count: int) -> bool:
        """Whether the least cost with so many sites is known, or was tried often enough."""
        if self.rows.area_count == 0 or count == 0:
            return True
        known = self.solved.get(count)
        tried_enough = self.tries.get(count, 0) >= _MOST_TRIES
        return known is not None and (known.is_proven or tried_enough)


def split_rows(
    rows: CostRows, state: StateArray, ascent: Ascent, *, whole: CostRows | None = None
) -> list[Part]:
    """Return the parts that share no site; sites that serve nobody are a part of their own.

    Parts that are alike share what becomes known of either.

    Args:
        rows: Costs of the useful pairs.
        state: (sites,) ``IN``, ``FREE`` or ``OUT``.
        ascent: A bound, whose multipliers give each part its first bounds.
        whole: Costs of all pairs, to see which parts are alike; without it none is.
    """
    areas, sites = rows.area_count, rows.site_count
    pairs = (np.ones(len(rows.cost)), (rows.entry_areas, rows.arrays.site + areas))
    graph = coo_matrix(pairs, shape=(areas + sites, areas + sites))
    _, label = connected_components(graph, directed=False)
    idle = ~np.isin(np.arange(sites), rows.arrays.site)
    label[areas:][idle] = -1
    wanted = state != OUT
    members = [
        (np.flatnonzero(label[:areas] == name), np.flatnonzero((label[areas:] == name) & wanted))
        for name in np.unique(np.concatenate([label[:areas], label[areas:][wanted]]))
    ]
    parts = [_part(rows, state, ascent, member) for member in members]
    if whole is not None:
        _join_twins(whole, parts, [ascent.multiplier[inside] for inside, _ in members])
    return parts


def _join_twins(rows: CostRows, parts: list[Part], multiplier: list[FloatArray]) -> None:
    """Let parts that are much alike share what is known of them.

    Each takes the least cost of a pair in any of them: a bound on that holds for all, and its plans
    are good ones of each.

    Args:
        rows: Costs of all pairs.
        parts: Put in place.
        multiplier: (areas,) of each part.
    """
    alike: dict[tuple[int, bytes], list[int]] = {}
    for place, part in enumerate(parts):
        if _LEAST_TWIN <= part.rows.area_count <= _LARGEST_TWIN:
            alike.setdefault((part.rows.area_count, part.state.tobytes()), []).append(place)
    for places in alike.values():
        costs = np.array([_complete(rows, parts[place]) for place in places])
        if len(places) < _FEWEST_TWINS or not np.isfinite(costs).all():
            continue
        least = costs.min(axis=0)
        if costs.max(axis=0).sum() - least.sum() > _TWIN_SHARE * least.sum():
            continue
        common = build_rows(least)
        first = parts[places[0]]
        lower = _first_bounds(common, first.state, multiplier[places[0]])
        shared = replace(first, rows=common, lower=lower, solved={}, tries={})
        for place in places:
            parts[place] = replace(shared, areas=parts[place].areas, sites=parts[place].sites)


def _complete(rows: CostRows, part: Part) -> FloatArray:
    """(areas, sites) of a part; infinite where there is no such pair, or an area may be left."""
    column = np.full(rows.site_count, -1)
    column[part.sites] = np.arange(len(part.sites))
    cost = np.full((len(part.areas), len(part.sites)), np.inf)
    for row, area in enumerate(part.areas):
        if not rows.may_leave[area]:
            pairs = slice(rows.arrays.start[area], rows.arrays.start[area + 1])
            known = column[rows.arrays.site[pairs]]
            cost[row, known[known >= 0]] = rows.arrays.cost[pairs][known >= 0]
    return cost


def _part(
    rows: CostRows, state: StateArray, ascent: Ascent, members: tuple[IndexArray, IndexArray]
) -> Part:
    inside, own = members
    start, site, cost, far = rows.arrays
    renumbered = np.full(rows.site_count, -1, dtype=np.int32)
    renumbered[own] = np.arange(len(own))
    is_inside = np.zeros(rows.area_count, dtype=np.bool_)
    is_inside[inside] = True
    entries = np.flatnonzero(is_inside[rows.entry_areas] & (renumbered[site] >= 0))
    counts = np.bincount(rows.entry_areas[entries], minlength=rows.area_count)[inside]
    starts = np.concatenate([[0], np.cumsum(counts)]).astype(start.dtype)
    own_rows = CostRows(
        arrays=RowArrays(
            start=starts, site=renumbered[site[entries]], cost=cost[entries], far=far[inside]
        ),
        leave_cost=rows.leave_cost[inside],
        site_count=len(own),
    )
    return Part(
        rows=own_rows,
        state=state[own],
        areas=inside,
        sites=own,
        lower=_first_bounds(own_rows, state[own], ascent.multiplier[inside]),
    )


def _first_bounds(rows: CostRows, state: StateArray, multiplier: FloatArray) -> FloatArray:
    """The Lagrangian bound of the part for each number of sites; infinite if too few.

    Multipliers that are best for one number give a fair bound for those near it, so that the
    sharing out soon looks only at numbers that matter.
    """
    saving = np.minimum(0.0, rows.arrays.cost - multiplier[rows.entry_areas])
    reduced = np.bincount(rows.arrays.site, weights=saving, minlength=rows.site_count)
    always = int((state == IN).sum())
    free = np.sort(reduced[state == FREE])
    lower = np.full(len(state) + 1, np.inf)
    gained = np.concatenate([[0.0], np.cumsum(free)])
    lower[always:] = multiplier.sum() + reduced[state == IN].sum() + gained
    if always == 0:
        lower[0] = rows.leave_cost.sum()
    return np.ceil(lower - _SLACK) if rows.is_whole else lower


def share_out(
    parts: list[Part], count: int, known: Known, clock: Clock, solve: SolvePart, *, workers: int = 1
) -> None:
    """Share the sites out among the parts until nothing better is possible.

    Args:
        parts: The parts of what is left.
        count: How many sites are open.
        known: The best plan and bound of the whole; made better here.
        clock: When to stop.
        solve: Solves one part for one number of sites.
        workers: How many parts are solved at a time.
    """
    floor = known.floor
    with ThreadPoolExecutor(workers) as pool:
        while not clock.is_up():
            total, shares = _best_shares(parts, count)
            known.raise_bound(min(total, floor))
            if known.is_proven or not np.isfinite(total):
                return
            due = _least_tried(parts, shares)
            answers = pool.map(partial(_try, clock=clock, solve=solve), due)
            for (part, share), found in zip(due, answers, strict=True):
                _learn(part, share, found)
            _assemble(parts, shares, known)
            if not due:
                return


def _least_tried(parts: list[Part], shares: list[int]) -> list[tuple[Part, int]]:
    """The parts whose least cost with their share is not settled, those least tried; twins once."""
    unsettled = {
        (id(part.solved), share): (part, share)
        for part, share in zip(parts, shares, strict=True)
        if not part.is_settled(share)
    }
    fewest = min((part.tries.get(share, 0) for part, share in unsettled.values()), default=0)
    due = [pair for pair in unsettled.values() if pair[0].tries.get(pair[1], 0) == fewest]
    return sorted(due, key=lambda pair: len(pair[0].sites))


def _best_shares(parts: list[Part], count: int) -> tuple[float, list[int]]:
    """The least sum of the parts' bounds, and the number of sites that each then has."""
    best = np.full(count + 1, np.inf)
    best[0] = 0.0
    taken: list[IndexArray] = []
    for part in parts:
        longest = min(len(part.lower) - 1, count)
        options = np.full((longest + 1, count + 1), np.inf)
        for share in range(longest + 1):
            options[share, share:] = best[: count + 1 - share] + part.lower[share]
        taken.append(np.argmin(options, axis=0))
        best = options.min(axis=0)
    shares, left = [], count
    for choice in reversed(taken):
        shares.append(int(choice[left]))
        left -= shares[-1]
    return float(best[count]), shares[::-1]


def _try(asked: tuple[Part, int], *, clock: Clock, solve: SolvePart) -> Known:
    """Solve a part with so many sites; each try of the same is longer than the last."""
    part, share = asked
    ends_at = time.time() + _FIRST_TRY_S * _TRY_GROWTH ** part.tries.get(share, 0)
    own = Clock(ends_at=min(clock.ends_at, ends_at), progress=clock.progress)
    return solve((part.rows, part.state, share), own)


def _learn(part: Part, share: int, found: Known) -> None:
    part.tries[share] = part.tries.get(share, 0) + 1
    part.solved[share] = found
    part.lower[share] = max(part.lower[share], found.bound)
    if found.multiplier is not None:
        lower = _first_bounds(part.rows, part.state, found.multiplier)
        np.maximum(part.lower, lower, out=part.lower)


def _assemble(parts: list[Part], shares: list[int], known: Known) -> None:
    """Put the parts' plans together, where each has one."""
    opened = []
    for part, share in zip(parts, shares, strict=True):
        if part.rows.area_count == 0 or share == 0:
            by_need = np.argsort(part.state != IN, kind="stable")
            opened.append(part.sites[by_need[:share]])
        elif share in part.solved:
            opened.append(part.sites[part.solved[share].opened])
        else:
            return
    known.improve(np.sort(np.concatenate(opened)).astype(np.intp))
