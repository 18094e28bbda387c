"""Branch and bound on the sites, with Lagrangian bounds, the most promising branch first."""

from __future__ import annotations

import heapq
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from ntgeo.siting.clock import Clock
from ntgeo.siting.median.known import Known
from ntgeo.siting.median.lagrangian import Ascent, Pace, climb, settle_sites
from ntgeo.siting.median.rows import FREE, IN, OUT, CostRows, StateArray

__all__ = ["branch"]

_PACE = Pace(steps=100, patience=12, shrink=0.6)
_FIRST_STEP = 0.5
_MOST_REPEATS = 3
_WORTH_REPEATING_SHARE = 0.1
_NODES_BETWEEN_SWAPS = 5


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class _Branch:
    state: StateArray
    ascent: Ascent


def branch(
    rows: CostRows,
    state: StateArray,
    count: int,
    known: Known,
    pace: tuple[Ascent, Clock, int | None],
) -> None:
    """Divide what is left open until nothing better can be in any part of it.

    Args:
        rows: Costs of the pairs that can be of use.
        state: (sites,) what is settled so far.
        count: How many sites are open.
        known: The best plan and bound; made better here.
        pace: Where the climb stands, when to stop, and the most branches to look into.
    """
    ascent, clock, most = pace
    heap: list[tuple[float, int, _Branch]] = [(known.bound, 0, _Branch(state=state, ascent=ascent))]
    made = looked_into = 0
    while heap and not clock.is_up() and (most is None or looked_into < most):
        bound, _, part = heapq.heappop(heap)
        known.raise_bound(bound)
        if known.is_proven:
            return
        looked_into += 1
        kept = _bound_part(rows, part, count, known, bound)
        if kept is None:
            continue
        if looked_into % _NODES_BETWEEN_SWAPS == 1:
            known.improve(np.flatnonzero(kept.ascent.is_chosen))
        site = _site_to_branch(kept)
        for side in (IN, OUT):
            made += 1
            divided = kept.state.copy()
            divided[site] = side
            heapq.heappush(heap, (kept.ascent.bound, made, replace(kept, state=divided)))
    if not heap:
        known.close()
    else:
        known.raise_bound(heap[0][0])


def _bound_part(
    rows: CostRows, part: _Branch, count: int, known: Known, bound: float
) -> _Branch | None:
    """Bound a part; ``None`` where nothing better is in it, or it is down to one plan."""
    state, ascent = part.state, replace(part.ascent, step=_FIRST_STEP)
    best = bound
    for _ in range(_MOST_REPEATS):
        if _is_down_to_one(state, count):
            _weigh(state, count, known)
            return None
        goal = (known.total, known.needed)
        ascent = climb(rows.settled(state), state, count, goal, start=ascent, pace=_PACE)
        best = max(best, ascent.bound)
        if best > known.needed:
            return None
        settled = settle_sites(state, ascent, known.needed)
        gained = int((settled != state).sum())
        open_before = int((state == FREE).sum())
        state = settled
        ascent = replace(ascent, step=_FIRST_STEP)
        if gained < _WORTH_REPEATING_SHARE * open_before:
            break
    if _is_down_to_one(state, count):
        _weigh(state, count, known)
        return None
    return _Branch(state=state, ascent=replace(ascent, bound=best))


def _is_down_to_one(state: StateArray, count: int) -> bool:
    return bool((state == IN).sum() >= count or (state != OUT).sum() <= count)


def _weigh(state: StateArray, count: int, known: Known) -> None:
    opened = np.flatnonzero(state == IN)
    if len(opened) < count:
        opened = np.flatnonzero(state != OUT)
    if len(opened) == count:
        known.improve(opened)


def _site_to_branch(part: _Branch) -> int:
    """The free site that the climb could least decide on, ties to the first."""
    free: npt.NDArray[np.intp] = np.flatnonzero(part.state == FREE)
    return int(free[np.argmin(np.abs(part.ascent.frequency[free] - 1 / 2))])
